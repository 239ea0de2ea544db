import Display
import Figures

/// Draws a ``WorkPage`` into a window of any size. It keeps what it drew last, so that only what changed is drawn anew.
public struct WorkView: Sendable {
    private let style: TerminalStyle
    private var drawnProse: [String: [String]] = [:]
    private var drawnOutput: [String: (pieces: [OutputPiece], lines: [String], figures: [Figure])] = [:]
    private var drawnWidth = 0

    public init(_ style: TerminalStyle) { self.style = style }

    /// A drawn window, and how its body is scrolled.
    public struct Drawing: Equatable, Sendable {
        public var frame: Frame
        /// The body's line that stands first, of how many, and how many are seen.
        public var firstLine, lineCount, height: Int
        /// The last line that can stand first.
        public var lastFirstLine: Int { max(0, lineCount - height) }
    }

    /// A part of the body that the window can be scrolled to.
    private struct Body {
        var lines: [String] = []
        var cells: [String: Range<Int>] = [:]
        var answer: Range<Int>?
        var figures: [Figure] = []
    }

    /// A chart or a diagram, and the lines that its drawing in text takes.
    private struct Figure: Sendable {
        var value: DisplayValue
        var lines: Range<Int>
    }

    /// A picture file that takes the place of a drawing in text, and the columns that it covers.
    public struct Picture: Sendable {
        public var identifier, columns: Int
        public var bytes: [UInt8]
        public init(identifier: Int, columns: Int, bytes: [UInt8]) { (self.identifier, self.columns, self.bytes) = (identifier, columns, bytes) }
    }

    /// The page at a size.
    ///
    /// - Parameter picture: gives the picture of a chart or a diagram for at most so many columns and just so many rows; nil
    ///   where there is none, or none yet, and the drawing in text stands.
    public mutating func draw(
        _ page: WorkPage, size: ScreenSize, picture: (_ value: DisplayValue, _ columns: Int, _ rows: Int) -> Picture? = { _, _, _ in nil }
    ) -> Drawing {
        guard size.columns >= 20, size.rows >= 6 else {
            let words = wrapped([Run("Make the window larger: 20 columns, 6 rows at least.")], to: size.columns, style)
            return Drawing(frame: Frame(lines: words), firstLine: 0, lineCount: 0, height: 0)
        }
        var style = style
        style.width = size.columns
        // Lines longer than this are hard to read, and curves need no more.
        var narrow = style
        narrow.width = min(size.columns - 1, 116)
        let chrome = WorkChrome(style: style, size: size)
        let top = chrome.top(page), room = size.rows - top.count - chrome.bottomHeight(page)
        let body = page.showsHelp ? help(narrow) : self.body(page, narrow)
        let first = firstLine(page, body, room)
        let seen = first..<min(body.lines.count, first + room)
        var shown = Array(body.lines[seen])
        // A picture can't be cut: what is seen in part stays text.
        let pictures = body.figures.filter { seen.lowerBound <= $0.lines.lowerBound && $0.lines.upperBound <= seen.upperBound }.compactMap { figure in
            picture(figure.value, narrow.width - 3, figure.lines.count).map { picture in
                for line in figure.lines { shown[line - first] = "" }
                return PlacedPicture(
                    identifier: picture.identifier, row: top.count + figure.lines.lowerBound - first, column: 2, columns: picture.columns,
                    rows: figure.lines.count, bytes: picture.bytes)
            }
        }
        let below = max(0, body.lines.count - first - room)
        let lines = top + shown + Array(repeating: "", count: room - shown.count) + chrome.bottom(page, above: first, below: below)
        return Drawing(frame: Frame(lines: lines.map { cutPainted($0, to: size.columns) }, pictures: pictures), firstLine: first, lineCount: body.lines.count, height: room)
    }

