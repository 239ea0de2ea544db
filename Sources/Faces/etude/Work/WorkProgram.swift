import Courses
import Foundation
import Glibc
import Notebook
import Processes
import Terminal
import Wire

/// The full screen of `etude work`: one loop that hears of keys, signals, the file, and the engine's news, and paints.
final class WorkProgram {
    /// Often enough for the eye.
    private static let paintInterval = Duration.milliseconds(33)
    /// How long an Escape waits for the rest of an arrow key, over a slow connection too.
    private static let escapePatience = Duration.milliseconds(60)

    let studio: Studio
    let exercise: Exercise?
    let file: String
    let learnerFile: LearnerFile
    /// The exercise as the course gives it.
    let starter: Notebook?
    let board: WorkBoard
    let engine: WorkEngine
    private let terminal: RawTerminal
    private let signals: TerminalSignals
    private let watch: FileWatch
    private var painter = Painter()
    private var view: WorkView
    private var decoder = KeyDecoder()
    private var figures: FigureDrawer?

    /// What the window shows.
    var page: WorkPage
    var notebook: Notebook
    var steps: [Step] = []
    var content = WorkBoard.Content()
    /// What `h` and `s` were answered, by question.
    var advice: [String: [OutputPiece]] = [:]
    /// What `y` does now.
    var whenConfirmed: (() -> Void)?
    var drawing: WorkView.Drawing?
    /// The status with which the program ends, once it is to.
    var status: Int32?
    private var place: LearnerPlace

    init(_ studio: Studio, _ opened: OpenedNotebook, file: String, terminal: RawTerminal, style: TerminalStyle) throws {
        (self.studio, self.exercise, self.file) = (studio, opened.exercise, file)
        (self.terminal, view) = (terminal, WorkView(style))
        signals = try TerminalSignals()
        starter = try? opened.exercise?.starter()
        watch = try FileWatch(file)
        learnerFile = LearnerFile(file, stateFolder: studio.states.folder)
        notebook = try learnerFile.read()
        place = studio.states.places.first { $0.file == file } ?? LearnerPlace(file: file, exercise: opened.exercise?.name)
        page = WorkPage(title: opened.exercise?.title ?? "", file: shortened(file), steps: [])
        board = try WorkBoard(
            notebook, workingDirectory: opened.folder, outcomes: place.outcomes.compactMapValues(Verdict.Outcome.init))
        engine = WorkEngine(studio, opened, notebook, bytes: learnerFile.bytesRead ?? Data(), board: board)
        page.current = place.step
        remember()
    }

    /// Keeps the file as it is: what the learner's editor replaces next can be had back.
    private func remember() {
        do { try learnerFile.remember() } catch { page.message = remark(on: error) }
    }

    /// An error in the window's one line, which has no room for the path that is known.
    func remark(on error: any Error) -> String {
        guard var error = error as? NotebookError else {
            let sentence = sentence(for: error)
            return sentence.hasPrefix("\(file): ") ? String(sentence.dropFirst(file.count + 2)) : sentence
        }
        error.file = nil
        return "\(error)"
    }

    /// Works until the learner quits or a signal asks the program to end.
    /// - Returns: the exit status.
    func run() -> Int32 {
        terminal.enter()
        defer { terminal.leave() }
        findPictures()
        takeNews()
        var lastPaint = ContinuousClock.now - Self.paintInterval
        var isDirty = true
        while status == nil {
            let now = ContinuousClock.now
            if isDirty, now - lastPaint >= Self.paintInterval {
                paint()
                (isDirty, lastPaint) = (false, now)
            }
            let deadlines = [
                isDirty ? lastPaint + Self.paintInterval : nil, decoder.isWaiting ? now + Self.escapePatience : nil,
                content.activity == nil ? nil : now + .milliseconds(250),
            ]
            let ready = waitForDescriptors(
                [terminal.input, signals.descriptor, watch.descriptor, board.descriptor].map { ($0, Int16(POLLIN)) }, until: deadlines.compactMap { $0 }.min())
            if ready[0] != 0 {
                let bytes = terminal.read()
                if bytes.isEmpty { status = 0 }
                for key in decoder.decode(bytes) { press(key) }
            } else if decoder.isWaiting {
                for key in decoder.timeOut() { press(key) }
            }
            if ready[1] != 0 { for signal in signals.caught() { take(signal) } }
            if ready[2] != 0, let event = watch.take() {
                switch event {
                case .saved: readFile()
                case .gone: page.message = "\(shortened(file)) is gone. What is shown is what it held."
                }
            }
            if ready[3] != 0 { takeNews() }
            isDirty = true
        }
        rememberPlace()
        terminal.leave()
        engine.end()
        return status ?? 0
    }

