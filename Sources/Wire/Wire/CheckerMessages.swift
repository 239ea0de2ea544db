/// What the host asks of a checker process.
public enum CheckerCommand: Codable, Equatable, Sendable {
    /// Which problems there are. Ends with ``CheckerReport/outlines(_:)``.
    case describe
    /// Judge one problem (not a multipart). Ends with ``CheckerReport/verdict(_:)``, after any number of
    /// ``CheckerReport/query(_:)``, each answered by ``answer(_:)``.
    case judge(exercise: String, problem: String)
    case answer(AnswerReply)
}

/// What a checker process tells the host.
public enum CheckerReport: Codable, Equatable, Sendable {
    case ready(version: Int)
    case outlines([ExerciseOutline])
    case query(AnswerQuery)
    case verdict(Verdict)
    /// The request could not be served: the checkers' fault, never the learner's.
    case failed(String)
}

/// An exercise's problems, as its checker declares them.
public struct ExerciseOutline: Codable, Equatable, Sendable {
    /// The module that a learner imports, for example `EmbeddingLayers`.
    public var name: String
    public var problems: [ProblemOutline]
    public init(name: String, problems: [ProblemOutline]) { (self.name, self.problems) = (name, problems) }

    /// All problems, parts after the multipart problem that holds them.
    public var allProblems: [ProblemOutline] { problems.flatMap { [$0] + $0.parts } }
    public func problem(_ path: String) -> ProblemOutline? { allProblems.first { $0.path == path } }
}

public struct ProblemOutline: Codable, Equatable, Sendable {
    public enum Kind: String, Codable, Sendable { case thought, equality, function, coding, multipart }
    /// For example `part3.c`.
    public var path: String
    public var kind: Kind
    /// The names that hold the answer.
    public var variables: [String]
    public var points: Double
    public var isBonus: Bool
    public var parts: [ProblemOutline]
    public init(
        path: String, kind: Kind, variables: [String], points: Double, isBonus: Bool = false, parts: [ProblemOutline] = []
    ) {
        (self.path, self.kind, self.variables, self.points) = (path, kind, variables, points)
        (self.isBonus, self.parts) = (isBonus, parts)
    }
}

/// What there is to say of an answer.
public struct Verdict: Codable, Equatable, Sendable {
    public enum Outcome: String, Codable, Sendable {
        case correct, incorrect, notAttempted
        /// The learner's code ended in an error: a trap, a thrown error.
        case error
        /// A thought experiment whose solution was not read yet, or was.
        case unread, read
        /// The checker failed: an apology, never a mark against the learner.
        case checkerFailed
    }
    public var problem: String
    public var outcome: Outcome
    /// A sentence to the learner, in Markdown; empty where the outcome says it all.
    public var feedback: String
    /// Which kind of mistake it is, for example `bias-per-user`.
    public var mistake: String?
    public var points: Double
    public var maximum: Double
    /// The cell that holds the answer, and the line in it, where known.
    public var cell: String?
    public var line: Int?
    /// The verdicts of a multipart problem's parts.
    public var parts: [Verdict]

    public init(
        problem: String, outcome: Outcome, feedback: String = "", mistake: String? = nil, points: Double = 0,
        maximum: Double, cell: String? = nil, line: Int? = nil, parts: [Verdict] = []
    ) {
        (self.problem, self.outcome, self.feedback, self.mistake) = (problem, outcome, feedback, mistake)
        (self.points, self.maximum, self.cell, self.line, self.parts) = (points, maximum, cell, line, parts)
    }
}
