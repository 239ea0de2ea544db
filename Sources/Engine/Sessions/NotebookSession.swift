import CellCompiler
import Display
import Foundation
import Processes
import Sandbox
import Wire

/// A notebook's cells at work: compiles each, runs it in the state that the cells above it left, and knows which names
/// the cells have given. A cell that fails or waits for an answer takes with it only those that need its names.
///
/// Each cell runs in a copy of the process before it, which stays as it was: a cell that dies has never been, and one
/// that is run again starts from its own earlier state. Where no process with such a state is left, or none could be
/// copied, the cells above run again, unseen.
public final class NotebookSession {
    public struct Configuration {
        public var installation: Installation
        public var limits: SessionLimits
        /// Libraries of modules that cells import beside libEtude, such as an exercise's questions.
        public var libraries: [String]
        /// The variables that hold answers.
        public var answers: Set<String>
        public var environment: [String: String]
        public var workingDirectory: String
        /// What strangers' cells run in, nil for a learner's own. In a box, neither the environment nor the working
        /// directory of the host's are of any meaning.
        public var box: SessionBox?

        public init(
            installation: Installation, limits: SessionLimits = .learner, libraries: [String] = [],
            answers: Set<String> = [], environment: [String: String] = ProcessInfo.processInfo.environment,
            workingDirectory: String = FileManager.default.currentDirectoryPath, box: SessionBox? = nil
        ) {
            (self.installation, self.limits, self.libraries) = (installation, limits, libraries)
            (self.answers, self.environment, self.workingDirectory, self.box) = (answers, environment, workingDirectory, box)
        }
    }

    let configuration: Configuration
    let compiler: CellCompiler
    let symbolizer: Symbolizer
    /// A person's wish to stop, which ends the running cell.
    public let interruption: Interruption?
    /// The notebook's cells as they are now, in the order of the file.
    private(set) var cells = CellOrder()
    /// The last run of each cell, of those that gave something.
    private(set) var current: [String: Step] = [:]
    private var runs = 0
    var moments = Moments()
    /// The cell that runs, or ran last: in no moment until it has ended well.
    private(set) var running: CompiledCell?
    private var hasToldOfThreads = false

    public init(_ configuration: Configuration, compiler: CellCompiler, interruption: Interruption? = nil) {
        (self.configuration, self.compiler, self.interruption) = (configuration, compiler, interruption)
        symbolizer = Symbolizer(toolchain: compiler.toolchain, sandbox: configuration.box?.sandbox)
    }

    /// Takes the notebook's code cells as they are now, in the order of the file. A cell that is run without having been
    /// named here stands below all others.
    public func arrange(_ sources: [CellSource]) {
        cells = CellOrder(sources.map { ($0.id, compiler.outline(of: $0.text)) })
        for id in current.keys where cells.position(of: id) == nil { current[id] = nil }
    }

    /// The cell that gave a name its present value.
    public func cell(giving name: String) -> String? {
        guard let giver = cells.giver(of: name), current[giver]?.given.contains(name) ?? false else { return nil }
        return giver
    }

