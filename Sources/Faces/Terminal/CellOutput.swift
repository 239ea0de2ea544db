import Display
import Figures

/// What a running cell shows, in order: printed bytes, displayed values, progress. It keeps track of where the
/// cursor is, so that text, tables and a progress bar that is written over do not run into each other.
///
/// For example:
///
///     var output = CellOutput(style)
///     write(output.printed(bytes))
///     write(output.shown(.table(table)))
///     write(output.finish())
public struct CellOutput: Sendable {
    private let style: TerminalStyle
    private let indent: Int
    private var neutraliser = Neutraliser()
    private var isAtLineStart = true
    /// An unfinished bar stands on the cursor's line.
    private var hasOpenBar = false

    public init(_ style: TerminalStyle, indent: Int = 2) { (self.style, self.indent) = (style, indent) }

    /// Text for what the cell printed: neutralised, each line indented.
    public mutating func printed(_ bytes: some Sequence<UInt8>) -> String { indented(neutraliser.add(bytes)) }

    /// Text for a value that the cell showed.
    public mutating func shown(_ value: DisplayValue) -> String {
        if case .progress(let progress) = value {
            var text = indented(neutraliser.finish())
            if !isAtLineStart && !hasOpenBar { text += "\n" }
            isAtLineStart = true
            hasOpenBar = style.isTerminal && !progress.isFinished
            var narrower = style
            narrower.width = max(20, style.width - indent)
            return text + indentedBar(progressText(progress, narrower))
        }
        return fresh() + displayText(value, style, indent: indent)
    }

    /// Text of ours (a verdict, a note, an error) in between the cell's own.
    public mutating func inserted(_ text: String) -> String { fresh() + text }

    /// Ends the last line.
    public mutating func finish() -> String { fresh() }

    private mutating func fresh() -> String {
        var text = indented(neutraliser.finish())
        text += clearedBar()
        if !isAtLineStart { text += "\n" }
        isAtLineStart = true
        return text
    }

    private mutating func clearedBar() -> String {
        defer { hasOpenBar = false }
        return hasOpenBar ? "\r\u{1B}[K" : ""
    }

    private func indentedBar(_ text: String) -> String {
        guard !text.isEmpty else { return "" }
        let margin = String(repeating: " ", count: indent)
        let erase = "\r\u{1B}[K"
        let words = text.hasPrefix(erase) ? text.dropFirst(erase.count) : text[...]
        let lines = words.split(separator: "\n", omittingEmptySubsequences: false).map { $0.isEmpty ? "" : margin + $0 }
        return (text.hasPrefix(erase) ? erase : "") + lines.joined(separator: "\n")
    }

    private mutating func indented(_ text: String) -> String {
        guard !text.isEmpty else { return "" }
        let margin = String(repeating: " ", count: indent)
        var result = clearedBar()
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            if index > 0 { result += "\n"; isAtLineStart = true }
            if line.isEmpty { continue }
            result += (isAtLineStart ? margin : "") + line
            isAtLineStart = false
        }
        return result
    }
}

/// Any value that a cell shows, as text.
public func displayText(_ value: DisplayValue, _ style: TerminalStyle, indent: Int = 2) -> String {
    let margin = String(repeating: " ", count: indent)
    switch value {
    case .text(let text):
        var output = CellOutput(style, indent: indent)
        return output.printed(text.utf8) + output.finish()
    case .markdown(let text): return markdownText(text, style, indent: indent)
    case .table(let table): return tableText(table, style, indent: indent)
    case .chart(let chart): return chartText(chart, style, indent: indent)
    case .diagram(let diagram): return diagramText(diagram, style, indent: indent)
    case .progress(let progress):
        var quiet = style
        quiet.isTerminal = false
        let text = progressText(progress, quiet)
        return text.isEmpty ? "" : margin + text
    }
}
