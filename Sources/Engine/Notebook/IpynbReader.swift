import Foundation

extension Notebook {
    /// Reads an .ipynb file's bytes: nbformat 4.0 to 4.5; cells without id get one.
    ///
    /// A minor version above 5 is read as 4.5, with the keys that 4.5 does not know kept.
    /// - Throws: `NotebookError` with line and column for what is not JSON or not a notebook.
    public init(ipynb: Data) throws {
        var text = try text(of: ipynb)
        self = try text.withUTF8 { bytes in
            do {
                let (value, offsets) = try JSONParser.document(bytes)
                let lines = lineNumbers(ofBytes: offsets["cells"] ?? [], in: bytes)
                return try IpynbReader(linesOfCells: lines).notebook(value)
            } catch let failure as JSONParser.Failure {
                let (line, column) = place(ofByte: failure.offset, in: bytes)
                throw NotebookError("This is not the JSON of a notebook. " + failure.sentence, line: line, column: column)
            }
        }
    }
}

/// The lines, from 1, of byte offsets that ascend.
private func lineNumbers(ofBytes offsets: [Int], in bytes: UnsafeBufferPointer<UInt8>) -> [Int] {
    var line = 1
    var position = 0
    return offsets.map { offset in
        while position < offset {
            if bytes[position] == UInt8(ascii: "\n") { line += 1 }
            position += 1
        }
        return line
    }
}

/// Takes a notebook's JSON apart.
private struct IpynbReader {
    let linesOfCells: [Int]

    func notebook(_ value: JSONValue) throws -> Notebook {
        guard let root = value.objectValue else {
            throw NotebookError("A notebook is a JSON object; this file holds \(value.kindName).", line: 1, column: 1)
        }
        try checkVersion(root)
        guard let cells = root["cells"]?.arrayValue else {
            throw NotebookError(
                "A notebook has a list named \"cells\"; here it is \(root["cells"]?.kindName ?? "missing").", line: 1)
        }
        guard let metadata = (root["metadata"] ?? .object(JSONObject())).objectValue else {
            throw NotebookError("A notebook's \"metadata\" is an object; here it is \(root["metadata"]!.kindName).", line: 1)
        }
        var rest = root
        for key in ["cells", "metadata", "nbformat", "nbformat_minor"] { rest[key] = nil }
        var read: [Cell] = []
        var linesOfIDs: [String: Int] = [:]
        for (index, cell) in cells.enumerated() {
            let line = linesOfCells[index]
            let cell = try self.cell(cell, number: index + 1, line: line)
            if !cell.id.isEmpty, let other = linesOfIDs.updateValue(line, forKey: cell.id) {
                throw NotebookError(
                    "The cell id \"\(cell.id)\" stands in the cells of line \(other) and line \(line); give one of the two cells another id.",
                    line: line)
            }
            read.append(cell)
        }
        CellID.assign(to: &read)
        // An .ipynb file holds every id, so a made one counts as given from here on.
        for index in read.indices { read[index].hasDerivedID = false }
        return Notebook(cells: read, metadata: metadata, otherKeys: rest)
    }

    private func checkVersion(_ root: JSONObject) throws {
        guard let major = root["nbformat"]?.intValue else {
            throw NotebookError(
                "A notebook says its format in the number \"nbformat\"; here it is \(root["nbformat"]?.kindName ?? "missing").",
                line: 1)
        }
        guard major == 4 else {
            throw NotebookError(
                "The notebook has format \(major); only format 4 can be read. "
                    + (major < 4
                        ? "Open it in Jupyter and save it, or run `jupyter nbconvert --to notebook`."
                        : "Save it as format 4, or look for a newer Etude."),
                line: 1)
        }
        if let minor = root["nbformat_minor"], (minor.intValue ?? -1) < 0 {
            throw NotebookError("\"nbformat_minor\" is a whole number from 0; here it is \(minor.kindName).", line: 1)
        }
    }

    private func cell(_ value: JSONValue, number: Int, line: Int) throws -> Cell {
        func error(_ sentence: String) -> NotebookError { NotebookError("Cell \(number): " + sentence, line: line) }
        guard let object = value.objectValue else { throw error("a cell is an object; this is \(value.kindName).") }
        func wrong(_ key: String, _ expected: String) -> NotebookError {
            error("\"\(key)\" is \(expected); here it is \(object[key]?.kindName ?? "missing").")
        }
        guard let type = object["cell_type"]?.stringValue else { throw wrong("cell_type", "\"code\", \"markdown\" or \"raw\"") }
        guard let kind = Cell.Kind(rawValue: type) else {
            throw error("the cell type \"\(type.prefix(40))\" is not known; it is \"code\", \"markdown\" or \"raw\".")
        }
        guard let source = object["source"].flatMap(text) else { throw wrong("source", "a string or a list of strings") }
        guard let metadata = (object["metadata"] ?? .object(JSONObject())).objectValue else { throw wrong("metadata", "an object") }
        var cell = Cell(id: "", kind: kind, source: source, metadata: metadata)
        var rest = object
        for key in ["id", "cell_type", "source", "metadata"] { rest[key] = nil }
        if let id = object["id"] {
            guard let id = id.stringValue else { throw wrong("id", "a string") }
            guard CellID.isValid(id) else { throw NotebookError(CellID.sentenceAboutInvalid(id), line: line) }
            cell.id = id
        }
        if let attachments = object["attachments"] {
            guard let attachments = attachments.objectValue else { throw wrong("attachments", "an object") }
            cell.attachments = attachments
            rest["attachments"] = nil
        }
        if kind == .code {
            guard let outputs = (object["outputs"] ?? .array([])).arrayValue else { throw wrong("outputs", "a list") }
            cell.outputs = outputs
            cell.executionCount = object["execution_count"].flatMap { $0 == .null ? nil : $0 }
            rest["outputs"] = nil
            rest["execution_count"] = nil
        }
        cell.otherKeys = rest
        return cell
    }

    /// Text that may be cut into a list of lines.
    private func text(_ value: JSONValue) -> String? {
        if let text = value.stringValue { return text }
        guard let lines = value.arrayValue else { return nil }
        let texts = lines.compactMap(\.stringValue)
        return texts.count == lines.count ? texts.joined() : nil
    }
}
