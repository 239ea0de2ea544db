import CellCompiler
import Courses
import Notebook
import Sessions
import Terminal
import Wire

/// What there is to say of a cell that ended or a question that was answered, with the learner's own lines: pieces that a
/// run from the top prints one after the other, and the full screen keeps below each cell. Lines are counted as in the
/// learner's file, which stands in an editor beside; where there is no script, in the cell.
struct ResultWording {
    let notebook: Notebook

    // MARK: Cells

    /// The compiler's warnings, and what there is to know of how the cell ran.
    func remarks(on result: CellResult, in cell: Cell) -> [OutputPiece] {
        let remarks = result.remarks.map { OutputPiece.note($0) }
        if case .doesNotCompile = result.outcome { return remarks }
        return result.warnings.map { .diagnostic(diagnostic($0, in: cell)) } + remarks
    }

    /// Why a cell did not run to its end; empty for one that did.
    func outcome(of result: CellResult, in cell: Cell) -> [OutputPiece] {
        switch result.outcome {
        case .completed: []
        case .waiting(let gaps): [.note("waits for your answer: \(gaps.map { "\($0.text) (line \(number(of: $0.line, inCell: cell.id)))" }.joined(separator: ", "))")]
        case .skipped(let needs):
            [.note("not run: it needs \(needs.map { "`\($0.name)`, which \(name(ofCell: $0.cell)) has yet to give" }.joined(separator: ", "))")]
        case .doesNotCompile(let diagnostics): diagnostics.map { .diagnostic(diagnostic($0, in: cell)) }
        case .threw(let sentence, let place), .died(let sentence, let place): [failure(sentence, place)]
        case .exited(let code, let place): [failure("The cell called exit(\(code)); what it had computed above is kept.", place)]
        case .waitsForever: [failure("The cell waits for something that can't come: nothing is left that could wake it.", nil)]
        case .interrupted(let place): [failure("Interrupted.", place)]
        }
    }

    private func failure(_ sentence: String, _ place: CellPlace?) -> OutputPiece {
        let excerpt = place.flatMap { place in
            line(place.line, ofCell: place.cell).map { SourceDiagnostic.Place(name: name(ofCell: place.cell), lineNumber: number(of: place.line, inCell: place.cell), line: $0) }
        }
        return .diagnostic(SourceDiagnostic(severity: .error, message: sentence, place: excerpt))
    }

    private func diagnostic(_ diagnostic: CellDiagnostic, in present: Cell) -> SourceDiagnostic {
        let cell = diagnostic.cellID ?? present.id
        let place = diagnostic.range.flatMap { range in
            line(range.lowerBound.line, ofCell: cell).map { text in
                let end = range.upperBound.line == range.lowerBound.line ? max(range.upperBound.column, range.lowerBound.column + 1) : text.count + 1
                return SourceDiagnostic.Place(
                    name: name(ofCell: cell), lineNumber: number(of: range.lowerBound.line, inCell: cell), line: text,
                    columns: range.lowerBound.column..<max(end, range.lowerBound.column + 1))
            }
        }
        return SourceDiagnostic(
            severity: .init(rawValue: diagnostic.severity.rawValue) ?? .error, message: diagnostic.message, place: place,
            notes: diagnostic.notes.map { self.diagnostic($0, in: present) })
    }

    private func line(_ number: Int, ofCell id: String) -> String? {
        guard let lines = notebook.cell(id: id)?.source.split(separator: "\n", omittingEmptySubsequences: false), lines.indices.contains(number - 1) else { return nil }
        return String(lines[number - 1])
    }

    /// A line of a cell as a person finds it in the file.
    private func number(of line: Int, inCell id: String) -> Int { line + (notebook.cell(id: id)?.firstLine ?? 1) - 1 }

    private func name(ofCell id: String) -> String {
        notebook.cells.firstIndex { $0.id == id }.map { "cell \($0 + 1)" } ?? id
    }

    // MARK: Questions

    /// - Parameters:
    ///   - another: how a person asks for the hint of that number.
    func pieces(for notice: QuestionNotice, indent: Int, another: (_ problem: String, _ number: Int) -> String) -> [OutputPiece] {
        switch notice {
        case .verdict(let verdict): return pieces(for: verdict, indent: indent)
        case .hint(let problem, let number, let total, let text):
            let hint = OutputPiece.answer(.hint(total > 1 ? number : nil), word: nil, text: text, indent: indent)
            return number < total ? [hint, .note("another hint: \(another(problem, number + 1))", indent: indent)] : [hint]
        case .solution(_, let cells):
            let prose = cells.map { $0.kind == .code ? "```swift\n\($0.source)\n```" : $0.source }.joined(separator: "\n\n")
            return [.answer(.solution, word: nil, text: prose, indent: indent)]
        case .remark(_, let sentence): return [.answer(.warning, word: nil, text: sentence, indent: indent)]
        }
    }

    /// - Parameter explained: the cells whose failures stand above already.
    func pieces(for verdict: Verdict, indent: Int, explained: Set<String> = []) -> [OutputPiece] {
        let label: VerdictLabel =
            switch verdict.outcome {
            case .correct: .correct
            case .incorrect: .incorrect
            case .notAttempted, .unread, .read: .check
            case .error: .error
            case .checkerFailed: .warning
            }
        let isExplained = verdict.outcome == .error && verdict.cell.map(explained.contains) ?? false
        let feedback =
            if isExplained { "The cell did not run to its end; why stands above." } else if verdict.outcome == .read {
                "Nothing to check here; you have read its solution."
            } else { verdict.feedback }
        var pieces = [OutputPiece.answer(label, word: "\(label.word)  \(verdict.problem)", text: feedback, indent: indent)]
        if verdict.outcome == .error, !isExplained, let cell = verdict.cell, let place = verdict.line, let line = line(place, ofCell: cell) {
            pieces.append(.note("\(name(ofCell: cell)), line \(number(of: place, inCell: cell)): \(line.trimmingSpaces)", indent: indent + 2))
        }
        return pieces + verdict.parts.flatMap { self.pieces(for: $0, indent: indent + 2, explained: explained) }
    }
}

extension CellResult {
    /// Whether it ended before its end, for another reason than that the learner's answer is missing.
    var isFailure: Bool {
        switch outcome {
        case .completed, .waiting, .skipped: false
        case .doesNotCompile, .threw, .exited, .waitsForever, .died, .interrupted: true
        }
    }

    /// Whether it did not run, for want of an answer or of a name.
    var wasLeftOut: Bool {
        switch outcome {
        case .waiting, .skipped: true
        case .completed, .doesNotCompile, .threw, .exited, .waitsForever, .died, .interrupted: false
        }
    }
}

extension Verdict.Outcome {
    /// As the summary shows it.
    var shown: QuestionOutcome.Outcome {
        switch self {
        case .correct: .correct
        case .incorrect: .incorrect
        case .notAttempted: .notAttempted
        case .error, .checkerFailed: .error
        case .read: .read
        case .unread: .unread
        }
    }
}

extension String {
    fileprivate var trimmingSpaces: String {
        String(drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed())
    }
}
