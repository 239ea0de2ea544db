/// A notebook: cells of code and prose, read from a percent script or an .ipynb file, and written to either.
///
/// A script that is read and written again is the same, byte for byte; after an edit, all but the edited part is. A
/// notebook that goes through a script and back keeps its cells, ids, metadata, attachments and unknown keys; outputs
/// stay behind, and `lossesInScript` says so.
public struct Notebook: Sendable, Equatable {
    public var cells: [Cell]

    /// The notebook's metadata: kernelspec and the like.
    public var metadata: JSONObject

    /// Keys at the top of an .ipynb file that nbformat 4.5 does not know.
    public var otherKeys: JSONObject

    /// What its author should look at, in the script that was read.
    public internal(set) var remarks: [Remark] = []

    /// What stands before the first cell of the script.
    var header: ScriptHeader?

    /// How the lines of new cells end.
    var ending = LineEnding.lf

    /// Whether the cells' first lines are known, as they are for a script.
    var isScript = false

    public init(cells: [Cell], metadata: JSONObject = JSONObject(), otherKeys: JSONObject = JSONObject()) {
        self.cells = cells
        self.metadata = metadata
        self.otherKeys = otherKeys
    }

    /// The cell of that id.
    public func cell(id: String) -> Cell? { cells.first { $0.id == id } }

    /// The notebook with another text in one cell; every other byte of its script stays as it is.
    /// - Throws: `NotebookError` when no cell has the id.
    public func replacing(source: String, ofCell id: String) throws -> Notebook {
        guard let index = cells.firstIndex(where: { $0.id == id }) else {
            let known = cells.prefix(8).map(\.id).joined(separator: ", ")
            throw NotebookError(
                cells.isEmpty
                    ? "The notebook has no cells, so none with the id \"\(id)\"."
                    : "No cell has the id \"\(id)\"; the notebook's cells are \(known)\(cells.count > 8 ? ", …" : ".")")
        }
        var copy = self
        copy.cells[index].source = source
        if isScript {
            let lines = copy.rendered().firstLines
            for index in copy.cells.indices { copy.cells[index].firstLine = lines[index] }
        }
        return copy
    }

    /// Whether two notebooks hold the same; how a script wrote it does not count.
    public static func == (a: Notebook, b: Notebook) -> Bool {
        a.cells == b.cells && a.metadata == b.metadata && a.otherKeys == b.otherKeys
    }
}
