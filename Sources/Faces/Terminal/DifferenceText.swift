import Figures

/// A line of two texts that are compared.
public enum DifferenceLine: Equatable, Sendable {
    case same(String), removed(String), added(String)
    /// A sentence in place of lines that are left out.
    case note(String)
}

/// A cell that is not what it was: its title, and its lines with `-` and `+` before those that were and are.
public func differenceText(title: String, note: String = "", _ lines: [DifferenceLine], _ style: TerminalStyle) -> String {
    // What is longer is no line that a person reads.
    func line(_ sign: String, _ text: String, _ look: Look) -> String {
        let tabless = neutralised(String(text.prefix(2_000))).split(separator: "\t", omittingEmptySubsequences: false).joined(separator: "    ")
        let one = tabless.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: " ")
        let shown = "\(sign) " + (style.isTerminal ? cut(one, to: style.width - 4, style) : one)
        return "  " + style.paint(trimmedEnd(shown), look) + "\n"
    }
    let heading = style.paint(plainLabel(title, limit: 120), .bold) + (note.isEmpty ? "" : style.paint("  " + plainLabel(note), .dim)) + "\n"
    return heading + lines.map { piece in
        switch piece {
        case .same(let text): line(" ", text, .dim)
        case .removed(let text): line("-", text, Look(color: VerdictLabel.incorrect.color))
        case .added(let text): line("+", text, Look(color: VerdictLabel.correct.color))
        case .note(let sentence): noteText(sentence, style, indent: 2)
        }
    }.joined()
}
