import ArgumentParser
import Workspace

struct Restore: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Make your notebook, or one cell of it, what it was before; what it is now is kept first.",
        usage: "etude restore [<exercise or file>] <which> [--cell <id>] [--json]",
        discussion: """
            An attempt is named by the number that `etude history` shows, and a save by its time. A time means what had been
            kept last by then.

            Examples:
              etude restore 12                                      where you were last
              etude restore embeddings/1 12
              etude restore embeddings/1 12 --cell bias
              etude restore embeddings/1-embedding-layers.swift 14:05
              etude restore embeddings/1 "2026-03-01 14:05"
            """)

    @Argument(help: ArgumentHelp("An exercise (embeddings/1) or a file, by default where you were last; then a number or a time.", valueName: "words")) var words: [String] = []
    @Option(help: ArgumentHelp("Only this cell, by its id.", valueName: "id")) var cell: String?
    @Flag(help: "One JSON object a line, for scripts.") var json = false

    func validate() throws {
        let rest = OwnNotebook.split(words).rest
        guard let which = rest.first, !OwnNotebook.isName(which) else { throw ValidationError("Say which attempt, by its number or a time: etude restore embeddings/1 12") }
        if rest.count > 1 {
            throw ValidationError("\(words.joined(separator: " ")): name at most an exercise or file, and then one attempt. A time with a day stands in quotes: \"2026-03-01 14:05\".")
        }
    }

    func run() throws {
        let (name, rest) = OwnNotebook.split(words)
        let own = try OwnNotebook(name), timeline = own.timeline, moment = try timeline.moment(named: rest[0])
        let change = OwnChange(own, before: .restore)
        if let cell {
            try change.takeOver([cell], from: timeline.notebook(of: moment), calling: moment.name)
        } else {
            try change.replaceAll(with: timeline.contents(of: moment))
        }
        if json { return try Output.json(ChangeRow(change, restored: MomentRow(moment, isCurrent: cell == nil, changes: .oldest))) }
        let what = cell.map { "The cell \"\($0)\" in \(own.name)" } ?? own.name
        change.tell("\(what) is what it was in \(moment.name)\(moment.isAttempt ? " (\(moment.date.clock))" : "").")
    }
}
