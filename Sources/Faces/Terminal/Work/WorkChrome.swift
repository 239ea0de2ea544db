import Display
import Figures

/// What stands round the body: the exercise and its steps at the top, what happens and the keys at the bottom.
struct WorkChrome {
    static let accent = Palette.color(5)

    let style: TerminalStyle
    let size: ScreenSize
    private var isTall: Bool { size.rows >= 14 }

    init(style: TerminalStyle, size: ScreenSize) { (self.style, self.size) = (style, size) }

    // MARK: The top

    func top(_ page: WorkPage) -> [String] {
        let lines = [title(page), strip(page)]
        return isTall ? lines + [style.paint(String(repeating: style.rule, count: size.columns), .dim)] : lines
    }

    private func title(_ page: WorkPage) -> String {
        let questions = page.steps.filter { $0.part != nil }
        let done = questions.filter { [.correct, .read].contains($0.outcome) }.count
        var progress = "", progressWidth = 0
        if !questions.isEmpty, page.knowsQuestions {
            let words = "\(done) of \(questions.count)"
            let width = size.columns >= 60 ? min(20, 2 * questions.count) : 0
            progress = (width > 0 ? bar(Double(done) / Double(questions.count), width: width, style, VerdictLabel.correct.color) + "  " : "") + words
            progressWidth = paintedWidth(progress)
        }
        let name = cut(plainLabel(page.title), to: max(6, size.columns - progressWidth - 4), style)
        let gap = max(1, size.columns - 2 - columnWidth(name) - progressWidth)
        return " " + style.paint(name, Look(bold: true, color: Self.accent)) + String(repeating: " ", count: gap) + progress
    }

    /// The steps in a row, the present one marked, and as many round it as there is room for.
    private func strip(_ page: WorkPage) -> String {
        let items = page.steps.enumerated().map { item($1, in: page.title, isCurrent: $0 == page.current) }
        guard items.indices.contains(page.current) else { return "" }
        let arrow = (style.sign("‹", "<"), style.sign("›", ">"))
        let room = size.columns - 6
        var (lower, upper) = (page.current, page.current + 1)
        var used = items[page.current].width
        while true {
            let before = lower > 0 ? items[lower - 1].width + 2 : .max, after = upper < items.count ? items[upper].width + 2 : .max
            // Evenly to both sides; at an end, all to the other.
            let takesBefore = before != .max && (after == .max || page.current - lower <= upper - 1 - page.current)
            if takesBefore, used + before <= room { lower -= 1; used += before } else if after != .max, used + after <= room { upper += 1; used += after } else if !takesBefore, before != .max, used + before <= room {
                lower -= 1
                used += before
            } else { break }
        }
        return (lower > 0 ? style.paint(arrow.0, .dim) + " " : " ") + items[lower..<upper].map(\.text).joined(separator: "  ")
            + (upper < items.count ? " " + style.paint(arrow.1, .dim) : "")
    }

    private func item(_ step: WorkPage.Step, in title: String, isCurrent: Bool) -> (text: String, width: Int) {
        // The exercise's own title stands above.
        let words = step.part ?? (step.title == title ? "Start" : step.title)
        let name = cut(plainLabel(words), to: step.part == nil ? (isCurrent ? 20 : 8) : 16, style)
        let (sign, color) = step.part == nil ? ("", nil) : appearance(step.outcome)
        let shown = isCurrent ? style.paint(name, Look(bold: true, underlined: true, color: Self.accent)) : style.paint(name, step.part == nil ? .dim : .plain)
        var text = (sign.isEmpty ? "" : style.paint(sign, Look(dim: color == nil, color: color)) + " ") + shown
        if isCurrent, !style.color { text = "[\(text)]" }
        return (text, paintedWidth(text))
    }

    private func appearance(_ outcome: QuestionOutcome.Outcome?) -> (String, Color?) {
        guard let outcome else { return (style.sign("·", "."), nil) }
        let look = questionAppearance(outcome, style)
        return (look.sign, outcome == .unread ? nil : look.color)
    }

    // MARK: The bottom

    func bottomHeight(_ page: WorkPage) -> Int { bottom(page, above: 0, below: 0).count }

    func bottom(_ page: WorkPage, above: Int, below: Int) -> [String] {
        if !isTall { return [status(page, above: above, below: below), keys(page)] }
        var lines = [status(page, above: 0, below: 0)]
        // What went wrong may need more than a line.
        if page.activity == nil, let message = page.message {
            let whole = wrapped([Run(plainLabel(message, limit: 400))], to: size.columns - 2, style)
            if whole.count > 1 { lines = whole.prefix(4).map { " " + $0 } }
        }
        return [rule(above: above, below: below)] + lines + [keys(page)]
    }

