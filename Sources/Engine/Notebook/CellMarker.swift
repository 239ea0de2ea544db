/// What a cell's marker line says: `// %% title [markdown] id="intro" key="value"`.
///
/// A few keys are the format's own: `id`; `attachments`, `cell` (keys of the cell that nbformat does not know) and
/// `metadata` (metadata whose keys can't stand alone), each a JSON object; `keep_blank_lines=true`, which makes the
/// blank lines at a code cell's end, but for the last, part of its text.
struct CellMarker: Equatable {
    var id: String?
    var kind = Cell.Kind.code
    var metadata = JSONObject()
    var attachments: JSONObject?
    var otherKeys = JSONObject()
    var keepsBlankLines = false

    static let ownKeys: Set<String> = ["id", "attachments", "cell", "metadata", "keep_blank_lines"]
    static let keepBlankLines = "keep_blank_lines"

    private static let kindNames: [(String, Cell.Kind)] = [
        ("[markdown]", .markdown), ("[md]", .markdown), ("[raw]", .raw), ("[code]", .code),
    ]

    init() {}

    // MARK: Recognising

    /// The length of `// %%` at the start of `line` when the line is a marker, else nil. A marker starts in the first
    /// column; after its percent signs stands white space or nothing.
    static func prefixLength(of line: UnsafeBufferPointer<UInt8>) -> Int? {
        guard var position = commentPrefix(of: line) else { return nil }
        let start = position
        while position < line.count, line[position] == UInt8(ascii: "%") { position += 1 }
        guard position - start >= 2 else { return nil }
        return position == line.count || isSpace(line[position]) ? position : nil
    }

    /// Where the text after `//` and white space starts.
    private static func commentPrefix(of line: UnsafeBufferPointer<UInt8>) -> Int? {
        guard line.count >= 2, line[0] == UInt8(ascii: "/"), line[1] == UInt8(ascii: "/") else { return nil }
        var position = 2
        while position < line.count, line[position] == 0x20 || line[position] == 0x09 { position += 1 }
        return position
    }

    /// Where backslashes that protect a line from being taken as a marker stand, or would stand: before `%%`.
    static func protection(in line: UnsafeBufferPointer<UInt8>) -> Range<Int>? {
        guard let start = commentPrefix(of: line) else { return nil }
        var end = start
        while end < line.count, line[end] == UInt8(ascii: "\\") { end += 1 }
        guard end + 1 < line.count, line[end] == UInt8(ascii: "%"), line[end + 1] == UInt8(ascii: "%") else { return nil }
        return start..<end
    }

