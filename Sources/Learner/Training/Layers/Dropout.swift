/// During training sets numbers to 0 at random, and scales the others up so that the mean stays. Outside training
/// it changes nothing.
///
/// For example: `Dropout(rate: 0.2)(x)`.
public final class Dropout: Layer {
    /// The share of numbers that become 0, from 0 up to 1.
    public let rate: Double

    public init(rate: Double, name: String? = nil) {
        self.rate = rate
        super.init(name: name)
    }

    override class var kind: String { "Dropout" }
    override var configuration: [String: JSON] { ["rate": .double(rate)] }

    override func rowShape(from inputs: [[Int]]) throws -> [Int] {
        guard rate >= 0, Float(rate) < 1 else {
            throw TrainingError(.badArgument, "\(name) has the rate \(rate): it is the share of numbers to drop, from 0 to below 1.")
        }
        return inputs[0]
    }

    override func lower(_ node: Node, into plan: PlanBuilder) throws {
        plan.add(kind: .dropout, from: node.inputs[0].node, to: node) { op in
            op.scale = Float(rate)
            op.b = Int32(plan.newPlace(node.count))
        }
    }
}
