@_implementationOnly import CTrainingKernels

/// Checked rows of data, one array an input as its readers need it, and the targets.
struct Rows {
    var identifiers: [[Int32]]
    var floats: [[Float]]
    var target: [Float]
    var count: Int

    /// - Parameter plan: says what each input is read as.
    /// - throws: `TrainingError` when the number of inputs, a shape, a length or an id doesn't fit.
    init(
        _ inputs: [any TensorConvertible], target: (any TensorConvertible)?, inputNodes: [Node], plan: Plan, loss: Loss?
    ) throws {
        guard inputs.count == inputNodes.count else {
            let names = inputNodes.map { "\"\($0.layer.name)\"" }.joined(separator: ", ")
            throw TrainingError(
                .wrongInputCount,
                "This model has \(counted(inputNodes.count, "input")) (\(names)), and \(counted(inputs.count, "array")) of rows came: "
                    + "give one for each input, in this order.")
        }
        identifiers = []
        floats = []
        count = inputs.first?.tensorShape.first ?? 0
        for (index, input) in inputs.enumerated() {
            let node = inputNodes[index]
            let called = Rows.called(input, input: node)
            try Rows.check(input.tensorShape, called: called, width: node.count, expected: node.rowShape)
            guard input.tensorShape[0] == count else {
                throw TrainingError(
                    .mismatchedLengths,
                    "All inputs have the same number of rows: \(Rows.called(inputs[0], input: inputNodes[0])) has \(count), "
                        + "\(called) has \(input.tensorShape[0]).")
            }
            let readers = plan.readers[index]
            let ids = readers.isEmpty ? [] : try Rows.named(called) { try input.int32Scalars() }
            for embedding in readers { try Rows.checkIdentifiers(ids, called: called, width: node.count, embedding: embedding) }
            identifiers.append(ids)
            floats.append(plan.readsFloats[index] ? try Rows.named(called) { try input.float32Scalars() } : [])
        }
        guard count <= Int(Int32.max) else {
            throw TrainingError(.badArgument, "\(count) rows are more than \(Int32.max), the most that training takes.")
        }
        self.target = []
        guard let target else { return }
        let called = target.tensorName ?? "the targets"
        let width = plan.targetCount
        try Rows.check(target.tensorShape, called: called, width: width, expected: [width])
        guard target.tensorShape[0] == count else {
            throw TrainingError(
                .mismatchedLengths,
                "Every row has a target: the inputs have \(counted(count, "row")), \(called) \(target.tensorShape[0] == 1 ? "has" : "have") "
                    + "\(target.tensorShape[0]).")
        }
        self.target = try Rows.named(called) { try target.float32Scalars() }
        let bad = tk_first_not_finite(self.target, self.target.count)
        guard bad < 0 else {
            throw TrainingError(
                .missingValue, "Row \(bad / width) of \(called) is \(self.target[bad]): leave out rows without a target, or fill them.")
        }
        if loss == .sparseCategoricalCrossentropy { try checkClasses(called: called, classes: plan.outputCount) }
    }

    private static func called(_ input: any TensorConvertible, input node: Node) -> String {
        input.tensorName ?? "the input \"\(node.layer.name)\""
    }

    /// Puts the input's name into a sentence that could not know it.
    private static func named<Result>(_ called: String, _ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch let error as TrainingError where error.code == .notWholeNumbers && error.description.contains(" of the ids is ") {
            let parts = error.description.components(around: " of the ids is ")
            throw TrainingError(.notWholeNumbers, parts.0 + " of \(called) is " + parts.1)
        }
    }

    private static func check(_ shape: [Int], called: String, width: Int, expected: [Int]) throws {
        guard let rows = shape.first, shape.dropFirst().reduce(1, *) == width, rows >= 0 else {
            let wanted = width == 1 ? "[rows] or [rows, 1]" : shapeText([nil] + expected).replacing("nil", with: "rows")
            throw TrainingError(
                .wrongShape, "The shape of \(called) is \(shape), and \(wanted) is expected: \(counted(width, "number")) a row.")
        }
    }

    private static func checkIdentifiers(_ ids: [Int32], called: String, width: Int, embedding: Embedding) throws {
        let bad = tk_first_outside(ids, ids.count, Int32(embedding.inputDimension))
        guard bad >= 0 else { return }
        throw TrainingError(
            .identifierOutOfRange,
            "Row \(bad / width) of \(called) holds the id \(ids[bad]), and \(embedding.name) has rows for the ids 0 to "
                + "\(embedding.inputDimension - 1): make ids dense from 0, or enlarge inputDimension (\(embedding.inputDimension)).")
    }

    private func checkClasses(called: String, classes: Int) throws {
        if let bad = target.firstIndex(where: { !($0 >= 0 && $0 < Float(classes) && $0 == $0.rounded()) }) {
            throw TrainingError(
                .badArgument, "Row \(bad) of \(called) is \(target[bad]), and classes are whole numbers from 0 to \(classes - 1).")
        }
    }

    /// Calls `body` with the rows in the kernels' structure, valid during the call.
    func withRows<Result>(order: UnsafePointer<UInt32>?, _ range: Range<Int>, _ body: (tk_rows) throws -> Result) rethrows -> Result {
        try withColumns(0, []) { columns in
            try columns.withUnsafeBufferPointer { columns in
                try target.withUnsafeBufferPointer { target in
                    try body(
                        tk_rows(
                            columns: columns.baseAddress, target: target.baseAddress, order: order, first: range.lowerBound,
                            count: range.count))
                }
            }
        }
    }

    private func withColumns<Result>(_ index: Int, _ done: [tk_column], _ body: ([tk_column]) throws -> Result) rethrows -> Result {
        guard index < identifiers.count else { return try body(done) }
        return try identifiers[index].withUnsafeBufferPointer { ids in
            try floats[index].withUnsafeBufferPointer { floats in
                try withColumns(
                    index + 1, done + [tk_column(ids: ids.baseAddress, values: floats.baseAddress)], body)
            }
        }
    }
}

extension String {
    /// The text before and after the first `separator`.
    fileprivate func components(around separator: String) -> (String, String) {
        guard let range = firstRange(of: separator) else { return (self, "") }
        return (String(self[..<range.lowerBound]), String(self[range.upperBound...]))
    }
}
