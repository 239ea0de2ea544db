import Wire

/// How one question of a submission came out, with all that is needed to explain it and to repeat it.
public struct QuestionResult: Equatable, Sendable {
    /// The question's path.
    public var question: String
    public var outcome: Outcome
    public var points: Double
    /// A sentence to the learner, in Markdown; empty where the outcome says it all. At most 16 KiB are kept.
    public var sentence: String
    /// The kind of mistake, where the checker knows it.
    public var mistake: String?
    /// Where it went wrong or the answer stands: the cell's id, and the line in it from 1.
    public var cell: String?
    public var line: Int?
    /// What the random values came from.
    public var seed: UInt64?
    public var used: Usage?

    public init(
        _ question: String, _ outcome: Outcome, points: Double = 0, sentence: String = "", mistake: String? = nil, cell: String? = nil,
        line: Int? = nil, seed: UInt64? = nil, used: Usage? = nil
    ) {
        (self.question, self.outcome, self.points, self.sentence, self.mistake) = (question, outcome, points, sentence, mistake)
        (self.cell, self.line, self.seed, self.used) = (cell, line, seed, used)
    }

    /// - Returns: nil for a thought experiment.
    public init?(_ verdict: Verdict, seed: UInt64? = nil, used: Usage? = nil) {
        guard let outcome = Outcome(verdict.outcome) else { return nil }
        self.init(
            verdict.problem, outcome, points: verdict.points, sentence: verdict.feedback, mistake: verdict.mistake, cell: verdict.cell,
            line: verdict.line, seed: seed, used: used)
    }
}

/// What a run has used of the machine.
public struct Usage: Equatable, Sendable {
    /// Of all its threads, and by the clock; kept to the millisecond.
    public var processorTime, duration: Duration
    /// Bytes, at the most.
    public var memory: Int

    public init(processorTime: Duration, duration: Duration, memory: Int) {
        (self.processorTime, self.duration, self.memory) = (processorTime, duration, memory)
    }
}

/// What came of grading a submission once.
public struct GradingRun: Equatable, Sendable {
    /// One for each question of the claim.
    public var results: [QuestionResult]
    /// How strong the sandbox was.
    public var sandbox: String
    public var used: Usage?

    public init(_ results: [QuestionResult], sandbox: String, used: Usage? = nil) {
        (self.results, self.sandbox, self.used) = (results, sandbox, used)
    }
}
