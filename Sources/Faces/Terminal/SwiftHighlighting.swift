import Figures

/// Swift source in a few quiet colours: words of the language, numbers, strings, comments. A scanner of one pass,
/// which needs no compiler; multi-line strings and nested comments carry over from line to line.
func swiftLines(_ source: String) -> [[Run]] {
    var lines: [[Run]] = [[]]
    for piece in swiftPieces(source) {
        for (index, part) in piece.text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            if index > 0 { lines.append([]) }
            if !part.isEmpty { lines[lines.count - 1].append(Run(String(part), piece.kind.look)) }
        }
    }
    return lines
}

enum SwiftPieceKind {
    case plain, keyword, number, string, comment, type, placeholder

    var look: Look {
        switch self {
        case .plain: .plain
        case .keyword: Look(color: Color(0xcc79a7))
        case .number: Look(color: Color(0x56b4e9))
        case .string: Look(color: Color(0xe69f00))
        case .comment: .dim
        case .type: Look(color: Color(0x009e73))
        case .placeholder: Look(bold: true, color: Color(0xccaa33))
        }
    }
}

private let swiftKeywords: Set<Substring> = [
    "actor", "any", "as", "associatedtype", "async", "await", "break", "case", "catch", "class", "continue", "default", "defer",
    "deinit", "do", "else", "enum", "extension", "fallthrough", "false", "fileprivate", "for", "func", "guard", "if", "import",
    "in", "init", "inout", "internal", "is", "lazy", "let", "mutating", "nil", "open", "operator", "override", "private",
    "protocol", "public", "repeat", "rethrows", "return", "self", "Self", "some", "static", "struct", "subscript", "super",
    "switch", "throw", "throws", "true", "try", "typealias", "var", "weak", "where", "while",
]

func swiftPieces(_ source: String) -> [(text: Substring, kind: SwiftPieceKind)] {
    var pieces: [(Substring, SwiftPieceKind)] = []
    var rest = source[...]
    func isWord(_ character: Character) -> Bool { character.isLetter || character.isNumber || character == "_" }
    while let first = rest.first {
        var (end, kind) = (rest.index(after: rest.startIndex), SwiftPieceKind.plain)
        if rest.hasPrefix("//") {
            (end, kind) = (rest.firstIndex(of: "\n") ?? rest.endIndex, .comment)
        } else if rest.hasPrefix("/*") {
            (end, kind) = (endOfComment(rest), .comment)
        } else if rest.hasPrefix("<#") {
            if let close = rest.firstRange(of: "#>") { (end, kind) = (close.upperBound, .placeholder) }
        } else if first == "\"" || (first == "#" && rest.drop { $0 == "#" }.first == "\"") {
            (end, kind) = (endOfString(rest), .string)
        } else if first.isNumber {
            let number = rest.prefix { isWord($0) || $0 == "." }
            (end, kind) = (number.last == "." ? rest.index(before: number.endIndex) : number.endIndex, .number)
            if rest[..<end].contains("..") { end = rest.firstRange(of: "..")!.lowerBound }
        } else if first == "@" || first == "#" {
            end = rest.dropFirst().firstIndex { !isWord($0) } ?? rest.endIndex
            kind = .keyword
        } else if isWord(first) {
            end = rest.firstIndex { !isWord($0) } ?? rest.endIndex
            let word = rest[..<end]
            let isMember = pieces.last?.0.last == "."
            kind = swiftKeywords.contains(word) && !isMember ? .keyword : first.isUppercase ? .type : .plain
        }
        pieces.append((rest[..<end], kind))
        rest = rest[end...]
    }
    return pieces
}

private func endOfComment(_ text: Substring) -> Substring.Index {
    var (depth, rest) = (0, text)
    while !rest.isEmpty {
        if rest.hasPrefix("/*") { depth += 1; rest = rest.dropFirst(2) }
        else if rest.hasPrefix("*/") {
            depth -= 1
            rest = rest.dropFirst(2)
            if depth == 0 { return rest.startIndex }
        } else { rest = rest.dropFirst() }
    }
    return text.endIndex
}

private func endOfString(_ text: Substring) -> Substring.Index {
    let hashes = text.prefix { $0 == "#" }.count
    let fence = String(repeating: "#", count: hashes)
    var rest = text.dropFirst(hashes)
    let isMultiline = rest.hasPrefix("\"\"\"")
    let close = (isMultiline ? "\"\"\"" : "\"") + fence
    rest = rest.dropFirst(isMultiline ? 3 : 1)
    while let character = rest.first {
        if rest.hasPrefix(close) { return rest.index(rest.startIndex, offsetBy: close.count) }
        if character == "\n", !isMultiline { return rest.startIndex }
        rest = rest.dropFirst(character == "\\" && hashes == 0 ? 2 : 1)
    }
    return text.endIndex
}
