import CellCompiler

/// A notebook's code cells in the order of the file, and what each says of itself.
struct CellOrder {
    private var ids: [String] = []
    private var outlines: [String: CellOutline] = [:]
    private var positions: [String: Int] = [:]

    /// The id of what is asked between cells: it stands below all of them.
    static let question = ""

    init(_ cells: [(id: String, outline: CellOutline)] = []) {
        for cell in cells { put(cell.id, cell.outline) }
    }

    /// Takes a cell's present text; a new one goes to the end.
    mutating func put(_ id: String, _ outline: CellOutline) {
        if positions[id] == nil {
            positions[id] = ids.count
            ids.append(id)
        }
        outlines[id] = outline
    }

    func position(of id: String) -> Int? { positions[id] }

    /// The nearest cell above another, or above the end, that declares a name.
    func giver(of name: String, for id: String? = nil) -> String? {
        let end = id.flatMap { positions[$0] } ?? ids.count
        return ids[..<end].last { outlines[$0]?.declaredNames.contains(name) ?? false }
    }
}

/// Which cells can matter to one.
struct Relevance {
    init(to id: String, in cells: CellOrder) {}

    func of(_ outline: CellOutline) -> Bool { true }
}
