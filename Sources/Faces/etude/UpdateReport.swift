import Courses
import Foundation
import Notebook
import Terminal
import Workspace

/// What an update did, or would do, in words and for scripts.
struct UpdateReport {
    enum Tense { case done, planned }

    private let plan: UpdatePlan?
    private let workspace: Workspace
    private let tense: Tense
    private let isUndo: Bool

    /// - Parameter plan: nil where there was no update to take back.
    init(_ plan: UpdatePlan?, workspace: Workspace, tense: Tense, isUndo: Bool) {
        (self.plan, self.workspace, self.tense, self.isUndo) = (plan, workspace, tense, isUndo)
    }

    // MARK: For people

    func write() {
        let folder = neutralised(shortened(workspace.folder))
        guard let plan else { return print("\(folder): there is no update to take back.") }
        guard !plan.isNothing else { return print("\(folder) has the newest version of the course \(plan.course) already.") }
        let change = "\(isUndo ? "back from version" : "from version") \(plan.from.prefix(8)) to \(plan.to.prefix(8))"
        Output.write(tense == .planned ? "\(folder) would go \(change). Nothing is changed yet:\n" : "\(folder) went \(change).\n")
        // What the course says of itself is nothing to read.
        let files = plan.files.filter { $0.path != "course.json" || $0.kind != .updated }
        if files.isEmpty { Output.write("\nYour files stay as they are: what changed is hints, solutions, checkers or data.\n") }
        for file in files { Output.write("\n" + lines(of: file).joined(separator: "\n") + "\n") }
        if tense == .planned { return Output.write("\nTo do it: \(Invocation.name) update \(isUndo ? "--undo " : "")\(folder)\n") }
        if !isUndo { Output.write("\nTo take it back: \(Invocation.name) update --undo \(folder)\n") }
    }

    private func lines(of file: FileChange) -> [String] {
        let name = neutralised(file.path) + (file.formerPath.map { ", so far \(neutralised($0))" } ?? "")
        return ["\(name): \(sentence(for: file))"] + cellLines(of: file)
    }

    private func sentence(for file: FileChange) -> String {
        switch file.kind {
        case .added: isUndo ? "is there again" : "new"
        case .updated: isUndo ? "as it was before" : "the course's new version"
        case .merged: isUndo ? "as it was before, with what you wrote since" : "the course's changes are in, and what you wrote stays"
        case .removed: isUndo ? "gone again" : "the course no longer has it"
        case .kept: "the course no longer has it; it stays since you changed it"
        case .returned: "you had deleted it; the course changed it, so it is there again"
        case .beside(let path): "you changed it, and so did the course. Yours stays; the course's is \(neutralised(path))"
        case .skipped(let reason): "left as it is: \(neutralised(reason))"
        }
    }

    /// A line for each cell that the learner should look at, and one for all others.
    private func cellLines(of file: FileChange) -> [String] {
        // In a file that the learner left alone, one new cell is like another.
        guard file.kind == .merged || file.formerPath != nil else { return [] }
        let own = file.cells.compactMap { cell in sentence(for: cell, in: file).map { "  \(name(of: cell)): \($0)" } }
        let others = [("new", CellChange.Kind.added), ("changed", .updated), ("gone", .removed)].compactMap { word, kind -> String? in
            let names = file.cells.filter { $0.kind == kind }.map(name)
            return names.isEmpty ? nil : "\(word): \(names.prefix(6).joined(separator: ", "))\(names.count > 6 ? " and \(names.count - 6) more" : "")"
        }
        return own + (others.isEmpty ? [] : ["  \(others.joined(separator: "; "))"])
    }

    private func name(of cell: CellChange) -> String {
        // Ids are short; a question's name is what the learner knows.
        neutralised(String((cell.question ?? cell.cell).prefix(40)))
    }

    private func sentence(for cell: CellChange, in file: FileChange) -> String? {
        switch cell.kind {
        case .added, .updated, .removed: nil
        case .kept: "the course took it out; it stays since you changed it"
        case .returned: "you had deleted it; the course changed it, so it is there again"
        case .both: isUndo ? "you changed it since: yours runs, what it was before stands below it in comments"
            : "the course changed its starter: yours runs, the course's stands below it in comments"
        case .bothProse: "its words are the course's; what you wrote in it stands below them"
        case .parted: "one of you made prose of it, or code; yours is a cell of its own before the course's"
        case .renamed: "this question was called \(neutralised(formerName(of: cell, in: file) ?? "otherwise")); your answer, attempts and hints follow"
        }
    }

    private func formerName(of cell: CellChange, in file: FileChange) -> String? {
        file.exercise.flatMap { plan?.renames[$0] }.flatMap { renames in cell.question.map(renames.reversed.name) }
    }

    // MARK: For scripts

    func writeJSON() throws {
        try Output.json(Row(plan, workspace, status: status))
        for file in plan?.files ?? [] { try Output.json(FileRow(file)) }
    }

    private var status: String {
        guard let plan, !plan.isNothing else { return "nothing" }
        return tense == .planned ? "planned" : isUndo ? "undone" : "updated"
    }

    private struct Row: Encodable {
        var status, folder: String
        var course, from, to: String?
        var renamedQuestions: [String: [String: String]]?

        init(_ plan: UpdatePlan?, _ workspace: Workspace, status: String) {
            (self.status, folder) = (status, workspace.folder)
            (course, from, to) = (plan?.course, plan?.from, plan?.to)
            if let renames = plan?.renames, !renames.isEmpty { renamedQuestions = Dictionary(uniqueKeysWithValues: renames.map { ("\($0)", $1.names) }) }
        }
    }

    private struct FileRow: Encodable {
        struct CellRow: Encodable { var cell, change, title: String; var question: String? }
        var path, change: String
        var formerPath, beside, reason: String?
        var exercise: Int?
        var cells: [CellRow]?

        init(_ file: FileChange) {
            (path, formerPath, exercise) = (file.path, file.formerPath, file.exercise)
            switch file.kind {
            case .beside(let path): (change, beside) = ("beside", path)
            case .skipped(let reason): (change, self.reason) = ("skipped", reason)
            default: change = "\(file.kind)"
            }
            if !file.cells.isEmpty { cells = file.cells.map { CellRow(cell: $0.cell, change: $0.kind.rawValue, title: $0.title, question: $0.question) } }
        }
    }
}
