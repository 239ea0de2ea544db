/// Finds the calls to questions in Swift code, and gives them their new names.
///
/// It knows what a string, an interpolation and a comment are, which is all that it takes to tell a call from its mention.
struct QuestionCallScanner {
    private let bytes: [UInt8]
    private let renames: QuestionRenames
    private var position = 0
    private var edits: [(range: Range<Int>, name: String)] = []

    private static let verbs: Set<String> = ["check", "hint", "solution"]
    /// Strings in strings beyond this depth are not looked into.
    private static let greatestDepth = 50

    init(_ code: String, renames: QuestionRenames) { (bytes, self.renames) = (Array(code.utf8), renames) }

    mutating func renamed() -> String {
        scanCode()
        var result: [UInt8] = [], copied = 0
        for (range, name) in edits {
            result += bytes[copied..<range.lowerBound] + Array(name.utf8)
            copied = range.upperBound
        }
        return String(decoding: result + bytes[copied...], as: UTF8.self)
    }

    private func byte(_ offset: Int) -> UInt8? { position + offset < bytes.count ? bytes[position + offset] : nil }

    private func comes(_ text: StaticString, at offset: Int = 0) -> Bool {
        bytes[min(position + offset, bytes.count)...].starts(with: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    /// Goes through code to its end or, in an interpolation, to the parenthesis that closes it.
    private mutating func scanCode(depth: Int = 0) {
        var openParentheses = 0, followsDot = false
        while let byte = byte(0) {
            switch byte {
            case UInt8(ascii: "/") where comes("//"): skipLineComment()
            case UInt8(ascii: "/") where comes("/*"): skipBlockComment()
            case 0x09, 0x0A, 0x0D, 0x20: position += 1
            case UInt8(ascii: "\""):
                skipString(hashes: 0, depth)
                followsDot = false
            case UInt8(ascii: "#"):
                let hashes = bytes[position...].prefix { $0 == UInt8(ascii: "#") }.count
                position += hashes
                if self.byte(0) == UInt8(ascii: "\"") { skipString(hashes: hashes, depth) }
                followsDot = false
            case _ where Self.isNamePart(byte):
                // A member of something else is not the question.
                if followsDot || Self.isDigit(byte) { skipName() } else { readCall(acrossLines: true) }
                followsDot = false
            default:
                if byte == UInt8(ascii: "(") { openParentheses += 1 }
                if byte == UInt8(ascii: ")") {
                    if depth > 0, openParentheses == 0 { return }
                    openParentheses -= 1
                }
                followsDot = byte == UInt8(ascii: ".")
                position += 1
            }
        }
    }

    /// `part3.c.check(`
    private mutating func readCall(acrossLines: Bool) {
        var names: [Range<Int>] = []
        while true {
            let start = position
            skipName()
            names.append(start..<position)
            let end = position
            skipSpaces(acrossLines)
            if byte(0) == UInt8(ascii: ".") {
                position += 1
                skipSpaces(acrossLines)
                if let next = byte(0), Self.isNamePart(next), !Self.isDigit(next) { continue }
            }
            position = end
            break
        }
        let end = position
        defer { position = end }
        skipSpaces(acrossLines)
        let texts = names.map { String(decoding: bytes[$0], as: UTF8.self) }
        guard byte(0) == UInt8(ascii: "("), texts.count > 1, Self.verbs.contains(texts.last!) else { return }
        let question = texts.dropLast().joined(separator: "."), name = renames.name(of: question)
        if name != question { edits.append((names[0].lowerBound..<names[names.count - 2].upperBound, name)) }
    }

    private mutating func skipName() { while let byte = byte(0), Self.isNamePart(byte) { position += 1 } }

    private mutating func skipSpaces(_ acrossLines: Bool) {
        while let byte = byte(0), byte == 0x20 || byte == 0x09 || acrossLines && (byte == 0x0A || byte == 0x0D) { position += 1 }
    }

    private mutating func skipLineComment() {
        while byte(0) == UInt8(ascii: "/") { position += 1 }
        skipSpaces(false)
        if let byte = byte(0), Self.isNamePart(byte), !Self.isDigit(byte) { readCall(acrossLines: false) }
        while let byte = byte(0), byte != 0x0A { position += 1 }
    }

    private mutating func skipBlockComment() {
        var depth = 0
        repeat {
            if comes("/*") { (depth, position) = (depth + 1, position + 2) }
            else if comes("*/") { (depth, position) = (depth - 1, position + 2) }
            else { position += 1 }
        } while depth > 0 && position < bytes.count
    }

    /// Passes over a literal whose first quote comes next; one without an end ends with its line.
    private mutating func skipString(hashes: Int, _ depth: Int) {
        let isLong = comes("\"\"\"")
        position += isLong ? 3 : 1
        func hashesFollow(at offset: Int) -> Bool { (0..<hashes).allSatisfy { byte(offset + $0) == UInt8(ascii: "#") } }
        while let byte = byte(0) {
            if byte == UInt8(ascii: "\\"), hashesFollow(at: 1) {
                position += 1 + hashes
                let opensInterpolation = self.byte(0) == UInt8(ascii: "(")
                position += 1
                if opensInterpolation, depth < Self.greatestDepth { scanCode(depth: depth + 1) }
            } else if isLong ? comes("\"\"\"") && hashesFollow(at: 3) : byte == UInt8(ascii: "\"") && hashesFollow(at: 1) {
                position += (isLong ? 3 : 1) + hashes
                return
            } else if byte == 0x0A, !isLong {
                return
            } else {
                position += 1
            }
        }
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

    private static func isNamePart(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "_"), UInt8(ascii: "$"), 0x80...: true
        default: false
        }
    }
}