    static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0D }

    // MARK: Reading

    /// Reads what follows the percent signs. The attributes start at the first word that looks like `key=`, or with a
    /// JSON object. When they can't be read, the whole line is the title, and `remark` says so.
    init(reading rest: UnsafeBufferPointer<UInt8>, remark: inout String?) {
        var objects = 0
        for position in rest.indices {
            let startsWord = !Self.isSpace(rest[position]) && (position == 0 || Self.isSpace(rest[position - 1]))
            guard startsWord else { continue }
            // Few braces are tried, so that a line of nothing else takes no longer than another.
            let isObject = rest[position] == UInt8(ascii: "{") && objects < 16
            let isKey = Self.endOfKey(rest, at: position) != nil
            guard isObject || isKey else { continue }
            if let marker = Self(head: rest[..<position], attributes: rest, from: position) {
                self = marker
                return
            }
            objects += 1
            if isKey {
                remark = "The attributes of this marker can't be read, so the whole line counts as its title. "
                    + "Write them last, as key=\"value\", each key once, with a space between."
                break
            }
        }
        self.init(head: rest[...])
    }

    /// `title [kind]`
    private init(head: Slice<UnsafeBufferPointer<UInt8>>) {
        var words = Self.trimmed(head)
        for (name, kind) in Self.kindNames where words.count >= name.utf8.count {
            let start = words.endIndex - name.utf8.count
            guard words[start...].elementsEqual(name.utf8), start == words.startIndex || Self.isSpace(words[start - 1])
            else { continue }
            self.kind = kind
            words = Self.trimmed(words[..<start])
            break
        }
        if !words.isEmpty { metadata["title"] = .string(String(decoding: words, as: UTF8.self)) }
    }

    private init?(head: Slice<UnsafeBufferPointer<UInt8>>, attributes bytes: UnsafeBufferPointer<UInt8>, from start: Int) {
        self.init(head: head)
        if bytes[start] == UInt8(ascii: "{") {
            // The older form: one JSON object holds the metadata.
            guard let (value, end) = try? JSONParser.prefix(of: bytes, from: start), let object = value.objectValue,
                bytes[end...].allSatisfy(Self.isSpace), merge(object)
            else { return nil }
            return
        }
        var position = start
        var seen: Set<String> = []
        while position < bytes.count {
            guard let keyEnd = Self.endOfKey(bytes, at: position), let (value, end) = Self.value(bytes, at: keyEnd + 1),
                end == bytes.count || Self.isSpace(bytes[end])
            else { return nil }
            let key = String(decoding: bytes[position..<keyEnd], as: UTF8.self)
            guard seen.insert(key).inserted, take(key, value) else { return nil }
            position = end
            while position < bytes.count, Self.isSpace(bytes[position]) { position += 1 }
        }
    }

    private mutating func take(_ key: String, _ value: JSONValue) -> Bool {
        switch (key, value) {
        case ("id", .string(let text)), ("id", .number(let text)): id = text
        case ("attachments", .object(let object)): attachments = object
        case ("cell", .object(let object)): otherKeys = object
        case ("metadata", .object(let object)): return merge(object)
        case (Self.keepBlankLines, .bool(true)): keepsBlankLines = true
        default: return Self.ownKeys.contains(key) ? false : merge([key: value])
        }
        return true
    }

    private mutating func merge(_ pairs: KeyValuePairs<String, JSONValue>) -> Bool { merge(JSONObject(pairs)) }

    private mutating func merge(_ object: JSONObject) -> Bool {
        for member in object.members {
            guard metadata[member.key] == nil else { return false }
            metadata[member.key] = member.value
        }
        return true
    }

    private static func trimmed(_ bytes: Slice<UnsafeBufferPointer<UInt8>>) -> Slice<UnsafeBufferPointer<UInt8>> {
        var bytes = bytes
        while let first = bytes.first, isSpace(first) { bytes.removeFirst() }
        while let last = bytes.last, isSpace(last) { bytes.removeLast() }
        return bytes
    }

    /// Where the `=` stands of the `key=` that starts at `start`.
    private static func endOfKey(_ bytes: UnsafeBufferPointer<UInt8>, at start: Int) -> Int? {
        var end = start
        while end < bytes.count, isKeyByte(bytes[end], first: end == start) { end += 1 }
        return end > start && end < bytes.count && bytes[end] == UInt8(ascii: "=") ? end : nil
    }

    private static func isKeyByte(_ byte: UInt8, first: Bool) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"): true
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: ":"): !first
        default: false
        }
    }

    /// A JSON value, or a bare word, which is a string.
    private static func value(_ bytes: UnsafeBufferPointer<UInt8>, at start: Int) -> (JSONValue, Int)? {
        guard start < bytes.count else { return nil }
        switch bytes[start] {
        case UInt8(ascii: "\""), UInt8(ascii: "{"), UInt8(ascii: "["):
            return (try? JSONParser.prefix(of: bytes, from: start)).map { ($0.value, $0.end) }
        default: break
        }
        let forbidden = Array("\"'{}[]=,".utf8)
        var end = start
        while end < bytes.count, bytes[end] > 0x20, !forbidden.contains(bytes[end]) { end += 1 }
        guard end > start else { return nil }
        if let (value, valueEnd) = try? JSONParser.prefix(of: bytes, from: start), valueEnd == end { return (value, end) }
        return (.string(String(decoding: bytes[start..<end], as: UTF8.self)), end)
    }

    // MARK: Writing

    /// The marker line without its line break. `prefix` is `// %%`, or what stood in its place.
    func line(prefix: String = "// %%") -> String {
        let plain = line(prefix: prefix, titleAsWords: true)
        let isFaithful = plain.utf8.allSatisfy { $0 >= 0x20 } && Self.reading(plain.dropFirst(prefix.count)) == self
        return isFaithful ? plain : line(prefix: prefix, titleAsWords: false)
    }

    private static func reading(_ rest: Substring) -> CellMarker {
        var text = String(rest)
        var remark: String?
        return text.withUTF8 { CellMarker(reading: $0, remark: &remark) }
    }

    private func line(prefix: String, titleAsWords: Bool) -> String {
        var parts = [prefix]
        if titleAsWords, let title = metadata["title"]?.stringValue, !title.isEmpty { parts.append(title) }
        if kind != .code { parts.append("[\(kind.rawValue)]") }
        if let id { parts.append("id=" + JSONWriter.line(.string(id))) }
        var wrapped = JSONObject()
        for member in metadata.members {
            if titleAsWords, member.key == "title", let title = member.value.stringValue, !title.isEmpty { continue }
            if Self.ownKeys.contains(member.key) || !Self.isBareKey(member.key) {
                wrapped[member.key] = member.value
            } else {
                parts.append(member.key + "=" + JSONWriter.line(member.value))
            }
        }
        if !wrapped.isEmpty { parts.append("metadata=" + JSONWriter.line(.object(wrapped))) }
        if let attachments { parts.append("attachments=" + JSONWriter.line(.object(attachments))) }
        if !otherKeys.isEmpty { parts.append("cell=" + JSONWriter.line(.object(otherKeys))) }
        if keepsBlankLines { parts.append(Self.keepBlankLines + "=true") }
        return parts.joined(separator: " ")
    }

    private static func isBareKey(_ key: String) -> Bool {
        !key.isEmpty && key.utf8.enumerated().allSatisfy { isKeyByte($0.element, first: $0.offset == 0) }
    }
}
