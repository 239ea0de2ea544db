import Courses
import Foundation
import Notebook
import Terminal
import Workspace

/// A change that Etude makes to a learner's notebook; before it, what is there is kept, and a way back is told after it.
final class OwnChange {
    let own: OwnNotebook
    private let occasion: Attempt.Occasion
    private(set) var isChanged = false
    /// The number of the attempt that holds what was there before; nil outside of a workspace.
    private(set) var kept: Int?
    /// The cells that took another text; nil for all.
    private(set) var cells: [String]?

    init(_ own: OwnNotebook, before occasion: Attempt.Occasion) { (self.own, self.occasion) = (own, occasion) }

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
        let wanted = try names.map { cell in
            if other.cell(id: cell) != nil { return cell }
            let called = other.cells.enumerated().map { $1.name(at: $0) }
            if let index = called.firstIndex(of: cell) { return other.cells[index].id }
            throw ValidationSentence("There is no cell \"\(cell)\" in \(name). There are: \(neutralised(called.prefix(12).joined(separator: ", ")))\(called.count > 12 ? ", …" : "").")
        }
        cells = names
        guard present.takingOver(cells: wanted, from: other) != present else { return }
        if let bytes = own.file.bytesRead { keep(bytes) }
        try own.file.takeOver(cells: wanted, from: other)
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
