import Courses
import Display
import Foundation
import Terminal
import Wire
import Workspace

/// Shows a person, or tells a script, how handing in goes.
protocol SubmitPresenter {
    func announce(_ sentence: String)
    /// nil when there is nothing under way any more.
    func progress(_ progress: DisplayedProgress?)
    func show(_ dryRun: DryRun)
    func say(_ sentence: String)
    /// It is kept, and did not get to where it should.
    func kept(_ submission: Submission, at reference: String)
    func handedIn(_ submission: Submission, at reference: String, _ target: SubmissionTarget, isAddressed: Bool)
}

struct TextSubmitPresenter: SubmitPresenter {
    private let style = TerminalStyle.of(fileDescriptor: 1, environment: ProcessInfo.processInfo.environment)

    func announce(_ sentence: String) { Output.note("\(sentence) …") }

    func progress(_ progress: DisplayedProgress?) {
        guard style.isTerminal else { return }
        Output.write(progress.map { progressText($0, style) } ?? "\r\u{1B}[K")
    }

    func show(_ dryRun: DryRun) {
        Output.write(markdownText("## Dry run: what grading sees", style))
        let rows = dryRun.clean.verdicts.single.map { verdict in
            QuestionOutcome(
                part: verdict.problem, outcome: verdict.outcome.shown, points: verdict.maximum > 0 ? (verdict.points, verdict.maximum) : nil,
                remark: [.incorrect, .error, .checkerFailed].contains(verdict.outcome) ? verdict.feedback : "")
        }
        Output.write(summaryText(rows, style) + "\n")
        for difference in dryRun.differences { Output.write(noteText(difference.sentence, style, indent: 2) + "\n") }
        if let sentence = others(dryRun) { Output.write(noteText(sentence, style, indent: 2) + "\n") }
    }

    /// What was changed beside the answers, in a sentence.
    private func others(_ dryRun: DryRun) -> String? {
        let changes = dryRun.graded.changes.filter(\.isCode)
        // What concerns an answer is told as it is.
        let answers = changes.filter { $0.isAnswer && $0.kind != .moved }.map(\.sentence)
        func names(_ kind: NotebookChange.Kind) -> [String] { changes.filter { $0.kind == kind && !$0.isAnswer }.map(\.cell) }
        func part(_ cells: [String], _ words: String) -> String? {
            cells.isEmpty ? nil : "\(words) (\(cells.prefix(5).joined(separator: ", "))\(cells.count > 5 ? ", …" : ""))"
        }
        let parts = [
            part(names(.edited), "your changes to the course's cells"), part(names(.added), "cells of your own"), part(names(.deleted), "that cells are gone"),
            part(names(.moved), "that cells stand elsewhere"),
        ].compactMap { $0 }
        let rest = parts.isEmpty ? [] : ["Handed in with the notebook, and left aside in grading: \(parts.joined(separator: "; "))."]
        return answers.isEmpty && rest.isEmpty ? nil : (answers + rest).joined(separator: " ")
    }

    func say(_ sentence: String) { Output.write(neutralised(sentence) + "\n") }
    func kept(_ submission: Submission, at reference: String) {}

    func handedIn(_ submission: Submission, at reference: String, _ target: SubmissionTarget, isAddressed: Bool) {
        let manifest = submission.manifest, what = "Submission \(manifest.number) of \(manifest.exercise)"
        switch target {
        case .remote(let url): say("\(what) was handed in to \(url).")
        case .zip(let path), .bundle(let path):
            say("\(what) is in \(shortened(path))." + (isAddressed ? "" : " Send that file to whoever gave you the course, or upload it where your course collects work."))
        }
    }
}

struct JSONSubmitPresenter: SubmitPresenter {
    private struct Event: Encodable {
        var event: String
        var text: String?
        var verdicts: [Verdict]?
        var problem: String?
        var before, now: Verdict.Outcome?
        var kind, cell: String?
        var exercise, reference, file, sha256, nonce, courseVersion: String?
        var number: Int?
        var delivered: Bool?
        var to, place: String?
    }

    private func send(_ event: Event) { try? Output.json(event) }

    func announce(_ sentence: String) { send(Event(event: "announcement", text: sentence)) }
    func progress(_ progress: DisplayedProgress?) {}

    func show(_ dryRun: DryRun) {
        send(Event(event: "dry-run", verdicts: dryRun.clean.verdicts))
        for difference in dryRun.differences {
            send(Event(event: "difference", text: difference.sentence, problem: difference.problem, before: difference.before, now: difference.now))
        }
        for change in dryRun.graded.changes {
            send(Event(event: "change", text: change.sentence, problem: change.problem, kind: change.kind.rawValue, cell: change.cell))
        }
    }

    func say(_ sentence: String) { send(Event(event: "remark", text: sentence)) }
    func kept(_ submission: Submission, at reference: String) { send(self.event(submission, reference, delivered: false)) }

    func handedIn(_ submission: Submission, at reference: String, _ target: SubmissionTarget, isAddressed: Bool) {
        var event = event(submission, reference, delivered: true)
        switch target {
        case .zip(let path): (event.to, event.place) = ("zip", path)
        case .bundle(let path): (event.to, event.place) = ("bundle", path)
        case .remote(let url): (event.to, event.place) = ("remote", "\(url)")
        }
        send(event)
    }

    private func event(_ submission: Submission, _ reference: String, delivered: Bool) -> Event {
        let manifest = submission.manifest
        return Event(
            event: "submission", exercise: manifest.exercise.description, reference: reference, file: manifest.file, sha256: manifest.hash.description,
            nonce: manifest.nonce, courseVersion: manifest.courseVersion, number: manifest.number, delivered: delivered)
    }
}
