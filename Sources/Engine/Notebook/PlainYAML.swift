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
