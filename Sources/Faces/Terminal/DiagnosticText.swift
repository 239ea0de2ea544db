import Figures

/// Something to say about a place in the learner's source: a compiler's message, or where a trap happened.
public struct SourceDiagnostic: Equatable, Sendable {
    public enum Severity: String, Sendable { case error, warning, note }

    /// A place in a cell: a line and, in it, columns.
    public struct Place: Equatable, Sendable {
        /// Where the line is, as the learner names it, for example `cell 4, line 2`.
        public var name: String
        public var lineNumber: Int
        public var line: String
        /// The UTF-8 columns to mark, counted from 1, the end not included. Empty or equal ends mark one column.
        public var columns: Range<Int>?
        public init(name: String, lineNumber: Int, line: String, columns: Range<Int>? = nil) {
            (self.name, self.lineNumber, self.line, self.columns) = (name, lineNumber, line, columns)
        }
    }

    public var severity: Severity
    public var message: String
    public var place: Place?
    /// What to do, in the learner's words.
    public var advice: [String]
    public var notes: [SourceDiagnostic]

    public init(
        severity: Severity = .error, message: String, place: Place? = nil, advice: [String] = [],
        notes: [SourceDiagnostic] = []
    ) {
        (self.severity, self.message, self.place) = (severity, message, place)
        (self.advice, self.notes) = (advice, notes)
    }
}

/// A message with the learner's line under it, marked where it is meant:
///
///     ✗ error: cannot find 'movieBia' in scope
///       4 │ out = Add()(out, movieBia)
///         │                  ^~~~~~~~
///       → Did you mean `movieBias`?
public func diagnosticText(_ diagnostic: SourceDiagnostic, _ style: TerminalStyle, indent: Int = 2) -> String {
    diagnosticText(diagnostic, style, indent: indent, depth: 0)
}

private func diagnosticText(_ diagnostic: SourceDiagnostic, _ style: TerminalStyle, indent: Int, depth: Int) -> String {
    let color: Color
    let sign: String
    switch diagnostic.severity {
    case .error: (color, sign) = (Color(0xcc3333), style.sign("✗", "x"))
    case .warning: (color, sign) = (Color(0xccaa33), style.sign("▲", "!"))
    case .note: (color, sign) = (Color(0x7f7f7f), style.sign("·", "-"))
    }
    let margin = String(repeating: " ", count: indent)
    let words = [Run("\(sign) \(diagnostic.severity.rawValue): ", Look(bold: true, color: color)), Run(neutralised(diagnostic.message))]
    var lines = wrapped(words, to: style.width - indent - 2, style).enumerated().map { $0 == 0 ? $1 : "  " + $1 }
    if let place = diagnostic.place { lines += excerpt(place, color, style, room: style.width - indent) }
    for advice in diagnostic.advice.prefix(20) {
        let arrow = style.sign("→", "->") + " "
        lines += markdownLines(advice, lead: [], style, width: style.width - indent - 2 - columnWidth(arrow)).enumerated().map {
            ($0 == 0 ? "  " + style.paint(arrow, color) : "    ") + $1
        }
    }
    let own = lines.map { margin + $0 + "\n" }.joined()
    guard depth < 3 else { return own }
    return own + diagnostic.notes.prefix(20).map { diagnosticText($0, style, indent: indent + 2, depth: depth + 1) }.joined()
}

private func excerpt(_ place: SourceDiagnostic.Place, _ color: Color, _ style: TerminalStyle, room: Int) -> [String] {
    let number = String(place.lineNumber)
    let bar = style.sign("│", "|")
    let gutter = "  " + style.paint(number + " " + bar, .dim) + " "
    let blank = "  " + style.paint(String(repeating: " ", count: number.count) + " " + bar, .dim) + " "
    let space = max(10, room - number.count - 5)
    let line = flattened(place.line)
    // A long line is shown from where the mark can be seen, which may stand behind its end.
    let marked = place.columns.map { columns(of: $0, in: place.line) }
    let start = max(0, min((marked?.lowerBound ?? 0) - space / 3, max(columnWidth(line), (marked?.lowerBound ?? 0) + 1) - space))
    let shown = dropColumns(line, start)
    var lines: [String] = []
    if !place.name.isEmpty { lines.append("  " + style.paint(plainLabel(place.name), .dim)) }
    lines.append(gutter + (hardWrapped(codeLines(shown).first ?? [], to: space, style).first ?? ""))
    if let marked, marked.lowerBound - start < space {
        let length = max(1, min(marked.count, space - (marked.lowerBound - start)))
        let mark = "^" + String(repeating: "~", count: length - 1)
        lines.append(blank + String(repeating: " ", count: max(0, marked.lowerBound - start)) + style.paint(mark, color, bold: true))
    }
    return lines
}

private func flattened(_ line: String) -> String {
    neutralised(line).split(separator: "\t", omittingEmptySubsequences: false).joined(separator: "    ")
        .split(separator: "\n", omittingEmptySubsequences: false).first.map(String.init) ?? ""
}

/// The terminal's columns, counted from 0, of UTF-8 columns counted from 1.
private func columns(of range: Range<Int>, in line: String) -> Range<Int> {
    func column(_ offset: Int) -> Int {
        let bytes = Array(line.utf8.prefix(max(0, offset - 1)))
        return columnWidth(flattened(String(decoding: bytes, as: UTF8.self)))
    }
    let lower = column(range.lowerBound)
    return lower..<max(lower + 1, column(range.upperBound))
}

private func dropColumns(_ line: String, _ count: Int) -> String {
    var (rest, dropped) = (line[...], 0)
    while dropped < count, let first = rest.first { dropped += columnWidth(first); rest = rest.dropFirst() }
    return String(rest)
}