    /// Compiles and runs one cell.
    /// - Throws: ``SessionError`` and the compiler's errors, when the machinery fails; never for what a cell does.
    public func run(_ cell: CellSource, observer: any SessionObserver) throws -> CellResult {
        let outline = compiler.outline(of: cell.text)
        cells.put(cell.id, outline)
        let old = withdraw(cell.id)
        if outline.isEmpty { return CellResult(outcome: .completed) }
        if !outline.placeholders.isEmpty {
            return CellResult(outcome: .waiting(outline.placeholders.map { .init(text: $0.text, line: $0.line) }))
        }
        let needs = needs(of: cell.id, outline)
        if !needs.isEmpty { return CellResult(outcome: .skipped(needs: needs)) }

        var plan = plan(for: cell.id, in: cells)
        let compiled: CompiledCell
        let base: Moment
        do {
            let scope = try prepare(&plan)
            let answers = configuration.answers.intersection(outline.declaredNames).sorted().map { AnswerVariable($0) }
            switch try compiler.compile(cell, in: scope, answers: answers, interruption: interruption) {
            case .compiled(let result): compiled = result
            case .nothingToRun, .waiting: return CellResult(outcome: .completed)
            case .failed(let diagnostics): return CellResult(outcome: .doesNotCompile(diagnostics))
            }
            base = try moment(of: plan)
        } catch CellCompilerError.interrupted {
            // The compiler leaves the request standing; it is served by this.
            interruption?.clear()
            return CellResult(outcome: .interrupted(place: nil))
        } catch SessionError.interrupted {
            return CellResult(outcome: .interrupted(place: nil))
        } catch let error as SessionError where error.isOfACell {
            return CellResult(outcome: .died("\(error)", place: nil))
        }

        // What its old self had started ends, so that a port or a lock is free again.
        if let old { moments.end { $0.steps.last?.run == old.run } }
        runs += 1
        return advance(from: base, compiled, run: runs, observer: PlainObserver(observer)).result
    }

    /// Answers about the cells' variables outside of a cell's own `check()`. They come from a copy of the session, which
    /// a learner's function that dies, or changes something, takes with it.
    public func answers(_ observer: any SessionObserver) -> any AnswerSource { SessionAnswers(self, observer) }

    /// The earlier states that can be gone back to without running a cell again: how many, and the bytes of memory that
    /// they hold beyond what the newest state holds too.
    public var snapshots: (count: Int, bytes: UInt64) { (max(0, moments.all.count - 1), moments.heldMemory) }

    public func end() { moments.removeAll() }

    // MARK: Running

    /// Runs a cell in the state of a moment.
    /// - Returns: the moment after it; nil when there is none, for then nothing has changed.
    func advance(
        from base: Moment, _ cell: CompiledCell, run: Int, observer: any SessionObserver
    ) -> (result: CellResult, moment: Moment?) {
        var result = CellResult(outcome: .completed, warnings: cell.diagnostics)
        let process: SessionProcess
        let start = ContinuousClock.now
        let copy = base.process.copy()
        result.preparation = .now - start
        switch copy {
        case .copied(let copy): process = base.part(with: copy)
        case .hasThreads(let count):
            process = base.process
            if let remark = remark(onThreads: count, base) { result.remarks.append(remark) }
        case .refused(let reason):
            process = base.process
            result.remarks.append("The state before this cell could not be kept: \(reason). Should the cell die, those above run again.")
        case .died(let death):
            result.outcome = outcome(ofMoment: base, death)
            return (result, nil)
        }
        running = cell
        let end = process.run(library: cell.libraryPath, entryPoint: cell.entryPoint, observer: observer)
        result.duration = .now - start - result.preparation
        switch end {
        case .ended(let end, let frames):
            result.outcome = outcome(of: end, cell: cell, frames)
            if case .unloadable = end {
                if process !== base.process { process.end() }
                return (result, nil)
            }
            let step = Step(cell: cell, run: run, duration: result.duration, given: given(by: cell, result))
            if process === base.process { base.take(step) } else { moments.add(Moment(process, after: base, step)) }
            let moment = process === base.process ? base : moments.all.last
            current[cell.id] = step
            moments.evict(beyond: configuration.limits.snapshots)
            return (result, moment)
        case .died(let death):
            process.end()
            moments.end { $0.process === process }
            result.outcome = outcome(of: death)
            result.limit = death.limit(isBoxed: configuration.box != nil)
            return (result, nil)
        }
    }

    /// A moment's process that could not be copied: most likely its last cell had told that it was done when it was not.
    private func outcome(ofMoment moment: Moment, _ death: DeathReport) -> CellResult.Outcome {
        if death.wasInterrupted {
            moments.end { $0 === moment }
            return .interrupted(place: nil)
        }
        guard death.lateRun != nil || death.spokeNonsense, let culprit = moment.steps.last else {
            moments.end { $0 === moment }
            return .died("\(sentence(for: death)) It happened before the cell began; run it again.", place: nil)
        }
        forget(culprit)
        return .died(
            "\(culprit.cell.name) had said that it had finished while it was still at work, so the session was ended. Run both cells again.", place: nil)
    }

