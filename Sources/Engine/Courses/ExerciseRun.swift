import CellCompiler
import Display
import Notebook
import Sessions
import Wire

/// Who watches a run: a terminal, a file of JSON lines, a test.
public protocol RunAudience: AnyObject {
    /// `number` counts the notebook's cells from 1.
    func cellBegins(_ cell: Cell, number: Int)
    func cellPrinted(_ bytes: [UInt8], isError: Bool)
    func cellDisplayed(_ value: DisplayValue, identifier: Int?)
    func cellSaves(_ value: DisplayValue, path: String)
    func questionAnswered(_ notice: QuestionNotice)
    func cellEnded(_ cell: Cell, number: Int, result: CellResult)
}

/// A notebook at work: its cells in a session, and the desk that its questions go to.
///
/// The notebook may change while it is at work: `update(to:)` takes the new one, `freshness(ofCell:)` says which cells are
/// out of date, and `bringUpToDate(_:)` runs some, after those above that they need.
public final class ExerciseRun {
    public private(set) var notebook: Notebook
    private let session: NotebookSession
    private let compiler: CellCompiler
    private let starter: Notebook?
    private let desk: QuestionDesk?
    private let audience: any RunAudience
    private var results: [String: CellResult] = [:]
    private var graph: CellGraph
    /// Every attempt counts as a run: a cell that failed would fail again.
    private var log = RunLog()
    /// How single questions came out since ``takeVerdicts()`` was called.
    private var given: [String: Verdict] = [:]

    public init(
        _ notebook: Notebook, session: NotebookSession, compiler: CellCompiler, starter: Notebook?, desk: QuestionDesk?,
        audience: any RunAudience
    ) {
        (self.notebook, self.session, self.compiler) = (notebook, session, compiler)
        (self.starter, self.desk, self.audience) = (starter, desk, audience)
        graph = CellGraph([])
        arrange()
    }

    /// Takes the notebook as it is now. What the cells gave that did not change is kept.
    /// - Returns: the ids of the code cells that are new or have another code, comments aside.
    @discardableResult
    public func update(to notebook: Notebook) -> Set<String> {
        let before = Dictionary(codeCells.map { ($0.id, outline(of: $0).tokens) }, uniquingKeysWith: { first, _ in first })
        self.notebook = notebook
        arrange()
        for id in results.keys where notebook.cell(id: id) == nil {
            results[id] = nil
            log.forget(id)
        }
        return Set(codeCells.filter { before[$0.id] != outline(of: $0).tokens }.map(\.id))
    }

    private func arrange() {
        graph = CellGraph(codeCells.map { ($0.id, outline(of: $0)) })
        session.arrange(notebook.cells.indices.filter { notebook.cells[$0].kind == .code }.map(source))
    }

    private var codeCells: [Cell] { notebook.cells.filter { $0.kind == .code } }

    private func source(ofCellAt index: Int) -> CellSource {
        CellSource(id: notebook.cells[index].id, text: notebook.cells[index].source, name: name(ofCellAt: index))
    }

    private func name(ofCellAt index: Int) -> String { "cell \(index + 1)" }

    // MARK: Running

    /// Runs the code cells from the top.
    ///
    /// - Parameters:
    ///   - wanted: which cells to run; nil for all.
    ///   - stopsAtFirst: ends at the first cell that does not run to its end.
    /// - Returns: false when a person interrupted it.
    public func run(only wanted: Set<String>? = nil, stopsAtFirst: Bool = false) throws -> Bool {
        for (index, cell) in notebook.cells.enumerated() where wanted?.contains(cell.id) ?? true {
            guard let result = try runCell(at: index) else { continue }
            if case .interrupted = result.outcome { return false }
            if stopsAtFirst && !result.succeeded { break }
        }
        return true
    }

    /// Runs some cells, and before them those above that they need and that have not run, or are out of date.
    ///
    /// A cell above that may be out of date, but need not be, is not run again: `freshness(ofCell:)` says so.
    /// - Returns: false when a person interrupted it.
    public func bringUpToDate(_ cells: Set<String>) throws -> Bool {
        let needed = cells.reduce(into: cells) { $0.formUnion(graph.needs(of: $1).map(\.cell)) }
        for (index, cell) in notebook.cells.enumerated() where needed.contains(cell.id) && (cells.contains(cell.id) || isDue(cell.id)) {
            if case .interrupted? = try runCell(at: index)?.outcome { return false }
        }
        return true
    }

