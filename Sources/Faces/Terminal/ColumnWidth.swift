/// How many columns of a terminal text takes: 2 for East Asian wide characters and emoji, 0 for marks that stand
/// on another character, 1 for the rest. Control characters count as nothing; text should hold none.
func columnWidth(_ text: some StringProtocol) -> Int {
    if text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) { return text.utf8.count }
    return text.reduce(0) { $0 + columnWidth($1) }
}

func columnWidth(_ character: Character) -> Int {
    let scalars = character.unicodeScalars
    guard let first = scalars.first else { return 0 }
    if scalars.contains(where: { $0.value == 0xFE0F }) { return 2 }
    if first.properties.isEmojiPresentation { return 2 }
    let width = columnWidth(first)
    // A Hangul syllable in pieces, or a base with marks, is as wide as its base.
    return width == 0 && scalars.count > 1 ? columnWidth(scalars[scalars.index(after: scalars.startIndex)]) : width
}

private func columnWidth(_ scalar: Unicode.Scalar) -> Int {
    switch scalar.properties.generalCategory {
    case .control, .format, .nonspacingMark, .enclosingMark, .lineSeparator, .paragraphSeparator, .surrogate: return 0
    default: break
    }
    switch scalar.value {
    case 0x1160...0x11FF: return 0
    case 0x1100...0x115F, 0x2329...0x232A, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF,
        0xA000...0xA4CF, 0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE10...0xFE19, 0xFE30...0xFE6F,
        0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1B000...0x1B2FF, 0x1F200...0x1F2FF, 0x1F300...0x1F64F,
        0x1F900...0x1F9FF, 0x20000...0x3FFFD:
        return 2
    default: return 1
    }
}

/// Text cut to a number of columns, with an ellipsis where something is missing.
func cut(_ text: String, to width: Int, _ style: TerminalStyle) -> String {
    guard columnWidth(text) > width else { return text }
    let ellipsis = style.ellipsis
    let room = width - columnWidth(ellipsis)
    guard room > 0 else { return String(ellipsis.prefix(max(0, width))) }
    var (result, used) = ("", 0)
    for character in text {
        used += columnWidth(character)
        if used > room { break }
        result.append(character)
    }
    return result + ellipsis
}

/// Text with spaces up to a number of columns.
func padded(_ text: String, to width: Int, trailing: Bool = false) -> String {
    let spaces = String(repeating: " ", count: max(0, width - columnWidth(text)))
    return trailing ? spaces + text : text + spaces
}
