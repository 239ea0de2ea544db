import Wire

/// How a question came out when it was graded.
public enum Outcome: String, CaseIterable, Codable, Sendable {
    case correct, incorrect, notAttempted
    /// The learner's code does not compile, traps, throws, or passes a limit.
    case learnerError
    /// The file is none that can be graded. It costs the learner nothing: an earlier submission counts then, if there is one.
    case notGradable
    /// Something of Etude's, the course's or the machine's failed. Never the learner's fault: it is tried again, then put before a person.
    case graderFailure

    /// - Returns: nil for a thought experiment, which nothing can judge.
    public init?(_ outcome: Verdict.Outcome) {
        switch outcome {
        case .correct: self = .correct
        case .incorrect: self = .incorrect
        case .notAttempted: self = .notAttempted
        case .error: self = .learnerError
        case .checkerFailed: self = .graderFailure
        case .unread, .read: return nil
        }
    }
}
