/// What stands at the beginning of a bundle: the references that it brings.
struct GitBundleHeader {
    static let greatestCount = 10_000
    static let greatestLine = 4_096

    let references: [(name: String, id: ObjectID)]

    /// Reads up to the pack.
    /// - Throws: ``GitError`` for what git would not have written, and for a bundle that brings only a part.
    init(_ cursor: inout ByteCursor, _ attempt: String) throws {
        func refused(_ message: String, _ advice: String = "") -> GitError { GitError(attempt, code: .refused, message: message, advice: advice) }
        guard cursor.skip("# v2 git bundle\n") || cursor.skip("# v3 git bundle\n") else { throw refused("it is not a bundle as git makes them") }
        var references: [(name: String, id: ObjectID)] = [], names: Set<String> = []
        while let line = cursor.next(before: UInt8(ascii: "\n")), line.rest.count <= Self.greatestLine {
            if line.isAtEnd {
                self.references = references
                return
            }
            if line.rest[0] == UInt8(ascii: "-") {
                throw refused("it brings only what came after a commit that is not in it", "Make one with everything: git bundle create FILE REFERENCE")
            }
            if line.rest[0] == UInt8(ascii: "@") {
                guard line.text == "@object-format=sha1" else { throw refused("it is of a kind that Etude does not know, \(line.text.prefix(100).debugDescription)") }
                continue
            }
            var rest = line
            guard let id = rest.next(before: UInt8(ascii: " ")).flatMap({ ObjectID(hexadecimal: $0.rest) }), Reference.isValid(rest.text) else {
                throw refused("a line in it is neither a reference nor the end of them, \(line.text.prefix(100).debugDescription)")
            }
            guard names.insert(rest.text).inserted, references.count < Self.greatestCount else { throw refused("it names a reference twice, or more than \(Self.greatestCount)") }
            // Which one is checked out is nothing that is handed in.
            if rest.text != "HEAD" { references.append((rest.text, id)) }
        }
        throw GitError(attempt, code: .damaged, message: "it ends before its objects begin", advice: "Ask for it once more: it may have been damaged on its way.")
    }
}
