import Foundation
import Notebook
import Sessions
import Wire

/// What came of a notebook that ran from the top in a new session.
public struct CleanRun {
    /// One for each of the exercise's questions.
    public var verdicts: [Verdict]
    /// How the code cells came out, by their ids.
    public var results: [String: CellResult]

    /// The outcomes of the single questions, by their paths.
    public var outcomes: [String: Verdict.Outcome] { Dictionary(verdicts.single.map { ($0.problem, $0.outcome) }, uniquingKeysWith: { first, _ in first }) }
}

extension [Verdict] {
    /// With the parts of questions in place of their sums.
    public var single: [Verdict] { flatMap { $0.parts.isEmpty ? [$0] : $0.parts.single } }
}

extension Studio {
    /// Runs what is graded as it is graded: the whole notebook, in a new session with grading's limits, in a folder that
    /// holds the course's files and nothing else.
    /// - Throws: ``ExerciseError/interrupted``, and what is wrong with the machine or the course.
    public func cleanRun(
        of graded: GradedNotebook, as exercise: Exercise, limits: GradingLimits = .standard, audience: any RunAudience,
        announce: (String) -> Void = { _ in }
    ) throws -> CleanRun {
        let rooms = cacheFolder + "/clean-runs", place = "\(rooms)/\(UUID().uuidString)"
        // What killed runs have left.
        for name in (try? FileManager.default.contentsOfDirectory(atPath: rooms)) ?? [] {
            if let age = FileMark("\(rooms)/\(name)")?.age, age > .seconds(86_400) { try? FileManager.default.removeItem(atPath: "\(rooms)/\(name)") }
        }
        defer { try? FileManager.default.removeItem(atPath: place) }
        for (path, data) in try exercise.course.learnerFiles() {
            let file = URL(fileURLWithPath: "\(place)/\(path)")
            try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try data.write(to: file)
        }
        return try wholeRun(of: graded.notebook, as: exercise, limits: limits.session, workingDirectory: place, audience: audience, announce: announce)
    }

    /// Runs a notebook as it is from the top, as its learner would.
    public func wholeRun(
        of notebook: Notebook, as exercise: Exercise, limits: SessionLimits = .learner, workingDirectory: String,
        audience: any RunAudience, announce: (String) -> Void = { _ in }
    ) throws -> CleanRun {
        let run = try bench(for: exercise, states: states, announce: announce)
            .run(notebook, limits: limits, workingDirectory: workingDirectory, audience: audience)
        defer { run.end() }
        guard try run.run() else { throw ExerciseError.interrupted }
        let verdicts = try run.verdicts()
        let results = notebook.cells.compactMap { cell in run.result(ofCell: cell.id).map { (cell.id, $0) } }
        return CleanRun(verdicts: verdicts, results: Dictionary(results, uniquingKeysWith: { first, _ in first }))
    }
}
