/// A column with its type: a collection of optional values, nil where one is missing.
///
/// For example:
///
///     for title in movies["title", String.self] { print(title ?? "untitled") }
public struct TypedColumn<Element: ColumnElement>: Sendable {
    /// The column's name in its data frame.
    public let name: String
    let values: Values<Element>

    /// The values that are not missing, in order.
    public var present: [Element] { values.present }

    /// How many values are missing.
    public var missingCount: Int { values.missingCount }

    /// The column without its type.
    public var erased: Column { Column(name: name, values: values) }
}

extension TypedColumn: RandomAccessCollection {
    public var startIndex: Int { 0 }
    public var endIndex: Int { values.count }
    public subscript(row: Int) -> Element? { values[row] }
}

extension TypedColumn where Element: Comparable {
    /// The smallest value; nil where there is none.
    public func min() -> Element? { present.min() }

    /// The largest value; nil where there is none.
    public func max() -> Element? { present.max() }
}

extension TypedColumn where Element: ColumnNumber {
    /// The mean of the values that are not missing; NaN where there is none.
    public func mean() -> Double { erased.mean() }

    /// The standard deviation of the values that are not missing, with n - 1 in the denominator; NaN below two.
    public func standardDeviation() -> Double { erased.standardDeviation() }
}

extension TypedColumn where Element: ColumnNumber & AdditiveArithmetic {
    /// The sum of the values that are not missing.
    public func sum() -> Element { present.reduce(.zero, +) }
}
