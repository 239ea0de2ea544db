/// Text as inline code in Markdown: on one line, bounded, and unable to end the code it stands in.
///
/// What a learner wrote, such as a layer's name, goes through here before it reaches a sentence:
/// `"\(inlineCode(layer.name)) is a Flatten layer."`
public func inlineCode(_ text: String, limit: Int = 80) -> String {
    let plain = text.prefix(limit + 1).map { character -> Character in
        character == "`" ? "'" : character.isNewline || character == "\t" ? " " : character
    }
    .filter { $0.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control } }
    let cut = plain.count > limit ? String(plain.prefix(limit - 1)) + "…" : String(plain)
    return "`\(cut.isEmpty ? " " : cut)`"
}

/// Text of a learner's error as part of a sentence: on one line, bounded, and no Markdown.
func plainText(_ text: String, limit: Int = 300) -> String {
    let cut = text.prefix(limit).map { $0.isNewline ? " " : $0 }.filter { $0 != "`" && $0 != "<" && $0 != ">" }
    return String(cut) + (text.count > limit ? "…" : "")
}

/// A type's name without the modules it comes from: `Swift.Array<Swift.String>` reads `Array<String>`.
func typeName(_ name: String) -> String {
    var result = "", word = ""
    // It comes from the learner's process: no type's name is longer.
    for character in name.prefix(2_000) {
        if character == "." { word = ""; continue }
        if character.isLetter || character.isNumber || character == "_" { word.append(character); continue }
        result += word + String(character)
        word = ""
    }
    return result + word
}

/// A type's name with its article, as in "an `Array<String>`".
func withArticle(_ name: String) -> String {
    let name = typeName(name)
    return (name.first.map { "AEIOaeio".contains($0) } == true ? "an " : "a ") + inlineCode(name)
}

/// "`a`", "`a` and `b`", "`a`, `b` and `c`".
func list(_ names: [String], _ conjunction: String = "and") -> String {
    let quoted = names.map { inlineCode($0) }
    guard let last = quoted.last, quoted.count > 1 else { return quoted.first ?? "" }
    return quoted.dropLast().joined(separator: ", ") + " \(conjunction) " + last
}

/// A value as Swift would write it, with sets and dictionaries in order, so that one value has one text.
func literal(_ value: Any) -> String {
    if let optional = value as? any OptionalAnswer { return optional.wrapped.map(literal) ?? "nil" }
    if let text = value as? String { return text.debugDescription }
    if let array = value as? [Any] { return "[" + array.prefix(50).map(literal).joined(separator: ", ") + "]" }
    if let set = value as? Set<AnyHashable> { return "[" + set.map { literal($0.base) }.sorted().prefix(50).joined(separator: ", ") + "]" }
    if let dictionary = value as? [AnyHashable: Any] {
        let entries = dictionary.map { literal($0.key.base) + ": " + literal($0.value) }.sorted().prefix(50)
        return entries.isEmpty ? "[:]" : "[" + entries.joined(separator: ", ") + "]"
    }
    return String(describing: value)
}
