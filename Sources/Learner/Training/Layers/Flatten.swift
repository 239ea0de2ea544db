/// Puts all numbers of a row on one axis: `[nil, 1, 8]` becomes `[nil, 8]`.
public final class Flatten: Layer {
    public init(name: String? = nil) { super.init(name: name) }

    override class var kind: String { "Flatten" }
    override func rowShape(from inputs: [[Int]]) throws -> [Int] { [inputs[0].reduce(1, *)] }

    override func lower(_ node: Node, into plan: PlanBuilder) throws {
        plan.addCopy(from: node.inputs[0].node, to: node) { $0 }
    }
}