    private func findPictures() {
        let (kind, bytes) = terminal.findPictureProtocol(environment: ProcessInfo.processInfo.environment)
        // A person may have pressed keys already.
        for key in decoder.decode(bytes) { press(key) }
        guard let kind else { return }
        painter = Painter(pictures: kind)
        // Most terminals' cells are about twice as high as wide.
        figures = FigureDrawer(kind, cell: terminal.cellPixels ?? (8, 16)) { [board] in board.change { _ in } }
    }

    private func paint() {
        let size = terminal.size
        page.activity = content.activity.map { ($0.words, Int((ContinuousClock.now - $0.since).components.seconds)) }
        let drawing = view.draw(page, size: size) { figures?.picture(of: $0, columns: $1, rows: $2) }
        self.drawing = drawing
        terminal.write(painter.paint(drawing.frame, size: size))
    }

    // MARK: What happens

    private func take(_ signal: Int32) {
        switch signal {
        case SIGWINCH: break
        case SIGINT: press(.control("c"))
        case SIGTSTP: suspend()
        case SIGCONT:
            // Whoever had the terminal meanwhile may have left it otherwise.
            terminal.leave()
            terminal.enter()
            repaintWhole()
        default: status = 128 + signal
        }
    }

    func repaintWhole() { painter.forget() }

    func suspend() {
        rememberPlace()
        terminal.leave()
        signals.stop()
        terminal.enter()
        repaintWhole()
    }

    private func readFile() {
        do {
            let new = try learnerFile.read()
            page.message = nil
            remember()
            if new == notebook { return fill() }
            let old = notebook
            notebook = new
            let changed = new.cells.filter { cell in cell.kind == .code && old.cell(id: cell.id)?.source != cell.source }
            let gone = old.cells.filter { new.cell(id: $0.id) == nil }
            engine.post(.notebook(new, bytes: learnerFile.bytesRead ?? Data(), changed: Set((changed + gone).map(\.id))))
            layOut()
            guard let first = changed.first, let index = new.cells.firstIndex(where: { $0.id == first.id }) else { return }
            // The window goes where the learner works.
            if let step = steps.firstIndex(where: { $0.cells.contains(index) }) { page.current = step }
            page.scroll = .cell(changed.last { isHere($0.id) }?.id ?? first.id)
            rememberPlace()
        } catch {
            page.message = remark(on: error)
        }
        fill()
    }

    private func takeNews() {
        let old = content
        content = board.read()
        if content.isReady != old.isReady || steps.isEmpty {
            let first = steps.indices.contains(page.current) ? steps[page.current].cells.lowerBound : nil
            layOut()
            // With the questions known, there may be more steps than before.
            if let first, let step = steps.firstIndex(where: { $0.cells.contains(first) }) { page.current = step }
        }
        if content.messageCount != old.messageCount { page.message = content.message }
        if case .cell = page.scroll, let cell = content.latestCell, isHere(cell) { page.scroll = .cell(cell) }
        if let part, let verdict = content.verdicts[part], verdict != old.verdicts[part] {
            if content.outcomes[part] == .correct { advice[part] = nil }
            // Who follows a cell that runs wants to know how it came out.
            if case .cell = page.scroll { page.scroll = .answer }
        }
        fill()
    }

