import Courses
import Foundation
import Notebook
import Wire

/// Keeps the attempts at one notebook, for whichever face checks its questions.
///
/// What goes wrong here costs the attempt and never the check: a face shows the error as a warning, and goes on. For one
/// thread at a time.
public final class AttemptKeeper {
    /// Of very many cells that changed at once not all are named, so that an attempt's message stays one.
    private static let greatestCount = 200

    private let file: String
    private let exercise: ExerciseName
    private let starter: Notebook?

    /// - Parameters:
    ///   - exercise: the one that the notebook belongs to, for example `embeddings/1`.
    ///   - starter: the exercise as the course gives it, from which the first attempt is told apart.
    /// - Returns: nil for a notebook of no exercise.
    public init?(file: String, exercise: String?, starter: Notebook?) {
        guard let exercise = exercise.flatMap(ExerciseName.init) else { return nil }
        (self.file, self.exercise, self.starter) = (file, exercise, starter)
    }

    /// Keeps a notebook with the verdicts on its single questions.
    ///
    /// - Parameter notebook: the file's bytes as they were judged.
    /// - Returns: nil where nothing is to be kept: outside of a workspace, and where nothing was asked but to read.
    /// - Throws: ``GitError``.
    @discardableResult
    public func keep(_ verdicts: [Verdict], notebook: Data) throws -> Attempt.ID? {
        guard verdicts.contains(where: { $0.outcome != .read && $0.outcome != .unread }) else { return nil }
        return try record(.check, verdicts.map(Attempt.Result.init), notebook)
    }

    /// Keeps a notebook that is about to be replaced, unless the newest attempt holds just that.
    /// - Returns: the attempt that holds it; nil outside of a workspace.
    /// - Throws: ``GitError``.
    public func keep(before occasion: Attempt.Occasion, notebook: Data) throws -> Attempt.ID? {
        if let last = try workspace?.attempts(at: exercise).newest(), last.attempt.notebook == notebook { return last.id }
        return try record(occasion, [], notebook)
    }

    /// Packs what was kept, where that is worth it; to be called when nobody waits. What can't be packed stays as it is.
    public func tidyUp() {
        if let workspace = try? workspace { _ = try? Attempts.packIfWorthwhile(in: workspace.repository) }
    }

    /// Opened anew each time: another program may bring the course's next version, or pack.
    private var workspace: Workspace? { get throws { try Workspace.ofLearner(containing: file) } }

    private func record(_ occasion: Attempt.Occasion, _ results: [Attempt.Result], _ notebook: Data) throws -> Attempt.ID? {
        guard let workspace = try workspace, let description = workspace.description else { return nil }
        let attempts = workspace.attempts(at: exercise), last = try attempts.newest()?.attempt
        let before = last.map { try? Notebook(bytes: $0.notebook, ofFile: $0.summary.file) } ?? starter
        var changed: [String] = [], gone: [String] = []
        if case .cells(let some, let others) = CellChanges(from: before, to: try? Notebook(bytes: notebook, ofFile: file)) { (changed, gone) = (some, others) }
        func bounded(_ names: [String]) -> [String] { names.prefix(Self.greatestCount).map { String($0.prefix(80)) } }
        return try attempts.record(Attempt(
            exercise: exercise, courseVersion: description.course == exercise.course ? description.courseVersion : nil,
            file: (file as NSString).lastPathComponent, occasion: occasion, results: results, changedCells: bounded(changed), goneCells: bounded(gone),
            notebook: notebook))
    }
}
