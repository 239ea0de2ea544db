extension Notebook {
    /// The notebook as a percent script. What was read from a script and not changed keeps its bytes.
    public func script() -> String { String(decoding: rendered().bytes, as: UTF8.self) }

    /// What `script()` leaves out, a sentence each.
    public var lossesInScript: [Loss] {
        func number(_ count: Int) -> String { count == 1 ? "1 cell" : "\(count) cells" }
        var losses: [Loss] = []
        let withOutputs = cells.filter { !$0.outputs.isEmpty }.count
        if withOutputs > 0 {
            losses.append(Loss(sentence: "The outputs of \(number(withOutputs)) are left out: a script holds no outputs."))
        }
        let counted = cells.filter { $0.executionCount != nil }.count
        if counted > 0 {
            losses.append(Loss(sentence: "The execution counts of \(number(counted)) are left out: a script holds none."))
        }
        return losses
    }

    func rendered() -> (bytes: [UInt8], firstLines: [Int]) {
        var writer = ScriptWriter(ending: ending)
        writer.write(header: header, metadata: metadata, otherKeys: otherKeys)
        for index in cells.indices { writer.write(cells[index], isFirst: index == 0, isLast: index == cells.count - 1) }
        return (writer.bytes, writer.firstLines)
    }
}

/// Puts a script together from what is copied and what is written anew.
private struct ScriptWriter {
    private(set) var bytes: [UInt8] = []
    private(set) var firstLines: [Int] = []
    private let newEnding: LineEnding
    private var ending: LineEnding
    private var headerIsCopied = true
    /// Lines that are complete, in the bytes before `counted`.
    private var lineBreaks = 0
    private var counted = 0

    init(ending: LineEnding) {
        newEnding = ending
        self.ending = ending
    }

    mutating func write(header: ScriptHeader?, metadata: JSONObject, otherKeys: JSONObject) {
        if let header, header.metadata == metadata, header.otherKeys == otherKeys {
            append(header.text)
        } else {
            let frontMatter = FrontMatter.lines(metadata: metadata, otherKeys: otherKeys)
            append((frontMatter.isEmpty ? header?.prefixOfNoFrontMatter : header?.prefix) ?? "")
            if !frontMatter.isEmpty { startLine() }
            for line in frontMatter { append(line, ending) }
            headerIsCopied = false
        }
    }

    mutating func write(_ cell: Cell, isFirst: Bool, isLast: Bool) {
        var marker = CellMarker(of: cell)
        let layout = cell.layout
        let bodyIsCopied = layout.map { $0.kind == cell.kind && $0.source.hasSameBytes(as: cell.source) } ?? false
        if bodyIsCopied, let layout { marker.keepsBlankLines = layout.marker.keepsBlankLines }
        let isCopied = layout?.marker == marker && bodyIsCopied

        if let layout, layout.markerLength == 0, isFirst, marker == CellMarker() {
            let keepsItsPlace = isCopied && headerIsCopied && (isLast || layout.text.utf8.last == UInt8(ascii: "\n"))
            if keepsItsPlace || ScriptHeader.leavesToFirstCell(cell.source) {
                startLine()
                markFirstLine()
                ending = layout.ending
                writeBody(of: cell, layout: layout, isCopied: bodyIsCopied, isLast: isLast)
                return
            }
        }

        guard let layout, layout.markerLength > 0 else {
            startParagraph()
            ending = newEnding
            append(marker.line(), ending)
            markFirstLine()
            for line in CellBody.lines(of: cell.source, kind: cell.kind) { append(line, ending) }
            if marker.keepsBlankLines || !isLast { append("", ending) }
            return
        }

        startLine()
        ending = layout.ending
        let markerLine = layout.markerLine
        let endsWithBreak = markerLine.utf8.last == UInt8(ascii: "\n")
        if layout.marker == marker, endsWithBreak || (isCopied && isLast) {
            append(markerLine)
        } else {
            append(marker.line(prefix: layout.prefix), ending)
        }
        markFirstLine(afterCompleteLine: endsWithBreak)
        if marker.keepsBlankLines || layout.marker.keepsBlankLines, !bodyIsCopied {
            for line in CellBody.lines(of: cell.source, kind: cell.kind) { append(line, ending) }
            append("", ending)
        } else {
            writeBody(of: cell, layout: layout, isCopied: bodyIsCopied, isLast: isLast)
        }
    }

    private mutating func writeBody(of cell: Cell, layout: CellLayout, isCopied: Bool, isLast: Bool) {
        if isCopied {
            append(layout.body)
        } else {
            let wasBlock = cell.kind != .code && layout.kind != .code && layout.body.utf8.starts(with: "/*".utf8)
            let lines = (wasBlock ? CellBody.blockLines(of: cell.source) : nil)
                ?? CellBody.lines(of: cell.source, kind: cell.kind)
            for line in lines { append(line, ending) }
            let endsWithoutBreak = layout.bodyLength > 0 && layout.text.utf8.last != UInt8(ascii: "\n")
            if isLast, endsWithoutBreak, !lines.isEmpty { bytes.removeLast(ending.rawValue.utf8.count) }
        }
        append(layout.gap)
    }

    private mutating func append(_ text: String) { bytes.append(contentsOf: text.utf8) }

    private mutating func append(_ line: String, _ ending: LineEnding) {
        append(line)
        append(ending.rawValue)
    }

    /// Whether nothing but a byte order mark is written yet.
    private var isAtStart: Bool { bytes.isEmpty || bytes == [0xEF, 0xBB, 0xBF] }

    private mutating func startLine() {
        if !isAtStart, bytes.last != UInt8(ascii: "\n") { append(ending.rawValue) }
    }

    /// Starts a line, with a blank line before it.
    private mutating func startParagraph() {
        startLine()
        guard !isAtStart else { return }
        let last = bytes.suffix(4)
        let isBlank = last.suffix(2).elementsEqual("\n\n".utf8) || last.suffix(3).elementsEqual("\n\r\n".utf8)
            || last.elementsEqual("\r\n".utf8) || last.elementsEqual("\n".utf8)
        if !isBlank { append(ending.rawValue) }
    }

    private mutating func markFirstLine(afterCompleteLine: Bool = true) {
        for byte in bytes[counted...] where byte == UInt8(ascii: "\n") { lineBreaks += 1 }
        counted = bytes.count
        firstLines.append(lineBreaks + 1 + (afterCompleteLine || bytes.last == UInt8(ascii: "\n") ? 0 : 1))
    }
}

extension CellMarker {
    /// The marker that says what `cell` is.
    init(of cell: Cell) {
        id = cell.hasDerivedID ? nil : cell.id
        kind = cell.kind
        metadata = cell.metadata
        attachments = cell.attachments
        otherKeys = cell.otherKeys
        keepsBlankLines = cell.kind == .code && cell.source.utf8.last == UInt8(ascii: "\n")
    }
}
