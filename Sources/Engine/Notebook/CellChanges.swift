/// In which cells one version of a notebook is other than another.
public enum CellChanges: Equatable, Sendable {
    /// By name: cells that are new or have another text, and cells that are gone.
    case cells(changed: [String], gone: [String])
    /// There is no version before it.
    case oldest
    /// One of the two is no notebook.
    case unreadable

    public init(from old: Notebook?, to new: Notebook?) {
        guard let old, let new else { self = .unreadable; return }
        func byID(_ notebook: Notebook) -> [String: Cell] { Dictionary(notebook.cells.map { ($0.id, $0) }) { first, _ in first } }
        let before = byID(old), after = byID(new)
        func names(_ notebook: Notebook, _ isMeant: (Cell) -> Bool) -> [String] {
            notebook.cells.enumerated().filter { isMeant($1) }.map { $1.name(at: $0) }
        }
        self = .cells(
            changed: names(new) { cell in before[cell.id].map { $0.source != cell.source || $0.kind != cell.kind } ?? true },
            // A cell without an id of its own is another when its text is.
            gone: names(old) { after[$0.id] == nil && !($0.hasDerivedID && old.cells.count == new.cells.count) })
    }
}

extension Cell {
    /// What a person calls it: its id where the file gives one, else its marker's words, or its number.
    public func name(at index: Int) -> String { hasDerivedID ? title ?? "cell \(index + 1)" : id }
}