    /// Runs what the answers to some problems need and what is, or may be, out of date.
    /// - Returns: false when a person interrupted it.
    public func bringUpToDate(for problems: [ProblemOutline]) throws -> Bool {
        try bringUpToDate(cellsNeeded(for: problems).filter { freshness(ofCell: $0) != .current })
    }

    private func isDue(_ id: String) -> Bool {
        switch freshness(ofCell: id) {
        case .neverRun, .outOfDate: true
        case .current, .doubtful: false
        }
    }

    /// - Returns: nil for a cell without code.
    private func runCell(at index: Int) throws -> CellResult? {
        let cell = notebook.cells[index]
        audience.cellBegins(cell, number: index + 1)
        guard cell.kind == .code else { return nil }
        // A check in the cell itself is about this run.
        results[cell.id] = nil
        let result = try session.run(source(ofCellAt: index), observer: self)
        results[cell.id] = result
        if case .interrupted = result.outcome { log.forget(cell.id) } else { log.ran(cell.id, in: graph) }
        audience.cellEnded(cell, number: index + 1, result: result)
        return result
    }

    /// Whether what a cell has shown and given is what the file says now.
    public func freshness(ofCell id: String) -> Freshness { log.freshness(of: id, in: graph) }

    /// The freshness of all code cells, by id.
    public var freshness: [String: Freshness] { log.freshness(in: graph) }

    /// How a person knows a cell.
    public func name(ofCell id: String) -> String { notebook.cells.firstIndex { $0.id == id }.map(name) ?? "a cell that is gone" }

    /// The earlier states that the session can go back to, and the bytes of memory that they hold.
    public var snapshots: (count: Int, bytes: UInt64) { session.snapshots }

    /// How a cell came out; nil when it did not run.
    public func result(ofCell id: String) -> CellResult? { results[id] }

    /// The verdicts on problems, by default on all of the exercise, as the answers are now.
    /// - Throws: ``ExerciseError/interrupted`` when a person interrupted it.
    public func verdicts(on problems: [ProblemOutline]? = nil) throws -> [Verdict] {
        let verdicts = try verdicts(on: problems, state: state)
        verdicts.forEach(note)
        return verdicts
    }

    /// The last verdict on each single question that was asked since this was called last, by a cell or a person, in the
    /// exercise's order.
    public func takeVerdicts() -> [Verdict] {
        defer { given = [:] }
        return desk?.outline.questions.compactMap { given[$0.path] } ?? []
    }

    private func note(_ verdict: Verdict) {
        for single in verdict.parts.isEmpty ? [verdict] : verdict.parts { given[single.problem] = single }
    }

    /// Where a checker asks about the answers as they are now.
    var answers: any AnswerSource { session.answers(self) }

    /// The verdicts that an answer would get which is the starter's, were it not known for that.
    func verdictsOnUntouched() throws -> [Verdict] {
        try verdicts(on: nil) { problem in
            let state = state(of: problem)
            if case .untouched = state { return .ran(nil) }
            return state
        }
    }

    private func verdicts(on problems: [ProblemOutline]?, state: (ProblemOutline) -> QuestionDesk.CellState) throws -> [Verdict] {
        guard let desk else { return [] }
        let answers = answers
        return try (problems ?? desk.outline.problems).map { problem in
            let verdict = desk.verdict(on: problem, state: state, answers: answers)
            guard let interruption = session.interruption, interruption.isRequested else { return verdict }
            interruption.clear()
            throw ExerciseError.interrupted
        }
    }

    public func end() { session.end() }

    // MARK: What must run

    /// The cells that the answers to some problems need: those that hold the answers, those whose names they use, and
    /// those that may change such a name in between.
    public func cellsNeeded(for problems: [ProblemOutline]) -> Set<String> {
        let judged = problems.flatMap { $0.parts.isEmpty ? [$0] : $0.parts }.filter { $0.kind != .thought }
        return cellsNeeded(by: Set(judged.compactMap { cell(of: $0)?.id }), giving: Set(judged.flatMap(\.variables)))
    }

