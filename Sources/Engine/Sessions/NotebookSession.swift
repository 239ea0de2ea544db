import CellCompiler
import Display
import Foundation
import Processes
import Wire

/// A notebook's cells at work: compiles each, runs it in the notebook's session, and knows which names the cells
/// so far have given. A cell that fails or waits for an answer takes with it only those that need its names.
///
/// When a cell dies, its process is gone; the next cell that runs finds a new one, in which the earlier cells
/// have run again.
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

        public init(
            installation: Installation, limits: SessionLimits = .learner, libraries: [String] = [],
            answers: Set<String> = [], environment: [String: String] = ProcessInfo.processInfo.environment,
            workingDirectory: String = FileManager.default.currentDirectoryPath
        ) {
            (self.installation, self.limits, self.libraries) = (installation, limits, libraries)
            (self.answers, self.environment, self.workingDirectory) = (answers, environment, workingDirectory)
        }
    }

    private let configuration: Configuration
    private let compiler: CellCompiler
    private let symbolizer: Symbolizer
    /// A person's wish to stop, which ends the running cell.
    public let interruption: Interruption?
    private var scope: CellScope
    private var session: Session?
    /// The cell that runs, or ran last: not in the scope until it has ended well.
    private var running: CompiledCell?
    /// The cells that hold state: what a new session runs again.
    private var history: [CompiledCell] = []
    /// Names that a cell declares but has not given, with the cell's id.
    private var missing: [String: String] = [:]
    /// Which cell declares a name that it has given.
    private var givers: [String: String] = [:]

    public init(_ configuration: Configuration, compiler: CellCompiler, interruption: Interruption? = nil) {
        (self.configuration, self.compiler, self.interruption) = (configuration, compiler, interruption)
        symbolizer = Symbolizer(toolchain: compiler.toolchain)
        scope = CellScope()
    }

    /// The cell that gave a name its present value.
    public func cell(giving name: String) -> String? { givers[name] }

    /// Compiles and runs one cell.
    /// - Throws: ``SessionError`` and the compiler's errors, when the machinery fails; never for what a cell does.
    public func run(_ cell: CellSource, observer: any SessionObserver) throws -> CellResult {
        let outline = compiler.outline(of: cell.text)
        if outline.isEmpty { return CellResult(outcome: .completed) }
        if !outline.placeholders.isEmpty {
            withhold(outline, of: cell)
            return CellResult(outcome: .waiting(outline.placeholders.map { .init(text: $0.text, line: $0.line) }))
        }
        let needs = outline.uses.subtracting(outline.declaredNames).compactMap { name in missing[name].map { CellResult.Need(name: name, cell: $0) } }
        if !needs.isEmpty {
            withhold(outline, of: cell)
            return CellResult(outcome: .skipped(needs: needs.sorted { $0.name < $1.name }))
        }

        let compiled: CompiledCell
        let session: Session
        do {
            let answers = configuration.answers.intersection(outline.declaredNames).sorted().map { AnswerVariable($0) }
            switch try compiler.compile(cell, in: scope, answers: answers, interruption: interruption) {
            case .compiled(let result): compiled = result
            case .nothingToRun, .waiting: return CellResult(outcome: .completed)
            case .failed(let diagnostics):
                withhold(outline, of: cell)
                return CellResult(outcome: .doesNotCompile(diagnostics))
            }
            session = try readySession()
        } catch CellCompilerError.interrupted {
            // The compiler leaves the request standing; it is served by this.
            interruption?.clear()
            withhold(outline, of: cell)
            return CellResult(outcome: .interrupted(place: nil))
        } catch SessionError.interrupted {
            withhold(outline, of: cell)
            return CellResult(outcome: .interrupted(place: nil))
        } catch let error as SessionError where error.isOfACell {
            withhold(outline, of: cell)
            return CellResult(outcome: .died("\(error)", place: nil))
        }

        running = compiled
        let start = ContinuousClock.now
        let end = session.run(library: compiled.libraryPath, entryPoint: compiled.entryPoint, observer: PlainObserver(observer))
        var result = CellResult(outcome: .completed, warnings: compiled.diagnostics, duration: .now - start)
        switch end {
        case .ended(let end, let frames):
            result.outcome = outcome(of: end, cell: compiled, frames)
            if case .unloadable = end { withhold(outline, of: cell) } else { keep(compiled, result) }
        case .died(let death):
            self.session = nil
            withhold(outline, of: cell)
            result.outcome = outcome(of: death)
            if let late = death.lateRun, late > 0, late <= history.count {
                let culprit = history[late - 1]
                forget(culprit)
                result.outcome = .died(
                    "\(culprit.name) had said that it had finished while it was still at work, so the session was ended. Run both cells again.", place: nil)
            }
        }
        return result
    }

    /// Answers about the cells' variables outside of a cell's own `check()`. A session is started when the first is
    /// asked for; one that dies over an answer has a successor for the next.
    public func answers(_ observer: any SessionObserver) -> any AnswerSource { SessionAnswers(self, observer) }

    fileprivate func answer(to query: AnswerQuery, _ observer: any SessionObserver) throws -> (reply: AnswerReply, attachment: [UInt8]) {
        let (reply, attachment, death) = try readySession().answer(to: query, observer: PlainObserver(observer))
        if death.wasInterrupted {
            // The request stays for whoever asked on a checker's behalf.
            interruption?.request()
            throw SessionError.interrupted
        }
        guard case .ended = reply else { return (reply, attachment) }
        session = nil
        return (.ended(sentence(for: death)), [])
    }

    public func end() {
        session?.end()
        session = nil
    }

    // MARK: The process

    private func readySession() throws -> Session {
        if let session, session.isRunning { return session }
        let environment = configuration.environment.merging([
            "SWIFT_BACKTRACE": "enable=no", "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1",
        ]) { $1 }
        let toolchainLibraries = Toolchain.sessionLibraries.map { compiler.toolchain.runtimeLibraries + "/" + $0 }
        let new = try Session(
            configuration.installation,
            libraries: toolchainLibraries + [configuration.installation.learnerLibrary] + configuration.libraries,
            limits: configuration.limits, environment: environment, workingDirectory: configuration.workingDirectory,
            interruption: interruption)
        session = new
        let silent = SilentObserver()
        for cell in history {
            let reason: String
            switch new.run(library: cell.libraryPath, entryPoint: cell.entryPoint, observer: silent) {
            case .died(let death):
                session = nil
                if death.wasInterrupted { throw SessionError.interrupted }
                reason = sentence(for: death)
            case .ended(.unloadable(let problem), _): reason = problem
            case .ended: continue
            }
            forget(cell)
            throw SessionError.couldNotRepeat(cell: cell.name, reason: reason)
        }
        return new
    }

    /// Leaves a cell out from now on: what it gave is missing, so that the next session need not run it.
    private func forget(_ cell: CompiledCell) {
        session?.end()
        session = nil
        history.removeAll { $0.libraryPath == cell.libraryPath }
        scope.remove(id: cell.id)
        withhold(cell.outline, of: cell.source)
    }

    // MARK: Names

    private func withhold(_ outline: CellOutline, of cell: CellSource) {
        for name in outline.declaredNames { (missing[name], givers[name]) = (cell.id, nil) }
    }

    /// Takes a cell into the scope. One that ended early has given its functions and types, and of its variables those
    /// above the line where it did: the others hold nothing that may be read.
    private func keep(_ cell: CompiledCell, _ result: CellResult) {
        scope.add(cell)
        history.append(cell)
        let end = result.succeeded ? Int.max : result.place?.line ?? 0
        let given = Set(cell.outline.declarations.filter { ![.variable, .constant].contains($0.kind) || $0.line < end }.map(\.name))
        for name in cell.outline.declaredNames {
            (missing[name], givers[name]) = given.contains(name) ? (nil, cell.id) : (cell.id, nil)
        }
    }

    // MARK: Words

    private func outcome(of end: CellEnd, cell: CompiledCell, _ frames: DeathReport) -> CellResult.Outcome {
        switch end {
        case .completed: .completed
        // That is how an async main ends.
        case .exited(0) where cell.outline.usesTopLevelAwait: .completed
        case .threw(let text): .threw(CellScope().withoutModuleNames(text), place: topLevelPlace(in: cell, frames))
        case .exited(let code): .exited(code, place: topLevelPlace(in: cell, frames))
        case .waitsForever: .waitsForever
        case .unloadable(let reason): .died("The cell could not be loaded: \(reason)", place: nil)
        }
    }

    private func outcome(of death: DeathReport) -> CellResult.Outcome {
        death.wasInterrupted ? .interrupted(place: place(death)) : .died(sentence(for: death), place: place(death))
    }

    /// The innermost line of a learner's.
    private func place(_ report: DeathReport) -> CellPlace? {
        symbolized(report)?.locations.first.map { CellPlace(cell: $0.cellID, line: $0.line) }
    }

    /// The cell's own line at its top level, from which all that happened was called.
    private func topLevelPlace(in cell: CompiledCell, _ report: DeathReport) -> CellPlace? {
        symbolized(report)?.locations.last { $0.cellID == cell.id }.map { CellPlace(cell: $0.cellID, line: $0.line) }
    }

    private func symbolized(_ report: DeathReport) -> Symbolizer.Report? {
        var scope = scope
        if let running { scope.add(running) }
        // The frames come from the process that died: no file is opened that is not a cell's.
        let libraries = Set((scope.cells + history).map(\.libraryPath))
        let frames = report.frames.filter { libraries.contains($0.library) }
        return try? symbolizer.report(on: frames.map { .init(library: $0.library, offset: $0.offset) }, in: scope)
    }

    /// Why a session died, in a sentence to the learner.
    private func sentence(for death: DeathReport) -> String {
        if let mistake = death.mistake { return mistake }
        if death.spokeNonsense { return "The cell's process sent Etude something that can't be understood, or did not listen, so it was ended." }
        if death.hungUp { return "The cell closed the connection between its process and Etude (descriptor 3), so the process was ended." }
        if let limit = death.passedDeadline { return "The cell ran for longer than \(limit), so it was ended." }
        if case .stackOverflow = death.cause {
            return "The stack overflowed: most likely a function calls itself without an end."
        }
        if let message = death.fatalMessage.map(CellScope().withoutModuleNames), !message.isEmpty { return message.hasSuffix(".") ? message : message + "." }
        if let sentence = symbolized(death)?.sentence { return sentence }
        switch death.termination {
        case .exited(let code): return "The cell ended the whole process, with status \(code)."
        case .signalled(SIGKILL): return "The system ended the process: most likely memory ran out."
        case .signalled(let signal): return "The process died: \(String(cString: strsignal(signal)))."
        case .deadlinePassed, .interrupted, nil: return "The process died."
        }
    }
}

