import CellCompiler
import Display
import Foundation
import Notebook
import Sessions
import Wire

/// One thing that was proven of a course, or not.
public struct Finding: Codable, Sendable {
    /// The exercise, `embeddings/1`.
    public var exercise: String
    /// The question it is about; empty for the whole exercise.
    public var problem: String
    /// What was tried: `starter`, `right 2`, `wrong bias-per-user`, `solution`, `hint 1`, `links`.
    public var subject: String
    public var passed: Bool
    /// What came out, and where it failed what should have.
    public var detail: String
}

/// Proves that a course works: every starter is not attempted, every right answer passes, every wrong answer gets the
/// feedback meant for it, every solution runs, no hint gives the solution away, and what the texts point to exists.
public struct Verification {
    private let studio: Studio
    private let report: (Finding) -> Void

    /// - Parameter report: told of each finding as it comes.
    public init(_ studio: Studio, report: @escaping (Finding) -> Void) { (self.studio, self.report) = (studio, report) }

    /// - Returns: whether all was proven.
    public func verify(_ course: Course) throws -> Bool {
        var passed = true
        for exercise in course.exercises where try !verify(exercise) { passed = false }
        return passed
    }

    private func verify(_ exercise: Exercise) throws -> Bool {
        var findings: [Finding] = []
        func found(_ problem: String, _ subject: String, _ passed: Bool, _ detail: String) {
            let finding = Finding(exercise: exercise.name, problem: problem, subject: subject, passed: passed, detail: detail)
            findings.append(finding)
            report(finding)
        }

        let starter = try exercise.starter()
        let broken = Links.broken(in: starter, folder: exercise.course.exercisesFolder)
        found("", "links and images", broken.isEmpty, broken.isEmpty ? "all there" : broken.joined(separator: "; "))

        let starterRun = try outcome(of: starter, exercise, only: nil)
        let failures = starterRun.failures
        found("", "starter runs", failures.isEmpty, failures.isEmpty ? "\(starterRun.completed) cells" : failures.joined(separator: "; "))
        guard let desk = try studio.desk(for: exercise)?.desk, let solutions = try exercise.solutions() else { return findings.allSatisfy(\.passed) }

        for verdict in starterRun.verdicts.flatMap({ $0.parts.isEmpty ? [$0] : $0.parts }) {
            let isThought = verdict.outcome == .read || verdict.outcome == .unread
            found(verdict.problem, "starter", isThought || verdict.outcome == .notAttempted, isThought ? "thought experiment" : verdict.outcome.rawValue)
        }

        // The exercise with every question answered right: what other answers are tried in.
        var reference = starter
        for problem in desk.outline.allProblems {
            guard let right = solutions[problem.path].right.first, let cell = starter.cells.first(where: { $0.problem == problem.path }) else { continue }
            reference = try reference.replacing(source: right.source, ofCell: cell.id)
        }
        let whole = try outcome(of: reference, exercise, only: nil)
        found("", "answered runs", whole.failures.isEmpty, whole.failures.isEmpty ? "\(whole.completed) cells" : whole.failures.joined(separator: "; "))
        let unsolved = whole.verdicts.filter { ![.correct, .read, .unread].contains($0.outcome) }
        found("", "answered is correct", unsolved.isEmpty, unsolved.isEmpty ? "all correct" : unsolved.map { "\($0.problem): \($0.outcome.rawValue) \($0.feedback)" }.joined(separator: "; "))

        for problem in desk.outline.allProblems where problem.kind != .multipart {
            let cell = starter.cells.first { $0.problem == problem.path }
            if problem.kind != .thought && solutions[problem.path].right.isEmpty { found(problem.path, "right answers", false, "the solutions hold none") }
            for (index, right) in solutions[problem.path].right.enumerated() {
                guard let cell else { found(problem.path, "right \(index + 1)", false, "the exercise has no cell for it"); continue }
                let verdict = try self.verdict(on: problem, with: right.source, in: reference, cell: cell.id, exercise)
                found(problem.path, "right \(index + 1)", verdict.outcome == .correct, verdict.outcome == .correct ? "correct" : "\(verdict.outcome.rawValue): \(verdict.feedback)")
            }
            for wrong in solutions[problem.path].wrong {
                guard let cell else { found(problem.path, "wrong \(wrong.mistake)", false, "the exercise has no cell for it"); continue }
                let verdict = try self.verdict(on: problem, with: wrong.cell.source, in: reference, cell: cell.id, exercise)
                let isCaught = [.incorrect, .error, .notAttempted].contains(verdict.outcome) && verdict.mistake == wrong.mistake
                found(problem.path, "wrong \(wrong.mistake)", isCaught, isCaught ? verdict.feedback : "\(verdict.outcome.rawValue), \(verdict.mistake ?? "no mistake id"): \(verdict.feedback)")
            }
            try verifySolution(of: problem, solutions, in: reference, after: cell?.id, exercise, found)
        }
        return findings.allSatisfy(\.passed)
    }

