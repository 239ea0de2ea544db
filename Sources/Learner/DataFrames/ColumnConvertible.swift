/// What a data frame can take as a column: arrays of numbers, texts and truth values, optional ones too, columns,
/// and tensors that hold one number a row.
public protocol ColumnConvertible {
    /// The values as a column of this name.
    func column(named name: String) -> Column
}

extension Column: ColumnConvertible {
    public func column(named name: String) -> Column { Column(name: name, storage: storage) }
}

extension TypedColumn: ColumnConvertible {
    public func column(named name: String) -> Column { Column(name: name, values: values) }
}

/// What an array may hold to become a column.
public protocol ColumnArrayElement {
    static func column(named name: String, contents: [Self]) -> Column
}

extension Array: ColumnConvertible where Element: ColumnArrayElement {
    public func column(named name: String) -> Column { Element.column(named: name, contents: self) }
}

extension ArraySlice: ColumnConvertible where Element: ColumnArrayElement {
    public func column(named name: String) -> Column { Element.column(named: name, contents: Array(self)) }
}

extension ColumnArrayElement where Self: ColumnElement {
    public static func column(named name: String, contents: [Self]) -> Column { Column(name: name, values: Values(contents)) }
}

extension Int: ColumnArrayElement {}
extension Double: ColumnArrayElement {}
extension String: ColumnArrayElement {}
extension Bool: ColumnArrayElement {}

extension Float: ColumnArrayElement {
    public static func column(named name: String, contents: [Float]) -> Column {
        Column(name: name, values: Values(contents.map(Double.init)))
    }
}

extension Int32: ColumnArrayElement {
    public static func column(named name: String, contents: [Int32]) -> Column {
        Column(name: name, values: Values(contents.map(Int.init)))
    }
}

extension Optional: ColumnArrayElement where Wrapped: ColumnElement {
    public static func column(named name: String, contents: [Wrapped?]) -> Column { Column(name: name, values: Values(contents)) }
}
