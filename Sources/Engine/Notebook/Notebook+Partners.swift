/// Cells of two versions of a notebook belong together by id; those that the file gives none, by their place between others.
extension Notebook {
    /// For each cell the index of the one that it is in another version of the notebook; nil for one that is not there. A cell of
    /// another kind is another cell.
    func partners(in other: Notebook) -> [Int?] {
        let old = other.cells, new = cells
        let byID = Dictionary(old.enumerated().map { ($1.id, $0) }) { first, _ in first }
        var partners = new.map { cell in byID[cell.id].flatMap { old[$0].kind == cell.kind ? $0 : nil } }
        let known = Set(partners.compactMap { $0 })
        // Those without an id of their own between two that are known: the first to the first of its kind, and so on.
        struct Gap: Hashable { var after: Int; var kind: Cell.Kind }
        var waiting: [Gap: [Int]] = [:], last = -1
        for (index, cell) in old.enumerated() {
            if known.contains(index) { last = index } else if cell.hasDerivedID { waiting[Gap(after: last, kind: cell.kind), default: []].append(index) }
        }
        for queue in waiting.keys { waiting[queue]?.reverse() }
        last = -1
        for (index, cell) in new.enumerated() {
            if let partner = partners[index] { last = partner } else if cell.hasDerivedID { partners[index] = waiting[Gap(after: last, kind: cell.kind)]?.popLast() }
        }
        return partners
    }

    /// The notebook with some cells as they are in another version, by their ids there. One that it has no more comes back
    /// to the place that it has there.
    public func takingOver(cells ids: [String], from other: Notebook) -> Notebook {
        ids.reduce(self) { result, id in
            guard let index = other.cells.firstIndex(where: { $0.id == id }) else { return result }
            var result = result
            let partners = other.partners(in: result)
            if let present = partners[index] ?? result.cells.firstIndex(where: { $0.id == id }) {
                result.cells[present] = other.cells[index]
            } else {
                // After the nearest cell above it that is still there.
                let above = partners[..<index].last { $0 != nil } ?? nil
                result.cells.insert(other.cells[index], at: above.map { $0 + 1 } ?? 0)
            }
            return result
        }
    }
}
