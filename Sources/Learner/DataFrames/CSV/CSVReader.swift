/// Reads CSV text into data frames: the header at once, then as many rows at a time as one asks for.
///
/// Whoever calls keeps the bytes alive.
struct CSVReader {
    private var fields: CSVFields
    /// The names in the header.
    let names: [String]
    /// For each column of the text, whether it is wanted.
    private let isWanted: [Bool]
    private let order: [String]
    /// The types that were asked for, and after the first rows all of them.
    private var types: [String: ColumnType]
    private let nilEncodings: [[UInt8]]

    init(
        _ bytes: UnsafeBufferPointer<UInt8>, columns wanted: [String]?, types: [String: ColumnType], options: CSVReadingOptions
    ) throws {
        guard let delimiter = options.delimiter.asciiValue, delimiter >= 9, ![10, 13, 34].contains(delimiter) else {
            throw DataFrameError(.quoting, "The delimiter \(quoted(String(options.delimiter))) can't stand between fields: choose one ASCII character such as , ; | or a tab.")
        }
        try CSVReader.requireText(bytes)
        fields = CSVFields(bytes, delimiter: delimiter, position: CSVFields.hasByteOrderMark(bytes) ? 3 : 0)
        if fields.isAtEnd { throw DataFrameError(.empty, "There is nothing in it. Expected a line with the columns' names, then a line for each row.") }
        let start = fields.position
        names = try CSVReader.header(&fields, options)
        if !options.hasHeaderRow { fields.position = start }
        for name in (wanted ?? []) + types.keys.sorted() where !names.contains(name) {
            throw DataFrameError(.unknownColumn, unknownColumn(name, among: names))
        }
        order = wanted ?? names
        isWanted = names.map { wanted?.contains($0) ?? true }
        self.types = types
        nilEncodings = options.nilEncodings.map { Array($0.utf8) }
    }

    /// Whether all rows have been read.
    var isAtEnd: Bool { fields.isAtEnd }

    /// The next rows, at most `limit`; fewer at the end.
    mutating func rows(limit: Int = .max) throws -> DataFrame {
        let start = fields.position
        var builders = names.indices.map { index in
            isWanted[index] ? CSVColumnBuilder(name: names[index], wanted: types[names[index]], nilEncodings: nilEncodings) : nil
        }
        try read(into: builders, limit: limit)

        let again = builders.map { builder in
            builder.flatMap { $0.needsSecondReading ? CSVColumnBuilder(name: $0.name, wanted: .string, nilEncodings: nilEncodings) : nil }
        }
        if again.contains(where: { $0 != nil }) {
            fields.position = start
            try read(into: again, limit: limit)
            for (index, builder) in again.enumerated() where builder != nil { builders[index] = builder }
        }
        let columns = builders.compactMap { $0?.column() }
        for column in columns { types[column.name] = column.type }
        let frame = DataFrame(columns: columns)
        return order == frame.columnNames ? frame : frame.select(order)
    }

    private mutating func read(into builders: [CSVColumnBuilder?], limit: Int) throws {
        let last = builders.count - 1
        var rows = 0
        while rows < limit && !fields.isAtEnd {
            // An empty line is a missing value where a line holds one value, and means nothing elsewhere.
            if last > 0 && fields.isAtLineEnd {
                fields.skipLineEnd()
                continue
            }
            let rowStart = fields.position
            for index in 0...last {
                let end = try fields.next()
                if let builder = builders[index] { try builder.append(fields) }
                if (end == .delimiter) != (index < last) { throw ragged(from: rowStart) }
            }
            rows += 1
        }
    }

    /// The error for a row that has not as many fields as the header.
    private func ragged(from rowStart: Int) -> DataFrameError {
        var row = fields
        row.position = rowStart
        var found = 1
        var surplus: Int?
        do {
            while try row.next() == .delimiter {
                if found == names.count { surplus = row.position }
                found += 1
            }
        } catch {
            return error as? DataFrameError ?? row.error(.ragged, at: rowStart, "this row can't be read.")
        }
        let place = surplus ?? row.end + (row.isQuoted ? 1 : 0)
        return row.error(.ragged, at: min(place, row.count), "this row has \(counted(found, "field")), but the header has \(names.count) (\(names.prefix(8).joined(separator: ", "))\(names.count > 8 ? ", …" : "")). A field that holds the delimiter needs quotes around it.")
    }

    private static func header(_ fields: inout CSVFields, _ options: CSVReadingOptions) throws -> [String] {
        var names: [String] = []
        var seen: Set<String> = []
        var end = CSVFields.End.delimiter
        while end == .delimiter {
            let start = fields.position
            end = try fields.next()
            let isUnnamed = fields.start == fields.end && !fields.isQuoted
            let name = options.hasHeaderRow && !isUnnamed ? fields.text : "column \(names.count + 1)"
            if !seen.insert(name).inserted {
                throw fields.error(.duplicateName, at: start, "two columns are called \(quoted(name)): give one of them another name.")
            }
            names.append(name)
        }
        return names
    }

    private static func requireText(_ bytes: UnsafeBufferPointer<UInt8>) throws {
        if bytes.count >= 2, bytes[0] == 0xFF && bytes[1] == 0xFE || bytes[0] == 0xFE && bytes[1] == 0xFF {
            throw DataFrameError(.encoding, "This is UTF-16 text. Save it as UTF-8 (in a spreadsheet: \u{201C}CSV UTF-8\u{201D}).")
        }
        guard let offset = UTF8Check.firstError(in: bytes) else { return }
        let (line, column) = CSVFields.place(of: offset, in: bytes)
        let byte = String(bytes[offset], radix: 16, uppercase: true)
        throw DataFrameError(.encoding, line: line, column: column, "the byte 0x\(byte.count < 2 ? "0" : "")\(byte) is not UTF-8 text. Save the file as UTF-8.")
    }
}