extension CellResult {
    /// Where a cell ended before its end.
    public var place: CellPlace? {
        switch outcome {
        case .threw(_, let place), .exited(_, let place), .died(_, let place), .interrupted(let place): place
        default: nil
        }
    }
}

/// What a checker may ask between cells.
private final class SessionAnswers: AnswerSource {
    private let session: NotebookSession
    private let observer: any SessionObserver

    init(_ session: NotebookSession, _ observer: any SessionObserver) { (self.session, self.observer) = (session, observer) }

    func answer(to query: AnswerQuery) -> (reply: AnswerReply, attachment: [UInt8]) {
        do { return try session.answer(to: query, observer) } catch { return (.ended("\(error)"), []) }
    }
}

/// Watches cells that are run again to rebuild a session: what they show was shown before.
private final class SilentObserver: SessionObserver {
    func sessionPrinted(_ bytes: [UInt8], isError: Bool) {}
    func sessionDisplayed(_ value: DisplayValue, identifier: Int?) {}
    func sessionSaves(_ value: DisplayValue, path: String) {}
    func sessionAsks(_ request: QuestionRequest, answers: any AnswerSource) {}
}

/// Keeps what is the engine's own out of what a cell prints and shows: the names of its modules, and the runtime's line
/// about a trap, which the cell's result says better.
private final class PlainObserver: SessionObserver {
    private let observer: any SessionObserver
    init(_ observer: any SessionObserver) { self.observer = observer }

