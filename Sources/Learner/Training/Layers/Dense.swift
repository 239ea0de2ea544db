/// A fully connected layer: `activation(input · kernel + bias)` over the last axis.
///
/// Input `[nil, …, n]`, output `[nil, …, units]`. The kernel begins Glorot uniform, the bias zero.
///
/// For example: `Dense(32, activation: .relu)(x)`.
public final class Dense: Layer {
    /// Numbers that come out.
    public let units: Int
    public let activation: Activation

    public init(_ units: Int, activation: Activation = .linear, name: String? = nil) {
        (self.units, self.activation) = (units, activation)
        super.init(name: name)
    }

    override class var kind: String { "Dense" }
    override var expectsParameters: Bool { true }
    override var configuration: [String: JSON] {
        ["units": .int(units), "activation": .string(activation.rawValue)]
    }

    override func rowShape(from inputs: [[Int]]) throws -> [Int] {
        guard !inputs[0].isEmpty else {
            throw TrainingError(.wrongShape, "\(name) needs an input of shape [nil, n], and [nil] came.")
        }
        return inputs[0].dropLast() + [units]
    }

    override func parameterPlans(from inputs: [[Int]]) throws -> [(shape: [Int], initializer: Initializer)] {
        let width = inputs[0].last ?? 0
        guard units > 0, units <= LayerLimits.features, width <= LayerLimits.parameters / units else {
            throw TrainingError(.badArgument, "\(name) has \(units) units: they go from 1 to \(LayerLimits.features).")
        }
        return [([width, units], .glorotUniform(inputs: width, outputs: units)), ([units], .zeros)]
    }

    override func lower(_ node: Node, into plan: PlanBuilder) throws {
        let trained = isTrainable && plan.isTraining
        plan.add(kind: .dense, from: node.inputs[0].node, to: node) { op in
            op.choice = activation.code
            op.positions = Int32(node.count / units)
            op.weights = UnsafePointer(parameters[0].values.baseAddress)
            op.bias = UnsafePointer(parameters[1].values.baseAddress)
            op.weights_gradient = trained ? plan.addGradient(of: parameters[0]) : -1
            op.bias_gradient = trained ? plan.addGradient(of: parameters[1]) : -1
        }
    }
}
