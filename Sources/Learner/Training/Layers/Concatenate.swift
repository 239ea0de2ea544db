/// Joins outputs along an axis: `[nil, 1, 8]` and `[nil, 1, 8]` become `[nil, 1, 16]`.
///
/// The other axes must have equal lengths.
public final class Concatenate: Layer {
    /// -1 is the last axis; as in Keras the batch is axis 0.
    public let axis: Int

    public init(axis: Int = -1, name: String? = nil) {
        self.axis = axis
        super.init(name: name)
    }

    override class var kind: String { "Concatenate" }
    override var inputCount: ClosedRange<Int> { 1...Int.max }
    override var configuration: [String: JSON] { ["axis": .int(axis)] }

    /// The axis counted among a row's own, without the batch.
    private func rowAxis(rank: Int) -> Int { axis < 0 ? rank + axis : axis - 1 }

    override func rowShape(from inputs: [[Int]]) throws -> [Int] {
        let at = rowAxis(rank: inputs[0].count)
        guard inputs[0].indices.contains(at) else {
            throw TrainingError(
                .wrongShape, "\(name) joins along axis \(axis), and an input of shape \(shapeText([nil] + inputs[0])) has no such axis.")
        }
        var shape = inputs[0]
        shape[at] = 0
        for (index, input) in inputs.enumerated() {
            var rest = input
            if rest.count == shape.count { rest[at] = shape[at] }
            guard rest == shape else {
                throw TrainingError(
                    .wrongShape,
                    "\(name) joins along axis \(axis), so all other axes must agree: input 0 has the shape \(shapeText([nil] + inputs[0])), "
                        + "input \(index) \(shapeText([nil] + input)). A Flatten before it may help.")
            }
            let (length, overflow) = shape[at].addingReportingOverflow(input[at])
            shape[at] = overflow ? Int.max : length
        }
        return shape
    }

    /// Numbers before the axis, and within one step of it.
    func split(_ node: Node) -> (outer: Int, inner: Int) {
        let at = rowAxis(rank: node.rowShape.count)
        return (node.rowShape[..<at].reduce(1, *), node.rowShape[(at + 1)...].reduce(1, *))
    }

    override func lower(_ node: Node, into plan: PlanBuilder) throws {
        let at = rowAxis(rank: node.rowShape.count)
        let inner = split(node).inner
        let whole = node.rowShape[at] * inner
        var offset = 0
        for (index, input) in node.inputs.enumerated() {
            let part = input.node.rowShape[at] * inner
            let start = offset
            plan.addCopy(from: input.node, to: node, argument: index) { $0 / part * whole + start + $0 % part }
            offset += part
        }
    }
}
