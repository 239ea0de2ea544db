import Foundation

extension Notebook {
    /// The notebook as an .ipynb file, nbformat 4.5, in the form in which Jupyter writes it.
    public func ipynb() -> Data {
        var root = JSONObject(["cells": .array(cells.map(\.json)), "metadata": .object(metadata)])
        root["nbformat"] = .number("4")
        root["nbformat_minor"] = .number("5")
        for member in otherKeys.members where root[member.key] == nil { root[member.key] = member.value }
        return Data(JSONWriter.jupyterFile(.object(root)))
    }
}

extension Cell {
    /// The cell as nbformat 4.5 has it.
    fileprivate var json: JSONValue {
        var object = JSONObject([
            "cell_type": .string(kind.rawValue), "id": .string(id), "metadata": .object(metadata),
            "source": .array(sourceLines),
        ])
        if let attachments { object["attachments"] = .object(attachments) }
        if kind == .code {
            object["execution_count"] = executionCount ?? .null
            object["outputs"] = .array(outputs)
        }
        for member in otherKeys.members where object[member.key] == nil { object[member.key] = member.value }
        return .object(object)
    }

    /// The source cut after each line break.
    private var sourceLines: [JSONValue] {
        guard !source.isEmpty else { return [] }
        var lines = source.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            .map { String(Substring($0)) }
        let last = lines.removeLast()
        return (lines.map { $0 + "\n" } + (last.isEmpty ? [] : [last])).map(JSONValue.string)
    }
}
