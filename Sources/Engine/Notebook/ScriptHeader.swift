/// What stands before a script's first cell: a byte order mark, a `#!` line, blank lines, jupytext's front matter, with
/// the line `// -*- coding: utf-8 -*-` that jupytext may write before it.
struct ScriptHeader: Sendable {
    /// The exact bytes.
    var text: String
    /// The bytes before the front matter, or before the place where it would stand.
    var prefix: String
    /// The prefix without jupytext's coding line, which means nothing without the front matter and would be a cell.
    var prefixOfNoFrontMatter: String
    var metadata = JSONObject()
    var otherKeys = JSONObject()

    init(reading bytes: UnsafeBufferPointer<UInt8>) {
        let lines = Lines(bytes: bytes)
        let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]
        var position = bytes.starts(with: byteOrderMark) ? 3 : 0
        if bytes[position...].starts(with: "#!".utf8) { position = lines.end(from: position) }
        var start = position
        position = Self.afterBlankLines(lines, from: position)
        if position == bytes.count { start = position }
        let bare = position
        var front = Self.frontMatter(lines, from: position)
        if front == nil, bytes[position...].starts(with: "// -*-".utf8) {
            let second = lines.end(from: position)
            front = Self.frontMatter(lines, from: second)
            if front != nil { position = second }
        }
        if let front {
            start = position
            position = Self.afterBlankLines(lines, from: front.end)
        }
        text = String(decoding: bytes[..<position], as: UTF8.self)
        prefix = front == nil ? text : String(decoding: bytes[..<start], as: UTF8.self)
        prefixOfNoFrontMatter = front == nil ? text : String(decoding: bytes[..<min(bare, start)], as: UTF8.self)
        if let front { (metadata, otherKeys) = FrontMatter.read(front.lines) }
    }

    private static func afterBlankLines(_ lines: Lines, from start: Int) -> Int {
        var position = start
        while position < lines.bytes.count {
            let end = lines.end(from: position)
            guard lines.isBlank(position..<end) else { break }
            position = end
        }
        return position
    }

    /// The comment lines between `// ---` and `// ---`, without comment signs.
    private static func frontMatter(_ lines: Lines, from start: Int) -> (lines: [String], end: Int)? {
        var position = start
        var found: [String] = []
        while position < lines.bytes.count {
            let range = position..<lines.end(from: position)
            let line = String(decoding: lines.content(range, .crlf), as: UTF8.self)
            guard line.hasPrefix("//") else { return nil }
            let text = String(line.utf8.dropFirst(line.utf8.starts(with: "// ".utf8) ? 3 : 2)) ?? ""
            let isFence = text.utf8.starts(with: "---".utf8) && text.utf8.dropFirst(3).allSatisfy(CellMarker.isSpace)
            position = range.upperBound
            if range.lowerBound == start {
                guard isFence else { return nil }
            } else if isFence {
                return (found, position)
            } else {
                found.append(text)
            }
        }
        return nil
    }

    /// Whether a first cell without marker can hold `source`, so that no part of it reads as header.
    static func leavesToFirstCell(_ source: String) -> Bool {
        let bytes = source.utf8
        guard let firstLine = bytes.split(separator: UInt8(ascii: "\n"), maxSplits: 1, omittingEmptySubsequences: false).first,
            !firstLine.allSatisfy(CellMarker.isSpace), !bytes.contains(UInt8(ascii: "\r"))
        else { return false }
        return !["#!", "\u{FEFF}", "// ---", "//---", "// -*-"].contains { bytes.starts(with: $0.utf8) }
    }
}
