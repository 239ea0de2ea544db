@_implementationOnly import CTrainingKernels

/// A layer that combines outputs number by number. Where an axis has length 1 on one side, or a side has fewer
/// axes, its numbers are repeated: `[nil, 1]` and `[nil, 1, 1]` become `[nil, 1, 1]`.
public class MergingLayer: Layer {
    public init(name: String? = nil) { super.init(name: name) }

    override var inputCount: ClosedRange<Int> { 2...Int.max }
    class var operation: Int32 { Int32(TK_ADD) }

    override func rowShape(from inputs: [[Int]]) throws -> [Int] {
        var shape = inputs[0]
        for input in inputs.dropFirst() {
            guard let common = Self.broadcast(shape, input) else {
                throw TrainingError(
                    .wrongShape,
                    "\(name) combines outputs of one shape, and \(shapeText([nil] + shape)) and \(shapeText([nil] + input)) came: "
                        + "make the shapes equal, for example by a Flatten or the same number of units.")
            }
            shape = common
        }
        return shape
    }

    /// The shape that both fit into; a side with fewer axes gets axes of length 1 in front. nil when there is none.
    static func broadcast(_ a: [Int], _ b: [Int]) -> [Int]? {
        let rank = max(a.count, b.count)
        let x = Array(repeating: 1, count: rank - a.count) + a
        let y = Array(repeating: 1, count: rank - b.count) + b
        var shape: [Int] = []
        for (i, j) in zip(x, y) {
            guard i == j || i == 1 || j == 1 else { return nil }
            shape.append(max(i, j))
        }
        return shape
    }

    override func lower(_ node: Node, into plan: PlanBuilder) throws {
        var left = plan.place(of: node.inputs[0].node)
        var leftShape = node.inputs[0].node.rowShape
        var leftGradient = plan.needsGradient(node.inputs[0].node)
        for (index, right) in node.inputs.enumerated().dropFirst() {
            let isLast = index == node.inputs.count - 1
            let shape = isLast ? node.rowShape : (Self.broadcast(leftShape, right.node.rowShape) ?? node.rowShape)
            let out = isLast ? plan.place(of: node) : plan.newPlace(shape.reduce(1, *))
            plan.addCombine(
                Self.operation, left: (left, leftShape, leftGradient),
                right: (plan.place(of: right.node), right.node.rowShape, plan.needsGradient(right.node)), out: out, shape: shape)
            (left, leftShape, leftGradient) = (out, shape, leftGradient || plan.needsGradient(right.node))
        }
    }
}

/// Adds outputs number by number.
///
/// For example: `Add()(out, movieBias)`.
public final class Add: MergingLayer {
    override class var kind: String { "Add" }
}

/// Subtracts the second output from the first, number by number.
public final class Subtract: MergingLayer {
    override class var kind: String { "Subtract" }
    override class var operation: Int32 { Int32(TK_SUBTRACT) }
    override var inputCount: ClosedRange<Int> { 2...2 }
}

/// Multiplies outputs number by number.
public final class Multiply: MergingLayer {
    override class var kind: String { "Multiply" }
    override class var operation: Int32 { Int32(TK_MULTIPLY) }
}
