import Foundation

extension Notebook {
    /// Reads a percent script.
    /// - Throws: `NotebookError` with the line, for a cell id that is not allowed or stands twice.
    public init(script: String) throws {
        self.init(cells: [])
        isScript = true
        var script = script
        try script.withUTF8 { bytes in
            var reader = ScriptReader(bytes)
            try reader.read(into: &self)
        }
    }

    /// Reads a percent script's bytes.
    /// - Throws: `NotebookError` with line and column for bytes that are not UTF-8, else as `init(script: String)`.
    public init(script: Data) throws {
        try self.init(script: text(of: script))
    }
}

/// Cuts a script's bytes into header and cells, in one pass over its lines.
struct ScriptReader {
    private let bytes: UnsafeBufferPointer<UInt8>
    private let lines: Lines
    private var position = 0
    private var line = 1
    private var remarks: [Remark] = []
    /// How often a line was looked at: grows with the number of lines, and no faster.
    private(set) var linesVisited = 0
    private var linesOfIDs: [String: Int] = [:]

    init(_ bytes: UnsafeBufferPointer<UInt8>) {
        self.bytes = bytes
        lines = Lines(bytes: bytes)
    }

    mutating func read(into notebook: inout Notebook) throws {
        let header = ScriptHeader(reading: bytes)
        position = header.text.utf8.count
        line += header.text.utf8.reduce(0) { $0 + ($1 == UInt8(ascii: "\n") ? 1 : 0) }
        while position < bytes.count { notebook.cells.append(try cell()) }
        CellID.assign(to: &notebook.cells)
        notebook.header = header
        notebook.metadata = header.metadata
        notebook.otherKeys = header.otherKeys
        notebook.remarks = remarks
        notebook.ending = lines.ending(of: 0..<lines.end(from: 0))
    }

    /// The cell that starts at `position`: with a marker, or without one as the first.
    private mutating func cell() throws -> Cell {
        let start = position
        let firstLine = start..<lines.end(from: start)
        let ending = lines.ending(of: firstLine)
        var marker = CellMarker()
        var bodyLine = line
        var prefixLength = 0
        var bodyStart = start
        let content = lines.content(firstLine, ending)
        if let length = CellMarker.prefixLength(of: content) {
            var remark: String?
            marker = CellMarker(reading: UnsafeBufferPointer(rebasing: content[length...]), remark: &remark)
            if let remark { remarks.append(Remark(line: line, sentence: remark)) }
            try check(marker.id)
            prefixLength = length
            bodyStart = firstLine.upperBound
            bodyLine += 1
        }
        position = bodyStart
        line = bodyLine
        var body: [UnsafeBufferPointer<UInt8>] = []
        var filled = 0
        var bodyEnd = bodyStart
        while position < bytes.count {
            linesVisited += 1
            let range = position..<lines.end(from: position)
            let content = lines.content(range, ending)
            if position > start, CellMarker.prefixLength(of: content) != nil { break }
            body.append(content)
            position = range.upperBound
            line += 1
            if !content.isEmpty {
                filled = body.count
                bodyEnd = position
            }
        }
        if marker.keepsBlankLines, body.last?.isEmpty == true { body.removeLast() }
        let source = source(of: marker.keepsBlankLines ? body : Array(body[..<filled]), marker.kind, bodyLine)
        var cell = Cell(
            id: marker.id ?? "", kind: marker.kind, source: source, metadata: marker.metadata,
            attachments: marker.attachments, otherKeys: marker.otherKeys)
        cell.firstLine = bodyLine
        cell.layout = CellLayout(
            text: String(decoding: bytes[start..<position], as: UTF8.self), markerLength: bodyStart - start,
            prefixLength: prefixLength, bodyLength: bodyEnd - bodyStart, ending: ending, marker: marker, source: source)
        return cell
    }

    private mutating func source(of body: [UnsafeBufferPointer<UInt8>], _ kind: Cell.Kind, _ bodyLine: Int) -> String {
        guard kind != .code else { return CellBody.code(body) }
        let (source, firstUncommented) = CellBody.prose(body)
        if let firstUncommented {
            remarks.append(
                Remark(
                    line: bodyLine + firstUncommented,
                    sentence: "This line stands in a \(kind == .raw ? "raw" : "Markdown") cell but is no comment. Start it with `// `, "
                        + "or start a code cell before it with `// %%`."))
        }
        return source
    }

    private mutating func check(_ id: String?) throws {
        guard let id else { return }
        guard CellID.isValid(id) else { throw NotebookError(CellID.sentenceAboutInvalid(id), line: line, column: 1) }
        if let other = linesOfIDs.updateValue(line, forKey: id) {
            throw NotebookError(
                "The cell id \"\(id)\" stands here and in line \(other) too; give one of the two cells another id.",
                line: line, column: 1)
        }
    }
}