    /// Some cells, and all that those need which stand above them; with the cells that give some names.
    func cellsNeeded(by targets: Set<String>, giving wanted: Set<String> = []) -> Set<String> {
        let code = notebook.cells.filter { $0.kind == .code }
        // What stands below can't matter.
        guard let last = code.lastIndex(where: { targets.contains($0.id) || !wanted.isDisjoint(with: outline(of: $0).declaredNames) }) else { return [] }
        let graph = CellGraph(code[...last].map { ($0.id, outline(of: $0)) })
        let targets = targets.intersection(code.map(\.id))
        return targets.union((targets.flatMap(graph.needs(of:)) + graph.needs(ofReading: wanted)).map(\.cell))
    }

    private func outline(of cell: Cell) -> CellOutline { compiler.outline(of: cell.source) }

    /// The cell that holds a problem's answer.
    private func cell(of problem: ProblemOutline) -> Cell? {
        notebook.cells.first { $0.kind == .code && $0.problem == problem.path }
    }

    private func hasGiven(_ cell: Cell, _ names: [String]) -> Bool { names.allSatisfy { session.cell(giving: $0) == cell.id } }

    /// What became of a problem's cell. A cell that asks about itself has no result yet, and counts as run.
    private func state(of problem: ProblemOutline) -> QuestionDesk.CellState {
        guard let cell = cell(of: problem) else { return .ran(nil) }
        let outline = outline(of: cell)
        if let gap = outline.placeholders.first { return .waiting("There is a gap left to fill: \(gap.text).") }
        if let original = starter?.cells.first(where: { $0.problem == problem.path }),
            compiler.outline(of: original.source).tokens == outline.tokens { return .untouched }
        let place = outline.declarations.first { problem.variables.contains($0.name) }.map { CellPlace(cell: cell.id, line: $0.line) }
        switch results[cell.id]?.outcome {
        case nil, .completed: return .ran(place)
        case .waiting: return .waiting("There is a gap left to fill.")
        case .skipped(let needs): return .waiting("It needs \(needs.map { "`\($0.name)`" }.joined(separator: ", ")), which a cell above has yet to give.")
        case .doesNotCompile(let diagnostics):
            let first = diagnostics.first
            return .failed("The cell does not compile: \(first?.message ?? "")", first.map { CellPlace(cell: cell.id, line: $0.line) })
        // What was computed above the line where it ended can be judged.
        case .threw where hasGiven(cell, problem.variables), .exited where hasGiven(cell, problem.variables): return .ran(place)
        case .threw(let sentence, let thrown): return .failed(sentence, thrown)
        case .exited(let code, let left): return .failed("The cell called exit(\(code)).", left)
        case .died(let sentence, let died): return .failed(sentence, died)
        case .waitsForever: return .failed("The cell waits for something that can't come.", nil)
        case .interrupted(let place): return .failed("The cell was interrupted.", place)
        }
    }
}

extension ExerciseRun: SessionObserver {
    public func sessionPrinted(_ bytes: [UInt8], isError: Bool) { audience.cellPrinted(bytes, isError: isError) }
    public func sessionDisplayed(_ value: DisplayValue, identifier: Int?) { audience.cellDisplayed(value, identifier: identifier) }
    public func sessionSaves(_ value: DisplayValue, path: String) { audience.cellSaves(value, path: path) }

    public func sessionAsks(_ request: QuestionRequest, answers: any AnswerSource) {
        guard let desk else {
            audience.questionAnswered(.remark(problem: request.problem, sentence: "This notebook belongs to no exercise, so nothing can be asked."))
            return
        }
        for notice in desk.notices(for: request, state: state, answers: answers) {
            if case .verdict(let verdict) = notice { note(verdict) }
            audience.questionAnswered(notice)
        }
    }
}

extension ExerciseOutline {
    /// The questions that are asked one by one: a multipart problem's parts in its place.
    public var questions: [ProblemOutline] { allProblems.filter(\.parts.isEmpty) }
}
