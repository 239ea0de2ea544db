/// A piece of text with one look.
struct Run: Equatable {
    var text: String
    var look: Look
    init(_ text: String, _ look: Look = .plain) { (self.text, self.look) = (text, look) }
}

/// Breaks runs into painted lines of at most `width` columns: between words, inside a word only where it is longer
/// than a line, and between wide characters. A line break in the text breaks the line.
func wrapped(_ runs: [Run], to width: Int, _ style: TerminalStyle) -> [String] {
    lines(runs, to: width).map { painted($0, style) }
}

/// Breaks lines where they are full, behind a space when there is one in their second half. No space is lost, as code must
/// have it.
func hardWrapped(_ runs: [Run], to width: Int, _ style: TerminalStyle) -> [String] {
    var (result, line, used) = ([String](), [Styled](), 0)
    for styled in characters(runs) {
        let columns = columnWidth(styled.character)
        if used + columns > max(1, width) {
            let space = line.lastIndex { $0.character == " " } ?? 0
            let end = space > line.count / 2 ? space + 1 : line.count
            result.append(painted(Array(line[..<end]), style))
            line.removeFirst(end)
            used = line.reduce(0) { $0 + columnWidth($1.character) }
        }
        line.append(styled)
        used += columns
    }
    return result + [painted(line, style)]
}

private struct Styled {
    var character: Character
    var look: Look
}

private func characters(_ runs: [Run]) -> [Styled] {
    runs.flatMap { run in run.text.map { Styled(character: $0, look: run.look) } }
}

private func lines(_ runs: [Run], to width: Int) -> [[Styled]] {
    let width = max(1, width)
    var (result, line, used) = ([[Styled]](), [Styled](), 0)
    var (word, wordWidth) = ([Styled](), 0)

    func endLine() {
        while line.last?.character == " " { line.removeLast() }
        result.append(line)
        (line, used) = ([], 0)
    }
    func endWord() {
        if used > 0, used + wordWidth > width { endLine() }
        for styled in word {
            let columns = columnWidth(styled.character)
            if used + columns > width { endLine() }
            line.append(styled)
            used += columns
        }
        (word, wordWidth) = ([], 0)
    }
    for styled in characters(runs) {
        switch styled.character {
        case "\n", "\r\n":
            endWord()
            endLine()
        case " ", "\t":
            endWord()
            if used < width, used > 0 || result.isEmpty { line.append(Styled(character: " ", look: styled.look)); used += 1 }
        default:
            let columns = columnWidth(styled.character)
            if columns == 2 { endWord() }
            word.append(styled)
            wordWidth += columns
            if columns == 2 { endWord() }
        }
    }
    endWord()
    endLine()
    return result
}

private func painted(_ line: [Styled], _ style: TerminalStyle) -> String {
    var result = ""
    var index = 0
    while index < line.count {
        let look = line[index].look
        var text = ""
        while index < line.count, line[index].look == look { text.append(line[index].character); index += 1 }
        result += style.paint(text, look)
    }
    return result
}
