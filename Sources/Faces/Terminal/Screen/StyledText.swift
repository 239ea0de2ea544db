/// The first columns of a line that is already painted. Colours and links stay and are closed at the end; every other
/// escape sequence and every control character is left out, so that no line can steer the terminal.
func cutPainted(_ line: String, to width: Int) -> String {
    var (result, used) = ("", 0)
    var (isPainted, isLinked) = (false, false)
    var rest = Substring(line).unicodeScalars
    scan: while let first = rest.first {
        if first == "\u{1B}" {
            let sequence = escapeSequence(rest)
            if isPaint(sequence) {
                result += String(sequence)
                isPainted = !(sequence.elementsEqual("\u{1B}[0m".unicodeScalars) || sequence.elementsEqual("\u{1B}[m".unicodeScalars))
            } else if sequence.starts(with: "\u{1B}]8;".unicodeScalars) {
                result += String(sequence)
                isLinked = !sequence.starts(with: "\u{1B}]8;;\u{1B}".unicodeScalars)
            }
            rest = rest.dropFirst(sequence.count)
            continue
        }
        let end = rest.firstIndex(of: "\u{1B}") ?? rest.endIndex
        for character in String(rest[..<end]) {
            let columns = columnWidth(character)
            if used + columns > width { break scan }
            // What takes no room and is no mark on the character before it is a control character.
            if columns == 0, character.unicodeScalars.allSatisfy({ $0.value < 0x20 || (0x7F..<0xA0).contains($0.value) }) { continue }
            result.append(character)
            used += columns
        }
        rest = rest[end...]
    }
    return result + (isLinked ? "\u{1B}]8;;\u{1B}\\" : "") + (isPainted ? "\u{1B}[0m" : "")
}

/// How many columns a painted line takes.
func paintedWidth(_ line: String) -> Int {
    var (used, rest) = (0, Substring(line).unicodeScalars)
    while let first = rest.first {
        if first == "\u{1B}" { rest = rest.dropFirst(escapeSequence(rest).count); continue }
        let end = rest.firstIndex(of: "\u{1B}") ?? rest.endIndex
        used += columnWidth(String(rest[..<end]))
        rest = rest[end...]
    }
    return used
}

private func isPaint(_ sequence: Substring.UnicodeScalarView) -> Bool {
    sequence.count >= 3 && sequence.last == "m" && sequence.dropFirst().first == "["
        && sequence.dropFirst(2).dropLast().allSatisfy { ("0"..."9").contains($0) || $0 == ";" }
}

/// The escape sequence at the beginning: `ESC [ … letter`, or `ESC ] … ESC \`, or the two characters of another.
private func escapeSequence(_ text: Substring.UnicodeScalarView) -> Substring.UnicodeScalarView {
    let body = text.dropFirst(2)
    switch text.dropFirst().first {
    case "[":
        guard let final = body.firstIndex(where: { !(0x20...0x3F).contains($0.value) }) else { return text }
        return (0x40...0x7E).contains(text[final].value) ? text[...final] : text[..<final]
    case "]", "P", "X", "^", "_":
        guard let end = body.firstIndex(where: { $0.value == 0x1B || $0.value == 0x07 }) else { return text }
        if text[end].value == 0x07 { return text[...end] }
        let after = text.index(after: end)
        return after < text.endIndex && text[after] == "\\" ? text[...after] : text[..<end]
    default: return text.prefix(2)
    }
}
