import CellCompiler
import Foundation

/// From which state a cell starts.
extension NotebookSession {
    /// A moment to start from, nil for the one before any cell, and the cells that have to run again to come from there
    /// to the state before a cell.
    struct Plan {
        var moment: Moment?
        var repeated: [Step] = []
        /// How many cells hold other values than they should, or none, and may matter.
        var doubts = 0
        /// How many of the cells above the moment holds as they are.
        var shared = 0
        /// The time that the learner will notice.
        private var delay: Duration { max(.zero, repeated.reduce(.zero) { $0 + $1.duration } - .milliseconds(200)) }

        func isBetter(than other: Plan) -> Bool {
            (delay, doubts, repeated.count, -shared) < (other.delay, other.doubts, other.repeated.count, -other.shared)
        }

        /// Takes in that a cell is not as it should be, if that can be.
        mutating func allows(_ bearing: CellGraph.Independence) -> Bool {
            switch bearing {
            case .independent: return true
            case .doubtful:
                doubts += 1
                return true
            case .related: return false
            }
        }
    }

    /// The way to the state before a cell that costs least.
    ///
    /// That state holds the last runs of the cells above, in the order of the file. A moment will do as well that lacks
    /// one of them, or holds an older run, if that cell does not matter to this one. Where it may matter, the way is
    /// taken only when the right one would cost the learner's time: what may be out of date is marked, not run again.
    func plan(for id: String, in cells: CellOrder) -> Plan {
        moments.dropEnded()
        guard let place = cells.position(of: id) else { return Plan() }
        let above = current.values.compactMap { step in cells.position(of: step.cell.id).map { (step: step, position: $0) } }
            .filter { $0.position < place }.sorted { $0.position < $1.position }
        // As a notebook runs from the top, the newest moment is the right one.
        if let newest = moments.all.last, newest.steps.map(\.run) == above.map(\.step.run) { return Plan(moment: newest) }

        var cells = cells
        let graph = cells.graph()
        var known: [Int: CellGraph.Independence] = [:]
        func bearing(of step: Step) -> CellGraph.Independence {
            if let known = known[step.run] { return known }
            let bearing = graph.isIndependent(step.cell.outline, of: id)
            known[step.run] = bearing
            return bearing
        }
        // A cell that does not matter runs again too, for what it may do beside its names; a dear one does not.
        func isRepeated(_ step: Step) -> Bool {
            bearing(of: step) != .independent || id != CellOrder.question && step.duration < .milliseconds(100)
        }
        var best = Plan(moment: nil, repeated: above.map(\.step).filter(isRepeated))
        for moment in moments.all.reversed() {
            if let plan = plan(from: moment, to: place, above: above, cells, bearing, isRepeated), plan.isBetter(than: best) { best = plan }
        }
        return best
    }

    private func plan(
        from moment: Moment, to place: Int, above: [(step: Step, position: Int)], _ cells: CellOrder, _ bearing: (Step) -> CellGraph.Independence,
        _ isRepeated: (Step) -> Bool
    ) -> Plan? {
        var plan = Plan(moment: moment)
        var last = -1
        var present: Set<Int> = []
        for step in moment.steps {
            let position = cells.position(of: step.cell.id)
            if let position, position >= place { return nil }
            if current[step.cell.id]?.run == step.run, let position, position > last {
                last = position
                present.insert(step.run)
            } else if !plan.allows(bearing(step)) { return nil }
        }
        for (step, position) in above where !present.contains(step.run) {
            if position < last, !plan.allows(bearing(step)) { return nil }
            if position > last, isRepeated(step) { plan.repeated.append(step) }
        }
        plan.shared = present.count
        return plan
    }

    /// Compiles the cells that a plan repeats. In a state that an edited cell has left, one may have to be another library.
    /// - Returns: the cells that the next one sees.
    func prepare(_ plan: inout Plan) throws -> CellScope {
        var scope = plan.moment?.scope ?? CellScope()
        for (index, step) in plan.repeated.enumerated() {
            let answers = step.cell.boundAnswers.map { AnswerVariable($0) }
            switch try compiler.compile(step.cell.source, in: scope, answers: answers, interruption: interruption) {
            case .compiled(let cell): plan.repeated[index].cell = cell
            case .failed(let diagnostics): throw failure(toRepeat: step, diagnostics.first?.message ?? "")
            case .nothingToRun, .waiting: break
            }
            scope.add(plan.repeated[index].cell)
        }
        return scope
    }

    /// Carries a prepared plan out.
    func moment(of plan: Plan) throws -> Moment {
        var moment = try plan.moment ?? firstMoment()
        for step in plan.repeated {
            let (result, next) = advance(from: moment, step.cell, run: step.run, observer: SilentObserver())
            if let next {
                moment = next
                continue
            }
            switch result.outcome {
            case .interrupted: throw SessionError.interrupted
            case .died(let sentence, _): throw failure(toRepeat: step, sentence)
            default: throw failure(toRepeat: step, "")
            }
        }
        return moment
    }

    private func failure(toRepeat step: Step, _ reason: String) -> SessionError {
        forget(step)
        return .couldNotRepeat(cell: step.cell.name, reason: reason)
    }

    /// A state in which the newest value of a name can be asked for, and all that was done with it since.
    func moment(answering name: String) throws -> Moment {
        var asked = cells
        asked.put(CellOrder.question, compiler.outline(of: name))
        var plan = plan(for: CellOrder.question, in: asked)
        _ = try prepare(&plan)
        return try moment(of: plan)
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
