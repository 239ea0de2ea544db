import Display

/// One column of a data frame: a name, and values of one type, some of which may be missing.
///
/// One can reckon with it (`column - 3.5`, `a + b`), compare it (`column >= 20` gives a ``Mask``, which picks rows),
/// ask for its statistics, and go through its values. With its type it is a ``TypedColumn``: `df["y", Double.self]`.
public struct Column: Sendable {
    /// The column's name in its data frame; empty for the result of reckoning.
    public var name: String
    var storage: Storage

    enum Storage: Sendable {
        case int(Values<Int>)
        case double(Values<Double>)
        case string(Values<String>)
        case bool(Values<Bool>)
    }

    init(name: String, storage: Storage) {
        self.name = name
        self.storage = storage
    }

    init<Element: ColumnElement>(name: String, values: Values<Element>) {
        self.name = name
        // One of the four holds: ColumnElement has no other conformances.
        if let values = values as? Values<Int> {
            storage = .int(values)
        } else if let values = values as? Values<Double> {
            storage = .double(values)
        } else if let values = values as? Values<Bool> {
            storage = .bool(values)
        } else if let values = values as? Values<String> {
            storage = .string(values)
        } else {
            learnerMistake("A column holds Int, Double, String or Bool values, not \(Element.self).")
        }
    }

    /// A column of these values.
    public init<Element: ColumnElement>(name: String = "", contents: [Element]) {
        self.init(name: name, values: Values(contents))
    }

    /// A column of these values; nil is a missing one.
    public init<Element: ColumnElement>(name: String = "", contents: [Element?]) {
        self.init(name: name, values: Values(contents))
    }

    /// A column of the numbers of an array or tensor.
    public init(_ values: some ColumnConvertible, name: String = "") {
        self = values.column(named: name)
    }

    /// The type of the values.
    public var type: ColumnType {
        switch storage {
        case .int: .int
        case .double: .double
        case .string: .string
        case .bool: .bool
        }
    }

    /// How many values there are, missing ones included.
    public var count: Int {
        switch storage {
        case .int(let values): values.count
        case .double(let values): values.count
        case .string(let values): values.count
        case .bool(let values): values.count
        }
    }

    /// How many values are missing.
    public var missingCount: Int { missingFlags.reduce(0) { $1 ? $0 + 1 : $0 } }

    /// Which values are missing, as a mask.
    public var isMissing: Mask { Mask(missingFlags.isEmpty ? [Bool](repeating: false, count: count) : missingFlags) }

    /// One flag a row, or none at all when nothing is missing.
    var missingFlags: [Bool] {
        switch storage {
        case .int(let values): values.missing
        case .double(let values): values.missing
        case .string(let values): values.missing
        case .bool(let values): values.missing
        }
    }

    /// The values of these rows; a row of -1 gives a missing value.
    func gathered(_ rows: [Int], mayBeMissing: Bool = false) -> Column {
        switch storage {
        case .int(let values): Column(name: name, storage: .int(values.gathered(rows, mayBeMissing: mayBeMissing)))
        case .double(let values): Column(name: name, storage: .double(values.gathered(rows, mayBeMissing: mayBeMissing)))
        case .string(let values): Column(name: name, storage: .string(values.gathered(rows, mayBeMissing: mayBeMissing)))
        case .bool(let values): Column(name: name, storage: .bool(values.gathered(rows, mayBeMissing: mayBeMissing)))
        }
    }

    /// Whether types, values and missing values are the same; names may differ. NaN equals NaN here.
    public func hasSameValues(as other: Column) -> Bool {
        switch (storage, other.storage) {
        case (.int(let a), .int(let b)): a == b
        case (.double(let a), .double(let b)): a == b
        case (.string(let a), .string(let b)): a == b
        case (.bool(let a), .bool(let b)): a == b
        default: false
        }
    }

    /// The column with its type: a collection of optional values, nil where one is missing.
    ///
    /// An Int column can be seen as one of Doubles too; any other mix ends with a sentence.
    public func typed<Element: ColumnElement>(as type: Element.Type) -> TypedColumn<Element> {
        TypedColumn(name: name, values: values(as: type))
    }

    func values<Element: ColumnElement>(as type: Element.Type) -> Values<Element> {
        let found: Any
        switch storage {
        case .int(let values): found = type.columnType == .double ? values.map(Double.init) : values
        case .double(let values): found = values
        case .string(let values): found = values
        case .bool(let values): found = values
        }
        if let values = found as? Values<Element> { return values }
        // A column without a single value passes for any type: nothing in it contradicts.
        if missingCount == count { return Values(allMissing: count) }
        learnerMistake("\(subject) holds \(self.type) values, not \(Element.columnType): read it as \(self.type).self.")
    }

    /// The values as numbers, for statistics and charts: nil where one is missing. Text ends with a sentence.
    public var numbers: [Double?] { numericValues("is read as numbers").optionals }

    /// The column's numbers, or a sentence that says for what they were needed.
    func numericValues(_ use: String) -> Values<Double> {
        switch storage {
        case .int(let values): return values.map(Double.init)
        case .double(let values): return values
        case .bool(let values): return values.map { $0 ? 1 : 0 }
        case .string(let values):
            if values.missingCount == values.count { return Values(allMissing: values.count) }
            learnerMistake("\(subject) holds text, and only a column of numbers \(use).")
        }
    }

    /// How a sentence about this column begins.
    var subject: String { name.isEmpty ? "The column" : "The column \(quoted(name))" }
}

extension Column: RandomAccessCollection {
    public var startIndex: Int { 0 }
    public var endIndex: Int { count }

    /// The value of a row, from 0.
    public subscript(row: Int) -> DataFrame.Scalar {
        guard row >= 0, row < count else {
            learnerMistake("\(subject) has \(counted(count, "value")), numbered from 0: there is no number \(row).")
        }
        switch storage {
        case .int(let values): return values[row].map { .int($0) } ?? .missing
        case .double(let values): return values[row].map { .double($0) } ?? .missing
        case .string(let values): return values[row].map { .string($0) } ?? .missing
        case .bool(let values): return values[row].map { .bool($0) } ?? .missing
        }
    }

    /// The first `count` values.
    public func head(_ count: Int = 5) -> Column { gathered(Array(0..<Swift.max(0, Swift.min(count, self.count)))) }

    /// The last `count` values.
    public func tail(_ count: Int = 5) -> Column {
        gathered(Array(self.count - Swift.max(0, Swift.min(count, self.count))..<self.count))
    }
}

extension Column: ExpressibleByArrayLiteral {
    /// A column written out. All values have one type, but Ints among Doubles are Doubles; nil is a missing one.
    public init(arrayLiteral elements: DataFrame.Scalar...) {
        self.init(name: "", cells: elements)
    }

    init(name: String, cells: [DataFrame.Scalar]) {
        let kinds = Set(cells.compactMap(\.columnType))
        switch kinds {
        case [.int]: self.init(name: name, values: Values(cells.map(\.int)))
        case [.double], [.int, .double]: self.init(name: name, values: Values(cells.map(\.double)))
        case [.bool]: self.init(name: name, values: Values(cells.map(\.bool)))
        case [.string], []: self.init(name: name, values: Values(cells.map(\.string)))
        default:
            let names = kinds.map(\.description).sorted().joined(separator: " and ")
            learnerMistake("A column holds values of one type, and these are \(names).")
        }
    }
}

extension DataFrame.Scalar {
    /// The value's type; nil for a missing one.
    var columnType: ColumnType? {
        switch self {
        case .int: .int
        case .double: .double
        case .string: .string
        case .bool: .bool
        case .missing: nil
        }
    }
}
