import CellCompiler
import Foundation
import Notebook
import Sessions
import Wire

/// The steps that prove one exercise. Each gives its findings by itself, whichever were done before, by any prover.
struct ExerciseProof {
    typealias Step = (Prover) throws -> [Finding]

    private let exercise: Exercise
    private let outline: ExerciseOutline?
    private let solutions: SolutionsFile?
    private let starter: Notebook
    /// The exercise with every question answered right: what other answers are tried in.
    private let reference: Notebook
    
    /// - Throws: what is wrong with the exercise's files.
    init(_ exercise: Exercise, outline: ExerciseOutline?) throws {
        (self.exercise, self.outline) = (exercise, outline)
        solutions = try exercise.solutions()
        starter = try exercise.starter()
        var reference = starter
        for problem in outline?.allProblems ?? [] {
            guard let right = solutions?[problem.path].right.first, let cell = Self.cell(of: problem, in: starter) else { continue }
            reference = try reference.replacing(source: right.source, ofCell: cell.id)
        }
        self.reference = reference
    }

    var steps: [Step] {
        guard let outline, let solutions else { return [{ _ in [links] }, starterRuns] }
        return [{ _ in [links] + names(outline, solutions) }, starterRuns, answeredRuns]
            + outline.allProblems.filter { $0.kind != .multipart }.flatMap { steps(for: $0, solutions[$0.path]) }
    }

    private static func cell(of problem: ProblemOutline, in notebook: Notebook) -> Cell? {
        notebook.cells.first { $0.kind == .code && $0.problem == problem.path }
    }

    private func finding(_ problem: String, _ subject: String, _ passed: Bool, _ detail: String) -> Finding {
        Finding(exercise: exercise.name, problem: problem, subject: subject, passed: passed, detail: detail)
    }

    /// A finding that passes when nothing speaks against it.
    private func finding(_ problem: String, _ subject: String, against: [String], else detail: String) -> Finding {
        finding(problem, subject, against.isEmpty, against.isEmpty ? detail : against.joined(separator: "; "))
    }

    // MARK: The whole exercise

    private var links: Finding {
        var broken = Links.broken(in: starter, folder: exercise.course.exercisesFolder)
        for (path, solution) in (solutions?.problems ?? [:]).sorted(by: { $0.key < $1.key }) {
            let hints = solution.hints.enumerated().map { Cell(id: "hint \($0 + 1) of \(path)", kind: .markdown, source: $1) }
            let prose = solution.solution.map { Cell(id: "solution of \(path)", kind: $0.kind, source: $0.source, attachments: $0.attachments) }
            broken += Links.broken(in: Notebook(cells: hints + prose), folder: exercise.course.exercisesFolder)
        }
        return finding("", "links and images", against: broken, else: "all there")
    }

    /// The names of questions in the exercise and its solutions, which nothing else would miss.
    private func names(_ outline: ExerciseOutline, _ solutions: SolutionsFile) -> [Finding] {
        let known = Set(outline.allProblems.map(\.path))
        let inCells = starter.cells.compactMap(\.problem).filter { !known.contains($0) }.map { "a cell belongs to \($0), which the checkers do not have" }
        let inSolutions = solutions.problems.keys.sorted().map(\.description).filter { !known.contains($0) }.map { "the solutions are for \($0), which the checkers do not have" }
        return [finding("", "names of questions", against: inCells + inSolutions, else: "all known")]
    }

    private func starterRuns(_ prover: Prover) throws -> [Finding] {
        var judged: [Verdict] = []
        let run = try prover.outcome(of: starter) { run in
            guard try run.run() else { return (false, []) }
            judged = leaves(try run.verdictsOnUntouched())
            return (true, leaves(try run.verdicts()))
        }
        return [finding("", "starter runs", against: run.failures, else: "\(run.completed) cells")]
            + zip(run.verdicts, judged).map { verdict, judged in
                if [.read, .unread].contains(verdict.outcome) { return finding(verdict.problem, "starter", true, "thought experiment") }
                // A learner who changes a word beside the answer is judged: what they were given must not pass.
                if [.correct, .checkerFailed].contains(judged.outcome) {
                    return finding(verdict.problem, "starter", false, "what the starter holds, judged as an answer: \(judged.outcome.rawValue) \(judged.feedback)")
                }
                return finding(verdict.problem, "starter", verdict.outcome == .notAttempted, verdict.outcome.rawValue)
            }
    }

    private func answeredRuns(_ prover: Prover) throws -> [Finding] {
        let run = try prover.outcome(of: reference) { try ($0.run(), $0.verdicts()) }
        let unsolved = leaves(run.verdicts).filter { ![.correct, .read, .unread].contains($0.outcome) }
        return [
            finding("", "answered runs", against: run.failures, else: "\(run.completed) cells"),
            finding("", "answered is correct", against: unsolved.map { "\($0.problem): \($0.outcome.rawValue) \($0.feedback)" }, else: "all correct"),
        ]
    }

