import CellCompiler
import Courses
import Foundation
import Notebook
import Processes
import Sessions
import Terminal
import Wire
import Workspace

/// The thread on which an exercise's cells run. There is one, and it lives as long as the program: a session belongs to
/// the thread that started it, and ends with it.
final class WorkEngine {
    enum Job {
        /// The file holds another text now: what changed runs. Its cells that are not what they were are named.
        case notebook(Notebook, bytes: Data, changed: Set<String>)
        case cells(Set<String>)
        case everything
        /// A question's verdict, which the learner may have asked for.
        case check(ProblemOutline, isAsked: Bool)

        /// Whether one of the two makes the other needless.
        func repeats(_ other: Job) -> Bool {
            switch (self, other) {
            case (.notebook, .notebook), (.everything, .everything): true
            case (.cells(let some), .cells(let others)): some == others
            case (.check(let problem, _), .check(let other, _)): problem.path == other.path
            default: false
            }
        }
    }

    private let studio: Studio
    private let exercise: Exercise?
    private let folder: String
    private let board: WorkBoard
    private let keeper: AttemptKeeper?
    /// The file's bytes as the notebook at work was read from. The thread's own.
    private var bytes: Data
    private let condition = NSCondition()
    private var jobs: [Job] = []
    private var isBusy = true
    private var isEnding = false
    private var hasEnded = false
    private var runningCell: String?
    /// Cells whose text is another in a notebook that waits: to run them as they were would be in vain.
    private var obsolete: Set<String> = []
    /// The present job was given up for a newer text, and has to be done again with that.
    private var isGivenUp = false
    /// Cells of a newer text that were to run when a still newer one came. The thread's own.
    private var unfinished: Set<String> = []

    /// - Parameter bytes: the file's, as the notebook was read from.
    init(_ studio: Studio, _ opened: OpenedNotebook, _ notebook: Notebook, bytes: Data, board: WorkBoard) {
        (self.studio, exercise, folder, keeper) = (studio, opened.exercise, opened.folder, opened.keeper)
        (self.board, self.bytes) = (board, bytes)
        board.whenCellBegins = { [unowned self] id in
            condition.withLock {
                runningCell = id
                giveUpWhatIsObsolete()
            }
        }
        let thread = Thread { [self] in
            work(on: notebook)
            condition.withLock { hasEnded = true; condition.broadcast() }
        }
        // Swift's compiler, which reads the cells, is recursive.
        thread.stackSize = 8 << 20
        thread.start()
    }

    /// Adds a job behind those that wait. A newer text of the notebook goes first, and a cell that runs with another is
    /// given up.
    func post(_ job: Job) {
        board.change { $0.latestCell = nil }
        condition.withLock {
            jobs.removeAll { $0.repeats(job) }
            if case .notebook(_, _, let changed) = job {
                jobs.insert(job, at: 0)
                obsolete.formUnion(changed)
                if isBusy { giveUpWhatIsObsolete() }
            } else {
                jobs.append(job)
            }
            condition.signal()
        }
    }

    private func giveUpWhatIsObsolete() {
        guard let runningCell, obsolete.contains(runningCell) else { return }
        isGivenUp = true
        studio.interruption.request()
    }

    /// Stops what runs and forgets what waits, but for a new text. Returns whether there was anything to stop.
    @discardableResult
    func interrupt() -> Bool {
        condition.withLock {
            jobs.removeAll { if case .notebook = $0 { false } else { true } }
            isGivenUp = false
            if isBusy { studio.interruption.request() }
            return isBusy
        }
    }

    /// Ends the session and the thread; waits for it, but not for ever.
    func end() {
        condition.withLock {
            isEnding = true
            jobs = []
            if isBusy { studio.interruption.request() }
            condition.broadcast()
            let deadline = Date() + 3
            while !hasEnded, condition.wait(until: deadline) {}
        }
    }

    private func nextJob() -> Job? {
        condition.withLock {
            isBusy = false
            while jobs.isEmpty, !isEnding { condition.wait() }
            if isEnding { return nil }
            (isBusy, isGivenUp, runningCell) = (true, false, nil)
            // What was meant for the job before does not concern this one.
            studio.interruption.clear()
            let job = jobs.removeFirst()
            if case .notebook = job { obsolete = [] }
            return job
        }
    }

    private func work(on notebook: Notebook) {
        let run: ExerciseRun
        let problems: [ProblemOutline]
        board.begin("getting ready")
        do {
            let desk = try exercise.flatMap { try studio.desk(for: $0) }
            problems = desk?.outline.questions ?? []
            run = try studio.run(notebook, as: exercise, workingDirectory: folder, audience: board, announce: board.begin)
            board.change { ($0.desk, $0.isReady) = (desk, true) }
        } catch {
            board.change { $0.trouble = sentence(for: error) }
            board.end("No cell can run: \(sentence(for: error))")
            while nextJob() != nil {}
            return
        }
        defer { run.end() }
        board.end()
        while let job = nextJob() {
            let message: String?
            do { message = try perform(job, run, problems) } catch { message = sentence(for: error) }
            let problem = keepAttempt(run)
            refresh(run)
            condition.withLock {
                guard isGivenUp else { return }
                if case .notebook = job { return }
                // The newer text goes first.
                jobs.insert(job, at: min(1, jobs.count))
            }
            board.end(problem ?? message)
            if condition.withLock({ jobs.isEmpty }) { keeper?.tidyUp() }
        }
    }

