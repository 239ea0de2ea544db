import Courses
import Display
import Foundation
import Notebook
import Sessions
import Wire

/// A run as one JSON object a line; the schema stands in docs/formats/json-output.md.
final class JSONPresenter: RunPresenter {
    private(set) var failures = 0
    private var cell = ""

    private struct Event: Encodable {
        var event: String
        var cell: String?
        var number: Int?
        var stream: String?
        var text: String?
        var value: DisplayValue?
        var identifier: Int?
        var path: String?
        var outcome: String?
        var line: Int?
        var seconds: Double?
        var diagnostics: [Diagnostic]?
        var problem: String?
        var total: Int?
        var verdict: Verdict?
        var verdicts: [Verdict]?
    }

    private struct Diagnostic: Encodable {
        var severity, message: String
        var id: String?
        var line, column: Int
    }

    private func send(_ event: Event) { try? Output.json(event) }

    func announce(_ sentence: String) { send(Event(event: "announcement", text: sentence)) }

    func cellBegins(_ cell: Cell, number: Int) {
        guard cell.kind == .code else { return }
        self.cell = cell.id
        send(Event(event: "cell", cell: cell.id, number: number))
    }

    func cellPrinted(_ bytes: [UInt8], isError: Bool) {
        send(Event(event: "output", cell: cell, stream: isError ? "stderr" : "stdout", text: String(decoding: bytes, as: UTF8.self)))
    }

    func cellDisplayed(_ value: DisplayValue, identifier: Int?) {
        send(Event(event: "display", cell: cell, value: value, identifier: identifier))
    }

    func cellSaves(_ value: DisplayValue, path: String) { send(Event(event: "save", cell: cell, value: value, path: path)) }

    func questionAnswered(_ notice: QuestionNotice) {
        switch notice {
        case .verdict(let verdict): send(Event(event: "verdict", cell: cell, problem: verdict.problem, verdict: verdict))
        case .hint(let problem, let number, let total, let text):
            send(Event(event: "hint", number: number, text: text, problem: problem, total: total))
        case .solution(let problem, let cells):
            send(Event(event: "solution", text: cells.map(\.source).joined(separator: "\n\n"), problem: problem))
        case .remark(let problem, let sentence): send(Event(event: "remark", text: sentence, problem: problem))
        }
    }

    func cellEnded(_ cell: Cell, number: Int, result: CellResult) {
        for remark in result.remarks { send(Event(event: "remark", cell: cell.id, text: remark)) }
        var event = Event(event: "cell-ended", cell: cell.id, number: number, outcome: "completed")
        event.seconds = result.duration.inSeconds
        event.line = result.place?.line
        var diagnostics = result.warnings
        switch result.outcome {
        case .completed: break
        case .waiting(let gaps): (event.outcome, event.text) = ("waiting", gaps.map(\.text).joined(separator: "; "))
        case .skipped(let needs): (event.outcome, event.text) = ("skipped", needs.map(\.name).joined(separator: ", "))
        case .doesNotCompile(let errors):
            event.outcome = "does-not-compile"
            diagnostics = errors
        case .threw(let sentence, _): (event.outcome, event.text) = ("threw", sentence)
        case .exited(let code, _): (event.outcome, event.text) = ("exited", "\(code)")
        case .waitsForever: event.outcome = "waits-forever"
        case .died(let sentence, _): (event.outcome, event.text) = ("died", sentence)
        case .interrupted: event.outcome = "interrupted"
        }
        if !["completed", "waiting", "skipped"].contains(event.outcome) { failures += 1 }
        if !diagnostics.isEmpty {
            event.diagnostics = diagnostics.map { .init(severity: "\($0.severity)", message: $0.message, id: $0.id, line: $0.line, column: $0.range?.lowerBound.column ?? 1) }
        }
        send(event)
    }

    func finish(verdicts: [Verdict], wasInterrupted: Bool) {
        send(Event(event: "summary", outcome: wasInterrupted ? "interrupted" : "finished", verdicts: verdicts))
    }
}
