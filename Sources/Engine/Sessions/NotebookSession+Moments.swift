import CellCompiler
import Foundation

/// From which state a cell starts.
extension NotebookSession {
    /// A moment to start from, nil for the one before any cell, and the cells that have to run again to come from there
    /// to the state before a cell.
    struct Plan {
        var moment: Moment?
        var repeated: [Step] = []

        /// The cells that the next one sees.
        var scope: CellScope {
            var scope = moment?.scope ?? CellScope()
            for step in repeated { scope.add(step.cell) }
            return scope
        }
        var cost: Duration { repeated.reduce(.zero) { $0 + $1.duration } }
    }

    /// The way to the state before a cell that costs least.
    ///
    /// That state holds the last runs of the cells above, in the order of the file. A moment will do that lacks one of
    /// them, or holds an older run, if that cell can't matter to this one.
    func plan(for id: String, in cells: CellOrder) -> Plan {
        moments.dropEnded()
        guard let place = cells.position(of: id) else { return Plan() }
        let above = current.values.compactMap { step in cells.position(of: step.cell.id).map { (step: step, position: $0) } }
            .filter { $0.position < place }.sorted { $0.position < $1.position }
        // As a notebook runs from the top, the newest moment is the right one.
        if let newest = moments.all.last, newest.steps.map(\.run) == above.map(\.step.run) { return Plan(moment: newest) }

        let matters = Relevance(to: id, in: cells)
        var best = Plan(moment: nil, repeated: above.map(\.step).filter { matters.of($0.cell.outline) })
        var bestScore = (best.cost, 0)
        for moment in moments.all.reversed() {
            guard let plan = plan(from: moment, to: place, above: above, cells, matters) else { continue }
            let score = (plan.cost, -moment.steps.filter { current[$0.cell.id]?.run == $0.run }.count)
            if score < bestScore || best.moment == nil && score.0 == bestScore.0 { (best, bestScore) = (plan, score) }
        }
        return best
    }

    private func plan(
        from moment: Moment, to place: Int, above: [(step: Step, position: Int)], _ cells: CellOrder, _ matters: Relevance
    ) -> Plan? {
        var last = -1
        var present: Set<Int> = []
        for step in moment.steps {
            let position = cells.position(of: step.cell.id)
            if let position, position >= place { return nil }
            if current[step.cell.id]?.run == step.run, let position, position > last {
                last = position
                present.insert(step.run)
            } else if matters.of(step.cell.outline) { return nil }
        }
        var plan = Plan(moment: moment)
        for (step, position) in above where !present.contains(step.run) && matters.of(step.cell.outline) {
            guard position > last else { return nil }
            plan.repeated.append(step)
        }
        return plan
    }

    /// Carries a plan out.
    func moment(of plan: Plan) throws -> Moment {
        var moment = try plan.moment ?? firstMoment()
        for step in plan.repeated {
            // In a state that an edited cell has left, a cell may have to be compiled anew to fit.
            let reason: String
            switch try compiler.compile(
                step.cell.source, in: moment.scope, answers: step.cell.boundAnswers.map { AnswerVariable($0) }, interruption: interruption)
            {
            case .compiled(let cell):
                let (result, next) = advance(from: moment, cell, run: step.run, observer: SilentObserver())
                if let next {
                    moment = next
                    continue
                }
                switch result.outcome {
                case .interrupted: throw SessionError.interrupted
                case .died(let sentence, _): reason = sentence
                default: reason = ""
                }
            case .failed(let diagnostics): reason = diagnostics.first?.message ?? ""
            case .nothingToRun, .waiting: continue
            }
            forget(step)
            throw SessionError.couldNotRepeat(cell: step.cell.name, reason: reason)
        }
        return moment
    }

    /// A state in which the newest value of a name can be asked for, and all that was done with it since.
    func moment(answering name: String) throws -> Moment {
        var asked = cells
        asked.put(CellOrder.question, compiler.outline(of: name))
        return try moment(of: plan(for: CellOrder.question, in: asked))
    }

    private func firstMoment() throws -> Moment {
        if let first = moments.all.first(where: \.steps.isEmpty) { return first }
        let environment = configuration.environment.merging([
            "SWIFT_BACKTRACE": "enable=no", "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1",
        ]) { $1 }
        let toolchainLibraries = Toolchain.sessionLibraries.map { compiler.toolchain.runtimeLibraries + "/" + $0 }
        let process = try SessionProcess.first(
            configuration.installation,
            libraries: toolchainLibraries + [configuration.installation.learnerLibrary] + configuration.libraries,
            limits: configuration.limits, environment: environment, workingDirectory: configuration.workingDirectory,
            interruption: interruption)
        let first = Moment(process)
        moments.addFirst(first)
        return first
    }
}