    // MARK: The page

    /// The question of the step that the window is on.
    var part: String? { steps.indices.contains(page.current) ? steps[page.current].problem : nil }

    /// Whether a cell belongs to the step that the window is on.
    private func isHere(_ cell: String) -> Bool { steps.indices.contains(page.current) && steps[page.current].cells.contains { notebook.cells[$0].id == cell } }

    /// The steps of the notebook as it is now.
    private func layOut() {
        steps = notebook.steps(for: content.desk?.outline.questions.map(\.path) ?? place.questions ?? notebook.cells.compactMap(\.problem))
        page.current = max(0, min(page.current, steps.count - 1))
        if exercise == nil { page.title = steps.first.map(\.title).flatMap { $0.isEmpty ? nil : $0 } ?? (file as NSString).lastPathComponent }
    }

    /// Brings the page up to what is known.
    func fill() {
        page.knowsQuestions = content.isReady
        page.steps = steps.map { step in
            let outcome = step.problem.flatMap { content.outcomes[$0]?.shown }
            let answers = step.problem.map { (content.verdicts[$0] ?? []) + (advice[$0] ?? []) } ?? []
            return WorkPage.Step(title: step.title, part: step.problem, outcome: outcome, answerCell: step.problem.flatMap(answerCell)?.id, blocks: step.cells.compactMap(block), answers: answers)
        }
        if let trouble = content.trouble, page.steps.indices.contains(page.current) {
            page.steps[page.current].answers.append(.answer(.error, word: nil, text: trouble, indent: 0))
        }
    }

    private func block(_ index: Int) -> WorkPage.Block? {
        let cell = notebook.cells[index]
        switch cell.kind {
        case .markdown: return .prose(cell.source)
        case .raw: return nil
        case .code:
            // Questions that wait behind `//` have keys here.
            if cell.isOnlyComments { return nil }
            return .cell(WorkPage.Cell(
                id: cell.id, number: index + 1, name: cell.hasDerivedID ? cell.title : cell.id, line: cell.firstLine, source: cell.source, focus: focus(in: cell),
                status: content.statuses[cell.id] ?? .neverRun, output: content.transcripts[cell.id]?.pieces ?? []))
        }
    }

    /// The cell that holds a question's answer.
    func answerCell(of problem: String) -> Cell? { notebook.cells.first { $0.kind == .code && $0.problem == problem } }

    /// The first line that is not the starter's.
    private func focus(in cell: Cell) -> Int? {
        guard let original = starter?.cell(id: cell.id), original.source != cell.source else { return nil }
        func lines(_ cell: Cell) -> [Substring] { cell.source.split(separator: "\n", omittingEmptySubsequences: false) }
        return zip(lines(cell), lines(original)).enumerated().first { $1.0 != $1.1 }?.offset
    }

    func rememberPlace() {
        place.step = page.current
        place.questions = content.desk?.outline.questions.map(\.path) ?? place.questions
        place.outcomes = content.outcomes.mapValues(\.rawValue)
        studio.states.remember(place)
    }
}

extension Cell {
    var isOnlyComments: Bool {
        source.split(separator: "\n").allSatisfy { line in line.drop { $0 == " " || $0 == "\t" }.hasPrefix("//") || line.allSatisfy(\.isWhitespace) }
    }
}

/// The person's own folder, as their shell knows it.
var homeFolder: String { ProcessInfo.processInfo.environment["HOME"] ?? NSHomeDirectory() }

/// A path as a person would write it from here.
func shortened(_ path: String) -> String {
    let here = FileManager.default.currentDirectoryPath + "/", home = homeFolder + "/"
    if path.hasPrefix(here) { return String(path.dropFirst(here.count)) }
    return path.hasPrefix(home) ? "~/" + path.dropFirst(home.count) : path
}
