import CellCompiler
import Foundation
import Notebook
import Sessions
import Wire

/// One thing that was proven of a course, or not.
public struct Finding: Codable, Equatable, Sendable {
    /// The exercise, `embeddings/1`.
    public var exercise: String
    /// The question it is about; empty for the whole exercise.
    public var problem: String
    /// What was tried: `starter`, `right 2`, `wrong bias-per-user`, `solution`, `hint 1`, `links and images`.
    public var subject: String
    public var passed: Bool
    /// What came out, and where it failed what should have.
    public var detail: String
}

/// Proves that a course works: every starter is not attempted, every right answer passes, every wrong answer gets the
/// feedback meant for it, every solution runs, no hint gives the solution away, and what the texts point to exists.
///
/// Several answers are tried at a time, each thread with a session of its own; the findings come in an order that never
/// changes.
public struct Verification {
    private let studio: Studio
    private let workers: Int
    private let report: (Finding) -> Void

    /// - Parameters:
    ///   - workers: how many answers are tried at a time.
    ///   - report: told of each finding as it comes.
    public init(_ studio: Studio, workers: Int = ProcessInfo.processInfo.activeProcessorCount, report: @escaping (Finding) -> Void) {
        (self.studio, self.workers, self.report) = (studio, max(1, workers), report)
    }

    /// - Returns: whether all was proven.
    /// - Throws: ``ExerciseError/interrupted``, and what is wrong with the machine rather than with the course.
    public func verify(_ course: Course) throws -> Bool {
        var passed = true
        for exercise in course.exercises where try !verify(exercise) { passed = false }
        return passed
    }

    private func verify(_ exercise: Exercise) throws -> Bool {
        var passed = true
        func take(_ findings: [Finding]) {
            for finding in findings {
                passed = passed && finding.passed
                report(finding)
            }
        }
        // What an author asks for while proving must not count as read by the learner who shares this account.
        let scratch = NSTemporaryDirectory() + "etude-verify-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: scratch) }
        let states = LearnerStateStore(folder: scratch)

        let proof: ExerciseProof
        let first: Bench
        do {
            first = try studio.bench(for: exercise, states: states)
            proof = try ExerciseProof(exercise, outline: first.desk?.outline)
        } catch {
            guard let sentence = courseFault(error) else { throw error }
            take([Finding(exercise: exercise.name, problem: "", subject: "files", passed: false, detail: sentence)])
            return false
        }
        do {
            // Benches are made one after the other, before the work begins.
            var benches = [first]
            while benches.count < workers { benches.append(try studio.bench(for: exercise, states: states)) }
            let provers = benches.map { Prover($0, folder: exercise.course.exercisesFolder) }
            try inOrder(proof.steps, tools: provers, take: take)
        } catch ExerciseError.interrupted {
            studio.interruption.clear()
            throw ExerciseError.interrupted
        }
        return passed
    }

    /// The sentence of an error that a course's author can mend; nil for all others.
    private func courseFault(_ error: any Error) -> String? {
        if error is CourseError || error is NotebookError { return "\(error)" }
        if let error = error as? ExerciseError, error != .interrupted { return "\(error)" }
        return nil
    }
}
