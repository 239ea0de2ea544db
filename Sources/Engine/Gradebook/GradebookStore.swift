import Foundation
import Workspace

/// A queue of gradings that many workers share, in which each gets exactly one result.
///
/// A worker claims some gradings for a time, says that it lives more often than that time passes, and finishes one after the
/// other. What a worker has that is lost comes to another. A claim carries the number of its attempt: should the lost
/// worker come back, what it finishes is discarded.
///
///     for claim in try store.claim(20, of: round, by: worker, for: .seconds(60)) {
///         guard try store.begin(claim, for: .seconds(60)) else { continue }
///         try store.finish(claim, with: grade(claim))
///     }
///
/// Each call is one transaction: once it returns, what it says outlives a crash of the program and of the machine.
public protocol GradebookStore: Sendable {
    /// Takes gradings that are open and nobody's: first those with the least trouble, then the oldest.
    ///
    /// Claims whose time has passed are taken back before that.
    /// - Parameter worker: a name that no other process ever has.
    /// - Returns: at most `count`; none where all are done, or in the hands of others.
    func claim(_ count: Int, of round: Round.ID, by worker: String, for lease: Duration) throws -> [Claim]

    /// Says that work at a claim begins now. A loss from now on is held against the grading, since it may have been the cause.
    /// - Returns: false when the claim is lost and not worth the work.
    func begin(_ claim: Claim, for lease: Duration) throws -> Bool

    /// Prolongs all claims of a worker.
    /// - Returns: those that it still has.
    func renew(_ worker: String, for lease: Duration) throws -> Set<Claim.ID>

    /// Records a grading's results, unless another attempt has taken its place.
    ///
    /// Where a result is a failure of the grader's, the grading is tried again, and nothing recorded, until ``Patience`` ends.
    /// - Throws: ``GradebookError``, `refused` for results that are not one for each question.
    @discardableResult
    func finish(_ claim: Claim, with run: GradingRun) throws -> Receipt

    /// Says that the grader could not grade a claim, and why.
    @discardableResult
    func fail(_ claim: Claim, because sentence: String) throws -> Receipt

    /// Gives back all that a worker has, and has not finished; nothing is held against it.
    func release(_ worker: String) throws

    /// Says that a worker ended unasked, and how: a failure of what it had begun; the rest it gives back.
    func lose(_ worker: String, because sentence: String) throws

    func progress(of round: Round.ID) throws -> Progress
}

/// A grading that is a worker's for a time.
public struct Claim: Equatable, Sendable, Identifiable {
    /// Names the grading, not the attempt.
    public struct ID: Hashable, Sendable {
        let row: Int64
    }

    public let id: ID
    /// Counts the claims of this grading from 1.
    public let attempt: Int
    public let worker: String
    public let submission: GradedSubmission
    /// The questions that a result is wanted of, by their paths.
    public let questions: [String]
}

/// What became of a grading that was finished or failed.
public enum Receipt: Equatable, Sendable {
    case recorded
    /// It is open again.
    case triedAgain
    /// It has failed too often.
    case needsPerson
    /// Another attempt has taken its place, or it is not wanted any more. Nothing has changed.
    case discarded
}

/// How often a grading is tried before a person must look at it.
public struct Patience: Equatable, Sendable {
    /// How often the grader may fail.
    public var failures: Int
    /// How often a worker may be lost that had begun with it. More, since a worker is mostly lost for other reasons.
    public var losses: Int

    public init(failures: Int = 3, losses: Int = 10) { (self.failures, self.losses) = (failures, losses) }
}

/// How far a round is.
public struct Progress: Equatable, Sendable {
    /// Those that nobody has, that workers have, that are done, and that a person must look at.
    public var open = 0, claimed = 0, done = 0, needPerson = 0
    /// When the first claim's time passes.
    public var nextLapse: Date?

    /// Whether workers have nothing left to do.
    public var isOver: Bool { open == 0 && claimed == 0 }
}
