#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Why a data frame could not be read or written, as a sentence with its place.
public struct DataFrameError: Error, Equatable, Sendable {
    public enum Kind: Sendable, Equatable {
        /// The file can't be opened, read or written.
        case file
        /// The bytes are not UTF-8 text.
        case encoding
        /// There is nothing in it, not even a header line.
        case empty
        /// A quote is never closed, or stands where none may stand.
        case quoting
        /// A row has another number of fields than the header.
        case ragged
        /// Two columns have one name.
        case duplicateName
        /// A column that was asked for doesn't exist.
        case unknownColumn
        /// A value doesn't fit the type that was asked for.
        case type
        /// A data frame's archive is broken, or of another version.
        case archive
    }

    public let kind: Kind
    /// What was read: a file's name.
    public let source: String?
    /// The line, from 1.
    public let line: Int?
    /// The character in that line, from 1.
    public let column: Int?
    /// What was expected, what came and what to do, without the place.
    public let sentence: String

    init(_ kind: Kind, source: String? = nil, line: Int? = nil, column: Int? = nil, _ sentence: String) {
        self.kind = kind
        self.source = source
        self.line = line
        self.column = column
        self.sentence = sentence
    }
}

extension DataFrameError: CustomStringConvertible, LocalizedError {
    /// The sentence with its place: `ratings.csv, line 3, column 7: …`.
    public var description: String {
        let place = [source, line.map { "line \($0)" }, column.map { "column \($0)" }].compactMap { $0 }
        return place.isEmpty ? sentence : place.joined(separator: ", ") + ": " + sentence
    }

    public var errorDescription: String? { description }
}
