import Foundation
import Glibc

/// The attempts at one exercise, kept in a git repository: each is a commit that holds the notebook, on a reference of
/// its own, `refs/etude/attempts/<exercise>`.
///
/// The learner's branches, index, files and logs are never touched, and no hook runs. Works in any repository: a working
/// tree of its own, a detached or unborn branch, a shallow or a bare one. For one thread at a time; other processes may
/// record at the same time.
///
///     let attempts = Attempts(at: exercise, in: try Repository(containing: "1-embedding-layers.swift"))
///     try attempts.record(attempt)
///     for line in try attempts.history().attempts { print(line.attempt.date, line.attempt.correct) }
public final class Attempts {
    public let exercise: ExerciseName
    public let repository: Repository
    private var reference: Reference { Reference(name: exercise.reference, repository: repository) }
    private lazy var identity = Result { try Identity(ofLearnerIn: repository) }

    public init(at exercise: ExerciseName, in repository: Repository) {
        (self.exercise, self.repository) = (exercise, repository)
    }

    /// The exercises that a repository has attempts at, in the order of their names.
    public static func exercises(in repository: Repository) throws -> [ExerciseName] {
        try Reference.names(under: ExerciseName.attemptsFolder, in: repository)
            .compactMap { ExerciseName(String($0.dropFirst(ExerciseName.attemptsFolder.count + 1))) }
    }

    /// Keeps an attempt. Once this returns, it outlives a crash of the program or the machine.
    ///
    /// - Throws: ``GitError``. An attempt at another exercise is `refused`, and a notebook that is too large `tooLarge`.
    @discardableResult
    public func record(_ attempt: Attempt) throws -> Attempt.ID {
        let doing = "keep the attempt at \(exercise)"
        guard attempt.summary.exercise == exercise else {
            throw GitError(doing, code: .refused, message: "the attempt is at \(attempt.summary.exercise)")
        }
        guard PortablePath.isPortable(attempt.summary.file) else {
            throw GitError(doing, code: .refused, message: "\"\(attempt.summary.file)\" can't be a file's name on every system", advice: "Give the notebook another name.")
        }
        guard attempt.notebook.count <= Attempt.greatestNotebook else {
            throw GitError(doing, code: .tooLarge, message: "the notebook has \(attempt.notebook.count) bytes, and at most \(Attempt.greatestNotebook) are kept")
        }
        let message = attempt.summary.message
        guard message.utf8.count <= Commit.greatestSize / 2 else {
            throw GitError(doing, code: .tooLarge, message: "what there is to say of its \(attempt.summary.results.count) questions has \(message.utf8.count) bytes")
        }
        let folder = try TreeBuilder(in: repository)
        try folder.add(file: attempt.summary.file, repository.objects.writeBlob(attempt.notebook))
        let tree = try folder.write(), author = try identity.get()

        let end = ContinuousClock.now + .seconds(5)
        return try RecordingLock(commonFolder: repository.commonFolder).holding(reference.name) {
            while true {
                do {
                    let last = try reference.target()
                    // One that can't be read could not be followed by another either; say it now.
                    if let last { _ = try Commit(last, in: repository) }
                    let commit = try repository.writeCommit(tree: tree, parent: last, message: message, by: author, at: attempt.summary.date)
                    try reference.move(to: commit, from: last, note: "attempt")
                    return commit
                } catch let error as GitError where [.modified, .exists, .locked].contains(error.code) && ContinuousClock.now < end {
                    // Another program was faster. Not all try again at the same moment.
                    usleep(.random(in: 500...5_000))
                }
            }
        }
    }

    /// What was kept of an exercise, the newest attempt first.
    public struct History: Sendable {
        public var attempts: [AttemptSummary]
        /// Why there is no more, where older attempts can't be read.
        public var problem: GitError?
    }

    /// The attempts, the newest first, without their notebooks. Commits that are no attempts are passed over.
    /// - Parameter limit: the most attempts that are read.
    /// - Throws: ``GitError`` where it can't even be told which attempt was the last.
    public func history(limit: Int = .max) throws -> History {
        var history = History(attempts: []), next = try reference.target()
        while let id = next, history.attempts.count < limit {
            do {
                var summary: Attempt.Summary?
                let commit = try Commit(id, in: repository) { summary = Attempt.Summary(message: $0, like: history.attempts.last?.attempt) }
                if let summary, summary.exercise == exercise {
                    history.attempts.append(AttemptSummary(id: id, attempt: summary))
                }
                next = commit.parents.first
            } catch let error as GitError {
                // Where a clone was cut off, there is nothing wrong.
                if error.code != .notFound || history.attempts.isEmpty || !repository.isShallow { history.problem = error }
                break
            }
        }
        return history
    }

    /// What can be read of the history; an error that ``history(limit:)`` would throw is its problem.
    public func readableHistory() -> History {
        do { return try history() } catch {
            return History(attempts: [], problem: error as? GitError ?? GitError("read the attempts at \(exercise)", code: .other(0), message: "\(error)"))
        }
    }

    /// The attempt that was kept last.
    /// - Throws: ``GitError`` where it can't be read.
    public func newest() throws -> (id: Attempt.ID, attempt: Attempt)? {
        let last = try history(limit: 1)
        if let problem = last.problem { throw problem }
        return try last.attempts.first.map { ($0.id, try attempt($0.id)) }
    }

    /// One attempt with its notebook.
    /// - Throws: ``GitError`` where there is none of this name, or it is not one that Etude can read.
    public func attempt(_ id: Attempt.ID) throws -> Attempt {
        var read: Attempt.Summary?
        let commit = try Commit(id, in: repository) { read = Attempt.Summary(message: $0) }
        guard let summary = read else {
            throw GitError("read the attempt \(id)", code: .refused, message: "this commit is not an attempt that this version of Etude can read")
        }
        let entries = try Tree(commit.tree, in: repository).entries
        guard entries.count == 1, entries[0].isFile, entries[0].name == summary.file else {
            throw GitError("read the attempt \(id)", code: .damaged, message: "it should hold the one file \(summary.file), and does not")
        }
        let notebook = try repository.objects.read(entries[0].id, .blob, limit: Attempt.greatestNotebook) { Data($0) }
        return Attempt(summary: summary, notebook: notebook)
    }
}
