/// Whether what a cell has shown and given is what the file says now.
public enum Freshness: Hashable, Sendable {
    case current
    case neverRun
    /// It has run, and would come out otherwise now, or may for a reason that the text makes plain.
    case outOfDate(Reason)
    /// It has run, and something has happened that may matter to it.
    case doubtful(Reason)

    /// Why a cell is not current.
    public enum Reason: Hashable, Sendable {
        /// The cell itself was edited.
        case edited
        /// A cell that it needs was edited.
        case needEdited(cell: String, names: [String])
        /// A cell that it needs has run again.
        case needRanAgain(cell: String, names: [String])
        /// A cell that it needs has not run.
        case needNeverRan(cell: String, names: [String])
        /// A cell that it needs is out of date itself.
        case needOutOfDate(cell: String, names: [String])
        /// A cell that it needed is gone, or gives the names no more.
        case needGone(names: [String])
        /// Another cell gives or changes names that it uses.
        case needAppeared(cell: String, names: [String])
        /// The cells that it needs stand in another order.
        case order(names: [String])
        /// A cell above imports something else, or sets the random generator otherwise.
        case surroundings(cell: String, names: [String])
    }

    /// Why the cell should run again, for a person; nil when it is current.
    ///
    /// - Parameter name: how a person knows a cell, for example `cell 4`.
    public func sentence(naming name: (String) -> String) -> String? {
        switch self {
        case .current: nil
        case .neverRun: "It has not run yet."
        case .outOfDate(let reason): reason.sentence(isSure: true, name)
        case .doubtful(let reason): reason.sentence(isSure: false, name)
        }
    }
}

extension Freshness.Reason {
    fileprivate func sentence(isSure: Bool, _ name: (String) -> String) -> String {
        func giver(_ cell: String, _ names: [String]) -> String { "\(name(cell)), which \(isSure ? "gives" : "may change") \(list(names))," }
        return switch self {
        case .edited: "It was edited since it ran."
        case .needEdited(let cell, let names): "\(giver(cell, names)) was edited since this ran.".capitalised
        case .needRanAgain(let cell, let names): "\(giver(cell, names)) ran again since this ran.".capitalised
        case .needNeverRan(let cell, let names): "\(giver(cell, names)) has not run.".capitalised
        case .needOutOfDate(let cell, let names): "\(giver(cell, names)) is out of date.".capitalised
        case .needGone(let names): "The cell that gave \(list(names)) when this ran does so no more."
        case .needAppeared(let cell, let names): "\(name(cell)) \(isSure ? "gives or changes" : "may change") \(list(names)) now.".capitalised
        case .order(let names): "The cells that give \(list(names)) stand in another order than when this ran."
        case .surroundings(let cell, let names): "\(name(cell)) has changed what it imports or sets for all cells (\(list(names))).".capitalised
        }
    }

    private func list(_ names: [String]) -> String {
        let quoted = names.prefix(3).map { "`\($0)`" }
        if names.count > 3 { return quoted.joined(separator: ", ") + " and more" }
        return quoted.count > 1 ? quoted.dropLast().joined(separator: ", ") + " and " + quoted.last! : quoted.first ?? "nothing"
    }
}

extension String {
    fileprivate var capitalised: String { prefix(1).uppercased() + dropFirst() }
}

/// Which cells have run, and on what. A value: a snapshot keeps its own.
public struct RunLog: Hashable, Sendable {
    private struct Run: Hashable, Sendable {
        var number: Int
        var tokens: [String]
        /// What it lent to the cells below, apart from names.
        var surroundings: [String]
        var needs: [CellGraph.Need]
        /// The runs of the needed cells that it could see; none of a cell that had not run.
        var seen: [String: Int]
        /// What the needed cells lent at that time.
        var seenSurroundings: [String: [String]]
    }

    private var runs: [String: Run] = [:]
    private var count = 0

    public init() {}

    /// Notes that a cell has run, just now, with the text that the graph knows.
    public mutating func ran(_ id: String, in graph: CellGraph) {
        guard let index = graph.index(of: id) else { return }
        count += 1
        let needs = graph.direct[index]
        var seen: [String: Int] = [:], surroundings: [String: [String]] = [:]
        for need in needs {
            seen[need.cell] = runs[need.cell]?.number
            surroundings[need.cell] = runs[need.cell]?.surroundings
        }
        let outline = graph.outlines[index]
        runs[id] = Run(number: count, tokens: outline.tokens, surroundings: outline.surroundings, needs: needs, seen: seen, seenSurroundings: surroundings)
    }

