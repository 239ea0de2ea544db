/// A replacement of some of a cell's text that the learner does not see.
struct Edit: Hashable, Codable, Sendable {
    /// In bytes of the learner's text.
    var offset: Int
    /// How many bytes are replaced.
    var length = 0
    var text: String
}

/// A cell's text with edits of ours, none of which adds or removes a line, so that lines stay and only columns move.
struct EditedText: Sendable {
    let original: LineTable
    let edits: [Edit]

    /// Edits that repeat another, or that overlap an earlier one, are left out.
    init(_ original: LineTable, edits: [Edit]) {
        self.original = original
        var kept: [Edit] = []
        let ordered = edits.enumerated().sorted { ($0.element.offset, $0.offset) < ($1.element.offset, $1.offset) }
        for (_, edit) in ordered where !kept.contains(edit) && edit.offset >= (kept.last.map { $0.offset + $0.length } ?? 0) {
            kept.append(edit)
        }
        self.edits = kept
    }

    var text: String {
        guard !edits.isEmpty else { return original.text }
        var bytes: [UInt8] = []
        let source = Array(original.text.utf8)
        var done = 0
        for edit in edits where edit.offset + edit.length <= source.count {
            bytes += source[done..<edit.offset]
            bytes += edit.text.utf8
            done = edit.offset + edit.length
        }
        bytes += source[done...]
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The place in the learner's text of a line and byte column of the edited text, both from 1.
    /// - Returns: whether the place lies in text of ours, too; its offset is then where that text was put in.
    func original(line: Int, byteColumn: Int) -> (offset: Int, isInserted: Bool) {
        guard line >= 1, line <= original.starts.count else { return (original.offset(line: line, byteColumn: 1), false) }
        let start = original.starts[line - 1]
        let next = line < original.starts.count ? original.starts[line] : original.count + 1
        var shift = 0
        for edit in edits where edit.offset >= start && edit.offset < next {
            let place = edit.offset - start + 1 + shift
            if byteColumn < place { break }
            if byteColumn < place + edit.text.utf8.count { return (edit.offset, edit.length == 0) }
            shift += edit.text.utf8.count - edit.length
        }
        return (original.offset(line: line, byteColumn: byteColumn - shift), false)
    }
}
