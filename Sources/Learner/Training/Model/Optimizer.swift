@_implementationOnly import CTrainingKernels

/// How a training step follows from the gradients: `Adam` or `SGD`.
public protocol Optimizer: Sendable {
    /// Keras' name, for example `Adam`.
    var name: String { get }
    var learningRate: Double { get }
}

/// Adam: steps scaled by running means of the gradients and of their squares, for every weight.
///
/// As in Keras the means of weights without a gradient decay too, and the second is of the batch's summed gradient.
public struct Adam: Optimizer, Equatable {
    public var learningRate: Double
    public var beta1: Double
    public var beta2: Double
    public var epsilon: Double
    public var name: String { "Adam" }

    public init(learningRate: Double = 0.001, beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-7) {
        (self.learningRate, self.beta1, self.beta2, self.epsilon) = (learningRate, beta1, beta2, epsilon)
    }
}

/// Stochastic gradient descent: a step against the gradient, with momentum if asked for.
public struct SGD: Optimizer, Equatable {
    public var learningRate: Double
    public var momentum: Double
    public var name: String { "SGD" }

    public init(learningRate: Double = 0.01, momentum: Double = 0) {
        (self.learningRate, self.momentum) = (learningRate, momentum)
    }
}

extension Optimizer where Self == Adam {
    public static func adam(
        learningRate: Double = 0.001, beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-7
    ) -> Adam { Adam(learningRate: learningRate, beta1: beta1, beta2: beta2, epsilon: epsilon) }
}

extension Optimizer where Self == SGD {
    public static func sgd(learningRate: Double = 0.01, momentum: Double = 0) -> SGD {
        SGD(learningRate: learningRate, momentum: momentum)
    }
}

/// An optimizer at work on one model: its numbers for the kernels, and its state for each parameter.
final class OptimizerState {
    var kernel: tk_optimizer
    private let tensors: Int
    private var slots: [ObjectIdentifier: (parameter: Parameter, slots: OptimizerSlots)] = [:]

    /// nil for an optimizer of another kind than this module's, or with numbers out of range.
    init?(_ optimizer: any Optimizer) {
        kernel = tk_optimizer()
        kernel.beta1_power = 1
        kernel.beta2_power = 1
        kernel.rate = optimizer.learningRate
        guard optimizer.learningRate >= 0, optimizer.learningRate.isFinite else { return nil }
        switch optimizer {
        case let adam as Adam:
            guard (0..<1).contains(adam.beta1), (0..<1).contains(adam.beta2), adam.epsilon >= 0 else { return nil }
            kernel.kind = Int32(TK_ADAM)
            (kernel.beta1, kernel.beta2, kernel.epsilon) = (adam.beta1, adam.beta2, adam.epsilon)
            tensors = 2
        case let sgd as SGD:
            guard (0..<1).contains(sgd.momentum) else { return nil }
            kernel.kind = Int32(TK_SGD)
            kernel.momentum = sgd.momentum
            tensors = sgd.momentum > 0 ? 1 : 0
        default:
            return nil
        }
    }

    func slots(for parameter: Parameter) -> OptimizerSlots {
        if let known = slots[ObjectIdentifier(parameter)] { return known.slots }
        let made = OptimizerSlots(count: parameter.count, tensors: tensors)
        slots[ObjectIdentifier(parameter)] = (parameter, made)
        return made
    }
}
