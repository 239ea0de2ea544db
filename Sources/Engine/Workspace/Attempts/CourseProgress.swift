import Courses
import Foundation
import Notebook
import Wire

/// How far a learner is in the exercises of one folder.
public struct CourseProgress: Sendable {
    public var course: CourseDescription
    public var folder: String
    public var exercises: [ExerciseProgress]
    /// What could not be read of it, a sentence each.
    public var problems: [String] = []
}

/// How far a learner is in one exercise.
public struct ExerciseProgress: Sendable {
    public struct Question: Sendable {
        public var problem: String
        /// The last verdict, apart from those of a checker that failed; nil when it was never asked for.
        public var outcome: Verdict.Outcome?
        /// Whether it was right at some time.
        public var wasCorrect = false
        public var points = 0.0
        /// 1 as long as no verdict said another.
        public var maximum = 1.0
        /// How many hints were seen.
        public var hints = 0
        public var hasSeenSolution = false

        /// Whether there is nothing to answer, only to think over and read.
        public var isThought: Bool { outcome == .read || outcome == .unread }
    }

    /// For example `embeddings/1`.
    public var name: String
    public var title: String
    /// The learner's file, from the root.
    public var file: String
    public var questions: [Question]
    public var attempts: Int
    public var lastWorked: Date?

    public var points: Double { questions.reduce(0) { $0 + $1.points } }
    public var maximum: Double { questions.reduce(0) { $0 + ($1.isThought ? 0 : $1.maximum) } }
}

extension CourseProgress {
    /// Of the folder that a file lies in, as far as it is a workspace or a copy of a course.
    /// - Returns: nil for any other folder.
    public init?(around file: String, _ states: LearnerStateStore) {
        var workspace: Workspace?, problems: [String] = []
        do { workspace = try Workspace.ofLearner(containing: file) } catch { problems.append("\(error)") }
        let folder = workspace?.folder ?? (file as NSString).deletingLastPathComponent
        let given = (try? workspace?.courseFiles()) ?? [:]
        guard let manifest = given["course.json"] ?? (try? WholeFile.bytes(of: "\(folder)/course.json", atMost: 1 << 20)),
            let course = try? CourseDescription(json: manifest) else { return nil }
        let places = states.places
        let exercises = course.exercises.map { entry in
            var progress = ExerciseProgress(
                name: "\(course.name)/\(entry.number)", title: entry.title, file: "\(folder)/\(entry.file)", questions: [], attempts: 0)
            let starter = try? (given[entry.file] ?? WholeFile.bytes(of: progress.file)).toNotebook(entry.file)
            progress.expect(starter?.cells.filter { $0.kind == .code }.compactMap(\.problem) ?? [])
            if let place = places.first(where: { $0.file == progress.file || $0.exercise == progress.name }) { progress.add(place) }
            if let name = ExerciseName(progress.name), let attempts = workspace?.attempts(at: name) {
                let history = attempts.readableHistory()
                do { progress.add(try workspace?.naming(history.attempts, ofExercise: entry.number) ?? history.attempts) } catch { problems.append("\(error)") }
                if let problem = history.problem { problems.append("\(problem)") }
            }
            progress.add(states.state(ofExercise: progress.name))
            let saved = FileHistory(of: progress.file, stateFolder: states.folder).versions().first?.date
            progress.lastWorked = [progress.lastWorked, saved].compactMap { $0 }.max()
            return progress
        }
        self.init(course: course, folder: folder, exercises: exercises, problems: problems)
    }
}

extension Data {
    fileprivate func toNotebook(_ file: String) throws -> Notebook { try Notebook(bytes: self, ofFile: file) }
}

extension ExerciseProgress {
    /// Takes up questions in their order; those that are not known yet come behind the one that they follow here.
    fileprivate mutating func expect(_ problems: [String]) {
        var last: String?
        for problem in problems {
            defer { last = problem }
            if index(of: problem) != nil { continue }
            questions.insert(Question(problem: problem), at: last.flatMap(index).map { $0 + 1 } ?? 0)
        }
    }

    private func index(of problem: String) -> Int? { questions.firstIndex { $0.problem == problem } }

    fileprivate mutating func add(_ place: LearnerPlace) {
        let withAnswers = Set(questions.map(\.problem))
        expect(place.questions ?? [])
        // Where there is no cell for an answer, there is something to think over.
        for index in questions.indices where !withAnswers.contains(questions[index].problem) { questions[index].outcome = .unread }
        for (problem, word) in place.outcomes {
            guard let index = index(of: problem), let outcome = Verdict.Outcome(rawValue: word), outcome != .checkerFailed else { continue }
            questions[index].outcome = outcome
            if outcome == .correct { (questions[index].points, questions[index].wasCorrect) = (questions[index].maximum, true) }
        }
    }

    /// - Parameter history: the newest first.
    fileprivate mutating func add(_ history: [AttemptSummary]) {
        attempts = history.lazy.filter { $0.attempt.occasion == .check }.count
        lastWorked = history.first?.attempt.date
        var settled: Set<String> = [], known = Set(questions.map(\.problem))
        for summary in history {
            if !summary.attempt.results.allSatisfy({ known.contains($0.problem) }) {
                expect(summary.attempt.results.map(\.problem))
                known = Set(questions.map(\.problem))
            }
            for result in summary.attempt.results where result.outcome != .checkerFailed {
                // Once it is known how it came out last, older ones matter only when it was right then.
                if settled.contains(result.problem), result.outcome != .correct { continue }
                guard let index = index(of: result.problem) else { continue }
                if settled.insert(result.problem).inserted {
                    (questions[index].outcome, questions[index].points, questions[index].maximum) = (result.outcome, result.points, result.maximum)
                }
                if result.outcome == .correct { questions[index].wasCorrect = true }
            }
        }
    }

    fileprivate mutating func add(_ state: LearnerState) {
        for index in questions.indices {
            let problem = questions[index].problem
            questions[index].hints = state.hints[problem] ?? 0
            questions[index].hasSeenSolution = state.solutions.contains(problem)
            if questions[index].outcome == .unread, questions[index].hasSeenSolution { questions[index].outcome = .read }
        }
    }
}
