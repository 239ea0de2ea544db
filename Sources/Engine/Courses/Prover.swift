import Display
import Notebook
import Sessions
import Wire

/// Runs an exercise's notebook with one answer after another in it, and collects what should not happen in a course's own
/// cells. All answers are tried in one session: each starts from the state before its cell, as nothing above it changes.
final class Prover {
    struct Outcome {
        var completed: Int
        var failures: [String]
        var verdicts: [Verdict]
    }

    private let bench: Bench
    private let audience = QuietAudience()
    private let run: ExerciseRun

    /// - Parameter folder: in which the cells run.
    init(_ bench: Bench, folder: String) {
        self.bench = bench
        run = bench.run(Notebook(cells: []), workingDirectory: folder, audience: audience)
    }

    deinit { run.end() }

    /// Runs a notebook.
    ///
    /// - Parameter body: runs the cells; false when a person interrupted it.
    /// - Throws: ``ExerciseError/interrupted``, with the request left standing for the runs beside this one.
    func outcome(of notebook: Notebook, _ body: (ExerciseRun) throws -> (finished: Bool, verdicts: [Verdict])) throws -> Outcome {
        run.update(to: notebook)
        (audience.completed, audience.failures) = (0, [])
        do {
            let (finished, verdicts) = try body(run)
            guard finished else { throw ExerciseError.interrupted }
            return Outcome(completed: audience.completed, failures: audience.failures, verdicts: verdicts)
        } catch let error as SessionError where error != .interrupted {
            return Outcome(completed: audience.completed, failures: audience.failures + ["\(error)"], verdicts: [])
        } catch ExerciseError.interrupted {
            bench.interruption.request()
            throw ExerciseError.interrupted
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
        if result.succeeded { completed += 1 }
        if let failure = failure(of: cell, result) { failures.append("cell \(number) (\(cell.id))\(failure)") }
    }

    private func failure(of cell: Cell, _ result: CellResult) -> String? {
        switch result.outcome {
        case .completed, .waiting, .skipped: nil
        case .doesNotCompile(let diagnostics): " line \(diagnostics.first?.line ?? 1): \(diagnostics.first?.message ?? "")"
        case .threw(let sentence, _), .died(let sentence, _): ": \(sentence)"
        case .exited, .waitsForever, .interrupted: ": \(result.mistakeIdentifier ?? "")"
        }
    }
}
