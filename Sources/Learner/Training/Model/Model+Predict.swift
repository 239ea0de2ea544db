@_implementationOnly import CTrainingKernels

extension Model {
    /// The model's output for rows of data, shape `[rows, …]`.
    /// - throws: `TrainingError` when the data doesn't fit the inputs, or the model has several outputs.
    public func predict(_ x: [any TensorConvertible]) throws -> Tensor {
        let output = try singleOutput("predict")
        let plan = try Plan(nodes: graph.nodes, inputs: inputs.map(\.node), output: output, loss: nil, metrics: [], slots: nil)
        let rows = try Rows(x, target: nil, inputNodes: inputs.map(\.node), plan: plan, loss: nil)
        let threads = TrainingThreads.count(forWork: workPerRow * Double(rows.count))
        let runner = try Runner(plan, batchSize: 0, threads: threads)
        let scalars = rows.withRows(order: nil, 0..<rows.count) { runner.predict($0) }
        return Tensor(shape: [rows.count] + output.rowShape, scalars: scalars)
    }

    /// The output of a model of one input.
    /// - throws: As the method for several inputs.
    public func predict(_ x: any TensorConvertible) throws -> Tensor { try predict([x]) }

    /// The loss and the metrics over rows of data, by key.
    /// - throws: `TrainingError` when the model is not compiled, or the data doesn't fit.
    public func evaluate(_ x: [any TensorConvertible], _ y: any TensorConvertible) throws -> [String: Double] {
        let (loss, _, output) = try trainingSetup("evaluate")
        let plan = try Plan(
            nodes: graph.nodes, inputs: inputs.map(\.node), output: output, loss: loss,
            metrics: metrics.map { $0.code(for: loss) }, slots: nil)
        let rows = try Rows(x, target: y, inputNodes: inputs.map(\.node), plan: plan, loss: loss)
        guard rows.count > 0 else { throw TrainingError(.badArgument, "There are no rows to evaluate.") }
        let runner = try Runner(plan, batchSize: 0, threads: TrainingThreads.count(forWork: workPerRow * Double(rows.count)))
        let sums = try rows.withRows(order: nil, 0..<rows.count) { try runner.evaluate($0) }
        return Dictionary(uniqueKeysWithValues: zip(historyKeys(validating: false), means(sums, over: rows.count, loss: loss)))
    }

    /// The loss and the metrics of a model of one input.
    /// - throws: As the method for several inputs.
    public func evaluate(_ x: any TensorConvertible, _ y: any TensorConvertible) throws -> [String: Double] {
        try evaluate([x], y)
    }
}
