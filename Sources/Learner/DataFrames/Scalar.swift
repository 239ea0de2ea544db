extension DataFrame {
    /// One cell of a data frame: a value of one of the four types, or none.
    ///
    /// It can be written as a literal, so `row["title"] == "Alien"` and `column.contains(3)` read as they should.
    public enum Scalar: Sendable {
        case int(Int)
        case double(Double)
        case string(String)
        case bool(Bool)
        case missing

        /// The value as an Int; nil for a value that is none.
        public var int: Int? { if case .int(let value) = self { value } else { nil } }

        /// The value as a Double, also of an Int; nil for what is no number.
        public var double: Double? {
            switch self {
            case .int(let value): Double(value)
            case .double(let value): value
            default: nil
            }
        }

        /// The value as a String; nil for a value that is none.
        public var string: String? { if case .string(let value) = self { value } else { nil } }

        /// The value as a Bool; nil for a value that is none.
        public var bool: Bool? { if case .bool(let value) = self { value } else { nil } }

        /// Whether there is no value.
        public var isMissing: Bool { if case .missing = self { true } else { false } }
    }
}

extension DataFrame.Scalar: Hashable {
    /// Whether two values are the same; an Int and a Double are when their numbers are, and missing equals missing.
    public static func == (left: Self, right: Self) -> Bool {
        switch (left, right) {
        case (.int(let a), .int(let b)): a == b
        case (.double(let a), .double(let b)): a == b
        case (.int(let a), .double(let b)), (.double(let b), .int(let a)): Int(exactly: b) == a
        case (.string(let a), .string(let b)): a == b
        case (.bool(let a), .bool(let b)): a == b
        case (.missing, .missing): true
        default: false
        }
    }

    public func hash(into hasher: inout Hasher) {
        switch self {
        case .int(let value): hasher.combine(Double(value))
        case .double(let value): hasher.combine(value)
        case .string(let value): hasher.combine(value)
        case .bool(let value): hasher.combine(value)
        case .missing: hasher.combine(0 as UInt8)
        }
    }
}

extension DataFrame.Scalar: CustomStringConvertible {
    /// The value as Swift prints it; `nil` for a missing one.
    public var description: String {
        switch self {
        case .int(let value): String(value)
        case .double(let value): value.description
        case .string(let value): value
        case .bool(let value): value.description
        case .missing: "nil"
        }
    }
}

extension DataFrame.Scalar: ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral, ExpressibleByStringLiteral,
    ExpressibleByBooleanLiteral, ExpressibleByNilLiteral
{
    public init(integerLiteral value: Int) { self = .int(value) }
    public init(floatLiteral value: Double) { self = .double(value) }
    public init(stringLiteral value: String) { self = .string(value) }
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    public init(nilLiteral: ()) { self = .missing }
}

/// The type of a column's values.
public enum ColumnType: UInt8, Sendable, CaseIterable, CustomStringConvertible {
    case int = 1
    case double = 2
    case string = 3
    case bool = 4

    /// The type's name as one writes it in Swift, for example `Double`.
    public var description: String {
        switch self {
        case .int: "Int"
        case .double: "Double"
        case .string: "String"
        case .bool: "Bool"
        }
    }
}

/// A type that a column's values can have: Int, Double, String and Bool. There are no others.
public protocol ColumnElement: Hashable, Sendable, CustomStringConvertible {
    /// What the column's type is called.
    static var columnType: ColumnType { get }
    /// The value as a cell of a data frame.
    var scalar: DataFrame.Scalar { get }
    /// What stands in memory where a value is missing.
    init()
}

/// A column's type with which one can reckon: Int and Double.
public protocol ColumnNumber: ColumnElement {}

extension Int: ColumnNumber {
    public static var columnType: ColumnType { .int }
    public var scalar: DataFrame.Scalar { .int(self) }
}

extension Double: ColumnNumber {
    public static var columnType: ColumnType { .double }
    public var scalar: DataFrame.Scalar { .double(self) }
}

extension String: ColumnElement {
    public static var columnType: ColumnType { .string }
    public var scalar: DataFrame.Scalar { .string(self) }
}

extension Bool: ColumnElement {
    public static var columnType: ColumnType { .bool }
    public var scalar: DataFrame.Scalar { .bool(self) }
}
