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
    private let notebook: Notebook
    private let showsProse: Bool
    /// Only verdicts, progress and failures: the cells' own outputs are not what was asked for.
    private let isQuiet: Bool
    private let pictures: PictureFolder

    /// What the present cell has shown: a new one begins with each cell.
    private var output: CellOutput
    private var hasHeader = false

    init(_ notebook: Notebook, isQuiet: Bool = false, showsProse: Bool = false, figures: String? = nil, workingDirectory: String = ".") {
        (self.notebook, self.isQuiet, self.showsProse) = (notebook, isQuiet, showsProse)
        pictures = PictureFolder(figures, workingDirectory: workingDirectory)
        output = CellOutput(style)
    }

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
        if case .doesNotCompile = result.outcome {} else if !isQuiet {
            for warning in result.warnings { beginOutput(); write(diagnosticText(sourceDiagnostic(warning), style)) }
        }
        if !isQuiet { for remark in result.remarks { beginOutput(); write(noteText(remark, style)) } }
        switch result.outcome {
        case .completed: return
        case .waiting(let gaps):
            if isQuiet { return }
            beginOutput()
            write(noteText("waits for your answer: \(gaps.map { "\($0.text) (line \($0.line))" }.joined(separator: ", "))", style))
        case .skipped(let needs):
            if isQuiet { return }
            beginOutput()
            write(noteText("not run: it needs \(needs.map { "`\($0.name)`, which \(name(ofCell: $0.cell)) has yet to give" }.joined(separator: ", "))", style))
        case .doesNotCompile(let diagnostics):
            fail()
            for diagnostic in diagnostics { write(diagnosticText(sourceDiagnostic(diagnostic), style)) }
        case .threw(let sentence, let place): fail(sentence, place, advice: [])
        case .exited(let code, let place): fail("The cell called exit(\(code)); what it had computed above is kept.", place, advice: [])
        case .waitsForever: fail("The cell waits for something that can't come: nothing is left that could wake it.", nil, advice: [])
        case .died(let sentence, let place): fail(sentence, place, advice: [])
        case .interrupted(let place): fail("Interrupted.", place, advice: [])
        }
    }

    private func fail() {
        failures += 1
        if let header { failed.insert(header.cell.id) }
        if isQuiet, let header { write(cellHeader(number: header.number, name: header.cell.id, style)) } else { beginOutput() }
    }

    private func fail(_ sentence: String, _ place: CellPlace?, advice: [String]) {
        fail()
        let excerpt = place.flatMap { place in line(place.line, ofCell: place.cell).map { SourceDiagnostic.Place(name: name(ofCell: place.cell), lineNumber: place.line, line: $0) } }
        write(diagnosticText(SourceDiagnostic(severity: .error, message: sentence, place: excerpt, advice: advice), style))
    }

    private func sourceDiagnostic(_ diagnostic: CellDiagnostic) -> SourceDiagnostic {
        let cell = diagnostic.cellID ?? header?.cell.id ?? ""
        let place = diagnostic.range.flatMap { range in
            line(range.lowerBound.line, ofCell: cell).map { text in
                let end = range.upperBound.line == range.lowerBound.line ? max(range.upperBound.column, range.lowerBound.column + 1) : text.count + 1
                return SourceDiagnostic.Place(
                    name: name(ofCell: cell), lineNumber: range.lowerBound.line, line: text,
                    columns: range.lowerBound.column..<max(end, range.lowerBound.column + 1))
            }
        }
        return SourceDiagnostic(
            severity: .init(rawValue: diagnostic.severity.rawValue) ?? .error, message: diagnostic.message, place: place,
            notes: diagnostic.notes.map(sourceDiagnostic))
    }

    private func line(_ number: Int, ofCell id: String) -> String? {
        guard let lines = notebook.cell(id: id)?.source.split(separator: "\n", omittingEmptySubsequences: false), lines.indices.contains(number - 1) else { return nil }
        return String(lines[number - 1])
    }

    private func name(ofCell id: String) -> String {
        guard let index = notebook.cells.firstIndex(where: { $0.id == id }) else { return id }
        return "cell \(index + 1)"
    }

    // MARK: Questions

    func questionAnswered(_ notice: QuestionNotice) {
        // A cell's own question: what was asked for is answered at the end.
        if isQuiet, header != nil { return }
        beginOutput()
        let indent = isQuiet ? 0 : 2
        switch notice {
        case .verdict(let verdict): write(text(of: verdict, indent: indent))
        case .hint(let problem, let number, let total, let text):
            write(verdictText(.hint(total > 1 ? number : nil), text, style, indent: indent))
            if number < total { write(noteText(isQuiet ? "another hint: ask again" : "another hint: \(problem).hint(\(number + 1))", style, indent: indent)) }
        case .solution(_, let cells):
            let prose = cells.map { $0.kind == .code ? "```swift\n\($0.source)\n```" : $0.source }.joined(separator: "\n\n")
            write(verdictText(.solution, prose, style, indent: indent))
        case .remark(_, let sentence): write(verdictText(.warning, sentence, style, indent: indent))
        }
    }

    private func text(of verdict: Verdict, indent: Int) -> String {
        let label: VerdictLabel =
            switch verdict.outcome {
            case .correct: .correct
            case .incorrect: .incorrect
            case .notAttempted, .unread, .read: .check
            case .error: .error
            case .checkerFailed: .warning
            }
        let isExplained = isQuiet && verdict.outcome == .error && verdict.cell.map(failed.contains) ?? false
        let feedback =
            if isExplained { "The cell did not run to its end; why stands above." } else if verdict.outcome == .read {
                "Nothing to check here; you have read its solution."
            } else { verdict.feedback }
        var text = verdictText(label, feedback, word: "\(label.word)  \(verdict.problem)", style, indent: indent)
        if verdict.outcome == .error, !isExplained, let cell = verdict.cell, let number = verdict.line, let line = line(number, ofCell: cell) {
            text += noteText("\(name(ofCell: cell)), line \(number): \(line.trimmingCharacters(in: .whitespaces))", style, indent: indent + 2)
        }
        return text + verdict.parts.map { self.text(of: $0, indent: indent + 2) }.joined()
    }

    func finish(verdicts: [Verdict], wasInterrupted: Bool) {
        if wasInterrupted { write(noteText("The run was interrupted.", style, indent: 0)); return }
        if isQuiet { for verdict in verdicts { write(text(of: verdict, indent: 0)) } }
        let rows = verdicts.flatMap { $0.parts.isEmpty ? [$0] : $0.parts }
        if rows.isEmpty || isQuiet && rows.count == 1 { return }
        write("\n" + markdownText("## Questions", style) + summaryText(rows.map(row), style))
    }

    private func row(_ verdict: Verdict) -> QuestionOutcome {
        let outcome: QuestionOutcome.Outcome =
            switch verdict.outcome {
            case .correct: .correct
            case .incorrect: .incorrect
            case .notAttempted: .notAttempted
            case .error, .checkerFailed: .error
            case .read: .read
            case .unread: .unread
            }
        let remark = [.incorrect, .error, .checkerFailed].contains(verdict.outcome) ? verdict.feedback : ""
        return QuestionOutcome(part: verdict.problem, outcome: outcome, points: verdict.maximum > 0 ? (verdict.points, verdict.maximum) : nil, remark: remark)
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
        guard let folder, value.isPicture else { return nil }
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

extension DisplayValue {
    fileprivate var isPicture: Bool {
        switch self {
        case .chart, .diagram: true
        case .text, .markdown, .table, .progress: false
        }
    }
}