    /// Takes back that a cell has run, as when what it did was undone.
    public mutating func forget(_ id: String) { runs[id] = nil }

    /// Takes back all runs, as when a session is started anew.
    public mutating func forgetAll() { runs = [:] }

    public func hasRun(_ id: String) -> Bool { runs[id] != nil }

    /// Whether a cell would come out the same, were the file run from the top.
    public func freshness(of id: String, in graph: CellGraph) -> Freshness {
        guard let index = graph.index(of: id) else { return .neverRun }
        var known: [Int: Freshness] = [:]
        // From the top, so that a long chain of cells is no deep recursion.
        for above in 0...index { known[above] = freshness(ofCellAt: above, in: graph, above: known) }
        return known[index]!
    }

    /// The freshness of all cells, by id.
    public func freshness(in graph: CellGraph) -> [String: Freshness] {
        var known: [Int: Freshness] = [:]
        for index in graph.ids.indices { known[index] = freshness(ofCellAt: index, in: graph, above: known) }
        return Dictionary(known.map { (graph.ids[$0.key], $0.value) }, uniquingKeysWith: { first, _ in first })
    }

    private func freshness(ofCellAt index: Int, in graph: CellGraph, above: [Int: Freshness]) -> Freshness {
        guard let run = runs[graph.ids[index]] else { return .neverRun }
        let outline = graph.outlines[index]
        if run.tokens != outline.tokens { return .outOfDate(.edited) }
        var doubt: Freshness.Reason?
        let needs = graph.direct[index]
        let before = Dictionary(run.needs.map { ($0.cell, $0) }, uniquingKeysWith: { first, _ in first })
        for need in needs {
            guard let (reason, isSure) = change(need, before: before[need.cell], run: run, graph, above) else { continue }
            if isSure { return .outOfDate(reason) }
            doubt = doubt ?? reason
        }
        let now = Set(needs.map(\.cell))
        for need in run.needs where !now.contains(need.cell) {
            if need.certainty == .certain, need.link != .surroundings { return .outOfDate(.needGone(names: need.names)) }
            doubt = doubt ?? .needGone(names: need.names)
        }
        let order = needs.filter { before[$0.cell] != nil && $0.link != .surroundings }
        let orderBefore = run.needs.filter { now.contains($0.cell) && $0.link != .surroundings }
        if order.map(\.cell) != orderBefore.map(\.cell), let moved = order.first(where: { need in orderBefore.first?.cell != need.cell }) {
            return .outOfDate(.order(names: moved.names))
        }
        return doubt.map(Freshness.doubtful) ?? .current
    }

    /// What has happened to a need since a run, and whether it surely matters.
    private func change(
        _ need: CellGraph.Need, before: CellGraph.Need?, run: Run, _ graph: CellGraph, _ above: [Int: Freshness]
    ) -> (Freshness.Reason, isSure: Bool)? {
        let cell = need.cell, names = need.names, isSure = need.certainty == .certain
        let index = graph.index(of: cell)!
        let lent = graph.outlines[index].surroundings
        if need.link == .surroundings {
            if before == nil { return (.needAppeared(cell: cell, names: names), false) }
            let seen = run.seenSurroundings[cell]
            if (seen != nil) != (runs[cell] != nil) || lent != seen ?? lent { return (.surroundings(cell: cell, names: names), false) }
            return nil
        }
        guard let before, before.link != .surroundings else { return (.needAppeared(cell: cell, names: names), isSure) }
        let isSureOf = isSure || before.certainty == .certain
        guard let latest = runs[cell] else { return (.needNeverRan(cell: cell, names: names), isSureOf) }
        if latest.tokens != graph.outlines[index].tokens { return (.needEdited(cell: cell, names: names), isSureOf) }
        if latest.number != run.seen[cell] { return (.needRanAgain(cell: cell, names: names), isSureOf) }
        if Set(before.names) != Set(names) {
            let more = names.filter { !before.names.contains($0) }
            return (more.isEmpty ? .needGone(names: before.names.filter { !names.contains($0) }) : .needAppeared(cell: cell, names: more), isSureOf)
        }
        switch above[index] {
        case .outOfDate: return (.needOutOfDate(cell: cell, names: names), isSureOf)
        case .doubtful: return (.needOutOfDate(cell: cell, names: names), false)
        case .neverRun, .current, nil: return nil
        }
    }
}

extension CellOutline {
    fileprivate var surroundings: [String] { imports.map(\.text) + seeds }
}