    /// After this line the runtime lists its own frames, and the process ends.
    private static let stackTrace = "Current stack trace:"
    private var isInStackTrace = false

    func sessionPrinted(_ bytes: [UInt8], isError: Bool) {
        if isError && isInStackTrace { return }
        var text = String(decoding: bytes, as: UTF8.self)
        let hasModuleName = text.contains("Cell_")
        let hasTrap = isError && (DeathReport.isRuntimeMessage(text) || text.contains(Self.stackTrace))
        guard hasModuleName || hasTrap else { return observer.sessionPrinted(bytes, isError: isError) }
        if hasTrap {
            if let trace = text.range(of: Self.stackTrace) {
                text.removeSubrange(trace.lowerBound...)
                isInStackTrace = true
            }
            let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
            text = lines.filter { !DeathReport.isRuntimeMessage($0) }.joined(separator: "\n")
        }
        text = CellScope().withoutModuleNames(text)
        if !text.isEmpty { observer.sessionPrinted(Array(text.utf8), isError: isError) }
    }

    func sessionDisplayed(_ value: DisplayValue, identifier: Int?) {
        guard case .text(let text) = value else { return observer.sessionDisplayed(value, identifier: identifier) }
        observer.sessionDisplayed(.text(CellScope().withoutModuleNames(text)), identifier: identifier)
    }

    func sessionSaves(_ value: DisplayValue, path: String) { observer.sessionSaves(value, path: path) }
    func sessionAsks(_ request: QuestionRequest, answers: any AnswerSource) { observer.sessionAsks(request, answers: answers) }
}
