@_implementationOnly import CTrainingKernels

/// What a `Dense` layer does to its sums.
public enum Activation: String, Codable, Sendable, CaseIterable {
    /// Leaves them as they are.
    case linear
    /// Negative numbers become 0.
    case relu
    /// Between 0 and 1.
    case sigmoid
    /// Between -1 and 1.
    case tanh
    /// Positive numbers that add up to 1.
    case softmax

    var code: Int32 {
        switch self {
        case .linear: Int32(TK_LINEAR)
        case .relu: Int32(TK_RELU)
        case .sigmoid: Int32(TK_SIGMOID)
        case .tanh: Int32(TK_TANH)
        case .softmax: Int32(TK_SOFTMAX)
        }
    }
}
