import ArgumentParser
import Courses
import Foundation
import Notebook
import Terminal
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
        guard let last = words.last, !OwnNotebook.isName(last) else { throw ValidationError("Say which attempt, by its number or a time: etude restore embeddings/1 12") }
        if words.count > 2 || words.count == 2 && !OwnNotebook.isName(words[0]) {
            throw ValidationError("\(words.joined(separator: " ")): name at most an exercise or file, and then one attempt. A time with a day stands in quotes: \"2026-03-01 14:05\".")
        }
    }

    func run() throws {
        let own = try OwnNotebook(words.count == 2 ? words[0] : nil)
        let timeline = own.timeline, moment = try timeline.moment(named: words[words.count - 1])
        let change = try OwnChange(own, before: .restore)
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

struct Reset: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Begin anew: a question's cell, any cell, or the whole notebook as the course gave it to you; what it is now is kept first.",
        usage: "etude reset [<exercise or file>] [<question>] [--cell <id>] [--yes] [--json]",
        discussion: """
            Examples:
              etude reset embeddings/1 part3.c          the cell with the answer to a question
              etude reset part3.c                       where you were last
              etude reset embeddings/1 --cell setup     any cell
              etude reset embeddings/1                  all of it; asks first
            """)

    @Argument(help: ArgumentHelp("An exercise (embeddings/1) or a file, by default where you were last; then a question. Without a question: all of it.", valueName: "words")) var words: [String] = []
    @Option(help: ArgumentHelp("Only this cell, by its id.", valueName: "id")) var cell: String?
    @Flag(help: "Don't ask before all of it is reset.") var yes = false
    @Flag(help: "One JSON object a line, for scripts.") var json = false

    func validate() throws {
        let isNamed = words.first.map(OwnNotebook.isName) ?? false
        if words.count > (isNamed ? 2 : 1) || isNamed && words.count == 2 && OwnNotebook.isName(words[1]) {
            throw ValidationError("\(words.joined(separator: " ")): name at most an exercise or file, and then one question.")
        }
        if cell != nil, words.count > (isNamed ? 1 : 0) { throw ValidationError("Name a question or a cell, not both.") }
    }

    func run() throws {
        let isNamed = words.first.map(OwnNotebook.isName) ?? false
        let own = try OwnNotebook(isNamed ? words[0] : nil), starter = try own.starter()
        let question = words.dropFirst(isNamed ? 1 : 0).first
        let cells = try cell.map { [$0] } ?? question.map { try Self.answerCells(of: $0, in: starter) }
        if cells == nil, !yes, !json, isatty(0) == 1, isatty(1) == 1 {
            Output.write("Put all of \(neutralised(own.name)) back as the course gave it to you? What it is now is kept. [y/N] ")
            guard ["y", "yes"].contains(readLine()?.trimmingCharacters(in: .whitespaces).lowercased()) else { return print("Nothing was changed.") }
        }
        let change = try OwnChange(own, before: .reset)
        if let cells { try change.takeOver(cells, from: starter, calling: "the exercise as the course gave it") } else { try change.replaceAll(with: own.starterBytes()) }
        if json { return try Output.json(ChangeRow(change, restored: nil)) }
        let what = cells.map { "\($0.count == 1 ? "The cell" : "The cells") \($0.map { "\"\($0)\"" }.joined(separator: ", ")) in \(own.name)" } ?? own.name
        change.tell("\(what) \(cells?.count ?? 1 == 1 ? "is" : "are") as the course gave \(cells?.count ?? 1 == 1 ? "it" : "them") to you.")
    }

    /// The cells that hold the answer to a question, or to its parts.
    private static func answerCells(of question: String, in starter: Notebook) throws -> [String] {
        let cells = starter.cells.filter { $0.kind == .code && ($0.problem == question || $0.problem?.hasPrefix(question + ".") ?? false) }.map(\.id)
        guard !cells.isEmpty else {
            let known = starter.cells.compactMap(\.problem)
            throw ValidationSentence("No cell holds an answer to \"\(question)\". " + (known.isEmpty ? "The exercise has no questions." : "There are: \(known.joined(separator: ", "))."))
        }
        return cells
    }
}

