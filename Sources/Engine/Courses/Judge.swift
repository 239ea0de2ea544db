import Processes
import Sessions
import Wire

/// A checker process: it judges answers that come to it as data, and never loads a line of the learner's code.
/// A checker that crashes or hangs is replaced by a new one; its verdict is an apology.
public final class Judge {
    private let installation: Installation
    private let library: String
    private let exercise: String
    private let patience: Duration
    private let interruption: Interruption?
    private var conversation: CheckerConversation?

    /// - Parameters:
    ///   - library: the course's compiled checkers.
    ///   - patience: how long a checker may take between two of its messages.
    ///   - interruption: ends a judgement when a person asks for it. The request is left standing, for the run that the
    ///     judgement belongs to.
    public init(
        _ installation: Installation, library: String, exercise: String, patience: Duration = .seconds(60), interruption: Interruption? = nil
    ) {
        (self.installation, self.library, self.exercise) = (installation, library, exercise)
        (self.patience, self.interruption) = (patience, interruption)
    }

    /// The exercises that the checkers declare.
    /// - Throws: ``ExerciseError``.
    public static func outlines(
        _ installation: Installation, library: String, patience: Duration = .seconds(60), interruption: Interruption? = nil
    ) throws -> [ExerciseOutline] {
        do {
            let conversation = try CheckerConversation(installation, library: library, patience: patience, interruption: interruption)
            switch try conversation.ask(.describe) {
            case .outlines(let outlines): return outlines
            case .failed(let reason): throw CheckerFailure(reason)
            case .ready, .query, .verdict: throw CheckerFailure("it did not say which questions it has.")
            }
        } catch let failure as CheckerFailure {
            throw failure.isInterruption ? ExerciseError.interrupted : ExerciseError.checkerFailed(failure.reason)
        } catch is WireError {
            throw ExerciseError.checkerFailed("it sent what can't be understood.")
        }
    }

    /// Judges one problem that has no parts.
    public func verdict(on problem: ProblemOutline, answers: any AnswerSource) -> Verdict {
        do {
            let conversation = try self.conversation
                ?? CheckerConversation(installation, library: library, patience: patience, interruption: interruption)
            self.conversation = conversation
            return try judge(problem, answers, conversation)
        } catch {
            // A process that failed once is not trusted with the next answer.
            conversation = nil
            return Verdict(
                problem: problem.path, outcome: .checkerFailed,
                feedback: "The checker of \(problem.path) failed, which is no fault of yours: \(reason(error)) "
                    + "Please tell the course's author.",
                maximum: problem.points)
        }
    }

    private func reason(_ error: any Error) -> String {
        switch error {
        case let failure as CheckerFailure: failure.reason
        case is WireError: "it sent what can't be understood."
        default: "\(error)"
        }
    }

    private func judge(_ problem: ProblemOutline, _ answers: any AnswerSource, _ conversation: CheckerConversation) throws -> Verdict {
        var report = try conversation.ask(.judge(exercise: exercise, problem: problem.path))
        while case .query(let query) = report {
            let (reply, attachment) = answers.answer(to: query)
            report = try conversation.ask(.answer(reply), attachment: attachment)
        }
        switch report {
        case .verdict(let verdict) where verdict.problem == problem.path: return verdict
        case .failed(let reason): throw CheckerFailure(reason)
        case .verdict, .ready, .outlines, .query: throw CheckerFailure("it answered something else than the verdict that was asked for.")
        }
    }
}

/// Why a checker could not judge; ends with a full stop.
struct CheckerFailure: Error {
    let reason: String
    var isInterruption = false
    init(_ reason: String) { self.reason = reason }
    static let interruption: CheckerFailure = {
        var failure = CheckerFailure("it was interrupted.")
        failure.isInterruption = true
        return failure
    }()
}
