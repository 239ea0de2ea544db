/// The fields of CSV text, one after the other: where each begins and ends, and what ended it.
///
/// The rules are RFC 4180's, with lines ended by LF, CRLF or CR. Whoever calls keeps the bytes alive.
struct CSVFields {
    /// What stands behind a field.
    enum End { case delimiter, line, text }

    let bytes: UnsafePointer<UInt8>
    let count: Int
    let delimiter: UInt8
    /// Above this byte nothing but text is to be found.
    private let lastSpecial: UInt8

    /// Where the next field begins.
    var position: Int
    /// The field read last; without its quotes, if it had any.
    private(set) var start = 0
    private(set) var end = 0
    private(set) var isQuoted = false
    /// Whether quotes stand doubled inside it.
    private(set) var hasEscapes = false

    init(_ bytes: UnsafeBufferPointer<UInt8>, delimiter: UInt8, position: Int) {
        // An empty buffer may have no address; nothing is ever read from it.
        self.bytes = bytes.baseAddress ?? UnsafePointer(bitPattern: 1)!
        self.count = bytes.count
        self.delimiter = delimiter
        self.position = position
        lastSpecial = max(delimiter, CSVFields.quote)
    }

    static let quote = UInt8(ascii: "\"")
    static let lineFeed = UInt8(ascii: "\n")
    static let carriageReturn = UInt8(ascii: "\r")

    var isAtEnd: Bool { position >= count }

    /// Whether the next line is empty.
    var isAtLineEnd: Bool { bytes[position] == CSVFields.lineFeed || bytes[position] == CSVFields.carriageReturn }

    /// Steps over the end of a line.
    mutating func skipLineEnd() {
        let isPair = bytes[position] == CSVFields.carriageReturn && position + 1 < count && bytes[position + 1] == CSVFields.lineFeed
        position += isPair ? 2 : 1
    }

    /// Reads the next field and says what ended it.
    mutating func next() throws -> End {
        var p = position
        if p < count && bytes[p] == CSVFields.quote { return try nextQuoted() }
        start = p
        isQuoted = false
        hasEscapes = false
        while p < count {
            let byte = bytes[p]
            if byte <= lastSpecial {
                if byte == delimiter || byte == CSVFields.lineFeed || byte == CSVFields.carriageReturn { break }
                if byte == CSVFields.quote {
                    throw error(.quoting, at: p, "a quote stands inside a field that doesn't begin with one. Put the whole field in quotes and double the quotes inside it: \"say \"\"hello\"\"\".")
                }
            }
            p += 1
        }
        end = p
        position = p
        return finish()
    }

    private mutating func nextQuoted() throws -> End {
        let opening = position
        var p = opening + 1
        start = p
        isQuoted = true
        hasEscapes = false
        while true {
            if p >= count {
                throw error(.quoting, at: opening, "a quote is opened here and never closed.")
            }
            if bytes[p] == CSVFields.quote {
                if p + 1 < count && bytes[p + 1] == CSVFields.quote {
                    hasEscapes = true
                    p += 2
                    continue
                }
                break
            }
            p += 1
        }
        end = p
        position = p + 1
        if position < count, bytes[position] != delimiter, !isAtLineEnd {
            throw error(.quoting, at: position, "a quoted field goes on behind its closing quote. Expected \(quoted(String(UnicodeScalar(delimiter)))) or the end of the line; a quote inside a field is doubled.")
        }
        return finish()
    }

    private mutating func finish() -> End {
        if position >= count { return .text }
        if bytes[position] == delimiter {
            position += 1
            return .delimiter
        }
        skipLineEnd()
        return .line
    }

    /// The field read last, as text.
    var text: String {
        let field = UnsafeBufferPointer(start: bytes + start, count: end - start)
        guard hasEscapes else { return String(decoding: field, as: UTF8.self) }
        return String(unsafeUninitializedCapacity: field.count) { buffer in
            var written = 0
            var p = 0
            while p < field.count {
                buffer[written] = field[p]
                written += 1
                p += field[p] == CSVFields.quote ? 2 : 1
            }
            return written
        }
    }

    /// An error at a byte, with the line and the character that a person counts to it.
    func error(_ kind: DataFrameError.Kind, at offset: Int, _ sentence: String) -> DataFrameError {
        let (line, column) = CSVFields.place(of: offset, in: UnsafeBufferPointer(start: bytes, count: count))
        return DataFrameError(kind, line: line, column: column, sentence)
    }

    /// The line and the character in it, both from 1, at which a byte stands.
    static func place(of offset: Int, in bytes: UnsafeBufferPointer<UInt8>) -> (line: Int, column: Int) {
        var line = 1
        var lineStart = 0
        var p = 0
        while p < offset {
            if bytes[p] == lineFeed || bytes[p] == carriageReturn && (p + 1 >= bytes.count || bytes[p + 1] != lineFeed) {
                line += 1
                lineStart = p + 1
            }
            p += 1
        }
        if lineStart == 0 && hasByteOrderMark(bytes) { lineStart = min(3, offset) }
        // Bytes that continue a character don't count.
        let column = bytes[lineStart..<offset].reduce(1) { $1 & 0xC0 == 0x80 ? $0 : $0 + 1 }
        return (line, column)
    }

    /// Whether text begins with the three bytes by which some programs mark UTF-8.
    static func hasByteOrderMark(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        bytes.count >= 3 && bytes[0] == 0xEF && bytes[1] == 0xBB && bytes[2] == 0xBF
    }
}
