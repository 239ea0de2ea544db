/// A notebook's cells by keys that two notebooks have in common where a cell of one is a cell of the other.
struct MatchedCells {
    /// In the notebook's order.
    let keys: [String]
    private let cells: [String: Cell]

    subscript(key: String) -> Cell? { cells[key] }

    init(_ notebook: Notebook) { self.init(notebook.cells, keys: notebook.cells.map(\.id)) }

    /// Keys are the ids of the notebook that others come from. A cell is known by its id; else by the question that it
    /// answers; and one that has no id, by its place among such cells.
    init(_ notebook: Notebook, like base: Notebook) {
        var keys = notebook.cells.map(\.id)
        let known = Set(base.cells.map(\.id)), present = Set(keys)
        var answers: [String: String] = [:]
        for cell in base.cells where !present.contains(cell.id) && cell.kind == .code { cell.problem.map { answers[$0] = cell.id } }
        for (index, cell) in notebook.cells.enumerated() where !known.contains(cell.id) && cell.kind == .code {
            if let key = cell.problem.flatMap({ answers.removeValue(forKey: $0) }) { keys[index] = key }
        }
        let matched = Set(keys)
        let gaps = Self.gaps(base.cells, keys: base.cells.map(\.id)) { matched.contains($0) }
        for (gap, places) in Self.gaps(notebook.cells, keys: keys, isMatched: known.contains) {
            guard let others = gaps[gap], others.map({ base.cells[$0].kind }) == places.map({ notebook.cells[$0].kind }) else { continue }
            for (place, other) in zip(places, others) { keys[place] = base.cells[other].id }
        }
        self.init(notebook.cells, keys: keys)
    }

    private init(_ cells: [Cell], keys: [String]) {
        self.keys = keys
        self.cells = Dictionary(zip(keys, cells), uniquingKeysWith: { first, _ in first })
    }

    /// The places of the cells that have no id and no counterpart, by the last key before them that has one.
    private static func gaps(_ cells: [Cell], keys: [String], isMatched: (String) -> Bool) -> [String?: [Int]] {
        var gaps: [String?: [Int]] = [:], last: String?
        for (index, key) in keys.enumerated() {
            if isMatched(key) { last = key } else if cells[index].hasDerivedID { gaps[last, default: []].append(index) }
        }
        return gaps
    }
}
