import ArgumentParser
import Courses
import Foundation
import Notebook
import Terminal
import Workspace

struct History: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List your attempts at an exercise, the newest first: when, how its questions came out, what you had changed.",
        discussion: """
            In a folder that `etude start` made, each check is kept. Elsewhere what is kept is what you save while
            `etude work` has the file open, and what Etude itself replaces.

            Examples:
              etude history                            where you were last
              etude history embeddings/1
              etude history embeddings/1-embedding-layers.swift --all
            """)

    @Argument(help: "An exercise (embeddings/1) or a notebook's file, which may be gone. Default: where you were last.") var notebook: String?
    @Flag(help: "Show what was saved between attempts, too.") var all = false
    @Option(help: "The most lines. Default: 20, and all of them with --json.") var limit: Int?
    @Flag(help: "One JSON object a line, for scripts.") var json = false

    func validate() throws {
        if let limit, limit < 1 { throw ValidationError("--limit is at least 1.") }
    }

    func run() throws {
        let own = try OwnNotebook(notebook)
        let timeline = own.timeline
        guard !timeline.moments.isEmpty || json else {
            throw ValidationSentence("\(own.name): \(timeline.problem.map { "\($0)" } ?? "\(TimelineError.nothingKept)")")
        }
        // Where there are no attempts, saves are all there is.
        let showsSaves = all || !timeline.moments.contains(where: \.isAttempt)
        let chosen = timeline.moments.indices.filter { showsSaves || timeline.moments[$0].isAttempt }
        let shown = chosen.prefix(limit ?? (json ? .max : 20))
        if json { try list(shown, timeline) } else { try show(shown, of: chosen.count, own, timeline) }
        if let problem = timeline.problem { Output.warn(neutralised("\(problem)")) }
    }

    private func list(_ shown: some Sequence<Int>, _ timeline: Timeline) throws {
        var current: Int?
        if case .kept(let index) = try timeline.present(among: shown) { current = index }
        for index in shown { try Output.json(MomentRow(timeline.moments[index], isCurrent: index == current, changes: timeline.changes(at: index))) }
    }

    private func show(_ shown: some Sequence<Int>, of count: Int, _ own: OwnNotebook, _ timeline: Timeline) throws {
        let style = TerminalStyle.of(fileDescriptor: 1, environment: ProcessInfo.processInfo.environment)
        var current: Int?, lines: [HistoryLine] = []
        switch try timeline.present(among: shown) {
        case .gone: lines.append(HistoryLine(number: nil, when: "now", changes: "the file is gone"))
        case .changed(let changes): lines.append(HistoryLine(number: nil, when: "now", changes: changes.sentence))
        case .kept(let index): current = index
        }
        lines += shown.map { index in
            let moment = timeline.moments[index], when = moment.date.clockForPerson, isNow = index == current, changes = timeline.changes(at: index).sentence
            switch moment {
            case .save: return HistoryLine(number: nil, when: when, isNow: isNow, occasion: "saved", changes: changes)
            case .attempt(let number, let summary):
                return HistoryLine(
                    number: number, when: when, isNow: isNow, questions: summary.attempt.results.map(QuestionOutcome.init),
                    occasion: summary.attempt.occasion.words, changes: changes)
            }
        }
        Output.write("\(neutralised(own.name))\(own.exercise.map { "  (\($0))" } ?? "")\n\n" + historyText(lines, style))
        let rest = count - lines.count + (current == nil ? 1 : 0), hidden = timeline.moments.count - count
        var notes: [String] = []
        if rest > 0 { notes.append("\(rest) older: --limit \(count)") }
        if hidden > 0 { notes.append("\(hidden) \(hidden == 1 ? "save" : "saves") besides: --all") }
        let which = timeline.moments.contains(where: \.isAttempt) ? "NUMBER" : "TIME"
        notes.append("Go back: \(Invocation.name) restore \(neutralised(own.name)) \(which)")
        Output.write("\n" + notes.joined(separator: "\n") + "\n")
    }
}

/// A moment, for scripts.
struct MomentRow: Encodable {
    private struct Result: Encodable {
        var problem, outcome: String
        var points, maximum: Double
        var mistake: String?
    }

    private var attempt: Int?
    private var commit: String?
    private var date: String
    private var isCurrent: Bool
    private var occasion: String
    private var courseVersion: String?
    private var file: String?
    private var bytes: Int?
    private var results: [Result]?
    private var changed, gone: [String]?

    init(_ moment: Timeline.Moment, isCurrent: Bool, changes: CellChanges) {
        (date, self.isCurrent) = (moment.date.exact, isCurrent)
        switch moment {
        case .save(let version): (occasion, bytes) = ("save", version.size)
        case .attempt(let number, let summary):
            let kept = summary.attempt
            (attempt, commit, occasion) = (number, "\(summary.id)", kept.occasion.rawValue)
            (courseVersion, file) = (kept.courseVersion, kept.file)
            results = kept.results.map { Result(problem: $0.problem, outcome: $0.outcome.rawValue, points: $0.points, maximum: $0.maximum, mistake: $0.mistake) }
        }
        if case .cells(let changed, let gone) = changes { (self.changed, self.gone) = (changed, gone) }
    }
}

extension Timeline.Moment {
    var isAttempt: Bool { if case .attempt = self { true } else { false } }

    /// What a person calls it.
    var name: String {
        switch self {
        case .attempt(let number, _): "attempt \(number)"
        case .save(let version): "the save of \(version.date.clock)"
        }
    }
}

extension Attempt.Occasion {
    var words: String {
        switch self {
        case .check: ""
        case .restore: "kept before a restore"
        case .reset: "kept before a reset"
        }
    }
}

extension QuestionOutcome {
    init(_ result: Attempt.Result) {
        self.init(part: result.problem, outcome: result.outcome.shown, points: result.maximum > 0 ? (result.points, result.maximum) : nil)
    }
}

extension CellChanges {
    fileprivate var sentence: String {
        switch self {
        case .oldest: return "the oldest that was kept"
        case .unreadable: return "not a notebook that can be read, or the one before is not"
        case .cells(let changed, let gone):
            let parts = [changed.isEmpty ? nil : "changed: \(Self.list(changed))", gone.isEmpty ? nil : "gone: \(Self.list(gone))"].compactMap { $0 }
            return parts.isEmpty ? "no cell's text" : parts.joined(separator: "; ")
        }
    }

    private static func list(_ names: [String]) -> String {
        neutralised(names.prefix(5).joined(separator: ", ") + (names.count > 5 ? " and \(names.count - 5) more" : ""))
    }
}
