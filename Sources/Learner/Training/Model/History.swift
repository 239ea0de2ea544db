import Display

/// What `fit` recorded: the loss and the metrics after each epoch, for the training rows and, with the prefix
/// `val_`, for the validation rows.
///
/// For example: `history["val_mae"]`, or `history.loss.last`.
public struct History: Codable, Equatable, Sendable {
    /// `loss`, `mae`, `val_loss`, `val_mae`, …
    public internal(set) var keys: [String]
    private var series: [[Double]]
    /// How long `fit` took, in seconds.
    public internal(set) var seconds: Double

    /// - Parameter series: for each key one value an epoch.
    public init(keys: [String], series: [[Double]], seconds: Double = 0) {
        self.keys = keys
        self.series = keys.indices.map { series.indices.contains($0) ? series[$0] : [] }
        self.seconds = seconds
    }

    /// The epochs, counted from 1.
    public var epochs: [Int] { Array(1..<(series.first?.count ?? 0) + 1) }

    /// One value an epoch for a key (`mae`, or in Keras' long form `mean_absolute_error`); nil when it was not recorded.
    public subscript(_ key: String) -> [Double]? {
        keys.firstIndex(of: History.shortKey(key)).map { series[$0] }
    }

    /// The training loss, one value an epoch.
    public var loss: [Double] { self["loss"] ?? [] }
    /// The validation loss, one value an epoch; empty without validation.
    public var validationLoss: [Double] { self["val_loss"] ?? [] }
    /// The training loss of the last epoch; nan without any.
    public var finalLoss: Double { loss.last ?? .nan }
    /// The validation loss of the last epoch; nan without any.
    public var finalValidationLoss: Double { validationLoss.last ?? .nan }

    /// The last epoch's values by key.
    public var final: [String: Double] {
        var values: [String: Double] = [:]
        for (key, epochs) in zip(keys, series) { values[key] = epochs.last }
        return values
    }

    mutating func append(_ values: [Double]) {
        for (index, value) in values.enumerated() where series.indices.contains(index) { series[index].append(value) }
    }

    static func shortKey(_ key: String) -> String {
        if key.hasPrefix("val_") { return "val_" + shortKey(String(key.dropFirst(4))) }
        return switch key {
        case "mean_absolute_error", "meanAbsoluteError": "mae"
        case "mean_squared_error", "meanSquaredError": "mse"
        case "acc": "accuracy"
        case "validationLoss": "val_loss"
        default: key
        }
    }
}

extension History: CustomStringConvertible, Displayable {
    public var description: String {
        let last = keys.compactMap { key in self[key]?.last.map { "\(key) \(fixed($0, 4))" } }
        return "History of \(epochs.count) epochs: " + last.joined(separator: " · ")
    }

    /// A row an epoch, a column a key.
    public var displayValue: DisplayValue {
        let columns = [("epoch", "Int")] + keys.map { ($0, "Double") }
        return .table(DisplayedTable(
            columns: columns.map { .init(name: $0.0, type: $0.1, alignment: .trailing) },
            rows: epochs.indices.map { index in ["\(epochs[index])"] + series.map { fixed($0[index], 4) } },
            rowCount: epochs.count))
    }
}
