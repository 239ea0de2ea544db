/// A cell's text in the two forms it takes: the notebook's source, and the script's lines.
enum CellBody {
    typealias Line = UnsafeBufferPointer<UInt8>

    // MARK: Reading

    /// The source that a code cell's lines hold.
    static func code(_ lines: [Line]) -> String {
        var text: [UInt8] = []
        text.reserveCapacity(lines.reduce(lines.count) { $0 + $1.count })
        for (index, line) in lines.enumerated() {
            if index > 0 { text.append(UInt8(ascii: "\n")) }
            appendUnprotected(line, to: &text)
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// The source that the comment lines of a Markdown or raw cell hold, and the index of the first line that is
    /// neither comment nor blank, which is taken as it stands.
    static func prose(_ lines: [Line]) -> (source: String, firstUncommented: Int?) {
        if let block = block(lines) { return (block, nil) }
        var text: [UInt8] = []
        var firstUncommented: Int?
        var plain: [UInt8] = []
        for (index, line) in lines.enumerated() {
            if index > 0 { text.append(UInt8(ascii: "\n")) }
            plain.removeAll(keepingCapacity: true)
            appendUnprotected(line, to: &plain)
            if plain.starts(with: "//".utf8) {
                text.append(contentsOf: plain.dropFirst(plain.count > 2 && plain[2] == 0x20 ? 3 : 2))
            } else {
                if firstUncommented == nil, !plain.allSatisfy({ CellMarker.isSpace($0) }) { firstUncommented = index }
                text.append(contentsOf: plain)
            }
        }
        return (String(decoding: text, as: UTF8.self), firstUncommented)
    }

    /// The text of one `/* … */` comment that the lines wholly are.
    private static func block(_ lines: [Line]) -> String? {
        guard let first = lines.first, first.starts(with: "/*".utf8) else { return nil }
        var text = Array(first.dropFirst(2))
        let isOpenerAlone = text.allSatisfy(CellMarker.isSpace) && lines.count > 1
        if isOpenerAlone { text = [] } else if text.first == 0x20 { text.removeFirst() }
        for (index, line) in lines.enumerated().dropFirst() {
            if index > 1 || !isOpenerAlone { text.append(UInt8(ascii: "\n")) }
            text.append(contentsOf: line)
        }
        while let last = text.last, CellMarker.isSpace(last) { text.removeLast() }
        guard text.suffix(2).elementsEqual("*/".utf8) else { return nil }
        text.removeLast(2)
        // A closing sign on a line of its own takes the line break before it away.
        var end = text.count
        while end > 0, CellMarker.isSpace(text[end - 1]) { end -= 1 }
        if end > 0, text[end - 1] == UInt8(ascii: "\n") { text.removeLast(text.count - end + 1) }
        else if text.last == 0x20 { text.removeLast() }
        for (a, b) in zip(text, text.dropFirst()) {
            if a == UInt8(ascii: "*") && b == UInt8(ascii: "/") || a == UInt8(ascii: "/") && b == UInt8(ascii: "*") { return nil }
        }
        return String(decoding: text, as: UTF8.self)
    }

    private static func appendUnprotected(_ line: Line, to text: inout [UInt8]) {
        guard let protection = CellMarker.protection(in: line), !protection.isEmpty else {
            text.append(contentsOf: line)
            return
        }
        text.append(contentsOf: line[..<protection.lowerBound])
        text.append(contentsOf: line[(protection.lowerBound + 1)...])
    }

    // MARK: Writing

    /// The script's lines for a source, without line breaks. A line that would read as a marker gets a backslash.
    static func lines(of source: String, kind: Cell.Kind) -> [String] {
        guard !source.isEmpty else { return [] }
        return source.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map { slice in
            let line = String(Substring(slice))
            switch kind {
            case .code: return protected(line)
            case .markdown, .raw: return line.isEmpty ? "//" : protected("// " + line)
            }
        }
    }

    /// The lines of a `/* … */` comment that reads back as `source`, if there are such.
    static func blockLines(of source: String) -> [String]? {
        let lines = ["/*"] + source.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            .map { String(Substring($0)) } + ["*/"]
        let isSafe = lines.allSatisfy { line in
            var line = line
            return line.withUTF8 { CellMarker.protection(in: $0) == nil }
        }
        guard isSafe else { return nil }
        var bytes = Array(lines.joined(separator: "\n").utf8)
        bytes.append(UInt8(ascii: "\n"))
        let back = bytes.withUnsafeBufferPointer { buffer -> String? in
            let reader = Lines(bytes: buffer)
            var start = 0
            var pieces: [Line] = []
            while start < buffer.count {
                let end = reader.end(from: start)
                pieces.append(reader.content(start..<end, .lf))
                start = end
            }
            return block(pieces)
        }
        return back.map { $0.hasSameBytes(as: source) } == true ? lines : nil
    }

    private static func protected(_ line: String) -> String {
        var line = line
        guard let protection = line.withUTF8({ CellMarker.protection(in: $0) }) else { return line }
        var bytes = Array(line.utf8)
        bytes.insert(UInt8(ascii: "\\"), at: protection.lowerBound)
        return String(decoding: bytes, as: UTF8.self)
    }
}
