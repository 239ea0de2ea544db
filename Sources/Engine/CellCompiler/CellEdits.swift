/// The edits that make a cell's text compile as a learner means it.
enum CellEdits {
    /// Those that can be foreseen from the outline.
    static func expected(for outline: CellOutline, lines: LineTable) -> [Edit] {
        var edits: [Edit] = []
        // Lines are ours to name: a learner's own directive is blanked out.
        for range in outline.sourceLocationDirectives {
            let start = lines.text.utf8.index(lines.text.startIndex, offsetBy: range.lowerBound)
            let end = lines.text.utf8.index(start, offsetBy: range.count)
            let blank = String(decoding: lines.text.utf8[start..<end].map { $0 == 0x0A || $0 == 0x0D ? $0 : 0x20 }, as: UTF8.self)
            edits.append(Edit(offset: range.lowerBound, length: range.count, text: blank))
        }
        // Where a cell awaits, its variables would belong to the main actor, and later cells could not use them.
        if outline.usesTopLevelAwait {
            edits += outline.variableOffsets.map { Edit(offset: $0, text: "nonisolated(unsafe) ") }
        }
        return edits + publicWitnesses(outline)
    }

    /// An earlier cell's types look public to this one, so what makes them conform has to be public too.
    private static func publicWitnesses(_ outline: CellOutline) -> [Edit] {
        let ownTypes = Set(outline.declarations.lazy.filter(\.isType).map(\.name))
        var edits: [Edit] = []
        for witness in outline.witnessExtensions {
            let base = String(witness.type.prefix { $0 != "." && $0 != "<" })
            if ownTypes.contains(base) || witness.protocols.allSatisfy(ownTypes.contains) { continue }
            for member in witness.members {
                edits.append(Edit(offset: member.access.offset, text: "public "))
                // A public member's types have to be public.
                for declaration in outline.declarations
                where declaration.isType && !declaration.isPrivate && declaration.access.existing == nil
                    && member.mentions.contains(declaration.name)
                {
                    edits.append(Edit(offset: declaration.access.offset, text: "public "))
                }
            }
        }
        return edits
    }

    /// What the compiler proposes for members that have to be public, as edits of the learner's text.
    static func fixes(for errors: [RawDiagnostic], in text: EditedText, file: String, outline: CellOutline) -> [Edit] {
        let fixable: Set<String> = ["witness_not_accessible_proto", "witness_not_accessible_type", "type_witness_not_accessible_proto", "type_witness_not_accessible_type"]
        var edits: [Edit] = []
        for error in errors where fixable.contains(error.id) {
            for fixIt in (error.notes.flatMap(\.fixIts) + error.fixIts)
            where fixIt.replacement == "public " && fixIt.span.start.file == file && fixIt.span.start == fixIt.span.end {
                let place = text.original(line: fixIt.span.start.line, byteColumn: fixIt.span.start.column)
                edits.append(Edit(offset: place.offset, text: "public "))
            }
        }
        return edits
    }
}
