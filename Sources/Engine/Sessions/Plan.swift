import CellCompiler

/// A way to the state before a cell: a moment to start from, nil for the one before any cell, and the cells that have to run
/// again to come from there to that state.
struct Plan {
    var moment: Moment?
    var repeated: [Step] = []
    /// How many cells hold other values than they should, or none, and may matter.
    fileprivate var doubts = 0
    /// How many of the cells above the moment holds as they are.
    fileprivate var shared = 0

    /// The time that the learner will notice.
    private var delay: Duration { max(.zero, repeated.reduce(.zero) { $0 + $1.duration } - .milliseconds(200)) }

    fileprivate func isBetter(than other: Plan) -> Bool {
        (delay, doubts, repeated.count, -shared) < (other.delay, other.doubts, other.repeated.count, -other.shared)
    }
}

/// Finds the way to the state before a cell that costs least.
///
/// That state holds the last runs of the cells above, in the order of the file. A moment will do as well that lacks one of
/// them, or holds an older run, if that cell does not matter to this one. Where it may matter, the way is taken only when
/// the right one would cost the learner's time: what may be out of date is marked, not run again.
struct Planner {
    private let id: String
    private let place: Int
    private var cells: CellOrder
    /// The last runs of the cells above, in the order of the file.
    private let above: [(step: Step, position: Int)]
    private let aboveRuns: Set<Int>

    /// A cell that does not matter runs again only if it took less than this.
    private static let dear = Duration.milliseconds(100)

    init(for id: String, in cells: CellOrder, current: [String: Step]) {
        (self.id, self.cells) = (id, cells)
        let place = cells.position(of: id) ?? 0
        self.place = place
        above = current.values.compactMap { step in cells.position(of: step.cell.id).map { (step: step, position: $0) } }
            .filter { $0.position < place }.sorted { $0.position < $1.position }
        aboveRuns = Set(above.map(\.step.run))
    }

    mutating func best(of moments: [Moment]) -> Plan {
        // As a notebook runs from the top, the newest moment is the right one.
        if let newest = moments.last, newest.steps.map(\.run) == above.map(\.step.run) { return Plan(moment: newest) }
        let graph = cells.graph()
        var known: [Int: CellGraph.Independence] = [:]
        func bearing(_ step: Step) -> CellGraph.Independence {
            if let known = known[step.run] { return known }
            let bearing = graph.isIndependent(step.cell.outline, of: id)
            known[step.run] = bearing
            return bearing
        }
        var best = plan(from: nil, graph, bearing)!
        for moment in moments.reversed() {
            if let plan = plan(from: moment, graph, bearing), plan.isBetter(than: best) || best.moment == nil && !best.isBetter(than: plan) { best = plan }
        }
        return best
    }

    /// - Returns: nil when the moment won't do.
    private func plan(from moment: Moment?, _ graph: CellGraph, _ bearing: (Step) -> CellGraph.Independence) -> Plan? {
        var plan = Plan(moment: moment)
        var last = -1
        var present: Set<String> = []
        func allows(_ step: Step) -> Bool {
            let bearing = bearing(step)
            if case .related = bearing { return false }
            if bearing != .independent { plan.doubts += 1 }
            return true
        }
        for step in moment?.steps ?? [] {
            let position = cells.position(of: step.cell.id)
            if let position, position >= place { return nil }
            if aboveRuns.contains(step.run), let position, position > last {
                last = position
                present.insert(step.cell.id)
            } else if !allows(step) { return nil }
        }
        plan.shared = present.count
        for (step, position) in above where !present.contains(step.cell.id) {
            if position < last {
                if !allows(step) { return nil }
            } else if bearing(step) != .independent || canRepeat(step, present, graph) {
                plan.repeated.append(step)
                present.insert(step.cell.id)
            }
        }
        return plan
    }

    /// Whether a cell that does not matter runs again all the same, for what it may do beside its names: if that costs
    /// little, and what it needs is there. A question needs no more than what matters.
    private func canRepeat(_ step: Step, _ present: Set<String>, _ graph: CellGraph) -> Bool {
        id != CellOrder.question && step.duration < Self.dear
            && graph.needs(of: step.cell.id).allSatisfy { $0.link == .surroundings || present.contains($0.cell) }
    }
}
