import Foundation
import Wire

/// A notebook as it was when its questions were checked, and how they came out.
public struct Attempt: Equatable, Sendable {
    /// Names an attempt in its repository.
    public typealias ID = ObjectID

    /// How one question came out.
    public struct Result: Equatable, Sendable {
        /// The question's path, for example `biasLayer`.
        public var problem: String
        public var outcome: Verdict.Outcome
        public var points: Double
        public var maximum: Double
        /// The kind of mistake, where the checker knows it.
        public var mistake: String?

        public init(problem: String, outcome: Verdict.Outcome, points: Double = 0, maximum: Double = 1, mistake: String? = nil) {
            (self.problem, self.outcome, self.points, self.maximum, self.mistake) = (problem, outcome, points, maximum, mistake)
        }

        public init(_ verdict: Verdict) {
            self.init(problem: verdict.problem, outcome: verdict.outcome, points: verdict.points, maximum: verdict.maximum, mistake: verdict.mistake)
        }
    }

    /// Why it was kept.
    public enum Occasion: String, Equatable, Sendable {
        case check
        /// Something of Etude's was about to replace the notebook.
        case restore, reset
    }

    /// All but the notebook.
    public struct Summary: Equatable, Sendable {
        public var exercise: ExerciseName
        /// nil where the course says none.
        public var courseVersion: String?
        /// The notebook's name, without folders.
        public var file: String
        /// To the millisecond.
        public var date: Date
        public var occasion: Occasion
        public var results: [Result]
        /// The cells that are new or not as in the attempt before, by id; by their words where the file gives them none.
        public var changedCells: [String]
        /// The cells of the attempt before that are no more.
        public var goneCells: [String]

        /// How many questions came out right.
        public var correct: Int { results.filter { $0.outcome == .correct }.count }
    }

    /// The most bytes that a notebook may have.
    public static let greatestNotebook = 16 << 20

    public var summary: Summary
    public var notebook: Data

    public init(
        exercise: ExerciseName, courseVersion: String? = nil, file: String, date: Date = Date(), occasion: Occasion = .check,
        results: [Result], changedCells: [String] = [], goneCells: [String] = [], notebook: Data
    ) {
        // As it is kept, so that an attempt that is read is equal to the one that was recorded.
        let date = Date(timeIntervalSince1970: (date.timeIntervalSince1970 * 1_000).rounded() / 1_000)
        summary = Summary(
            exercise: exercise, courseVersion: courseVersion, file: file, date: date, occasion: occasion, results: results,
            changedCells: changedCells, goneCells: goneCells)
        self.notebook = notebook
    }

    init(summary: Summary, notebook: Data) { (self.summary, self.notebook) = (summary, notebook) }
}

/// A line of an exercise's history.
public struct AttemptSummary: Equatable, Sendable, Identifiable {
    public let id: Attempt.ID
    public let attempt: Attempt.Summary
}