    private func firstLine(_ page: WorkPage, _ body: Body, _ room: Int) -> Int {
        let last = max(0, body.lines.count - room)
        func showing(_ range: Range<Int>) -> Int { range.count <= room ? range.lowerBound : range.upperBound - room }
        switch page.showsHelp ? .top : page.scroll {
        case .top: return 0
        case .line(let line): return min(last, max(0, line))
        case .cell(let id): return min(last, body.cells[id].map(showing) ?? 0)
        case .answer: return min(last, body.answer.map { max(0, $0.count <= room ? min($0.lowerBound, max(0, $0.upperBound - room)) : $0.lowerBound) } ?? last)
        }
    }

    private mutating func body(_ page: WorkPage, _ style: TerminalStyle) -> Body {
        if style.width != drawnWidth { (drawnProse, drawnOutput, drawnWidth) = ([:], [:], style.width) }
        var body = Body()
        guard page.steps.indices.contains(page.current) else { return body }
        let step = page.steps[page.current]
        for block in step.blocks {
            switch block {
            case .prose(let markdown):
                let lines = drawnProse[markdown] ?? markdownLines(markdown, lead: [], style, width: style.width - 2).map { $0.isEmpty ? "" : " " + $0 }
                drawnProse[markdown] = lines
                body.lines += lines + [""]
            case .cell(let cell):
                let start = body.lines.count
                body.lines.append(header(of: cell, style))
                body.lines += excerpt(of: cell, style)
                if let reason = cell.status.doubt { body.lines += OutputPiece.note(reason).lines(style) }
                let output = output(of: cell, style), offset = body.lines.count
                body.lines += output.lines
                body.figures += output.figures.map { Figure(value: $0.value, lines: $0.lines.lowerBound + offset..<$0.lines.upperBound + offset) }
                // An answer is seen with what was said of it.
                if cell.id == step.answerCell { addAnswers(of: step, to: &body, style) }
                body.cells[cell.id] = start..<body.lines.count
                body.lines.append("")
            }
        }
        if body.answer == nil { addAnswers(of: step, to: &body, style) }
        while body.lines.last == "" { body.lines.removeLast() }
        return body
    }

    private func addAnswers(of step: WorkPage.Step, to body: inout Body, _ style: TerminalStyle) {
        if step.answers.isEmpty { return }
        if let last = body.lines.last, !last.isEmpty { body.lines.append("") }
        let start = body.lines.count
        for piece in step.answers {
            if case .answer(_, _, _, indent: 0) = piece, body.lines.count > start { body.lines.append("") }
            body.lines += piece.lines(style)
        }
        body.answer = start..<body.lines.count
    }

    private mutating func output(of cell: WorkPage.Cell, _ style: TerminalStyle) -> (lines: [String], figures: [Figure]) {
        if cell.output.isEmpty { return ([], []) }
        if let drawn = drawnOutput[cell.id], drawn.pieces == cell.output { return (drawn.lines, drawn.figures) }
        var lines: [String] = [], figures: [Figure] = []
        for piece in cell.output {
            let start = lines.count
            lines += piece.lines(style)
            switch piece {
            case .shown(let value): if value.isFigure { figures.append(Figure(value: value, lines: start..<lines.count)) }
            default: break
            }
        }
        drawnOutput[cell.id] = (cell.output, lines, figures)
        return (lines, figures)
    }

    /// The line above a cell: `── cell 4 · bias · line 120 ────────── 0.1 s ──`.
    private func header(of cell: WorkPage.Cell, _ style: TerminalStyle) -> String {
        let status = words(for: cell.status)
        let dot = " \(style.sign("·", "-")) "
        var name = "cell \(cell.number)"
        if let title = cell.name { name += dot + plainLabel(title, limit: 40) }
        if let line = cell.line { name += dot + "line \(line)" }
        let rule = style.rule
        let room = style.width - 8 - columnWidth(status.text)
        name = cut(name, to: max(8, room - 2), style)
        let fill = String(repeating: rule, count: max(1, style.width - 7 - columnWidth(name) - columnWidth(status.text)))
        return style.paint("\(rule)\(rule) \(name) \(fill) ", .dim) + style.paint(status.text, status.look) + style.paint(" \(rule)", .dim)
    }

