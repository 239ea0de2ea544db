import Notebook
import Sessions
import Wire

/// Something that a question has to say to the learner; a face words and colours it.
public enum QuestionNotice: Sendable {
    case verdict(Verdict)
    /// Hint `number` of `total`, in Markdown.
    case hint(problem: String, number: Int, total: Int, text: String)
    case solution(problem: String, cells: [Cell])
    /// A friendly sentence: there is no such hint, nothing to check.
    case remark(problem: String, sentence: String)
}

/// Answers `check()`, `hint()` and `solution()`, whoever asks: a cell, or a person on the command line.
public final class QuestionDesk {
    /// What became of the cell that holds an answer, before any checker is asked.
    public enum CellState {
        /// It is still the starter's.
        case untouched
        /// It holds gaps.
        case waiting(String)
        /// It, or one that it needs, did not run to its end.
        case failed(String, CellPlace?)
        case ran(CellPlace?)
    }

    private let exercise: Exercise
    public let outline: ExerciseOutline
    private let judge: Judge
    private let solutions: SolutionsFile
    private let states: LearnerStateStore
    private var hintsShown: [String: Int] = [:]

    public init(exercise: Exercise, outline: ExerciseOutline, judge: Judge, solutions: SolutionsFile, states: LearnerStateStore) {
        (self.exercise, self.outline, self.judge) = (exercise, outline, judge)
        (self.solutions, self.states) = (solutions, states)
    }

    public func problem(_ path: String) throws -> ProblemOutline {
        guard let problem = outline.problem(path) else {
            throw ExerciseError.unknownProblem(path, known: outline.allProblems.map(\.path))
        }
        return problem
    }

    /// The verdict on a problem as the answer is now.
    public func verdict(on problem: ProblemOutline, state: (ProblemOutline) -> CellState, answers: any AnswerSource) -> Verdict {
        switch problem.kind {
        case .multipart:
            return sum(of: problem, parts: problem.parts.map { verdict(on: $0, state: state, answers: answers) })
        case .thought:
            let isRead = states.state(of: exercise).solutions.contains(problem.path)
            return Verdict(
                problem: problem.path, outcome: isRead ? .read : .unread,
                feedback: isRead ? "" : "Nothing to check here: think it over, then read \(problem.path).solution().", maximum: problem.points)
        case .equality, .function, .coding:
            switch state(problem) {
            case .untouched:
                return Verdict(
                    problem: problem.path, outcome: .notAttempted,
                    feedback: "The cell is still as you got it. Change it, then check again.", maximum: problem.points)
            case .waiting(let sentence):
                return Verdict(problem: problem.path, outcome: .notAttempted, feedback: sentence, maximum: problem.points)
            case .failed(let sentence, let place):
                return Verdict(
                    problem: problem.path, outcome: .error, feedback: sentence, maximum: problem.points, cell: place?.cell, line: place?.line)
            case .ran(let place):
                var verdict = judge.verdict(on: problem, answers: answers)
                (verdict.cell, verdict.line) = (place?.cell, place?.line)
                return verdict
            }
        }
    }

    private func sum(of problem: ProblemOutline, parts: [Verdict]) -> Verdict {
        // A part that was added as a bonus counts for its points only.
        let bonus = Set(problem.parts.filter(\.isBonus).map(\.path))
        let judged = parts.filter { ![.read, .unread].contains($0.outcome) && !bonus.contains($0.problem) }
        let correct = judged.filter { $0.outcome == .correct }.count
        func some(_ outcomes: Verdict.Outcome...) -> Bool { judged.contains { outcomes.contains($0.outcome) } }
        let outcome: Verdict.Outcome =
            if judged.isEmpty { parts.contains { $0.outcome == .unread } ? .unread : .read
            } else if correct == judged.count { .correct
            } else if some(.checkerFailed) { .checkerFailed
            } else if some(.incorrect, .error) { .incorrect
            } else { .notAttempted }
        let feedback = judged.isEmpty ? "" : "\(correct) of \(judged.count) \(judged.count == 1 ? "part" : "parts") with an answer \(correct == 1 ? "is" : "are") correct."
        return Verdict(
            problem: problem.path, outcome: outcome, feedback: feedback, points: parts.reduce(0) { $0 + $1.points },
            maximum: problem.points, parts: parts)
    }

    /// A hint; nil asks for the one after the last that was shown here.
    public func hint(_ number: Int?, for problem: ProblemOutline) -> QuestionNotice {
        let hints = solutions[problem.path].hints
        guard !hints.isEmpty else {
            let parts = problem.parts.map(\.path).filter { !solutions[$0].hints.isEmpty }
            let sentence = parts.isEmpty ? "There is no hint for this one." : "Hints belong to the parts: try \(parts.map { "\($0).hint()" }.joined(separator: " or "))."
            return .remark(problem: problem.path, sentence: sentence)
        }
        let wanted = number ?? (hintsShown[problem.path] ?? 0) + 1
        guard (1...hints.count).contains(wanted) else {
            let sentence = wanted < 1
                ? "Hints are counted from 1: \(problem.path).hint(1) is the first of \(hints.count)."
                : "That was all: there \(hints.count == 1 ? "is one hint" : "are \(hints.count) hints") for \(problem.path). When you are stuck, \(problem.path).solution() explains the answer."
            return .remark(problem: problem.path, sentence: sentence)
        }
        hintsShown[problem.path] = max(wanted, hintsShown[problem.path] ?? 0)
        states.update(exercise) { $0.hints[problem.path] = max(wanted, $0.hints[problem.path] ?? 0) }
        return .hint(problem: problem.path, number: wanted, total: hints.count, text: hints[wanted - 1])
    }

    /// Takes up the count of hints where earlier runs left it.
    public func resumeHints() { hintsShown = states.state(of: exercise).hints }

    public func solution(of problem: ProblemOutline) -> [QuestionNotice] {
        let wanted = problem.parts.isEmpty ? [problem] : problem.parts
        return wanted.map { problem in
            let cells = solutions[problem.path].solution
            guard !cells.isEmpty else {
                return .remark(problem: problem.path, sentence: "The course gives no solution for \(problem.path).")
            }
            states.update(exercise) { $0.solutions.insert(problem.path) }
            return .solution(problem: problem.path, cells: cells)
        }
    }

    /// All that a request from a cell has to be told.
    public func notices(for request: QuestionRequest, state: (ProblemOutline) -> CellState, answers: any AnswerSource) -> [QuestionNotice] {
        guard let problem = outline.problem(request.problem) else {
            return [.remark(problem: request.problem, sentence: "\(ExerciseError.unknownProblem(request.problem, known: outline.allProblems.map(\.path)))")]
        }
        switch request.action {
        case .check: return [.verdict(verdict(on: problem, state: state, answers: answers))]
        case .hint(let number): return [hint(number, for: problem)]
        case .solution: return solution(of: problem)
        }
    }
}
