/// `input * scale + offset`, with two fixed numbers; `*`, `+` and `-` with a number make one.
public final class Rescaling: Layer {
    public let scale: Float
    public let offset: Float

    public init(scale: Float, offset: Float = 0, name: String? = nil) {
        (self.scale, self.offset) = (scale, offset)
        super.init(name: name)
    }

    override class var kind: String { "Rescaling" }
    override var configuration: [String: JSON] { ["scale": .double(Double(scale)), "offset": .double(Double(offset))] }

    override func lower(_ node: Node, into plan: PlanBuilder) throws {
        plan.add(kind: .affine, from: node.inputs[0].node, to: node) { op in
            op.scale = scale
            op.offset = offset
        }
    }
}
