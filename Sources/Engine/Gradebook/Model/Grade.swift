/// What a student gets for an exercise.
public struct Grade: Equatable, Sendable {
    /// One question of it.
    public struct Item: Equatable, Sendable {
        public var question: Question
        /// nil before it is graded, and where nothing was handed in.
        public var result: RecordedResult?
        public var mark: Mark?

        /// A person's points, else the automatic ones; nil while neither is there, and after a failure of the grader's.
        public var points: Double? { mark?.points ?? (result?.result.outcome == .graderFailure ? nil : result?.result.points) }
    }

    public var student: Student
    /// The one that counts; nil where nothing was handed in.
    public var submission: GradedSubmission?
    /// In the order of the exercise.
    public var items: [Item]
    /// nil without rules for the exercise.
    public var lateness: Lateness?

    public var maximum: Double { items.reduce(0) { $0 + $1.question.maximum } }
    /// Before anything is taken for lateness.
    public var earned: Double { items.reduce(0) { $0 + ($1.points ?? 0) } }
    /// What counts in the end.
    public var points: Double { lateness?.points(of: earned, maximum: maximum) ?? earned }
    /// Whether each question has its points, so that nothing can change but by a person's will.
    public var isComplete: Bool { submission != nil && !items.isEmpty && items.allSatisfy { $0.points != nil } }
}
