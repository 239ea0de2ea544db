import Figures

/// How far somebody is in an exercise.
public struct ExerciseStanding: Equatable, Sendable {
    public struct Question: Equatable, Sendable {
        public var part: String
        /// nil when it was not asked yet.
        public var outcome: QuestionOutcome.Outcome?
        /// Whether it was right at some time, and is no more.
        public var wasCorrect: Bool

        public init(part: String, outcome: QuestionOutcome.Outcome?, wasCorrect: Bool) {
            (self.part, self.outcome, self.wasCorrect) = (part, outcome, wasCorrect)
        }
    }

    public var name: String
    public var title: String
    public var questions: [Question]
    public var reached, possible: Double
    /// What else there is to say, such as when it was worked on last.
    public var remark: String

    public init(name: String, title: String, questions: [Question], reached: Double, possible: Double, remark: String) {
        (self.name, self.title, self.questions) = (name, title, questions)
        (self.reached, self.possible, self.remark) = (reached, possible, remark)
    }
}

/// A course's exercises: a bar and the points of each, its questions with their signs, and a bar for all together.
public func progressText(course: String, place: String, _ exercises: [ExerciseStanding], _ style: TerminalStyle) -> String {
    let titleWidth = min(max(16, style.width - 44), exercises.map { columnWidth(plainLabel($0.title, limit: 60)) }.max() ?? 0)
    let nameWidth = exercises.map { columnWidth(plainLabel($0.name, limit: 40)) }.max() ?? 0
    let margin = String(repeating: " ", count: nameWidth + 4)
    func meter(_ reached: Double, _ possible: Double) -> String {
        let isDone = reached >= possible, color = isDone ? VerdictLabel.correct.color : VerdictLabel.hint(nil).color
        return bar(reached / possible, width: 16, style, color) + "  " + style.paint("\(pointsText(reached)) of \(pointsText(possible))", Look(bold: isDone))
    }
    func line(_ name: String, _ title: String, _ meter: String) -> String {
        let title = padded(cut(plainLabel(title, limit: 60), to: titleWidth, style), to: titleWidth)
        return trimmedEnd("  " + style.paint(padded(plainLabel(name, limit: 40), to: nameWidth), .dim) + "  " + title + "  " + meter) + "\n"
    }
    var text = style.paint(plainLabel(course), .bold) + "  " + style.paint(plainLabel(place), .dim) + "\n\n"
    for exercise in exercises {
        text += line(exercise.name, exercise.title, exercise.possible > 0 ? meter(exercise.reached, exercise.possible) : style.paint("nothing to answer", .dim))
        if !exercise.questions.isEmpty {
            // What belongs together is not broken up: the spaces within a question are of the kind that holds.
            let row = exercise.questions.enumerated().flatMap { index, question in (index > 0 ? [Run("  ")] : []) + runs(question, style) }
            text += wrapped(row, to: style.width - columnWidth(margin), style).map { margin + $0.replacingOccurrence(of: "\u{A0}", with: " ") + "\n" }.joined()
        }
        if !exercise.remark.isEmpty { text += margin + style.paint(cut(plainLabel(exercise.remark), to: style.width - columnWidth(margin), style), .dim) + "\n" }
    }
    let counted = exercises.filter { $0.possible > 0 }
    guard counted.count > 1 else { return text }
    return text + "\n" + line("", "Together", meter(counted.reduce(0) { $0 + $1.reached }, counted.reduce(0) { $0 + $1.possible }))
}

private func runs(_ question: ExerciseStanding.Question, _ style: TerminalStyle) -> [Run] {
    let name = plainLabel(question.part, limit: 24)
    guard let outcome = question.outcome else { return [Run(style.sign("·", ".") + "\u{A0}" + name, .dim)] }
    let appearance = questionAppearance(outcome, style)
    let lost = question.wasCorrect && outcome != .correct ? [Run("\u{A0}(was\u{A0}right)", .dim)] : []
    return [Run(appearance.sign, Look(bold: true, color: appearance.color)), Run("\u{A0}" + name)] + lost
}

extension String {
    fileprivate func replacingOccurrence(of character: Character, with other: Character) -> String { String(map { $0 == character ? other : $0 }) }
}
