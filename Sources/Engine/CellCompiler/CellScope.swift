/// A cell's text and who it is.
public struct CellSource: Hashable, Sendable {
    /// Stays the same when the cell moves or is edited.
    public var id: String
    public var text: String
    /// How a person knows the cell, for example `cell 4`.
    public var name: String
    /// Tells runs of one text in one session apart: two libraries of one name can't both be loaded.
    public var generation: Int

    public init(id: String, text: String, name: String, generation: Int = 0) {
        (self.id, self.text, self.name, self.generation) = (id, text, name, generation)
    }
}

/// A cell as a library that can be loaded.
public struct CompiledCell: Sendable {
    public let source: CellSource
    public let moduleName: String
    /// The shared library to `dlopen`.
    public let libraryPath: String
    /// The C symbol that runs the cell: `int (int, char **)`.
    public var entryPoint: String { moduleName + "_main" }
    public let outline: CellOutline
    /// Warnings; a cell with errors is not compiled.
    public internal(set) var diagnostics: [CellDiagnostic]
    /// Whether it was there already, and nothing had to be compiled.
    public let wasCached: Bool
    /// Whether its last value is shown.
    public let showsValue: Bool
    /// The answers that it binds: those asked for that can be bound.
    public let boundAnswers: [String]

    /// The modules of the earlier cells that it imports, directly or through others.
    let importedCells: [String]
    /// What stands before the learner's text, and what was changed in it.
    let header: String
    let text: EditedText
    /// Folders with the shadowed modules that it was compiled with.
    let shadowFolders: [String]

    public var id: String { source.id }
    public var name: String { source.name }
}

/// The cells whose declarations the next cell sees, in the order in which they ran. A value: a snapshot keeps its own.
public struct CellScope: Sendable {
    public private(set) var cells: [CompiledCell] = []

    public init() {}

    /// Adds a cell that was compiled; one with the same id, its old self, goes.
    public mutating func add(_ cell: CompiledCell) {
        remove(id: cell.id)
        cells.append(cell)
    }

    /// Takes a cell's declarations away, as when its effects were undone.
    public mutating func remove(id: String) {
        cells.removeAll { $0.id == id }
    }

    public func cell(id: String) -> CompiledCell? { cells.last { $0.id == id } }

    /// The newest cell that declares a name, and as what.
    public func newestDeclaration(of name: String) -> (cell: CompiledCell, declaration: CellOutline.Declaration)? {
        for cell in cells.reversed() {
            if let found = cell.outline.declarations.last(where: { $0.name == name && $0.kind != .extension && !$0.isPrivate }) {
                return (cell, found)
            }
        }
        return nil
    }

    /// All names that a next cell can use.
    public var liveNames: Set<String> {
        cells.reduce(into: []) { names, cell in
            for declaration in cell.outline.declarations where !declaration.isPrivate && declaration.kind != .extension {
                names.insert(declaration.name)
            }
        }
    }

    /// The import declarations that carry over into the next cell, each once.
    public var imports: [CellOutline.Import] {
        var seen: Set<String> = []
        return cells.flatMap(\.outline.imports).filter { seen.insert($0.text).inserted }
    }

    /// Text that a cell printed, without the names of the modules that cells are compiled as.
    public func withoutModuleNames(_ text: String) -> String { ModuleNames.removed(from: text) }
}