    /// The line below the body says how much of it is out of sight.
    private func rule(above: Int, below: Int) -> String {
        let words = scrollWords(above: above, below: below)
        guard !words.isEmpty else { return style.paint(String(repeating: style.rule, count: size.columns), .dim) }
        let fill = String(repeating: style.rule, count: max(1, size.columns - 4 - columnWidth(words)))
        return style.paint("\(fill) \(words) \(style.rule)\(style.rule)", .dim)
    }

    private func scrollWords(above: Int, below: Int) -> String {
        [above > 0 ? "\(style.sign("↑", "^")) \(above)" : "", below > 0 ? "\(style.sign("↓", "v")) \(below) more" : ""]
            .filter { !$0.isEmpty }.joined(separator: "  ")
    }

    private func status(_ page: WorkPage, above: Int, below: Int) -> String {
        let scroll = scrollWords(above: above, below: below)
        let room = size.columns - 2 - (scroll.isEmpty ? 0 : columnWidth(scroll) + 2)
        var words: String, width: Int
        if let activity = page.activity {
            let time = activity.seconds > 0 ? "  \(activity.seconds) s" : ""
            let text = cut(plainLabel(activity.words), to: max(4, room - columnWidth(time) - 2), style)
            words = style.paint("\(style.sign("▸", ">")) \(text)", Look(bold: true, color: Self.accent)) + style.paint(time, .dim)
            width = columnWidth(text) + columnWidth(time) + 2
        } else if let message = page.message {
            words = cut(plainLabel(message), to: room, style)
            width = columnWidth(words)
        } else {
            let file = plainLabel(page.file), name = file.split(separator: "/").last.map(String.init) ?? file
            // Where the file is matters most.
            let sentences = isOutOfDate(page)
                ? ["Press r to run what is out of date here.", "r runs what is out of date"]
                : ["Edit \(file); when you save it, what changed runs.", "Edit \(file); saving it runs what changed.", "Edit \(file)"]
            let text = sentences.first { columnWidth($0) <= room } ?? cut("Edit \(name)", to: room, style)
            (words, width) = (style.paint(text, .dim), columnWidth(text))
        }
        if !scroll.isEmpty { words += String(repeating: " ", count: max(1, size.columns - 2 - width - columnWidth(scroll))) + style.paint(scroll, .dim) }
        return " " + words
    }

    private func isOutOfDate(_ page: WorkPage) -> Bool {
        page.steps.indices.contains(page.current) && page.steps[page.current].blocks.contains {
            if case .cell(let cell) = $0, case .outOfDate = cell.status { true } else { false }
        }
    }

    /// The keys that there is room for; those that matter most stay longest.
    private func keys(_ page: WorkPage) -> String {
        if let question = page.question {
            let choices = [("y", "yes"), ("n", "no")]
            return " " + style.paint(cut(plainLabel(question), to: max(8, size.columns - 18), style), .bold) + "  " + choices.map(painted).joined(separator: "  ")
        }
        if page.showsHelp { return " " + painted(("Esc", "back")) + "  " + painted(("q", "quit")) }
        let step = page.steps.indices.contains(page.current) ? page.steps[page.current] : nil
        var keys = WorkKey.all.filter { key in
            switch key.need {
            case .nothing: true
            case .question: step?.part != nil
            case .answer: step?.answerCell != nil
            }
        }
        if page.activity != nil { keys.insert(WorkKey(key: "Ctrl-C", word: "stop", sentence: "", rank: -2), at: 0) }
        let help = WorkKey(key: "?", word: "keys", sentence: "", rank: -3)
        func width(_ keys: [WorkKey]) -> Int { keys.reduce(-1) { $0 + columnWidth($1.key) + columnWidth($1.word) + 3 } }
        if width(keys) > size.columns {
            keys.append(help)
            while width(keys) > size.columns, let last = keys.indices.max(by: { keys[$0].rank < keys[$1].rank }), keys.count > 2 { keys.remove(at: last) }
        }
        return " " + keys.map { painted(($0.key, $0.word)) }.joined(separator: "  ")
    }

    private func painted(_ key: (sign: String, word: String)) -> String {
        style.paint(key.sign, Look(bold: true, color: Self.accent)) + " " + style.paint(key.word, .dim)
    }
}