    private func leaves(_ verdicts: [Verdict]) -> [Verdict] { verdicts.flatMap { $0.parts.isEmpty ? [$0] : $0.parts } }

    // MARK: A question

    private func steps(for problem: ProblemOutline, _ solutions: ProblemSolutions) -> [Step] {
        var steps: [Step] = []
        if problem.kind != .thought {
            var missing: [String] = []
            if solutions.right.isEmpty { missing.append("the solutions hold none") }
            if Self.cell(of: problem, in: starter) == nil { missing.append("no cell of the exercise is for \(problem.path)") }
            if !missing.isEmpty { steps.append { _ in [finding(problem.path, "right answers", false, missing.joined(separator: "; "))] } }
        }
        if let cell = Self.cell(of: problem, in: starter) {
            for (index, right) in solutions.right.enumerated() {
                steps.append { try [judged(problem, right, in: cell.id, "right \(index + 1)", $0) { $0.outcome == .correct }] }
            }
            for wrong in solutions.wrong {
                steps.append {
                    try [judged(problem, wrong.cell, in: cell.id, "wrong \(wrong.mistake)", $0) {
                        [.incorrect, .error, .notAttempted].contains($0.outcome) && $0.mistake == wrong.mistake
                    }]
                }
            }
        }
        steps.append { try solution(of: problem, solutions, $0) }
        return steps
    }

    /// Tries an answer in place of the exercise's own cell.
    private func judged(
        _ problem: ProblemOutline, _ answer: Cell, in cell: String, _ subject: String, _ prover: Prover, passes: (Verdict) -> Bool
    ) throws -> Finding {
        let notebook = try reference.replacing(source: answer.source, ofCell: cell)
        let run = try prover.outcome(of: notebook) { run in
            guard try run.bringUpToDate(for: [problem]) else { return (false, []) }
            var verdicts = try run.verdicts(on: [problem])
            for index in verdicts.indices where verdicts[index].mistake == nil { verdicts[index].mistake = run.result(ofCell: cell)?.mistakeIdentifier }
            return (true, verdicts)
        }
        guard let verdict = run.verdicts.first else { return finding(problem.path, subject, against: run.failures, else: "no verdict came") }
        let said = verdict.feedback.isEmpty ? verdict.outcome.rawValue : verdict.feedback
        if passes(verdict) { return finding(problem.path, subject, true, said) }
        return finding(problem.path, subject, false, "\(verdict.outcome.rawValue), \(verdict.mistake ?? "no mistake id"): \(verdict.feedback)")
    }

    private func solution(of problem: ProblemOutline, _ solutions: ProblemSolutions, _ prover: Prover) throws -> [Finding] {
        let code = solutions.solution.filter { $0.kind == .code }
        var findings = [finding(problem.path, "solution", !solutions.solution.isEmpty, solutions.solution.isEmpty ? "the solutions hold none" : "\(solutions.solution.count) cells")]
        if !code.isEmpty {
            // A solution's code runs where the learner would put it: right below the answered cell.
            var notebook = reference
            let position = notebook.cells.firstIndex { $0.problem == problem.path }.map { $0 + 1 } ?? notebook.cells.count
            let extra = code.enumerated().map { Cell(id: "solution-\($0 + 1)", kind: .code, source: $1.source) }
            notebook.cells.insert(contentsOf: extra, at: position)
            let run = try prover.outcome(of: notebook) { (try $0.bringUpToDate(Set(extra.map(\.id))), []) }
            findings.append(finding(problem.path, "solution runs", against: run.failures, else: "runs"))
        }
        let givenAway = Dictionary(uniqueKeysWithValues: solutions.hintsThatShareCode())
        return findings + solutions.hints.indices.map { index in
            let run = givenAway[index + 1]
            return finding(problem.path, "hint \(index + 1)", run == nil, run.map { "gives away: \($0)" } ?? "gives nothing away")
        }
    }
}

extension CellResult {
    /// What kind of mistake a cell that did not run to its end holds: the compiler's own name of its first error, or a
    /// word for how it ended.
    public var mistakeIdentifier: String? {
        switch outcome {
        case .completed, .waiting, .skipped: nil
        case .doesNotCompile(let diagnostics): diagnostics.first { $0.severity == .error }?.id ?? "does-not-compile"
        case .threw: "threw"
        case .exited: "exit"
        case .waitsForever: "waits-forever"
        case .died: "trap"
        case .interrupted: "interrupted"
        }
    }
}
