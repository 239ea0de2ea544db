import CellCompiler
import Courses
import Display
import Figures
import Foundation
import Notebook
import Sessions
import Terminal
import Wire

/// A run for a person in a terminal.
final class TerminalPresenter: RunPresenter {
    private(set) var failures = 0
    private let style = TerminalStyle.of(fileDescriptor: 1, environment: ProcessInfo.processInfo.environment)
    private var wording: ResultWording
    private let showsProse: Bool
    /// Only verdicts, progress and failures: the cells' own outputs are not what was asked for.
    private let isQuiet: Bool
    private let pictures: PictureFolder

    /// What the present cell has shown: a new one begins with each cell.
    private var output: CellOutput
    private var hasHeader = false

    init(_ notebook: Notebook, isQuiet: Bool = false, showsProse: Bool = false, figures: String? = nil, workingDirectory: String = ".") {
        (self.isQuiet, self.showsProse) = (isQuiet, showsProse)
        wording = ResultWording(notebook: notebook)
        pictures = PictureFolder(figures, workingDirectory: workingDirectory)
        output = CellOutput(style)
    }

    /// Goes on with another text of the notebook.
    func show(_ notebook: Notebook) { wording = ResultWording(notebook: notebook) }

    func announce(_ sentence: String) { Output.note("\(sentence) …") }

    // MARK: Cells

    func cellBegins(_ cell: Cell, number: Int) {
        hasHeader = false
        header = (cell, number)
        if isQuiet { return }
        if cell.kind == .markdown {
            if showsProse {
                write(markdownText(cell.source, style) + "\n")
            } else if let heading = cell.source.split(separator: "\n").first(where: { $0.hasPrefix("#") }) {
                write("\n" + markdownText(String(heading), style))
            }
        }
    }

    private var header: (cell: Cell, number: Int)?
    /// The cells whose failures have been shown.
    private var failed: Set<String> = []

    /// A cell that has nothing to say gets no header.
    private func beginOutput() {
        guard !hasHeader, let header, !isQuiet else { return }
        hasHeader = true
        write("\n" + cellHeader(number: header.number, name: header.cell.hasDerivedID ? header.cell.title : header.cell.id, style))
    }

    func cellPrinted(_ bytes: [UInt8], isError: Bool) {
        if isQuiet || bytes.isEmpty { return }
        beginOutput()
        Output.write(output.printed(bytes))
    }

    func cellDisplayed(_ value: DisplayValue, identifier: Int?) {
        if case .progress = value, style.isTerminal || !isQuiet {
            beginOutput()
            Output.write(output.shown(value))
            return
        }
        if isQuiet { return }
        beginOutput()
        Output.write(output.shown(value))
        if let remark = pictures.keep(value) { write(noteText(remark, style)) }
    }

    func cellSaves(_ value: DisplayValue, path: String) {
        beginOutput()
        do { write(noteText("saved \(try pictures.save(value, to: path))", style)) } catch { write(noteText("not saved: \(sentence(for: error))", style)) }
    }

    func cellEnded(_ cell: Cell, number: Int, result: CellResult) {
        defer { output = CellOutput(style) }
        Output.write(output.finish())
        if !isQuiet { show(wording.remarks(on: result, in: cell)) }
        if result.isFailure { fail() } else if isQuiet { return }
        show(wording.outcome(of: result, in: cell))
    }

    private func fail() {
        failures += 1
        if let header { failed.insert(header.cell.id) }
        if isQuiet, let header { write(cellHeader(number: header.number, name: header.cell.id, style)) } else { beginOutput() }
    }

    private func show(_ pieces: [OutputPiece]) {
        for piece in pieces { beginOutput(); write(piece.text(style)) }
    }

    // MARK: Questions

    func questionAnswered(_ notice: QuestionNotice) {
        // A cell's own question: what was asked for is answered at the end.
        if isQuiet, header != nil { return }
        show(wording.pieces(for: notice, indent: isQuiet ? 0 : 2) { isQuiet ? "ask again" : "\($0).hint(\($1))" })
    }

    func finish(verdicts: [Verdict], wasInterrupted: Bool) {
        if wasInterrupted { write(noteText("The run was interrupted.", style, indent: 0)); return }
        if isQuiet { for verdict in verdicts { show(wording.pieces(for: verdict, indent: 0, explained: failed)) } }
        let rows = verdicts.flatMap { $0.parts.isEmpty ? [$0] : $0.parts }
        if rows.isEmpty || isQuiet && rows.count == 1 { return }
        write("\n" + markdownText("## Questions", style) + summaryText(rows.map(row), style))
    }

    private func row(_ verdict: Verdict) -> QuestionOutcome {
        let remark = [.incorrect, .error, .checkerFailed].contains(verdict.outcome) ? verdict.feedback : ""
        return QuestionOutcome(
            part: verdict.problem, outcome: verdict.outcome.shown, points: verdict.maximum > 0 ? (verdict.points, verdict.maximum) : nil, remark: remark)
    }

    /// Text of ours, in between the cell's own.
    private func write(_ text: String) { Output.write(output.inserted(text)) }
}

/// Where the pictures of a run are drawn, beside the text that the terminal shows.
struct PictureFolder {
    private let folder: String?
    /// What a path in a cell is relative to.
    private let workingDirectory: String
    private let gnuplot = Gnuplot()
    private final class Counter { var count = 0 }
    private let counter = Counter()

    init(_ folder: String?, workingDirectory: String) { (self.folder, self.workingDirectory) = (folder, workingDirectory) }

    /// Keeps a shown picture as a numbered SVG, where a folder was asked for. Returns what to say about it.
    func keep(_ value: DisplayValue) -> String? {
        guard let folder, value.isFigure else { return nil }
        counter.count += 1
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            // A person's folder is relative to where the person is, not to the notebook.
            let file = "\(folder)/figure-\(counter.count).svg"
            _ = try save(value, to: URL(fileURLWithPath: file).path)
            return "drawn as \(neutralised(file))"
        } catch { return "not drawn: \(sentence(for: error))" }
    }

    /// Draws a value into a file whose name's ending says how.
    ///
    /// The path comes from the learner's own program, which may write where the learner may; only pictures are written.
    func save(_ value: DisplayValue, to path: String) throws -> String {
        guard let format = PictureFormat(fileName: path) else {
            throw ValidationSentence("\(plainLabel(path)) is no picture's name: it should end in .svg or .png.")
        }
        let file = path.hasPrefix("/") ? path : "\(workingDirectory)/\(path)"
        try Data(picture(of: value, as: format, gnuplot: gnuplot)).write(to: URL(fileURLWithPath: file), options: .atomic)
        return plainLabel(path)
    }
}
