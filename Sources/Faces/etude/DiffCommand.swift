import ArgumentParser
import Foundation
import Notebook
import Terminal
import Workspace

struct Diff: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show, cell by cell, what you changed: since you got the exercise, or since an attempt.",
        usage: "etude diff [<exercise or file>] [<which>] [<which>] [--json]",
        discussion: """
            Lines with - were there before, those with + came. An attempt is named by its number in `etude history`, a save by
            its time; `starter` is the exercise as you got it.

            Examples:
              etude diff                            from the starter to now, where you were last
              etude diff embeddings/1
              etude diff embeddings/1 12            from attempt 12 to now
              etude diff embeddings/1 starter 12
              etude diff embeddings/1 11 12
            """)

    @Argument(help: ArgumentHelp("An exercise (embeddings/1) or a file, by default where you were last; then up to two attempts.", valueName: "words")) var words: [String] = []
    @Flag(help: "One JSON object a line, for scripts.") var json = false

    func validate() throws {
        let rest = OwnNotebook.split(words).rest
        if rest.count > 2 || rest.contains(where: OwnNotebook.isName) {
            throw ValidationError("\(words.joined(separator: " ")): name at most an exercise or file, and then two attempts. A time with a day stands in quotes: \"2026-03-01 14:05\".")
        }
    }

    func run() throws {
        let (name, rest) = OwnNotebook.split(words)
        let own = try OwnNotebook(name)
        let (old, before) = try side(rest.first ?? "starter", own)
        let (new, after) = try side(rest.dropFirst().first ?? "now", own)
        let cells = NotebookDifference(from: old, to: new).cells
        if json { return try cells.forEach { try Output.json(CellRow($0)) } }
        guard !cells.isEmpty else { return print("\(neutralised(own.name)): every cell has the same text in \(before) and \(after).") }
        let style = TerminalStyle.of(fileDescriptor: 1, environment: ProcessInfo.processInfo.environment)
        Output.write("\(neutralised(own.name)): from \(before) to \(after)\n\n")
        Output.write(cells.map { differenceText(title: $0.title, note: $0.note, $0.lines.map(DifferenceLine.init), style) }.joined(separator: "\n"))
    }

    private func side(_ name: String, _ own: OwnNotebook) throws -> (Notebook, String) {
        switch name {
        case "starter": return (try own.starter(), "the starter")
        case "now": return (try own.present(), "now")
        default:
            let timeline = own.timeline, moment = try timeline.moment(named: name)
            return (try timeline.notebook(of: moment), moment.name)
        }
    }
}

extension NotebookDifference.CellDifference {
    fileprivate var title: String { name + (cell.problem.map { $0 == name ? "" : "  (\($0))" } ?? "") }

    fileprivate var note: String {
        switch kind {
        case .added: "new"
        case .removed: "gone"
        case .changed: ""
        }
    }
}

extension DifferenceLine {
    fileprivate init(_ line: LineDifference) {
        func count(_ number: Int) -> String { number == 1 ? "1 line" : "\(number) lines" }
        switch line {
        case .same(let text): self = .same(text)
        case .removed(let text): self = .removed(text)
        case .added(let text): self = .added(text)
        case .skipped(let number): self = .note("\(count(number)) alike")
        case .cut(let removed, let added): self = .note("and more: \(count(removed)) with -, \(count(added)) with +")
        }
    }
}

/// A cell that is not what it was, for scripts.
private struct CellRow: Encodable {
    struct Line: Encodable {
        var kind: String
        var text: String?
        var count, removed, added: Int?
    }

    var cell, name, change, kind: String
    var problem: String?
    var lines: [Line]

    init(_ difference: NotebookDifference.CellDifference) {
        (cell, name, problem) = (difference.cell.id, difference.name, difference.cell.problem)
        (change, kind) = (difference.kind.rawValue, difference.cell.kind.rawValue)
        lines = difference.lines.map { line in
            switch line {
            case .same(let text): Line(kind: "same", text: text)
            case .removed(let text): Line(kind: "removed", text: text)
            case .added(let text): Line(kind: "added", text: text)
            case .skipped(let count): Line(kind: "skipped", count: count)
            case .cut(let removed, let added): Line(kind: "cut", removed: removed, added: added)
            }
        }
    }
}
