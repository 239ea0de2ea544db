import CellCompiler
import Notebook
import Sessions
import Wire

/// A question that comes out otherwise when it is graded than it did for the learner.
public struct RunDifference: Equatable, Sendable {
    public var problem: String
    /// How it came out for the learner, and in the clean run.
    public var before, now: Verdict.Outcome
    /// Why, and what to do.
    public var sentence: String
}

/// Explains why answers come out otherwise in a clean run, by what cells declare and need.
public struct DifferenceExplanation {
    private let learner: Notebook
    private let graded: GradedNotebook
    private let clean: CleanRun
    private let outline: (String) -> CellOutline
    private let graph: CellGraph
    /// The learner's code that grading does not take, by the cell's id.
    private let untaken: [String: NotebookChange]
    private let earlier: [Notebook]

    /// - Parameters:
    ///   - earlier: the learner's notebook as it was before, the newest first: for names that were declared in cells that
    ///     are gone.
    ///   - outline: reads a cell's text.
    public init(learner: Notebook, graded: GradedNotebook, clean: CleanRun, earlier: [Notebook] = [], outline: @escaping (String) -> CellOutline) {
        (self.learner, self.graded, self.clean, self.earlier, self.outline) = (learner, graded, clean, earlier, outline)
        graph = CellGraph(learner.cells.filter { $0.kind == .code }.map { ($0.id, outline($0.source)) })
        let kinds: Set<NotebookChange.Kind> = [.added, .edited, .duplicate, .tooLong]
        untaken = Dictionary(graded.changes.filter { kinds.contains($0.kind) && $0.isCode }.map { ($0.cell, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// The questions that come out otherwise than before, each with its reason.
    /// - Parameters:
    ///   - before: how the questions came out for the learner, by their paths.
    ///   - isFromCheck: whether that was when the learner checked last, rather than in a run of the notebook just now.
    public func differences(from before: [String: Verdict.Outcome], isFromCheck: Bool) -> [RunDifference] {
        clean.verdicts.single.compactMap { verdict in
            // What was read, or could not be judged, tells nothing of an answer.
            let tellsNothing: Set<Verdict.Outcome> = [.checkerFailed, .read, .unread]
            guard let old = before[verdict.problem], old != verdict.outcome, tellsNothing.isDisjoint(with: [old, verdict.outcome]) else { return nil }
            let when = isFromCheck ? "when you checked it last" : "in a run of your notebook"
            let sentence = "\(verdict.problem) was \(old.words) \(when), but in a clean run \(reason(verdict))"
            return RunDifference(problem: verdict.problem, before: old, now: verdict.outcome, sentence: sentence)
        }
    }

    // MARK: Reasons

    private func reason(_ verdict: Verdict) -> String {
        if verdict.outcome == .correct { return "it is right: what you changed beside your answers does not count there." }
        guard let answer = graded.notebook.cells.first(where: { $0.isAnswer && $0.problem == verdict.problem }) else {
            return "it is \(verdict.outcome.words). \(surroundings(nil))"
        }
        var cell = answer.id, way: Set<String> = []
        // From the answer to the cell that did not give what it needs.
        while case .skipped(let needs)? = clean.results[cell]?.outcome, let need = needs.first, way.insert(cell).inserted { cell = need.cell }
        let through = cell == answer.id ? "" : ", which the answer needs,"
        let subject = name(ofGraded: cell) + through
        switch clean.results[cell]?.outcome {
        case .doesNotCompile(let diagnostics): return "\(subject) does not compile: \(reason(cell, diagnostics))"
        case .threw(let sentence, _), .died(let sentence, _): return "\(subject) ends with an error: \(sentence.trimmed) \(surroundings(cell))"
        case .exited(let code, _): return "\(subject) calls exit(\(code)). \(surroundings(cell))"
        case .waitsForever: return "\(subject) waits for something that can't come. \(surroundings(cell))"
        case .waiting: return "\(subject) has a gap left to fill. \(surroundings(cell))"
        case .completed, .interrupted, .skipped, nil: return "it is \(verdict.outcome.words). \(surroundings(cell))"
        }
    }

    /// Why a cell does not compile that did before: mostly names that are not there.
    private func reason(_ cell: String, _ diagnostics: [CellDiagnostic]) -> String {
        let errors = diagnostics.filter { $0.severity == .error }
        let words = errors.flatMap { [$0.message, $0.compilerMessage] }
        func isMentioned(_ name: String) -> Bool { words.contains { $0.contains("`\(name)`") || $0.contains("'\(name)'") } }
        let source = graded.notebook.cell(id: cell)?.source ?? ""
        let wanted = outline(source).uses
        var sentences: [String] = [], explained: Set<String> = []

        for need in needs(of: cell) {
            guard let change = untaken[need.cell], let other = learner.cell(id: need.cell) else { continue }
            let names = outline(other.source).declaredNames.filter { wanted.contains($0) && isMentioned($0) }.sorted()
            guard !names.isEmpty, explained.isDisjoint(with: names) else { continue }
            explained.formUnion(names)
            sentences.append("\(list(names)) \(names.count == 1 ? "is" : "are") declared only in \(whose(change)), which grading does not take. \(advice(change))")
        }
        for (name, gone) in goneNames(wanted.filter { isMentioned($0) && !explained.contains($0) }) {
            sentences.append("`\(name)` was declared only in a cell that is gone by now (`\(gone)`). Declare it in the answer's cell.")
        }
        if !sentences.isEmpty { return sentences.prefix(3).joined(separator: " ") }
        return (errors.first?.message ?? "").trimmed + " " + surroundings(cell)
    }

    /// Names that no cell declares any more, and the cells of earlier notebooks that did.
    private func goneNames(_ names: Set<String>) -> [(name: String, cell: String)] {
        var open = names.subtracting(learner.cells.filter { $0.kind == .code }.flatMap { outline($0.source).declaredNames })
        var found: [(String, String)] = []
        for notebook in earlier where !open.isEmpty {
            for cell in notebook.cells where cell.kind == .code {
                for name in open.intersection(outline(cell.source).declaredNames).sorted() {
                    open.remove(name)
                    found.append((name, cell.id))
                }
            }
        }
        return found.sorted { $0.0 < $1.0 }
    }

    /// What the learner changed that a cell needs; where that is nothing, what is left.
    private func surroundings(_ cell: String?) -> String {
        let needed = cell.map(needs) ?? []
        let culprits = needed.filter { untaken[$0.cell] != nil && $0.certainty == .certain }
        guard let first = culprits.first ?? needed.first(where: { untaken[$0.cell] != nil }), let change = untaken[first.cell] else {
            if graded.changes.contains(where: { $0.kind == .moved && $0.isCode }) { return "In a clean run the cells stand in the course's order, and you moved some." }
            return "Nothing that you changed explains it; it may depend on chance, on time, or on files that grading does not have."
        }
        let names = first.names.prefix(3)
        let what = names.isEmpty ? "" : " for \(list(Array(names)))"
        return "It needs \(whose(change))\(what), which grading does not take. \(advice(change))"
    }

    private func needs(of cell: String) -> [CellGraph.Need] {
        // A cell of the course's with its id lost has no needs that can be told, and none that matter.
        graph.needs(of: graded.answers[cell] ?? cell)
    }

    // MARK: Words

    private func whose(_ change: NotebookChange) -> String {
        change.kind == .edited ? "your version of \(change.name)" : change.kind == .added ? "a cell of your own, \(change.name)" : change.name
    }

    private func advice(_ change: NotebookChange) -> String {
        switch change.kind {
        case .edited: "Grading uses the course's; put what the answer needs into the answer's cell."
        case .tooLong: "Make it shorter."
        default: "Move it into the answer's cell."
        }
    }

    private func name(ofGraded cell: String) -> String {
        let id = graded.answers[cell] ?? cell
        return learner.cells.firstIndex { $0.id == id }.map { "cell \($0 + 1) (`\(id)`)" } ?? "the course's cell `\(cell)`"
    }

    private func list(_ names: [String]) -> String { names.prefix(5).map { "`\($0)`" }.joined(separator: ", ") }
}

extension Verdict.Outcome {
    /// To go on from "it is".
    fileprivate var words: String {
        switch self {
        case .correct: "right"
        case .incorrect: "wrong"
        case .notAttempted: "not attempted"
        case .error: "ended by an error"
        case .checkerFailed, .unread, .read: "not judged"
        }
    }
}

extension String {
    /// With one full stop at its end.
    fileprivate var trimmed: String { isEmpty || hasSuffix(".") ? self : self + "." }
}
