@_implementationOnly import CTrainingKernels

/// What training makes small: a mean over rows.
public enum Loss: String, Codable, Sendable, CaseIterable {
    case meanSquaredError
    case meanAbsoluteError
    /// For targets 0 and 1 and a sigmoid output.
    case binaryCrossentropy
    /// For one number a class as target and a softmax output.
    case categoricalCrossentropy
    /// For the number of the right class as target and a softmax output.
    case sparseCategoricalCrossentropy

    public static let mse = Loss.meanSquaredError
    public static let mae = Loss.meanAbsoluteError

    var code: Int32 {
        switch self {
        case .meanSquaredError: Int32(TK_MEAN_SQUARED_ERROR)
        case .meanAbsoluteError: Int32(TK_MEAN_ABSOLUTE_ERROR)
        case .binaryCrossentropy: Int32(TK_BINARY_CROSSENTROPY)
        case .categoricalCrossentropy: Int32(TK_CATEGORICAL_CROSSENTROPY)
        case .sparseCategoricalCrossentropy: Int32(TK_SPARSE_CATEGORICAL_CROSSENTROPY)
        }
    }

    /// Whether it averages over a row's outputs too.
    var isMeanOverOutputs: Bool {
        switch self {
        case .meanSquaredError, .meanAbsoluteError, .binaryCrossentropy: true
        case .categoricalCrossentropy, .sparseCategoricalCrossentropy: false
        }
    }
}

/// What a history records beside the loss.
public enum Metric: String, Codable, Sendable, CaseIterable {
    case meanAbsoluteError
    case meanSquaredError
    /// The share of right answers; what is right follows from the loss.
    case accuracy

    public static let mse = Metric.meanSquaredError
    public static let mae = Metric.meanAbsoluteError

    /// The name in a history, for example `mae`.
    public var key: String {
        switch self {
        case .meanAbsoluteError: "mae"
        case .meanSquaredError: "mse"
        case .accuracy: "accuracy"
        }
    }

    func code(for loss: Loss) -> Int32 {
        switch self {
        case .meanAbsoluteError: Int32(TK_MEAN_ABSOLUTE_ERROR)
        case .meanSquaredError: Int32(TK_MEAN_SQUARED_ERROR)
        case .accuracy:
            switch loss {
            case .categoricalCrossentropy: Int32(TK_CATEGORICAL_ACCURACY)
            case .sparseCategoricalCrossentropy: Int32(TK_SPARSE_CATEGORICAL_ACCURACY)
            default: Int32(TK_BINARY_ACCURACY)
            }
        }
    }

    func isMeanOverOutputs(for loss: Loss) -> Bool { self != .accuracy || loss.isMeanOverOutputs }
}
