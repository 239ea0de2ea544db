import Figures

/// What is told of one moment in a notebook's history.
public struct HistoryLine: Equatable, Sendable {
    /// An attempt's number; nil for a save.
    public var number: Int?
    public var when: String
    /// Whether the file holds just this now.
    public var isNow: Bool
    /// How the questions came out that were asked.
    public var questions: [QuestionOutcome]
    /// What it was kept for, where nothing was asked.
    public var occasion: String
    public var changes: String

    public init(number: Int?, when: String, isNow: Bool = false, questions: [QuestionOutcome] = [], occasion: String = "", changes: String) {
        (self.number, self.when, self.isNow) = (number, when, isNow)
        (self.questions, self.occasion, self.changes) = (questions, occasion, changes)
    }
}

/// A line a moment: its number, when it was, how the questions came out, what changed. On a terminal no line is longer
/// than the window is wide.
public func historyText(_ lines: [HistoryLine], _ style: TerminalStyle) -> String {
    let outcomes = lines.map { line in
        line.questions.isEmpty ? [Run(plainLabel(line.occasion, limit: 40), .dim)] : outcomeRuns(line.questions, style)
    }
    func width(_ runs: [Run]) -> Int { runs.reduce(0) { $0 + columnWidth($1.text) } }
    let numberWidth = max(3, lines.compactMap { $0.number.map { "\($0)".count } }.max() ?? 0)
    let whenWidth = lines.map { columnWidth($0.when) }.max() ?? 0
    let outcomeWidth = min(36, outcomes.map(width).max() ?? 0)
    return zip(lines, outcomes).map { line, outcome in
        var text = padded(line.number.map(String.init) ?? "", to: numberWidth, trailing: true)
        text = style.paint(text, .bold) + "  " + style.paint(padded(line.when, to: whenWidth), .dim) + "  " + (line.isNow ? style.paint("now", .bold) : "   ")
        var used = numberWidth + 2 + whenWidth + 5
        if outcomeWidth > 0 {
            text += "  " + outcome.map { style.paint($0.text, $0.look) }.joined() + String(repeating: " ", count: max(0, outcomeWidth - width(outcome)))
            used += 2 + max(outcomeWidth, width(outcome))
        }
        let changes = plainLabel(line.changes, limit: 400), room = style.width - used - 2
        if !style.isTerminal || room >= 8 { text += "  " + (style.isTerminal ? cut(changes, to: room, style) : changes) }
        return trimmedEnd(text) + "\n"
    }.joined()
}

/// `✓ part1 part2  ✗ part3.c  … 4`: by outcome, with names as long as they are few.
func outcomeRuns(_ questions: [QuestionOutcome], _ style: TerminalStyle) -> [Run] {
    var runs: [Run] = []
    for outcome in [QuestionOutcome.Outcome.correct, .incorrect, .error, .notAttempted] {
        let parts = questions.filter { $0.outcome == outcome }.map { plainLabel($0.part, limit: 24) }
        guard !parts.isEmpty else { continue }
        if !runs.isEmpty { runs.append(Run("  ", .plain)) }
        let appearance = questionAppearance(outcome, style), isNamed = parts.count <= (outcome == .notAttempted ? 1 : 3)
        runs.append(Run(appearance.sign, Look(bold: true, color: appearance.color)))
        runs.append(Run(" " + (isNamed ? parts.joined(separator: " ") : "\(parts.count)"), .plain))
    }
    return runs
}
