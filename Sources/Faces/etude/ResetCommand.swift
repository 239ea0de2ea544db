import ArgumentParser
import Foundation
import Notebook
import Terminal

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
        let rest = OwnNotebook.split(words).rest
        if rest.count > 1 || rest.contains(where: OwnNotebook.isName) {
            throw ValidationError("\(words.joined(separator: " ")): name at most an exercise or file, and then one question.")
        }
        if cell != nil, !rest.isEmpty { throw ValidationError("Name a question or a cell, not both.") }
    }

    func run() throws {
        let (name, rest) = OwnNotebook.split(words)
        let own = try OwnNotebook(name), starter = try own.starter(), change = OwnChange(own, before: .reset)
        let what: String
        if let cells = try cell.map({ [$0] }) ?? rest.first.map({ try Self.answerCells(of: $0, in: starter) }) {
            try change.takeOver(cells, from: starter, calling: "the exercise as the course gave it")
            what = cells.map { "\"\($0)\"" }.joined(separator: ", ") + " in \(own.name)"
        } else {
            guard yes || json || isatty(0) == 0 || isatty(1) == 0 || agrees(own) else { return print("Nothing was changed.") }
            try change.replaceAll(with: own.starterBytes())
            what = own.name
        }
        if json { return try Output.json(ChangeRow(change, restored: nil)) }
        change.tell("As the course gave it to you: \(what).")
    }

    private func agrees(_ own: OwnNotebook) -> Bool {
        Output.write("Put all of \(neutralised(own.name)) back as the course gave it to you? What it is now is kept. [y/N] ")
        return ["y", "yes"].contains(readLine()?.trimmingCharacters(in: .whitespaces).lowercased())
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
