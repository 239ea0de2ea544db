/// Reads JSON strictly (RFC 8259): no comments, no trailing commas, no repeated keys, no lone surrogates.
///
/// One thing more is taken, since Jupyter writes it in outputs: Python's `NaN`, `Infinity` and `-Infinity`.
struct JSONParser {
    /// Deeper values are refused, so that no file can exhaust the stack.
    static let greatestDepth = 200

    private let bytes: UnsafeBufferPointer<UInt8>
    private(set) var position: Int
    private var depth = 0

    /// Where the elements of the root's lists start, by the list's key: enough to name a cell's line.
    private(set) var elementOffsets: [String: [Int]] = [:]
    private var rootKey: String?

    private init(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int) {
        self.bytes = bytes
        position = start
    }

    struct Failure: Error {
        var offset: Int
        var sentence: String
    }

    /// The one value that fills `bytes`, and where the elements of the root's lists start.
    /// - Throws: `Failure` with the offset of the first byte that can't be.
    static func document(
        _ bytes: UnsafeBufferPointer<UInt8>
    ) throws -> (value: JSONValue, elementOffsets: [String: [Int]]) {
        let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]
        let start = bytes.starts(with: byteOrderMark) ? 3 : 0
        var parser = JSONParser(bytes, from: start)
        parser.skipSpace()
        let value = try parser.value()
        parser.skipSpace()
        guard parser.position == bytes.count else {
            throw Failure(offset: parser.position, sentence: "The JSON value ends here, but more text follows.")
        }
        return (value, parser.elementOffsets)
    }

    /// The value that starts at `start`, and the offset of the byte after it.
    static func prefix(of bytes: UnsafeBufferPointer<UInt8>, from start: Int) throws -> (value: JSONValue, end: Int) {
        var parser = JSONParser(bytes, from: start)
        let value = try parser.value()
        return (value, parser.position)
    }

    private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func skipSpace() {
        while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
    }

    private mutating func value() throws -> JSONValue {
        switch next {
        case UInt8(ascii: "{"): return .object(try object())
        case UInt8(ascii: "["): return .array(try array())
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): try word("true"); return .bool(true)
        case UInt8(ascii: "f"): try word("false"); return .bool(false)
        case UInt8(ascii: "n"): try word("null"); return .null
        case UInt8(ascii: "N"): try word("NaN"); return .number("NaN")
        case UInt8(ascii: "I"): try word("Infinity"); return .number("Infinity")
        case .some(UInt8(ascii: "-")), .some(UInt8(ascii: "0")...UInt8(ascii: "9")): return .number(try number())
        default: throw unexpected("a value")
        }
    }

    private mutating func nested<Result>(_ body: (inout JSONParser) throws -> Result) throws -> Result {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.greatestDepth else {
            throw Failure(
                offset: position,
                sentence: "Values are nested more than \(Self.greatestDepth) deep; that is as deep as a notebook may go.")
        }
        return try body(&self)
    }

    private mutating func object() throws -> JSONObject {
        try nested { parser in
            var members: [JSONObject.Member] = []
            var seen: Set<[UInt8]> = []
            parser.position += 1
            parser.skipSpace()
            if parser.next == UInt8(ascii: "}") { parser.position += 1; return JSONObject() }
            while true {
                guard parser.next == UInt8(ascii: "\"") else { throw parser.unexpected("a key in quotation marks") }
                let keyStart = parser.position
                let key = try parser.string()
                guard seen.insert(Array(key.utf8)).inserted else {
                    throw Failure(
                        offset: keyStart, sentence: "The key \"\(key)\" stands twice in one object; keep one of them.")
                }
                parser.skipSpace()
                guard parser.next == UInt8(ascii: ":") else { throw parser.unexpected("a colon after the key \"\(key)\"") }
                parser.position += 1
                parser.skipSpace()
                if parser.depth == 1 { parser.rootKey = key }
                members.append(.init(key: key, value: try parser.value()))
                parser.skipSpace()
                switch parser.next {
                case UInt8(ascii: ","): parser.position += 1; parser.skipSpace()
                case UInt8(ascii: "}"): parser.position += 1; return JSONObject(uniqueMembers: members)
                default: throw parser.unexpected("a comma or a closing brace")
                }
            }
        }
    }

    private mutating func array() throws -> [JSONValue] {
        try nested { parser in
            var elements: [JSONValue] = []
            parser.position += 1
            parser.skipSpace()
            if parser.next == UInt8(ascii: "]") { parser.position += 1; return [] }
            while true {
                if parser.depth == 2, let key = parser.rootKey {
                    parser.elementOffsets[key, default: []].append(parser.position)
                }
                elements.append(try parser.value())
                parser.skipSpace()
                switch parser.next {
                case UInt8(ascii: ","): parser.position += 1; parser.skipSpace()
                case UInt8(ascii: "]"): parser.position += 1; return elements
                default: throw parser.unexpected("a comma or a closing bracket")
                }
            }
        }
    }

    private mutating func word(_ word: StaticString) throws {
        let expected = UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount)
        guard bytes[position...].starts(with: expected) else { throw unexpected("\(word)") }
        position += expected.count
    }

    private mutating func digits() throws {
        guard let byte = next, (0x30...0x39).contains(byte) else { throw unexpected("a digit") }
        while let byte = next, (0x30...0x39).contains(byte) { position += 1 }
    }

    private mutating func number() throws -> String {
        let start = position
        if next == UInt8(ascii: "-") { position += 1 }
        if next == UInt8(ascii: "I") {
            try word("Infinity")
            return "-Infinity"
        }
        if next == UInt8(ascii: "0") { position += 1 } else { try digits() }
        if next == UInt8(ascii: ".") { position += 1; try digits() }
        if next == UInt8(ascii: "e") || next == UInt8(ascii: "E") {
            position += 1
            if next == UInt8(ascii: "+") || next == UInt8(ascii: "-") { position += 1 }
            try digits()
        }
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }

    private mutating func string() throws -> String {
        let opening = position
        position += 1
        let start = position
        while let byte = next, byte >= 0x20, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") { position += 1 }
        if next == UInt8(ascii: "\"") {
            position += 1
            return String(decoding: bytes[start..<position - 1], as: UTF8.self)
        }
        var text = Array(bytes[start..<position])
        while let byte = next {
            switch byte {
            case UInt8(ascii: "\""):
                position += 1
                return String(decoding: text, as: UTF8.self)
            case UInt8(ascii: "\\"):
                try escape(into: &text)
            case 0..<0x20:
                throw Failure(
                    offset: position,
                    sentence: "A string holds a control character (a line break, perhaps) that must be written as an escape such as \\n.")
            default:
                text.append(byte)
                position += 1
            }
        }
        throw Failure(offset: opening, sentence: "The string that starts here has no closing quotation mark.")
    }

    private mutating func escape(into text: inout [UInt8]) throws {
        let start = position
        position += 1
        switch next {
        case UInt8(ascii: "\""): text.append(0x22)
        case UInt8(ascii: "\\"): text.append(0x5C)
        case UInt8(ascii: "/"): text.append(0x2F)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "u"):
            position += 1
            var code = UInt32(try fourHexDigits())
            if (0xD800..<0xDC00).contains(code), next == UInt8(ascii: "\\"), position + 1 < bytes.count,
                bytes[position + 1] == UInt8(ascii: "u")
            {
                position += 2
                let low = UInt32(try fourHexDigits())
                if (0xDC00..<0xE000).contains(low) { code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00) }
            }
            guard let scalar = Unicode.Scalar(code) else {
                throw Failure(
                    offset: start, sentence: "This escape is half of a surrogate pair, which is not a character.")
            }
            text.append(contentsOf: String(Character(scalar)).utf8)
            return
        default:
            throw Failure(
                offset: start, sentence: "JSON knows no such escape; after a backslash stands one of \" \\ / b f n r t u.")
        }
        position += 1
    }

    private mutating func fourHexDigits() throws -> UInt16 {
        var code: UInt16 = 0
        for _ in 0..<4 {
            guard let byte = next, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
                throw unexpected("four hexadecimal digits after \\u")
            }
            code = code << 4 | UInt16(digit)
            position += 1
        }
        return code
    }

    private func unexpected(_ expected: String) -> Failure {
        guard position < bytes.count else {
            return Failure(offset: position, sentence: "The text ends where \(expected) was expected.")
        }
        let rest = String(decoding: bytes[position..<min(position + 16, bytes.count)], as: UTF8.self)
        let found = rest.unicodeScalars.first.map { $0.value < 0x20 ? "a control character" : "`\($0)`" } ?? "nothing"
        return Failure(offset: position, sentence: "Expected \(expected), found \(found).")
    }
}
