/// The notebook's metadata in the comment lines between `// ---` and `// ---`, as jupytext writes it.
///
/// The lines are YAML. Under `jupyter:` stands the notebook's metadata, under `etude:` what else an .ipynb file had at
/// its top. Values are written as JSON, which is YAML too, and read as JSON or as the plain mappings and lists that
/// jupytext writes. All other lines are kept as text, in the metadata's `etude.front_matter`.
enum FrontMatter {
    // MARK: Reading

    static func read(_ lines: [String]) -> (metadata: JSONObject, otherKeys: JSONObject) {
        var metadata = JSONObject()
        var otherKeys = JSONObject()
        var text: [String] = []
        for block in blocks(lines) {
            if metadata.isEmpty, let object = value(of: "jupyter", in: block) {
                metadata = object
            } else if otherKeys.isEmpty, let object = value(of: "etude", in: block) {
                otherKeys = object
            } else {
                text += block
            }
        }
        if !text.isEmpty {
            var own = metadata["etude"]?.objectValue ?? JSONObject()
            if let kept = own["front_matter"]?.stringValue { text.insert(kept, at: 0) }
            own["front_matter"] = .string(text.joined(separator: "\n"))
            metadata["etude"] = .object(own)
        }
        return (metadata, otherKeys)
    }

    /// The lines cut before each that is not indented.
    private static func blocks(_ lines: [String]) -> [[String]] {
        var blocks: [[String]] = []
        for line in lines {
            let isContinuation = line.isEmpty || line.utf8.first == 0x20
            if isContinuation, !blocks.isEmpty { blocks[blocks.count - 1].append(line) } else { blocks.append([line]) }
        }
        return blocks
    }

    private static func value(of key: String, in block: [String]) -> JSONObject? {
        guard block[0].hasPrefix(key + ":") else { return nil }
        return PlainYAML.mapping(block)?[key]?.objectValue
    }

    // MARK: Writing

    /// The comment lines, with a blank line after them; none when there is nothing to say.
    static func lines(metadata: JSONObject, otherKeys: JSONObject) -> [String] {
        guard !metadata.isEmpty || !otherKeys.isEmpty else { return [] }
        var lines = yaml(metadata: metadata, otherKeys: otherKeys, textApart: true)
        if !reads(lines, as: metadata, otherKeys) { lines = yaml(metadata: metadata, otherKeys: otherKeys, textApart: false) }
        return ["// ---"] + lines.map { $0.isEmpty ? "//" : "// " + $0 } + ["// ---", ""]
    }

    private static func reads(_ lines: [String], as metadata: JSONObject, _ otherKeys: JSONObject) -> Bool {
        let fits = lines.allSatisfy { line in
            !line.hasPrefix("---") && line.utf8.allSatisfy { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }
        }
        guard fits else { return false }
        let back = read(lines)
        return back.metadata == metadata && back.otherKeys == otherKeys
    }

    private static func yaml(metadata: JSONObject, otherKeys: JSONObject, textApart: Bool) -> [String] {
        var metadata = metadata
        var lines: [String] = []
        if textApart, var own = metadata["etude"]?.objectValue, let text = own["front_matter"]?.stringValue {
            lines = text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map { String(Substring($0)) }
            own["front_matter"] = nil
            metadata["etude"] = own.isEmpty ? nil : .object(own)
        }
        if !metadata.isEmpty {
            lines.append("jupyter:")
            for member in metadata.members {
                let key = PlainYAML.isPlainKey(member.key) ? member.key : JSONWriter.line(.string(member.key))
                lines.append("  \(key): \(JSONWriter.line(member.value))")
            }
        }
        if !otherKeys.isEmpty { lines.append("etude: " + JSONWriter.line(.object(otherKeys))) }
        return lines
    }
}
