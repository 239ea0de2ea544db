/// A cell's text, taken apart into what an update of its course may have put together.
///
/// Where the learner and the course both changed a cell, the text of one is followed by a mark and the other's: in code the
/// learner's text runs, and the course's follows in comments; in prose the course's is shown, and what the learner wrote
/// follows. A cell that the course took out, and the learner keeps, begins with a mark.
struct AnnotatedText: Equatable {
    /// Whether it begins with the mark that the course no longer has this cell.
    var isOrphan = false
    var text: String
    /// What follows below the mark, without comment signs; nil where there is no mark.
    var note: String?

    private static let codeOrphan = "// ==== The course no longer has this cell. It stays here because you changed it. ===="
    private static let proseOrphan = "> **The course no longer has this text.** It stays here because you changed it."
    private static let codeNote = "// ==== The course changed this cell. Yours, above, is what runs; this is the course's: ===="
    private static let proseNote = "> **The course changed this text.** This is what you wrote in it:"

    private static func orphanMark(_ kind: Cell.Kind) -> String { kind == .code ? codeOrphan : proseOrphan }
    private static func noteMark(_ kind: Cell.Kind) -> String { kind == .code ? codeNote : proseNote }

    init(isOrphan: Bool = false, text: String, note: String? = nil) { (self.isOrphan, self.text, self.note) = (isOrphan, text, note) }

    // MARK: Reading

    init(_ cell: Cell) {
        var lines = textLines(cell.source)[...]
        if lines.first == Self.orphanMark(cell.kind) {
            isOrphan = true
            lines.removeFirst()
            if cell.kind != .code, lines.first == "" { lines.removeFirst() }
        }
        if let mark = lines.lastIndex(of: Self.noteMark(cell.kind)), let note = Self.note(lines[(mark + 1)...], cell.kind) {
            self.note = note
            lines = lines[..<mark]
            if lines.last == "" { lines.removeLast() }
        }
        text = lines.joined(separator: "\n")
    }

    /// - Returns: nil when the lines are not what stands below a mark, since the learner has worked on them.
    private static func note(_ lines: ArraySlice<String>, _ kind: Cell.Kind) -> String? {
        guard kind == .code else { return (lines.first == "" ? lines.dropFirst() : lines).joined(separator: "\n") }
        guard lines.allSatisfy({ $0 == "//" || $0.utf8.starts(with: "// ".utf8) }) else { return nil }
        return lines.map { String(Substring($0.utf8.dropFirst(3))) }.joined(separator: "\n")
    }

    /// Makes what stands below a code cell's mark part of its text.
    private mutating func takeOverNote() {
        let whole = AnnotatedText(text: text, note: note).source(.code)
        (text, note) = (textLines(whole).filter { $0 != Self.codeNote }.joined(separator: "\n"), nil)
    }

    // MARK: Writing

    func source(_ kind: Cell.Kind) -> String {
        var lines = isOrphan ? [Self.orphanMark(kind)] + (kind == .code ? [] : [""]) : []
        if note == nil || !text.isEmpty { lines.append(text) }
        if let note {
            lines += (text.isEmpty ? [] : [""]) + [Self.noteMark(kind)]
            lines += kind == .code ? textLines(note).map { $0.isEmpty ? "//" : "// " + $0 } : ["", note]
        }
        return lines.joined(separator: "\n")
    }

    // MARK: Merging

    /// Brings what two sides made of a text together.
    /// - Parameters:
    ///   - base: what both began with; nil where there is no such.
    ///   - cell: the learner's cell.
    /// - Returns: also whether both texts are in it.
    static func merging(base: Cell?, ours cell: Cell, theirs: Cell) -> (merged: AnnotatedText, holdsBoth: Bool) {
        let base = base.map { AnnotatedText($0) }, theirs = AnnotatedText(theirs)
        return cell.kind == .code ? code(base, cell, theirs) : prose(base, AnnotatedText(cell), theirs)
    }

    private static func code(_ base: AnnotatedText?, _ cell: Cell, _ theirs: AnnotatedText) -> (AnnotatedText, Bool) {
        var ours = AnnotatedText(cell)
        // Below a mark that is left may stand what the learner made of the course's text.
        if ours.note.map({ note in ![base?.text, base?.note, theirs.text, theirs.note].contains(note) }) ?? true { ours.takeOverNote() }
        if ours.text.hasSameBytes(as: theirs.text) { return (theirs, false) }
        guard let base else { return (AnnotatedText(isOrphan: theirs.isOrphan, text: ours.text, note: theirs.text), true) }
        if ours.text.hasSameBytes(as: base.text) { return (theirs, false) }
        guard theirs.text.hasSameBytes(as: base.text) else {
            return (AnnotatedText(isOrphan: theirs.isOrphan, text: ours.text, note: theirs.text), true)
        }
        // Only the marks are others.
        let isOrphan = theirs.isOrphan == base.isOrphan ? ours.isOrphan : theirs.isOrphan
        return (AnnotatedText(isOrphan: isOrphan, text: ours.text, note: theirs.note == base.note ? ours.note : theirs.note), false)
    }

    private static func prose(_ base: AnnotatedText?, _ ours: AnnotatedText, _ theirs: AnnotatedText) -> (AnnotatedText, Bool) {
        let shown = Set(paragraphs(theirs.text)), known = shown.union(paragraphs(base?.text ?? ""))
        var kept = paragraphs(theirs.note ?? "")
        for paragraph in paragraphs(ours.note ?? "") where !shown.contains(paragraph) && !kept.contains(paragraph) { kept.append(paragraph) }
        for paragraph in paragraphs(ours.text) where !known.contains(paragraph) && !kept.contains(paragraph) { kept.append(paragraph) }
        guard !kept.isEmpty else { return (AnnotatedText(isOrphan: theirs.isOrphan, text: theirs.text), false) }
        return (AnnotatedText(isOrphan: theirs.isOrphan, text: theirs.text, note: kept.joined(separator: "\n\n")), true)
    }

    /// What stands between blank lines; a fence and what is in it stays whole.
    private static func paragraphs(_ text: String) -> [String] {
        var paragraphs: [[String]] = [[]], isFenced = false
        for line in textLines(text) {
            let words = line.drop { $0 == " " || $0 == "\t" }
            if words.hasPrefix("```") || words.hasPrefix("~~~") { isFenced.toggle() }
            if words.isEmpty, !isFenced { paragraphs.append([]) } else { paragraphs[paragraphs.count - 1].append(line) }
        }
        return paragraphs.filter { !$0.isEmpty }.map { $0.joined(separator: "\n") }
    }
}

private func textLines(_ text: String) -> [String] {
    text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map { String(Substring($0)) }
}
