import CellCompiler
import Courses
import Display
import Foundation
import Notebook
import Sessions
import Wire
import Workspace

/// What grading will make of a notebook, and why something comes out otherwise than it did for the learner.
struct DryRun {
    let graded: GradedNotebook
    let clean: CleanRun
    let differences: [RunDifference]

    /// The attempts that are looked through for how the questions came out, and for cells that are gone.
    private static let attemptsRead = 20

    /// Runs what is graded; and the learner's own notebook, too, where the attempts don't say how it comes out.
    /// - Throws: `ExerciseError.interrupted`, and what is wrong with the machine or the course.
    init(_ opened: OpenedNotebook, _ exercise: Exercise, _ attempts: Attempts, _ studio: Studio, _ face: any SubmitPresenter) throws {
        graded = GradedNotebook(starter: try exercise.starter(), learner: opened.notebook)
        clean = try studio.cleanRun(
            of: graded, as: exercise, audience: RunProgress("Dry run", graded.notebook, face), announce: face.announce)

        // What can't be read of the past explains nothing, and is no reason not to hand in.
        let recent = ((try? attempts.history(limit: Self.attemptsRead).attempts) ?? []).compactMap { try? attempts.attempt($0.id) }
            .compactMap { attempt in (try? Notebook(bytes: attempt.notebook, ofFile: attempt.summary.file)).map { (attempt.summary.results, $0) } }
        var before = Self.outcomes(ofChecks: recent, of: opened.notebook)
        let open = clean.verdicts.single.filter { ![.correct, .read, .unread].contains($0.outcome) }
        let isFromCheck = open.allSatisfy { before[$0.problem] != nil }
        // Where all code is as it is graded, it has just run.
        if !isFromCheck, graded.changes.contains(where: \.isCode) {
            before = try studio.wholeRun(
                of: opened.notebook, as: exercise, workingDirectory: opened.folder, audience: RunProgress("Your notebook as it is", opened.notebook, face),
                announce: face.announce
            ).outcomes
        }
        differences = DifferenceExplanation(learner: opened.notebook, graded: graded, clean: clean, earlier: recent.map(\.1), outline: studio.compiler.outline)
            .differences(from: before, isFromCheck: isFromCheck)
        face.progress(nil)
    }

    /// How questions came out when they were checked last, of those whose answers' cells are still the same: whatever else
    /// the learner has changed since.
    private static func outcomes(ofChecks recent: [(results: [Attempt.Result], notebook: Notebook)], of notebook: Notebook) -> [String: Verdict.Outcome] {
        func answer(_ problem: String, _ notebook: Notebook) -> String? { notebook.cells.first { $0.kind == .code && $0.problem == problem }?.source }
        var seen: Set<String> = [], outcomes: [String: Verdict.Outcome] = [:]
        for check in recent {
            for result in check.results where seen.insert(result.problem).inserted && answer(result.problem, check.notebook) == answer(result.problem, notebook) {
                outcomes[result.problem] = result.outcome
            }
        }
        return outcomes
    }
}

/// Tells how far a run has come, and nothing else.
private final class RunProgress: RunAudience {
    private let label: String
    private let count: Int
    private let face: any SubmitPresenter

    init(_ label: String, _ notebook: Notebook, _ face: any SubmitPresenter) { (self.label, count, self.face) = (label, notebook.cells.count, face) }

    func cellBegins(_ cell: Cell, number: Int) {
        face.progress(DisplayedProgress(label: label, fraction: Double(number - 1) / Double(max(1, count)), detail: "cell \(number) of \(count)"))
    }

    func cellPrinted(_ bytes: [UInt8], isError: Bool) {}
    func cellDisplayed(_ value: DisplayValue, identifier: Int?) {}
    func cellSaves(_ value: DisplayValue, path: String) {}
    func questionAnswered(_ notice: QuestionNotice) {}
    func cellEnded(_ cell: Cell, number: Int, result: CellResult) {}
}
