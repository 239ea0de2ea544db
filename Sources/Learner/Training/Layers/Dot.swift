/// The scalar product over the last axis: `[nil, d]` and `[nil, d]` give `[nil, 1]`; `[nil, m, d]` and
/// `[nil, n, d]` give `[nil, m, n]`.
///
/// For example: `Dot()(Flatten()(userEmbedded), Flatten()(movieEmbedded))`.
public final class Dot: Layer {
    public init(name: String? = nil) { super.init(name: name) }

    override class var kind: String { "Dot" }
    override var inputCount: ClosedRange<Int> { 2...2 }

    override func rowShape(from inputs: [[Int]]) throws -> [Int] {
        let (a, b) = (inputs[0], inputs[1])
        guard a.count == b.count, (1...2).contains(a.count), a.last == b.last else {
            throw TrainingError(
                .wrongShape,
                "\(name) multiplies vectors of one length on the last axis, and \(shapeText([nil] + a)) and \(shapeText([nil] + b)) came.")
        }
        return a.count == 1 ? [1] : [a[0], b[0]]
    }

    override func lower(_ node: Node, into plan: PlanBuilder) throws {
        let length = node.inputs[0].node.rowShape.last ?? 1
        plan.add(kind: .dot, from: node.inputs[0].node, and: node.inputs[1].node, to: node) { op in
            op.positions = Int32(length)
            op.a_count /= Int32(length)
            op.b_count /= Int32(length)
        }
    }
}
