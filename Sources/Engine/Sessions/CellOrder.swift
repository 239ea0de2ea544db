import CellCompiler

/// A notebook's code cells in the order of the file, and what each says of itself.
struct CellOrder {
    private var cells: [(id: String, outline: CellOutline)] = []
    private var positions: [String: Int] = [:]
    /// Made when it is asked for: a file is arranged once and then run cell by cell.
    private var knownGraph: CellGraph?

    /// The id of what is asked between cells: it stands below all of them.
    static let question = ""

    init(_ cells: [(id: String, outline: CellOutline)] = []) {
        for cell in cells { put(cell.id, cell.outline) }
    }

    /// Takes a cell's present text; a new one goes to the end.
    mutating func put(_ id: String, _ outline: CellOutline) {
        if let position = positions[id] {
            if cells[position].outline == outline { return }
            cells[position].outline = outline
        } else {
            positions[id] = cells.count
            cells.append((id, outline))
        }
        knownGraph = nil
    }

    func position(of id: String) -> Int? { positions[id] }

    /// The nearest cell above another, or above the end, that declares a name.
    func giver(of name: String, for id: String? = nil) -> String? {
        let end = id.flatMap { positions[$0] } ?? cells.count
        return cells[..<end].last { $0.outline.declaredNames.contains(name) }?.id
    }

    /// Which cells need which.
    mutating func graph() -> CellGraph {
        if let knownGraph { return knownGraph }
        let graph = CellGraph(cells)
        knownGraph = graph
        return graph
    }
}
