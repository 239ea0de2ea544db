import Foundation

extension Notebook {
    /// A file of more bytes is refused before it is read.
    public static let greatestFileSize = 1 << 29

    /// Reads a `.swift` script or an `.ipynb` file.
    /// - Throws: `NotebookError` with the path, and line and column where there are such.
    public init(contentsOf path: String) throws {
        let form = try FileForm(path: path)
        let data = try WholeFile.bytes(of: path, atMost: Self.greatestFileSize)
        try self.init(form, data, path)
    }

    /// Reads the bytes of a file as what its name says: a `.swift` script or an `.ipynb` file.
    /// - Throws: `NotebookError` with the path.
    public init(bytes: Data, ofFile path: String) throws { try self.init(try FileForm(path: path), bytes, path) }

    private init(_ form: FileForm, _ data: Data, _ path: String) throws {
        do {
            switch form {
            case .script: try self.init(script: data)
            case .ipynb: try self.init(ipynb: data)
            }
        } catch let error as NotebookError {
            throw error.inFile(path)
        }
    }

    /// What a file of that name would hold, with what a script can't hold and so is left out.
    /// - Throws: `NotebookError` when ids are not allowed or stand twice, or for a name of no notebook.
    public func bytes(forFile path: String) throws -> (data: Data, losses: [Loss]) {
        let form = try FileForm(path: path)
        try checkIDs(for: path)
        return switch form {
        case .script: (Data(rendered().bytes), lossesInScript)
        case .ipynb: (ipynb(), [])
        }
    }

    /// Writes the notebook as a `.swift` script or an `.ipynb` file: whole or not at all, through a temporary file
    /// beside it. A symbolic link is followed; an existing file keeps its permissions.
    /// - Returns: what a script can't hold and so was left out.
    /// - Throws: `NotebookError` when ids are not allowed or stand twice, or when the file can't be written.
    @discardableResult
    public func write(to path: String) throws -> [Loss] {
        let (data, losses) = try bytes(forFile: path)
        try WholeFile.replace(path, with: data)
        return losses
    }

    private enum FileForm {
        case script, ipynb

        init(path: String) throws {
            switch (path as NSString).pathExtension.lowercased() {
            case "swift": self = .script
            case "ipynb": self = .ipynb
            default:
                throw NotebookError("A notebook's name ends with .swift (a script) or .ipynb (Jupyter).", file: path)
            }
        }
    }

    private func checkIDs(for path: String) throws {
        var seen: Set<String> = []
        for cell in cells {
            guard CellID.isValid(cell.id) else { throw NotebookError(CellID.sentenceAboutInvalid(cell.id), file: path) }
            guard seen.insert(cell.id).inserted else {
                throw NotebookError("Two cells have the id \"\(cell.id)\"; give one of them another.", file: path)
            }
        }
    }
}