    /// Keeps the notebook, where a question of it was checked.
    /// - Returns: a sentence when it could not be kept.
    private func keepAttempt(_ run: ExerciseRun) -> String? {
        do {
            try keeper?.keep(run.takeVerdicts(), notebook: bytes)
            return nil
        } catch { return notKept(error) }
    }

    /// - Returns: a line about what was done; nil where what is shown says it.
    private func perform(_ job: Job, _ run: ExerciseRun, _ problems: [ProblemOutline]) throws -> String? {
        switch job {
        case .notebook(let notebook, let bytes, _):
            self.bytes = bytes
            let changed = run.update(to: notebook).union(unfinished.filter { notebook.cell(id: $0) != nil })
            unfinished = []
            let stale = problems.filter { !run.cellsNeeded(for: [$0]).isDisjoint(with: changed) }
            board.replace(notebook, doubtful: stale.map(\.path))
            guard !changed.isEmpty else { return nil }
            let message = try ran(changed, run)
            if condition.withLock({ isGivenUp }) { unfinished = changed }
            return message
        case .cells(let cells): return try ran(cells, run)
        case .everything:
            let start = ContinuousClock.now
            guard try run.run() else { return Self.interrupted }
            for verdict in try run.verdicts(on: problems) { board.pin(verdict) }
            return report(on: run.notebook.cells.map(\.id), run, since: start)
        case .check(let problem, let isAsked):
            board.begin("checking \(problem.path)")
            let stale = run.cellsNeeded(for: [problem]).filter { isDue(run.freshness(ofCell: $0)) }
            if !stale.isEmpty, try !run.bringUpToDate(stale) { return Self.interrupted }
            for verdict in try run.verdicts(on: [problem]) { board.pin(verdict, isAsked: isAsked) }
            return nil
        }
    }

    private func ran(_ cells: Set<String>, _ run: ExerciseRun) throws -> String {
        let start = ContinuousClock.now
        guard try run.bringUpToDate(cells) else { return Self.interrupted }
        return report(on: cells, run, since: start)
    }

    private static let interrupted = "Interrupted. What the cells above gave is kept."

    private func report(on cells: some Sequence<String>, _ run: ExerciseRun, since start: ContinuousClock.Instant) -> String {
        let results = cells.compactMap(run.result(ofCell:))
        if results.contains(where: \.isFailure) { return "A cell ended early. What those above it gave is kept." }
        if results.contains(where: { !$0.succeeded }) { return "A cell waits; below it stands for what." }
        let stale = run.notebook.cells.map(\.id).filter { if case .outOfDate = status(ofCell: $0, run) { true } else { false } }.map(run.name(ofCell:))
        let names = stale.prefix(3).joined(separator: ", ") + (stale.count > 3 ? " and \(stale.count - 3) more" : "")
        return "Ran \(time(since: start))." + (stale.isEmpty ? "" : " Out of date now: \(names).")
    }

    private func isDue(_ freshness: Freshness) -> Bool {
        switch freshness {
        case .neverRun, .outOfDate: true
        case .current, .doubtful: false
        }
    }

    private func refresh(_ run: ExerciseRun) {
        let cells = run.notebook.cells.filter { $0.kind == .code }.map(\.id)
        board.change { content in
            content.statuses = Dictionary(cells.map { ($0, status(ofCell: $0, run)) }) { $1 }
            // Why it could not run then is no news when it can.
            for cell in cells where content.statuses[cell] == .neverRun { content.transcripts[cell] = nil }
        }
    }

    private func status(ofCell cell: String, _ run: ExerciseRun) -> WorkPage.CellStatus {
        let freshness = run.freshness(ofCell: cell), result = run.result(ofCell: cell)
        let reason = freshness.sentence(naming: run.name(ofCell:)) ?? ""
        switch freshness {
        case .neverRun:
            if case .interrupted? = result?.outcome { return .interrupted }
            return .neverRun
        // To have been left out for want of a name counts as a run for the engine; for a person it does not.
        case .outOfDate where result?.wasLeftOut ?? false, .doubtful where result?.wasLeftOut ?? false: return .neverRun
        case .outOfDate: return .outOfDate(reason)
        case .doubtful: return .doubtful(reason)
        case .current: return result.map(WorkPage.CellStatus.init) ?? .neverRun
        }
    }

    private func time(since start: ContinuousClock.Instant) -> String {
        let tenths = Int(((ContinuousClock.now - start).inSeconds * 10).rounded())
        return tenths == 0 ? "at once" : "in \(tenths / 10).\(tenths % 10) s"
    }
}
