import Figures

/// How a question came out, for the table at the end of a run.
public struct QuestionOutcome: Equatable, Sendable {
    public enum Outcome: String, Sendable { case correct, incorrect, notAttempted, error, read, unread }
    public var part: String
    public var outcome: Outcome
    /// Points reached and possible; nil for a question without points.
    public var points: (reached: Double, possible: Double)?
    /// One line beside it, for example the feedback's first sentence.
    public var remark: String

    public init(part: String, outcome: Outcome, points: (reached: Double, possible: Double)? = nil, remark: String = "") {
        (self.part, self.outcome, self.points, self.remark) = (part, outcome, points, remark)
    }

    public static func == (a: QuestionOutcome, b: QuestionOutcome) -> Bool {
        a.part == b.part && a.outcome == b.outcome && a.remark == b.remark
            && a.points?.reached == b.points?.reached && a.points?.possible == b.points?.possible
    }
}

/// A line a question (sign, part, outcome, points) and a bar of the points.
public func summaryText(_ questions: [QuestionOutcome], _ style: TerminalStyle) -> String {
    guard !questions.isEmpty else { return "" }
    let partWidth = questions.map { columnWidth(plainLabel($0.part, limit: 40)) }.max() ?? 0
    let points = questions.map { $0.points.map { "\(pointsText($0.reached))/\(pointsText($0.possible))" } ?? "" }
    let pointsWidth = points.map { columnWidth($0) }.max() ?? 0
    var text = ""
    for (question, points) in zip(questions, points) {
        let look = questionAppearance(question.outcome, style)
        var line = "  " + style.paint(look.sign, look.color, bold: true)
            + " " + padded(plainLabel(question.part, limit: 40), to: partWidth)
            + "  " + style.paint(padded(look.words, to: 13), look.color)
        if pointsWidth > 0 { line += "  " + padded(points, to: pointsWidth, trailing: true) }
        let used = 4 + partWidth + 15 + (pointsWidth > 0 ? 2 + pointsWidth : 0)
        if !question.remark.isEmpty, style.width - used > 12 {
            line += "  " + style.paint(cut(plainLabel(question.remark), to: style.width - used - 2, style), .dim)
        }
        text += trimmedEnd(line) + "\n"
    }
    let possible = questions.reduce(0) { $0 + ($1.points?.possible ?? 0) }
    guard possible > 0 else { return text }
    let reached = questions.reduce(0) { $0 + ($1.points?.reached ?? 0) }
    let noun = possible == 1 ? "point" : "points"
    return text + "\n  " + bar(reached / possible, width: min(30, style.width - 24), style, Color(0x33cc33))
        + "  \(pointsText(reached)) of \(pointsText(possible)) \(noun)\n"
}

func questionAppearance(_ outcome: QuestionOutcome.Outcome, _ style: TerminalStyle) -> (sign: String, words: String, color: Color) {
    switch outcome {
    case .correct: (VerdictLabel.correct.sign(style), "correct", VerdictLabel.correct.color)
    case .incorrect: (VerdictLabel.incorrect.sign(style), "incorrect", VerdictLabel.incorrect.color)
    case .notAttempted: (VerdictLabel.check.sign(style), "not attempted", VerdictLabel.check.color)
    case .error: (VerdictLabel.error.sign(style), "error", VerdictLabel.error.color)
    case .read: (VerdictLabel.solution.sign(style), "read", VerdictLabel.solution.color)
    case .unread: (style.sign("◇", "o"), "unread", Color(0x7f7f7f))
    }
}

/// Points with at most two decimals: `1`, `0.5`, `0.33`.
func pointsText(_ points: Double) -> String {
    guard points.isFinite, abs(points) < 1e9 else { return "?" }
    let hundredths = Int((abs(points) * 100).rounded())
    var text = "\(hundredths / 100)"
    let rest = hundredths % 100
    if rest > 0 { text += rest % 10 == 0 ? ".\(rest / 10)" : rest < 10 ? ".0\(rest)" : ".\(rest)" }
    return points < 0 && hundredths > 0 ? "-" + text : text
}

func trimmedEnd(_ text: String) -> String {
    var text = text
    while text.last == " " { text.removeLast() }
    return text
}
