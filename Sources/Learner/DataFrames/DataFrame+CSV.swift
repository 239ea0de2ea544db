#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension DataFrame {
    /// The data frame in a CSV file.
    ///
    /// A column's type is the narrowest that all its values have: Int, Double, Bool (`true`, `false`), else String.
    /// An empty field is a missing value. Fields may stand in quotes, and then hold delimiters, line ends and doubled quotes.
    ///
    /// - Parameters:
    ///   - path: Where the file is.
    ///   - columns: The columns to take, in this order; nil for all.
    ///   - types: Types that columns must have, by name; the others' are found.
    ///   - options: What differs from the usual form.
    /// - throws: ``DataFrameError`` with the line and column of what is wrong.
    public init(
        contentsOfCSVFile path: String, columns: [String]? = nil, types: [String: ColumnType] = [:],
        options: CSVReadingOptions = CSVReadingOptions()
    ) throws {
        self = try DataFrame.naming(FileBytes.name(of: path)) {
            try FileBytes.read(path) { bytes in
                var reader = try CSVReader(bytes, columns: columns, types: types, options: options)
                return try reader.rows()
            }
        }
    }

    /// The data frame in a CSV file, given as a file URL.
    ///
    /// - throws: ``DataFrameError`` with the line and column of what is wrong.
    public init(
        contentsOfCSVFile url: URL, columns: [String]? = nil, types: [String: ColumnType] = [:],
        options: CSVReadingOptions = CSVReadingOptions()
    ) throws {
        try self.init(contentsOfCSVFile: DataFrame.path(of: url), columns: columns, types: types, options: options)
    }

    /// The data frame in CSV text.
    ///
    /// - throws: ``DataFrameError`` with the line and column of what is wrong.
    public init(
        csv text: String, columns: [String]? = nil, types: [String: ColumnType] = [:],
        options: CSVReadingOptions = CSVReadingOptions()
    ) throws {
        try self.init(csv: Array(text.utf8), columns: columns, types: types, options: options)
    }

    /// The data frame in the bytes of CSV text.
    ///
    /// - throws: ``DataFrameError`` with the line and column of what is wrong.
    public init(
        csv bytes: [UInt8], columns: [String]? = nil, types: [String: ColumnType] = [:],
        options: CSVReadingOptions = CSVReadingOptions()
    ) throws {
        self = try bytes.withUnsafeBufferPointer { bytes in
            var reader = try CSVReader(bytes, columns: columns, types: types, options: options)
            return try reader.rows()
        }
    }

    /// Reads a CSV file that is too large to be held at once: calls `body` with one part after the other.
    ///
    /// The types are found in the first part, or asked for; a later value that doesn't fit is an error.
    ///
    /// For example:
    ///
    ///     try DataFrame.readCSVFile("ratings.csv", columns: ["rating"], rowsAtATime: 1_000_000) { part in
    ///         total += part["rating"].sum()
    ///     }
    ///
    /// - throws: ``DataFrameError`` with the line and column of what is wrong, and what `body` throws.
    public static func readCSVFile(
        _ path: String, columns: [String]? = nil, types: [String: ColumnType] = [:],
        options: CSVReadingOptions = CSVReadingOptions(), rowsAtATime: Int, _ body: (DataFrame) throws -> Void
    ) throws {
        try naming(FileBytes.name(of: path)) {
            try FileBytes.read(path) { bytes in
                var reader = try CSVReader(bytes, columns: columns, types: types, options: options)
                while !reader.isAtEnd {
                    let part = try reader.rows(limit: max(1, rowsAtATime))
                    if part.rowCount > 0 { try body(part) }
                }
            }
        }
    }

    /// Writes the data frame as a CSV file that reads back as the same one.
    ///
    /// - throws: ``DataFrameError`` when the file can't be written.
    public func writeCSV(to path: String, hasHeaderRow: Bool = true) throws {
        try FileBytes.write(CSVWriter.bytes(of: self, hasHeaderRow: hasHeaderRow), to: path)
    }

    /// Writes the data frame as a CSV file, given as a file URL.
    ///
    /// - throws: ``DataFrameError`` when the file can't be written.
    public func writeCSV(to url: URL, hasHeaderRow: Bool = true) throws {
        try writeCSV(to: DataFrame.path(of: url), hasHeaderRow: hasHeaderRow)
    }

    /// The data frame as CSV text.
    public func csvRepresentation(hasHeaderRow: Bool = true) -> String {
        String(decoding: CSVWriter.bytes(of: self, hasHeaderRow: hasHeaderRow), as: UTF8.self)
    }

    private static func path(of url: URL) throws -> String {
        guard url.isFileURL else {
            throw DataFrameError(.file, "\(quoted(url.absoluteString)) is not a file on this machine. Download it first, then name the file.")
        }
        return url.path
    }

    /// Adds the file's name to an error that has none.
    private static func naming<Result>(_ source: String, _ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch let error as DataFrameError where error.source == nil && error.kind != .file {
            throw DataFrameError(error.kind, source: source, line: error.line, column: error.column, error.sentence)
        }
    }
}
