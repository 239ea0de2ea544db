import Display

/// A table: named columns of equal length, each of one type (Int, Double, String or Bool), in which values may be missing.
///
/// A data frame is a value: a copy is independent of its original, and costs nothing until one of them changes.
/// Where a call can't go on because of a mistake in it (a column that doesn't exist, a wrong number of values),
/// it ends the cell with a sentence; what depends on the world outside (files, archives) throws ``DataFrameError``.
///
/// For example:
///
///     let ratings = try DataFrame(contentsOfCSVFile: "ratings.csv")
///     let often = ratings.grouped(by: "movieId").aggregated(["n": .count, "mean": .mean(of: "rating")])
///     often[often["n"] >= 20].sorted(by: "mean", order: .descending).head(10)
public struct DataFrame: Sendable {
    /// The columns, from left to right.
    public private(set) var columns: [Column]
    private var positions: [String: Int]

    /// A data frame without columns and rows.
    public init() {
        columns = []
        positions = [:]
    }

    /// A data frame of these columns. Their names must differ and their lengths be the same.
    public init(columns: [Column]) {
        self.init()
        self.columns.reserveCapacity(columns.count)
        for column in columns { append(column: column) }
    }

    /// A data frame of named arrays (or tensors, or columns), in this order.
    ///
    /// For example: `DataFrame(["user": users, "rating": [3.5, 4.0]])`.
    public init(_ columns: KeyValuePairs<String, any ColumnConvertible>) {
        self.init()
        for (name, values) in columns { append(column: values.column(named: name)) }
    }

    /// The names of the columns, from left to right.
    public var columnNames: [String] { columns.map(\.name) }

    /// How many rows there are.
    public var rowCount: Int { columns.first?.count ?? 0 }

    /// How many columns there are.
    public var columnCount: Int { columns.count }

    /// The numbers of rows and columns.
    public var shape: (rows: Int, columns: Int) { (rowCount, columnCount) }

    /// Whether there are no rows.
    public var isEmpty: Bool { rowCount == 0 }

    /// Whether there is a column of this name.
    public func contains(column name: String) -> Bool { positions[name] != nil }

    /// The position of the column of this name, from 0; nil where there is none.
    public func indexOfColumn(_ name: String) -> Int? { positions[name] }

    /// The column of this name; assigning one adds it at the right end, or replaces the one of that name.
    public subscript(name: String) -> Column {
        get { columns[position(of: name)] }
        set {
            var column = newValue
            column.name = name
            if let position = positions[name] {
                requireRows(of: column, replacing: position)
                columns[position] = column
            } else {
                append(column: column)
            }
        }
    }

    /// The column of this name; the same as `df[name]`.
    public subscript(column name: String) -> Column {
        get { self[name] }
        set { self[name] = newValue }
    }

    /// Assigns an array or a tensor (one number a row) as a column.
    @_disfavoredOverload
    public subscript<Values: ColumnConvertible>(name: String) -> Values {
        @available(*, unavailable, message: "a column is read as df[\"name\"] or, with its type, df[\"name\", Double.self]")
        get { learnerMistake("A column is read as df[\"\(name)\"].") }
        set { self[name] = newValue.column(named: name) }
    }

    /// The column of this name with its type: a collection of optional values, nil where one is missing.
    ///
    /// For example: `let largest = ratings["userId", Int.self].max()`.
    public subscript<Element: ColumnElement>(name: String, type: Element.Type) -> TypedColumn<Element> {
        self[name].typed(as: type)
    }

    /// Adds a column at the right end. It needs a new name, and as many values as there are rows.
    public mutating func append(column: Column) {
        if positions[column.name] != nil {
            learnerMistake(
                "The data frame already has a column \(quoted(column.name)): assign to df[\(quoted(column.name))] to replace it, or give the new one another name.")
        }
        requireRows(of: column, replacing: nil)
        positions[column.name] = columns.count
        columns.append(column)
    }

    /// Removes the column of this name.
    public mutating func removeColumn(_ name: String) {
        columns.remove(at: position(of: name))
        positions = Dictionary(uniqueKeysWithValues: columns.enumerated().map { ($1.name, $0) })
    }

    /// A data frame with the column `name` called `newName`.
    public func renamed(_ name: String, to newName: String) -> DataFrame { renamed([name: newName]) }

    /// A data frame with columns called by new names, given as old name: new name.
    public func renamed(_ names: [String: String]) -> DataFrame {
        for name in names.keys { _ = position(of: name) }
        return DataFrame(columns: columns.map { column in
            var renamed = column
            renamed.name = names[column.name] ?? column.name
            return renamed
        })
    }

    /// The position of a column that must exist.
    func position(of name: String) -> Int {
        guard let position = positions[name] else { learnerMistake(unknownColumn(name, among: columnNames)) }
        return position
    }

    /// The data frame of these rows, in this order.
    func gathered(_ rows: [Int]) -> DataFrame {
        DataFrame(columns: columns.map { $0.gathered(rows) })
    }

    private func requireRows(of column: Column, replacing position: Int?) {
        let others = position == nil ? columns.count : columns.count - 1
        guard others > 0, column.count != rowCount else { return }
        learnerMistake(
            "The column \(quoted(column.name)) has \(counted(column.count, "value")), but the data frame has \(counted(rowCount, "row")): a column needs one value a row.")
    }
}

extension DataFrame: ExpressibleByDictionaryLiteral {
    /// A data frame written out: `["title": ["Alien", "Heat"], "year": [1979, nil]]`.
    public init(dictionaryLiteral elements: (String, Column)...) {
        self.init(columns: elements.map { name, column in
            var named = column
            named.name = name
            return named
        })
    }
}

extension DataFrame: Equatable {
    /// Whether names, types, values and missing values are the same, in the same order. NaN equals NaN here.
    public static func == (left: DataFrame, right: DataFrame) -> Bool {
        left.columns.count == right.columns.count
            && zip(left.columns, right.columns).allSatisfy { $0.name == $1.name && $0.hasSameValues(as: $1) }
    }
}
