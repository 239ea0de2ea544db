/// The exact bytes of a cell in its script, with what they said when they were read.
///
/// As long as a part of the cell still says the same, the writer copies the part's bytes; so an edit of one cell
/// leaves every other byte of the script alone.
struct CellLayout: Sendable {
    /// Marker line, body, and the blank lines after it.
    var text: String
    /// Bytes of the marker line with its line break; 0 for text before the first marker.
    var markerLength: Int
    /// Bytes of `// %%` in the marker line.
    var prefixLength: Int
    /// Bytes of the body: from the marker line to the line break of the last line that is not blank.
    var bodyLength: Int
    var ending: LineEnding
    var marker: CellMarker
    var kind: Cell.Kind { marker.kind }
    var source: String

    var prefix: String { markerLength == 0 ? "// %%" : text.bytes(0..<prefixLength) }
    var markerLine: String { text.bytes(0..<markerLength) }
    var body: String { text.bytes(markerLength..<markerLength + bodyLength) }
    var gap: String { text.bytes(markerLength + bodyLength..<text.utf8.count) }
}

/// How lines end: the marker line of a cell decides it for the whole cell.
enum LineEnding: String, Sendable {
    case lf = "\n"
    case crlf = "\r\n"
}

extension String {
    func bytes(_ range: Range<Int>) -> String {
        let start = utf8.index(utf8.startIndex, offsetBy: range.lowerBound)
        return String(self[start..<utf8.index(start, offsetBy: range.count)])
    }
}

/// The lines of a text as byte ranges, each with its line break; only `\n` ends a line.
struct Lines {
    let bytes: UnsafeBufferPointer<UInt8>

    /// The end of the line that starts at `start`: after its line break.
    func end(from start: Int) -> Int {
        var position = start
        while position < bytes.count {
            if bytes[position] == UInt8(ascii: "\n") { return position + 1 }
            position += 1
        }
        return position
    }

    /// The line without its line break. With `.crlf`, one carriage return before the break belongs to the break.
    func content(_ line: Range<Int>, _ ending: LineEnding) -> UnsafeBufferPointer<UInt8> {
        var end = line.upperBound
        if end > line.lowerBound, bytes[end - 1] == UInt8(ascii: "\n") {
            end -= 1
            if ending == .crlf, end > line.lowerBound, bytes[end - 1] == UInt8(ascii: "\r") { end -= 1 }
        }
        return UnsafeBufferPointer(rebasing: bytes[line.lowerBound..<end])
    }

    func ending(of line: Range<Int>) -> LineEnding {
        line.count >= 2 && bytes[line.upperBound - 1] == UInt8(ascii: "\n") && bytes[line.upperBound - 2] == UInt8(ascii: "\r")
            ? .crlf : .lf
    }

    func isBlank(_ line: Range<Int>) -> Bool {
        bytes[line].allSatisfy { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D || $0 == 0x0A }
    }
}
