import Figures

/// The label that begins an answer to the learner. Each has a sign, a word and a colour, so that none of the three
/// is needed to understand it.
public enum VerdictLabel: Equatable, Sendable {
    case correct, incorrect
    /// The question was not attempted.
    case check
    /// A hint, with its number where there are several.
    case hint(Int?)
    case solution
    /// Nothing of the learner's doing: no hint is there, the question can't be checked.
    case warning
    /// The check itself went wrong.
    case error

    public var word: String {
        switch self {
        case .correct: "Correct"
        case .incorrect: "Incorrect"
        case .check: "Check"
        case .hint(let number): number.map { "Hint \($0)" } ?? "Hint"
        case .solution: "Solution"
        case .warning: "Note"
        case .error: "Error"
        }
    }

    public var color: Color {
        switch self {
        case .correct: Color(0x33cc33)
        case .incorrect: Color(0xcc3333)
        case .check: Color(0xccaa33)
        case .hint: Color(0x3366cc)
        case .solution: Color(0x33cc99)
        case .warning, .error: Color(0xcc5533)
        }
    }

    func sign(_ style: TerminalStyle) -> String {
        switch self {
        case .correct: style.sign("✓", "+")
        case .incorrect: style.sign("✗", "x")
        case .check: style.sign("…", "?")
        case .hint: style.sign("➜", ">")
        case .solution: style.sign("◆", "*")
        case .warning: style.sign("▲", "!")
        case .error: style.sign("■", "!!")
        }
    }
}

/// An answer to the learner: the label and, after a colon, what there is to say in Markdown.
///
/// - Parameter word: another word instead of the label's, where an author chose one.
public func verdictText(
    _ label: VerdictLabel, _ markdown: String, word: String? = nil, _ style: TerminalStyle, indent: Int = 0
) -> String {
    let look = Look(bold: true, color: label.color)
    let hasText = markdown.contains { !$0.isWhitespace }
    let name = label.sign(style) + " " + plainLabel(word ?? label.word, limit: 60)
    let lead = [Run(name + (hasText ? ": " : ""), look)]
    let margin = String(repeating: " ", count: indent)
    guard hasText else { return margin + wrapped(lead, to: style.width - indent, style).joined() + "\n" }
    // Lines after the first stand under the word, beside the sign.
    let hang = String(repeating: " ", count: columnWidth(label.sign(style)) + 1)
    let lines = markdownLines(markdown, lead: lead, style, width: style.width - indent - hang.count)
    return lines.enumerated().map { index, line in
        line.isEmpty ? "\n" : margin + (index == 0 ? "" : hang) + line + "\n"
    }.joined()
}
