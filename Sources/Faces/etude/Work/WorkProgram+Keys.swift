import Courses
import Notebook
import Terminal
import Wire

extension WorkProgram {
    /// What a key does.
    func press(_ key: Key) {
        if let action = whenConfirmed {
            (whenConfirmed, page.question) = (nil, nil)
            if key == .character("y") || key == .character("Y") { action() } else { page.message = "Nothing was changed." }
            if key != .control("c") { return fill() }
        }
        switch key {
        case .character("q"): status = 0
        case .control("c"): interrupt()
        case .control("z"): suspend()
        case .control("l"): repaintWhole()
        case .character("?"): page.showsHelp.toggle()
        case .escape:
            if page.showsHelp { page.showsHelp = false } else if let part { advice[part] = nil; page.message = nil }
        case .up, .character("k"): scroll(by: -1)
        case .down, .character("j"): scroll(by: 1)
        case .pageUp, .character("b"): scroll(by: 1 - (drawing?.height ?? 2))
        case .pageDown, .character(" "): scroll(by: (drawing?.height ?? 2) - 1)
        case .home, .character("g"): page.scroll = .top
        case .end, .character("G"): page.scroll = .line(drawing?.lastFirstLine ?? 0)
        default: act(key)
        }
        fill()
    }

    /// What belongs to a step; it closes the page of help.
    private func act(_ key: Key) {
        page.showsHelp = false
        switch key {
        case .character("n"), .right: go(to: page.current + 1)
        case .character("p"), .left: go(to: page.current - 1)
        case .character("r"): runStep()
        case .enter: runNextCell()
        case .character("a"): post(.everything)
        case .character("c"): ask { engine.post(.check($0, isAsked: true)) }
        case .character("h"): ask(hint)
        case .character("s"): ask { problem in read(problem) }
        case .character("x"): offerReset()
        default: break
        }
    }

    private func go(to step: Int) {
        guard steps.indices.contains(step) else {
            page.message = step < 0 ? "This is the first step." : "This is the last step.\(openQuestions)" + (nextExercise.map { " Go on with: \(Invocation.name) work \($0.name)" } ?? "")
            return
        }
        (page.current, page.scroll, page.message) = (step, .top, nil)
        rememberPlace()
    }

    /// The questions that are still to be answered or read, for a person.
    private var openQuestions: String {
        let open = page.steps.filter { $0.part != nil && ![.correct, .read].contains($0.outcome) }.compactMap(\.part)
        return open.isEmpty ? "" : " Still open: \(open.joined(separator: ", "))."
    }

    private var nextExercise: Exercise? {
        guard let exercise, let index = exercise.course.exercises.firstIndex(where: { $0.name == exercise.name }) else { return nil }
        return exercise.course.exercises.dropFirst(index + 1).first
    }

    private func scroll(by lines: Int) {
        guard let drawing else { return }
        page.scroll = .line(min(drawing.lastFirstLine, max(0, drawing.firstLine + lines)))
    }

    private func interrupt() {
        if !content.isReady, content.trouble == nil { return page.message = "Still getting ready. Press q to quit." }
        page.message = engine.interrupt() ? nil : "Nothing runs. Press q to quit."
    }

    // MARK: Cells

    private func post(_ job: WorkEngine.Job) {
        page.message = nil
        engine.post(job)
    }

    private func runStep() { run(cellsHere) }

    /// As in other notebooks: one cell, then the next.
    private func runNextCell() {
        let cells = cellsHere
        let next = cells.first { cell in
            switch content.statuses[cell.id] ?? .neverRun {
            case .neverRun, .outOfDate, .failed, .interrupted: true
            case .running, .current, .doubtful, .waiting: false
            }
        }
        if next == nil, !cells.isEmpty { return page.message = "The cells here have run. Press r to run them again, n for the next step." }
        run(next.map { [$0] } ?? [])
    }

    private var cellsHere: [Cell] {
        guard steps.indices.contains(page.current) else { return [] }
        return steps[page.current].cells.map { notebook.cells[$0] }.filter { $0.kind == .code && !$0.isOnlyComments }
    }

    private func run(_ cells: [Cell]) {
        guard let first = cells.first else {
            page.message = "This step has no cell to run. Press n for the next one."
            return
        }
        page.scroll = .cell(first.id)
        post(.cells(Set(cells.map(\.id))))
    }

    private func offerReset() {
        guard let part, let cell = answerCell(of: part) else {
            page.message = "This step has no cell with an answer."
            return
        }
        guard let original = starter?.cells.first(where: { $0.problem == part }), original.source != cell.source else {
            page.message = "The cell is as you got it."
            return
        }
        page.question = "Put the starter's text back into `\(cell.id)`?"
        whenConfirmed = { [self] in
            do {
                try learnerFile.replace(cell: cell.id, with: original.source)
                page.message = "The cell is as you got it."
            } catch { page.message = remark(on: error) }
        }
    }

    // MARK: Questions

    private func ask(_ action: (ProblemOutline) -> Void) {
        page.message = nil
        guard let part else {
            page.message = "This step has no question. Press n for the next one."
            return
        }
        guard let problem = content.desk?.outline.problem(part) else {
            page.message = content.isReady ? "The exercise has no question \(part)." : "The questions are not ready yet."
            return
        }
        action(problem)
        page.scroll = .answer
    }

    private func hint(_ problem: ProblemOutline) {
        guard let desk = content.desk else { return }
        let notice = desk.hint(nil, for: problem)
        // The last one stays.
        if case .remark = notice, advice[problem.path] != nil { return page.message = "There is no further hint. Press s for the solution." }
        advise { _ in notice }
    }

    private func read(_ problem: ProblemOutline) {
        advise { $0.solution(of: problem) }
        // To have read the solution is how a question without an answer to write comes out.
        if problem.kind == .thought { engine.post(.check(problem, isAsked: false)) }
    }

    private func advise(_ answer: (QuestionDesk) -> QuestionNotice) { advise { [answer($0)] } }

    private func advise(_ answer: (QuestionDesk) -> [QuestionNotice]) {
        guard let part, let desk = content.desk else { return }
        let wording = ResultWording(notebook: notebook)
        advice[part] = answer(desk).flatMap { wording.pieces(for: $0, indent: 0) { _, _ in "press h again" } }
    }
}
