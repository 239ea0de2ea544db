import Figures

/// The line above a cell: `── cell 4 · bias ─────`.
public func cellHeader(number: Int, name: String?, _ style: TerminalStyle) -> String {
    let title = name.map { " \(style.sign("·", "-")) \(plainLabel($0, limit: 40))" } ?? ""
    let words = " cell \(number)" + title + " "
    let left = String(repeating: style.rule, count: 2)
    let right = String(repeating: style.rule, count: max(2, min(style.width, 80) - 2 - columnWidth(words)))
    return style.paint(left, .dim) + style.paint(words, Look(bold: false, dim: true)) + style.paint(right, .dim) + "\n"
}

/// A cell's source with Swift's words coloured; long lines go on in the next.
public func cellSource(_ source: String, _ style: TerminalStyle, indent: Int = 2) -> String {
    let margin = String(repeating: " ", count: indent) + style.paint(style.sign("│", "|"), .dim) + " "
    return codeLines(source).flatMap { hardWrapped($0, to: style.width - indent - 2, style) }
        .map { margin + $0 + "\n" }.joined()
}

func codeLines(_ source: String) -> [[Run]] {
    swiftLines(neutralised(source).split(separator: "\t", omittingEmptySubsequences: false).joined(separator: "    "))
}

/// A line about the run, not of it: `· waits for your answer`.
public func noteText(_ sentence: String, _ style: TerminalStyle, indent: Int = 2) -> String {
    let margin = String(repeating: " ", count: indent)
    let lines = wrapped([Run(neutralised(sentence), .dim)], to: style.width - indent - 2, style)
    return lines.enumerated().map { index, line in
        margin + (index == 0 ? style.paint(style.sign("· ", "- "), .dim) : "  ") + line + "\n"
    }.joined()
}