    private func words(for status: WorkPage.CellStatus) -> (text: String, look: Look) {
        switch status {
        case .neverRun: ("not run", .dim)
        case .waiting: ("waits for you", Look(color: VerdictLabel.check.color))
        case .running: ("running", Look(bold: true, color: WorkChrome.accent))
        case .failed: ("failed", Look(color: VerdictLabel.incorrect.color))
        case .interrupted: ("interrupted", Look(color: VerdictLabel.check.color))
        case .current(let seconds): (duration(seconds), .dim)
        case .outOfDate: ("out of date", Look(color: VerdictLabel.check.color))
        case .doubtful: ("may be out of date", Look(color: VerdictLabel.check.color))
        }
    }

    /// Tenths of a second, which is what a person notices.
    private func duration(_ seconds: Double) -> String {
        guard seconds.isFinite, seconds < 1e6 else { return "" }
        let tenths = Int((seconds * 10).rounded())
        return tenths < 1 ? "\(style.sign("✓", "+")) at once" : "\(style.sign("✓", "+")) \(tenths / 10).\(tenths % 10) s"
    }

    /// The cell's source; of a long one the lines round its first gap, or round where the learner is at work: the whole is
    /// in the editor.
    private func excerpt(of cell: WorkPage.Cell, _ style: TerminalStyle) -> [String] {
        let limit = 8
        let lines = codeLines(cell.source)
        let bar = "  " + style.paint(style.sign("│", "|"), .dim) + " "
        var range = lines.indices
        if lines.count > limit + 2 {
            let gap = lines.firstIndex { line in line.contains { $0.text.hasPrefix("<#") } } ?? cell.focus ?? 0
            let start = max(0, min(gap - limit / 2, lines.count - limit))
            range = start..<start + limit
        }
        func left(_ count: Int) -> [String] {
            count == 0 ? [] : ["  " + style.paint("\(style.sign("┊", ":")) \(count) more \(count == 1 ? "line" : "lines")", .dim)]
        }
        func shown(_ line: [Run]) -> String {
            let painted = hardWrapped(line, to: 1_000, style).first ?? ""
            let room = style.width - 5
            return paintedWidth(painted) <= room ? painted : cutPainted(painted, to: room - columnWidth(style.ellipsis)) + style.paint(style.ellipsis, .dim)
        }
        return left(range.lowerBound) + lines[range].map { bar + shown($0) }
            + left(lines.count - range.upperBound)
    }

    private func help(_ style: TerminalStyle) -> Body {
        var body = Body()
        body.lines.append(" " + style.paint("Keys", Look(bold: true, color: WorkChrome.accent)))
        body.lines.append("")
        let rows = WorkKey.all.map { ($0.key, $0.sentence) } + WorkKey.others
        let width = rows.map { columnWidth($0.0) }.max() ?? 0
        for (key, sentence) in rows {
            let sign = style.unicode ? key : key.replacing("↑ ↓", with: "Up Down")
            for (index, line) in wrapped([Run(sentence)], to: max(10, style.width - width - 5), style).enumerated() {
                body.lines.append(" " + style.paint(padded(index == 0 ? sign : "", to: width), .bold) + "  " + line)
            }
        }
        body.lines += [""] + wrapped([Run("Edit the file in your editor; when you save it, what changed runs.", .dim)], to: style.width - 2, style).map { " " + $0 }
        return body
    }
}

extension DisplayValue {
    /// Whether it can be drawn as a picture.
    public var isFigure: Bool {
        switch self {
        case .chart, .diagram: true
        case .text, .markdown, .table, .progress: false
        }
    }
}
