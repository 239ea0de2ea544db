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

/// The part of YAML that jupytext's front matter uses: nested mappings, lists of scalars, JSON values.
///
/// What lies beyond it (anchors, block scalars, folded lines, comments) gives nil rather than a guess.
struct PlainYAML {
    private let lines: [(indent: Int, text: Substring)]
    private var index = 0
    private var depth = 0

    /// The mapping that the lines are, or nil.
    static func mapping(_ lines: [String]) -> JSONObject? {
        var parser = PlainYAML(lines)
        guard let object = parser.mapping(indent: 0), parser.index == parser.lines.count else { return nil }
        return object
    }

    private init(_ lines: [String]) {
        self.lines = lines.filter { !$0.utf8.allSatisfy(CellMarker.isSpace) }.map { line in
            let text = line.drop { $0 == " " }
            return (line.utf8.count - text.utf8.count, text)
        }
    }

    private mutating func mapping(indent: Int) -> JSONObject? {
        depth += 1
        defer { depth -= 1 }
        guard depth <= 50 else { return nil }
        var object = JSONObject()
        while index < lines.count, lines[index].indent == indent, !isListItem(lines[index].text) {
            guard let (key, rest) = Self.key(lines[index].text), object[key] == nil else { return nil }
            index += 1
            guard let value = rest.isEmpty ? nested(below: indent) : Self.scalar(rest) else { return nil }
            object[key] = value
        }
        return object.isEmpty || index < lines.count && lines[index].indent > indent ? nil : object
    }

    /// What stands under a key that has no value on its own line.
    private mutating func nested(below indent: Int) -> JSONValue? {
        guard index < lines.count, lines[index].indent >= indent else { return .null }
        let inner = lines[index].indent
        if isListItem(lines[index].text) { return list(indent: inner) }
        return inner > indent ? mapping(indent: inner).map(JSONValue.object) : .null
    }

    private mutating func list(indent: Int) -> JSONValue? {
        var elements: [JSONValue] = []
        while index < lines.count, lines[index].indent == indent, isListItem(lines[index].text) {
            let item = lines[index].text.dropFirst(2)
            guard Self.key(item) == nil || item.first == "\"" || item.first == "{" || item.first == "[",
                let value = Self.scalar(item)
            else { return nil }
            elements.append(value)
            index += 1
        }
        return .array(elements)
    }

    private func isListItem(_ text: Substring) -> Bool { text.utf8.starts(with: "- ".utf8) }

    static func isPlainKey(_ key: String) -> Bool {
        guard let first = key.utf8.first, first != UInt8(ascii: "-"), !["null", "true", "false"].contains(key.lowercased()) else {
            return false
        }
        let isNumber = (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first)
        return !isNumber && key.utf8.allSatisfy(CellID.isAllowed)
    }

    /// `key: rest`, the key plain or in quotation marks.
    private static func key(_ line: Substring) -> (key: String, rest: Substring)? {
        if line.first == "\"" {
            guard let (value, rest) = json(line), let key = value.stringValue, rest.utf8.first == UInt8(ascii: ":") else { return nil }
            return remainder(rest.dropFirst()).map { (key, $0) }
        }
        guard let colon = line.firstIndex(of: ":") else { return nil }
        let key = String(line[..<colon])
        return isPlainKey(key) ? remainder(line[line.index(after: colon)...]).map { (key, $0) } : nil
    }

    private static func remainder(_ rest: Substring) -> Substring? {
        guard rest.isEmpty || rest.first == " " else { return nil }
        return rest.drop { $0 == " " }
    }

    private static func json(_ text: Substring) -> (JSONValue, Substring)? {
        var copy = String(text)
        guard let (value, end) = copy.withUTF8({ bytes in try? JSONParser.prefix(of: bytes, from: 0) }) else { return nil }
        return (value, Substring(copy.utf8.dropFirst(end)))
    }

    private static func scalar(_ text: Substring) -> JSONValue? {
        guard let first = text.first else { return .null }
        if let (value, rest) = json(text), rest.allSatisfy({ $0 == " " }) { return value }
        if first == "'" {
            let inner = text.dropFirst().dropLast()
            guard text.count >= 2, text.last == "'" else { return nil }
            let unescaped = inner.split(separator: "''", omittingEmptySubsequences: false)
            guard !unescaped.contains(where: { $0.contains("'") }) else { return nil }
            return .string(unescaped.joined(separator: "'"))
        }
        let needsQuotes = "\"'{}[]&*!|>%@`?,#~".contains(first) || text.contains(" #") || text.contains(": ")
            || text.last == ":" || text.last == " "
        let means = ["yes", "no", "on", "off", "y", "n", "null", "true", "false"].contains(text.lowercased())
        return needsQuotes || means ? nil : .string(String(text))
    }
}
