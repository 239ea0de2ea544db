/// A place in a cell's text, as a person counts: from 1, columns in characters.
public struct CellPosition: Hashable, Sendable, Comparable {
    public var line: Int
    public var column: Int
    /// In bytes from the start of the cell's text.
    public var utf8Offset: Int

    public init(line: Int, column: Int, utf8Offset: Int) {
        (self.line, self.column, self.utf8Offset) = (line, column, utf8Offset)
    }

    public static func < (a: Self, b: Self) -> Bool { a.utf8Offset < b.utf8Offset }
}

/// Where a text's lines begin: turns byte offsets into lines and columns, and back.
struct LineTable: Sendable {
    let text: String
    /// Offsets in bytes; the compiler counts lines by line feeds, so this does too.
    let starts: [Int]
    let count: Int

    init(_ text: String) {
        self.text = text
        var starts = [0]
        var offset = 0
        for byte in text.utf8 {
            offset += 1
            if byte == 0x0A { starts.append(offset) }
        }
        self.starts = starts
        count = offset
    }

    /// The index of the line that holds an offset, from 0.
    func line(holding offset: Int) -> Int {
        var low = 0, high = starts.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if starts[middle] <= offset { low = middle } else { high = middle }
        }
        return low
    }

    func position(at offset: Int) -> CellPosition {
        let offset = min(max(0, offset), count)
        let line = line(holding: offset)
        let utf8 = text.utf8
        let start = utf8.index(utf8.startIndex, offsetBy: starts[line])
        let end = utf8.index(start, offsetBy: offset - starts[line])
        return CellPosition(
            line: line + 1, column: text[start..<end].count + 1, utf8Offset: offset)
    }

    /// The offset of a 1-based line and 1-based byte column, brought into the text.
    func offset(line: Int, byteColumn: Int) -> Int {
        guard line >= 1 else { return 0 }
        guard line <= starts.count else { return count }
        let end = line < starts.count ? starts[line] - 1 : count
        return min(starts[line - 1] + max(0, byteColumn - 1), max(starts[line - 1], end))
    }
}