/// A change that Etude makes to a learner's notebook; before it, what is there is kept, and a way back is told after it.
final class OwnChange {
    let own: OwnNotebook
    private let occasion: Attempt.Occasion
    private(set) var isChanged = false
    /// The number of the attempt that holds what was there before; nil outside of a workspace.
    private(set) var kept: Int?
    /// The cells that took another text; nil for all.
    private(set) var cells: [String]?

    init(_ own: OwnNotebook, before occasion: Attempt.Occasion) throws { (self.own, self.occasion) = (own, occasion) }

    func replaceAll(with contents: Data) throws {
        if FileManager.default.fileExists(atPath: own.file.path) {
            let present = try WholeFile.bytes(of: own.file.path)
            if present == contents { return }
            keep(present)
        }
        try own.file.replaceAll(with: contents)
        finish()
    }

    /// Who changes a notebook is at work on it.
    private func finish() {
        isChanged = true
        guard let exercise = own.exercise?.description else { return }
        let states = LearnerStateStore(folder: LearnerStateStore.defaultFolder()), file = URL(fileURLWithPath: own.file.path).resolvingSymlinksInPath().path
        states.remember(states.places.first { $0.file == file } ?? LearnerPlace(file: file, exercise: exercise))
    }

    /// - Parameter name: what the other notebook is, for a person.
    func takeOver(_ names: [String], from other: Notebook, calling name: String) throws {
        let present = try own.file.read()
        var wanted: [String] = []
        for cell in names {
            guard let index = other.cells.firstIndex(where: { $0.id == cell }) ?? other.cells.indices.first(where: { other.cells[$0].name(at: $0) == cell }) else {
                let known = other.cells.indices.prefix(12).map { other.cells[$0].name(at: $0) }.joined(separator: ", ")
                throw ValidationSentence("There is no cell \"\(neutralised(cell))\" in \(name). There are: \(neutralised(known))\(other.cells.count > 12 ? ", …" : "").")
            }
            wanted.append(other.cells[index].id)
        }
        cells = names
        wanted = wanted.filter { id in present.cell(id: id) != other.cell(id: id) }
        guard !wanted.isEmpty else { return }
        if let bytes = own.file.bytesRead { keep(bytes) }
        for id in wanted { try own.file.takeOver(cell: id, from: other) }
        finish()
    }

    /// The file's own versions have it in any case; so what goes wrong here stops nothing.
    private func keep(_ present: Data) {
        guard let exercise = own.exercise, let keeper = AttemptKeeper(file: own.file.path, exercise: exercise.description, starter: try? own.starter()) else { return }
        do {
            guard let id = try keeper.keep(before: occasion, notebook: present), let attempts = own.attempts else { return }
            let all = try attempts.history().attempts
            kept = all.firstIndex { $0.id == id }.map { all.count - $0 }
        } catch { Output.warn("What was there is among the saves of the file, and not among your attempts. \(neutralised(sentence(for: error)))") }
    }

    /// Tells a person what is there now, and how to get back what was.
    func tell(_ sentence: String) {
        var text = neutralised(sentence)
        if !isChanged {
            text += " Nothing had to be changed."
        } else if let kept {
            text += " What was there is attempt \(kept): \(Invocation.name) restore \(neutralised(own.name)) \(kept)"
        } else {
            text += " What was there is kept: \(Invocation.name) history \(neutralised(own.name)) --all"
        }
        print(text)
    }
}

/// A change, for scripts.
struct ChangeRow: Encodable {
    private var file: String
    private var cells: [String]?
    private var isChanged: Bool
    private var keptAttempt: Int?
    private var restored: MomentRow?

    init(_ change: OwnChange, restored: MomentRow?) {
        (file, cells, isChanged, keptAttempt) = (change.own.file.path, change.cells, change.isChanged, change.kept)
        self.restored = restored
    }
}
