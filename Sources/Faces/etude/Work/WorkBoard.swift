import Courses
import Display
import Foundation
import Notebook
import Processes
import Sessions
import Terminal
import Wire

/// What the engine's thread has to show, pinned up for the thread that paints: the newest state of each cell and question,
/// whatever came in between. So a cell that prints without end costs no more than what is kept of it.
///
/// One lock guards all of it; a descriptor becomes readable when something changed.
final class WorkBoard {
    struct Content {
        /// What the engine is at, and since when.
        var activity: (words: String, since: ContinuousClock.Instant)?
        /// The cell that runs.
        var runningCell: String?
        /// The cell that whoever follows a run wants to see: the one that began last, and no further than to one that did
        /// not run to its end.
        var latestCell: String?
        var transcripts: [String: CellTranscript] = [:]
        var statuses: [String: WorkPage.CellStatus] = [:]
        /// Each question's last verdict, and how it reads.
        var outcomes: [String: Verdict.Outcome] = [:]
        var verdicts: [String: [OutputPiece]] = [:]
        /// One line about what ended last, and how many there have been.
        var message: String?
        var messageCount = 0
        /// The exercise's questions, once they are known; the painting thread's own desk, for hints and solutions while
        /// a cell runs.
        var desk: QuestionDesk?
        var isReady = false
        /// Why no cell can run.
        var trouble: String?

        func hasCompleted(_ cell: String) -> Bool { if case .current = statuses[cell] { true } else { false } }
    }

    private let lock = NSLock()
    private var content = Content()
    private var hasNews = false
    private let reading: Descriptor
    private let writing: Descriptor
    private let pictures: PictureFolder
    /// Told when a cell begins, before it does.
    var whenCellBegins: (String) -> Void = { _ in }
    /// The notebook at work, for the lines that messages quote. The engine's thread alone uses it.
    private var wording: ResultWording

    /// - Parameter outcomes: how the questions came out when they were asked last.
    init(_ notebook: Notebook, workingDirectory: String, outcomes: [String: Verdict.Outcome]) throws {
        content.outcomes = outcomes
        (reading, writing) = try Descriptor.pipe()
        reading.setNonBlocking()
        writing.setNonBlocking()
        wording = ResultWording(notebook: notebook)
        pictures = PictureFolder(nil, workingDirectory: workingDirectory)
    }

    /// Becomes readable when there is news.
    var descriptor: Int32 { reading.number }

    /// The content now; takes the news away from the descriptor.
    func read() -> Content {
        _ = reading.read()
        return lock.withLock {
            hasNews = false
            return content
        }
    }

    /// Changes the content, and tells whoever waits for it.
    func change(_ change: (inout Content) -> Void) {
        let isFirst = lock.withLock {
            change(&content)
            defer { hasNews = true }
            return !hasNews
        }
        if isFirst { writing.write([1]) }
    }

    func begin(_ words: String) { change { $0.activity = (words, .now) } }

    func end(_ message: String? = nil) {
        change { content in
            (content.activity, content.runningCell, content.message) = (nil, nil, message)
            if message != nil { content.messageCount += 1 }
        }
    }

    /// A new text of the notebook: cells that are gone, and questions that it makes doubtful, are taken down.
    func replace(_ notebook: Notebook, doubtful: [String]) {
        wording = ResultWording(notebook: notebook)
        let cells = Set(notebook.cells.map(\.id))
        change { content in
            content.transcripts = content.transcripts.filter { cells.contains($0.key) }
            content.statuses = content.statuses.filter { cells.contains($0.key) }
            for problem in doubtful where ![.read, .unread].contains(content.outcomes[problem]) {
                (content.outcomes[problem], content.verdicts[problem]) = (nil, nil)
            }
        }
    }

    /// - Parameter isAsked: whether the learner asked for this very verdict.
    func pin(_ verdict: Verdict, isAsked: Bool = false) {
        var pieces = wording.pieces(for: verdict, indent: 0)
        switch verdict.outcome {
        case .read: pieces = []
        case .unread where !isAsked: pieces = []
        case .unread:
            pieces = [.answer(.check, word: "Check  \(verdict.problem)", text: "Nothing to check here: think it over, then press `s` for the solution.", indent: 0)]
        default: break
        }
        change { ($0.outcomes[verdict.problem], $0.verdicts[verdict.problem]) = (verdict.outcome, pieces) }
    }

    private func add(_ piece: OutputPiece) { change { $0.transcripts[$0.runningCell ?? "", default: CellTranscript()].add(piece) } }
}

extension WorkBoard: RunAudience {
    func cellBegins(_ cell: Cell, number: Int) {
        guard cell.kind == .code else { return }
        whenCellBegins(cell.id)
        change {
            if $0.latestCell.map($0.hasCompleted) ?? true { $0.latestCell = cell.id }
            ($0.runningCell, $0.statuses[cell.id], $0.transcripts[cell.id]) = (cell.id, .running, nil)
            $0.activity = ("cell \(number)\(cell.hasDerivedID ? "" : "  \(cell.id)")", .now)
        }
    }

    func cellPrinted(_ bytes: [UInt8], isError: Bool) {
        change { $0.transcripts[$0.runningCell ?? "", default: CellTranscript()].print(bytes) }
    }

    func cellDisplayed(_ value: DisplayValue, identifier: Int?) {
        change { $0.transcripts[$0.runningCell ?? "", default: CellTranscript()].show(value, identifier: identifier) }
    }

    func cellSaves(_ value: DisplayValue, path: String) {
        do { add(.note("saved \(try pictures.save(value, to: path))")) } catch { add(.note("not saved: \(sentence(for: error))")) }
    }

    func questionAnswered(_ notice: QuestionNotice) {
        if case .verdict(let verdict) = notice {
            for part in verdict.parts { pin(part) }
            if verdict.parts.isEmpty { return pin(verdict) }
        }
        for piece in wording.pieces(for: notice, indent: 2, another: { "\($0).hint(\($1))" }) { add(piece) }
    }

    func cellEnded(_ cell: Cell, number: Int, result: CellResult) {
        for piece in wording.remarks(on: result, in: cell) + wording.outcome(of: result, in: cell) { add(piece) }
        let status = WorkPage.CellStatus(result)
        change { ($0.statuses[cell.id], $0.runningCell) = (status, nil) }
    }
}

extension WorkPage.CellStatus {
    init(_ result: CellResult) {
        switch result.outcome {
        case .completed: self = .current(seconds: result.duration.inSeconds)
        case .waiting, .skipped: self = .waiting
        case .interrupted: self = .interrupted
        case .doesNotCompile, .threw, .exited, .waitsForever, .died: self = .failed
        }
    }
}
