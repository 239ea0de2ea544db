import Foundation

/// A result, and how it came about.
public struct RecordedResult: Equatable, Sendable {
    public var result: QuestionResult
    /// The points that the question gave at most.
    public var maximum: Double
    public var round: Round.ID
    public var key: GradingKey
    /// Which attempt at the grading it came from, whose worker, and in how strong a sandbox.
    public var attempt: Int
    public var worker: String
    public var sandbox: String
    public var recorded: Date
    /// When the grading was opened again; the result is history since then.
    public var replaced: Date?
}

/// Points and a comment that a person gave.
public struct Mark: Equatable, Sendable {
    public var question: String
    /// In place of the automatic ones; nil where these stand.
    public var points: Double?
    public var comment: String?
    public var author: String
    public var given: Date
}
