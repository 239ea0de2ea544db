import Display
import Training

/// A column can be trained on: `model.fit([ratings["userId"], ratings["movieId"]], ratings["y"])`.
extension Column: TensorConvertible {
    public var tensorName: String? { name.isEmpty ? nil : "column \(quoted(name))" }

    public var tensorShape: [Int] { [count] }

    /// The numbers as `Float`. A `Bool` counts as 0 or 1.
    /// - throws: `TrainingError` where a value is missing, and for a column of text.
    public func float32Scalars() throws -> [Float] {
        try requireNumbers()
        return switch storage {
        case .int(let values): try values.elements.float32Scalars()
        case .double(let values): try values.elements.float32Scalars()
        case .bool(let values): try values.elements.float32Scalars()
        case .string: []
        }
    }

    /// The numbers as `Int32`. A `Bool` counts as 0 or 1.
    /// - throws: `TrainingError` where a value is missing, not whole, or beyond `Int32`, and for a column of text.
    public func int32Scalars() throws -> [Int32] {
        try requireNumbers()
        return switch storage {
        case .int(let values): try Int.int32Scalars(values.elements, name: tensorName)
        case .double(let values): try Double.int32Scalars(values.elements, name: tensorName)
        case .bool(let values): try Bool.int32Scalars(values.elements, name: tensorName)
        case .string: []
        }
    }

    private func requireNumbers() throws {
        if let row = missingFlags.firstIndex(of: true) {
            throw TrainingError(
                .missingValue,
                "\(subject) has \(counted(missingCount, "missing value")), the first in row \(row), and a model needs a number in every row: leave these rows out first, by dropMissing().")
        }
        // A column of text without a row has nothing that isn't a number.
        if type == .string, count > 0 {
            throw TrainingError(
                .badArgument,
                "\(subject) holds text, and a model takes numbers: put a number in the place of each different text first, by numbered().")
        }
    }
}

/// A column with its type can be trained on just so.
extension TypedColumn: TensorConvertible {
    public var tensorName: String? { erased.tensorName }
    public var tensorShape: [Int] { [count] }
    public func float32Scalars() throws -> [Float] { try erased.float32Scalars() }
    public func int32Scalars() throws -> [Int32] { try erased.int32Scalars() }
}

/// A tensor with one number a row, such as the weights of an Embedding of size 1, shape `[rows, 1]`, can be a column.
extension Tensor: ColumnConvertible {
    public func column(named name: String) -> Column {
        let rows = shape.first ?? 1
        if scalars.count != rows {
            learnerMistake(
                "A Tensor of shape \(shape) has \(counted(rows == 0 ? 0 : scalars.count / rows, "number")) a row, and a column takes one: choose a Tensor of shape [\(rows)] or [\(rows), 1].")
        }
        return Column(name: name, contents: scalars.map(Double.init))
    }
}