    private func verifySolution(
        of problem: ProblemOutline, _ solutions: SolutionsFile, in reference: Notebook, after cellID: String?, _ exercise: Exercise,
        _ found: (String, String, Bool, String) -> Void
    ) throws {
        let solution = solutions[problem.path].solution
        found(problem.path, "solution", !solution.isEmpty, solution.isEmpty ? "the solutions hold none" : "\(solution.count) cells")
        let code = solution.filter { $0.kind == .code }
        if !code.isEmpty {
            // A solution's code runs where the learner would put it: right below the answered cell.
            var notebook = reference
            let position = notebook.cells.firstIndex { $0.id == cellID }.map { $0 + 1 } ?? notebook.cells.count
            let extra = code.enumerated().map { Cell(id: "solution-\($0 + 1)", kind: .code, source: $1.source) }
            notebook.cells = Array(notebook.cells[..<position]) + extra
            let run = try outcome(of: notebook, exercise, only: nil, needing: problem, and: Set(extra.map(\.id)))
            found(problem.path, "solution runs", run.failures.isEmpty, run.failures.isEmpty ? "runs" : run.failures.joined(separator: "; "))
        }
        let givenAway = Dictionary(uniqueKeysWithValues: solutions[problem.path].hintsThatShareCode())
        for number in solutions[problem.path].hints.indices.map({ $0 + 1 }) {
            found(problem.path, "hint \(number)", givenAway[number] == nil, givenAway[number].map { "gives away: \($0)" } ?? "gives nothing away")
        }
    }

    // MARK: Runs

    private struct RunOutcome {
        var completed: Int
        var failures: [String]
        var verdicts: [Verdict]
    }

    /// Runs a notebook in a session of its own, and collects what should not happen in a course's own cells.
    private func outcome(
        of notebook: Notebook, _ exercise: Exercise, only wanted: Set<String>?, needing problem: ProblemOutline? = nil, and extra: Set<String> = []
    ) throws -> RunOutcome {
        let audience = QuietAudience()
        let run = try studio.run(notebook, as: exercise, workingDirectory: exercise.course.exercisesFolder, audience: audience)
        defer { run.end() }
        let cells = problem.map { run.cellsNeeded(for: [$0]).union(extra) } ?? wanted
        _ = try run.run(only: cells)
        return RunOutcome(completed: audience.completed, failures: audience.failures, verdicts: problem == nil ? try run.verdicts() : [])
    }

    private func verdict(on problem: ProblemOutline, with source: String, in reference: Notebook, cell: String, _ exercise: Exercise) throws -> Verdict {
        let notebook = try reference.replacing(source: source, ofCell: cell)
        let audience = QuietAudience()
        let run = try studio.run(notebook, as: exercise, workingDirectory: exercise.course.exercisesFolder, audience: audience)
        defer { run.end() }
        _ = try run.run(only: run.cellsNeeded(for: [problem]))
        guard var verdict = try run.verdicts(on: [problem]).first else { throw ExerciseError.unknownProblem(problem.path, known: []) }
        if verdict.mistake == nil { verdict.mistake = run.result(ofCell: cell)?.mistakeIdentifier }
        return verdict
    }
}

extension CellResult {
    /// What kind of mistake a cell that did not run to its end holds: the compiler's own name of its first error, or a
    /// word for how it ended.
    public var mistakeIdentifier: String? {
        switch outcome {
        case .completed, .waiting, .skipped: nil
        case .doesNotCompile(let diagnostics): diagnostics.first?.id ?? "does-not-compile"
        case .threw: "threw"
        case .exited: "exit"
        case .waitsForever: "waits-forever"
        case .died: "trap"
        case .interrupted: "interrupted"
        }
    }
}

/// Counts, and notes what failed.
private final class QuietAudience: RunAudience {
    var completed = 0
    var failures: [String] = []

    func cellBegins(_ cell: Cell, number: Int) {}
    func cellPrinted(_ bytes: [UInt8], isError: Bool) {}
    func cellDisplayed(_ value: DisplayValue, identifier: Int?) {}
    func cellSaves(_ value: DisplayValue, path: String) {}
    func questionAnswered(_ notice: QuestionNotice) {}

    func cellEnded(_ cell: Cell, number: Int, result: CellResult) {
        switch result.outcome {
        case .completed: completed += 1
        case .waiting, .skipped: break
        case .doesNotCompile(let diagnostics): failures.append("cell \(number) (\(cell.id)) line \(diagnostics.first?.line ?? 1): \(diagnostics.first?.message ?? "")")
        case .threw(let sentence, _), .died(let sentence, _): failures.append("cell \(number) (\(cell.id)): \(sentence)")
        case .exited, .waitsForever, .interrupted: failures.append("cell \(number) (\(cell.id)): \(result.mistakeIdentifier ?? "")")
        }
    }
}

/// What a notebook's prose points to.
enum Links {
    /// The images and links that lead nowhere. Addresses of the web are read, not fetched.
    static func broken(in notebook: Notebook, folder: String) -> [String] {
        notebook.cells.filter { $0.kind == .markdown }.flatMap { cell in
            targets(in: cell.source).compactMap { target in
                let path = target.prefix { $0 != "#" }
                if path.isEmpty || cell.attachments?[String(target.dropFirst("attachment:".count))] != nil { return nil }
                if target.contains("://") || target.hasPrefix("mailto:") { return URL(string: target)?.host == nil && !target.hasPrefix("mailto:") ? target : nil }
                return FileManager.default.fileExists(atPath: "\(folder)/\(path)") ? nil : "\(target) (cell \(cell.id))"
            }
        }
    }

    private static func targets(in markdown: String) -> [String] {
        guard let pattern = try? NSRegularExpression(pattern: #"\]\(\s*<?([^)>\s]+)>?[^)]*\)"#) else { return [] }
        let text = markdown as NSString
        return pattern.matches(in: markdown, range: NSRange(location: 0, length: text.length)).map { text.substring(with: $0.range(at: 1)) }
    }
}
