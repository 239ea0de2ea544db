import Display

extension DataFrame {
    /// One row of a data frame.
    ///
    /// For example: `for row in movies.rows { print(row["title"], row["year", Int.self] ?? 0) }`.
    public struct Row: Sendable {
        /// The row's number, from 0.
        public let index: Int
        let frame: DataFrame

        /// The value in the column of this name.
        public subscript(name: String) -> Scalar { frame[name][index] }

        /// The value in the column of this name with its type; nil where it is missing.
        public subscript<Element: ColumnElement>(name: String, type: Element.Type) -> Element? {
            let value = self[name]
            switch type.columnType {
            case .int where value.int != nil: return value.int as? Element
            case .double where value.double != nil: return value.double as? Element
            case .string where value.string != nil: return value.string as? Element
            case .bool where value.bool != nil: return value.bool as? Element
            default:
                if value.isMissing { return nil }
                learnerMistake("\(frame[name].subject) holds \(frame[name].type) values, not \(type.columnType): read it as \(frame[name].type).self.")
            }
        }
    }

    /// The rows of a data frame, one after the other.
    public struct Rows: RandomAccessCollection, Sendable {
        let frame: DataFrame
        public var startIndex: Int { 0 }
        public var endIndex: Int { frame.rowCount }
        public subscript(index: Int) -> Row { frame[row: index] }
    }

    /// The rows, to go through one by one.
    public var rows: Rows { Rows(frame: self) }

    /// The row of this number, from 0.
    public subscript(row index: Int) -> Row {
        guard index >= 0, index < rowCount else {
            learnerMistake("The data frame has \(counted(rowCount, "row")), numbered from 0: there is no row \(index).")
        }
        return Row(index: index, frame: self)
    }
}

extension DataFrame.Row: CustomStringConvertible {
    /// The row's values with their columns' names.
    public var description: String {
        frame.columns.map { "\($0.name): \($0[index])" }.joined(separator: ", ")
    }
}
