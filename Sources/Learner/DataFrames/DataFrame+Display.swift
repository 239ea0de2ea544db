import Display

extension DataFrame: Displayable, CustomStringConvertible {
    /// The data frame as a table: up to ten rows, or the first and the last five.
    public var displayValue: DisplayValue { .table(displayedTable()) }

    /// The data frame as lined-up text.
    public var description: String { displayedTable().lined }

    /// The table that is shown, cut in the middle where there are more than `limit` rows.
    public func displayedTable(limit: Int = 10) -> DisplayedTable {
        let isCut = rowCount > max(1, limit)
        let half = max(1, limit / 2)
        let shown = isCut ? Array(0..<half) + Array(rowCount - half..<rowCount) : Array(0..<rowCount)
        let texts = columns.map { ColumnText.texts(of: $0.gathered(shown)) }
        return DisplayedTable(
            columns: columns.map { column in
                DisplayedTable.Column(
                    name: ColumnText.plain(column.name), type: column.type.description,
                    alignment: column.type == .int || column.type == .double ? .trailing : .leading)
            },
            rows: shown.indices.map { row in texts.map { $0[row] } },
            cutAfter: isCut ? half : nil, rowCount: rowCount,
            caption: "\(counted(rowCount, "row")) × \(counted(columnCount, "column"))")
    }
}

extension Column: Displayable, CustomStringConvertible {
    /// The column as a table of one column.
    public var displayValue: DisplayValue { .table(displayedTable) }

    /// The column as lined-up text.
    public var description: String { displayedTable.lined }

    private var displayedTable: DisplayedTable {
        var table = DataFrame(columns: [self]).displayedTable()
        table.caption = "\(counted(count, "value")) of type \(type)"
        return table
    }
}

extension Mask: Displayable, CustomStringConvertible {
    /// The mask as a table of one column.
    public var displayValue: DisplayValue { .table(displayedTable) }

    /// The mask as lined-up text.
    public var description: String { displayedTable.lined }

    private var displayedTable: DisplayedTable {
        var table = DataFrame(columns: [Column(name: "picked", contents: flags)]).displayedTable()
        table.caption = "picks \(withCommas(trueCount)) of \(counted(count, "row"))"
        return table
    }
}

extension DataFrame.Grouping: Displayable {
    /// The groups as a table: their keys and how many rows each has.
    public var displayValue: DisplayValue { counts().displayValue }
}

extension DisplayedTable {
    /// The table as text, its columns lined up.
    fileprivate var lined: String {
        var lines = [columns.map(\.name)] + rows.map { $0.map { $0 ?? "nil" } }
        if let cutAfter { lines.insert(columns.map { _ in "…" }, at: cutAfter + 1) }
        let widths = columns.indices.map { column in lines.map { $0[column].count }.max() ?? 0 }
        var text = lines.map { line in
            var padded = ""
            for (index, cell) in line.enumerated() {
                let space = String(repeating: " ", count: widths[index] - cell.count)
                padded += (index > 0 ? "  " : "") + (columns[index].alignment == .trailing ? space + cell : cell + space)
            }
            while padded.hasSuffix(" ") { padded.removeLast() }
            return padded
        }
        if let caption { text.append(caption) }
        return text.joined(separator: "\n")
    }
}