    /// Takes back what a cell has given, and with it what the cells below have made of it.
    /// - Returns: the cell's last run.
    private func withdraw(_ id: String) -> Step? {
        guard let old = current.removeValue(forKey: id) else { return nil }
        for dependent in cells.graph().dependents(of: id) where dependent.certainty == .certain && dependent.link != .surroundings {
            current[dependent.cell] = nil
        }
        return old
    }

    /// Leaves a run of a cell out from now on: what it gave is missing.
    func forget(_ step: Step) {
        if current[step.cell.id]?.run == step.run { current[step.cell.id] = nil }
        moments.end { $0.steps.contains { $0.run == step.run } }
    }

    private func remark(onThreads count: Int, _ base: Moment) -> String? {
        defer { hasToldOfThreads = true }
        guard !hasToldOfThreads else { return nil }
        let culprit = base.steps.last.map { "\($0.cell.name) has left" } ?? "There are"
        return "\(culprit) \(count - 1) \(count == 2 ? "thread" : "threads") at work (DispatchQueue, Process and RunLoop do that). "
            + "As long as they live, the state before a cell can't be kept: should a cell die, those above run again."
    }

    // MARK: Names

    /// Names that a cell uses and that a cell above has yet to give.
    private func needs(of id: String, _ outline: CellOutline) -> [CellResult.Need] {
        outline.uses.subtracting(outline.declaredNames).sorted().compactMap { name in
            guard let giver = cells.giver(of: name, for: id), !(current[giver]?.given.contains(name) ?? false) else { return nil }
            return CellResult.Need(name: name, cell: giver)
        }
    }

    /// What a cell has given. One that ended early has given its functions and types, and of its variables those above
    /// the line where it did: the others hold nothing that may be read.
    private func given(by cell: CompiledCell, _ result: CellResult) -> Set<String> {
        let end = result.succeeded ? Int.max : result.place?.line ?? 0
        return Set(cell.outline.declarations.filter { ![.variable, .constant].contains($0.kind) || $0.line < end }.map(\.name))
    }
}

/// What a checker may ask between cells.
private final class SessionAnswers: AnswerSource {
    private let session: NotebookSession
    private let observer: any SessionObserver
    /// The copy that answers, and the moment that it is a copy of.
    private var desk: (process: SessionProcess, moment: Moment)?

    init(_ session: NotebookSession, _ observer: any SessionObserver) { (self.session, self.observer) = (session, observer) }

    deinit { leaveDesk() }

    func answer(to query: AnswerQuery) -> (reply: AnswerReply, attachment: [UInt8]) {
        do {
            let process = try process(for: query)
            let (reply, attachment, death) = process.answer(to: query, observer: PlainObserver(observer))
            if death.wasInterrupted {
                // The request stays for whoever asked on a checker's behalf.
                session.interruption?.request()
                throw SessionError.interrupted
            }
            guard case .ended = reply else { return (reply, attachment) }
            leaveDesk()
            return (.ended(session.sentence(for: death)), [])
        } catch { return (.ended("\(error)"), []) }
    }

    private func process(for query: AnswerQuery) throws -> SessionProcess {
        let moment = try session.moment(answering: query.name)
        if let desk, desk.moment === moment, desk.process.isRunning { return desk.process }
        leaveDesk()
        // One that can't be copied answers itself: when it dies of it, the cells above run again.
        guard case .copied(let copy) = moment.process.copy() else { return moment.process }
        desk = (copy, moment)
        return copy
    }

    private func leaveDesk() {
        desk?.process.end()
        desk = nil
    }
}

extension AnswerQuery {
    /// The variable or function that it asks about.
    fileprivate var name: String {
        switch self {
        case .value(let variable): variable
        case .call(let function, _): function
        }
    }
}
