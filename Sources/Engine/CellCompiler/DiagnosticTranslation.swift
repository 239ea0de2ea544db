import Foundation

/// Turns what the compiler said about an edited text into what a learner reads about a cell.
struct DiagnosticTranslation {
    let source: CellSource
    let outline: CellOutline
    let text: EditedText
    let glueFile: String
    let scope: CellScope
    let naming: @Sendable (String) -> String?
    let commonNames: [String: [String]]

    func translated(_ raw: [RawDiagnostic]) -> [CellDiagnostic] {
        let hasUnknownName = raw.contains { $0.severity == .error && $0.id.hasPrefix("cannot_find_") }
        let translated = raw.filter { $0.severity != .note && !(hasUnknownName && Self.consequences.contains($0.id)) }.map { one($0) }.filter { !isNoise($0) }.sorted {
            ($0.range?.lowerBound.utf8Offset ?? .max) < ($1.range?.lowerBound.utf8Offset ?? .max)
        }
        return LayerMistakes.explained(translated, in: source.text, cellID: source.id)
    }

    /// What the compiler says of `.member` where it gave up on the line's types, because it does not know a name before.
    private static let consequences: Set = ["cannot_infer_base_of_unresolved_member", "unresolved_member_no_inference"]

    /// How a person knows a cell.
    func name(ofCell id: String) -> String {
        naming(id) ?? (id == source.id ? source.name : scope.cell(id: id)?.name) ?? "another cell"
    }

    private func name(ofModule module: String) -> String? {
        scope.cells.last { $0.moduleName == module }.map { name(ofCell: $0.id) }
    }

    func one(_ raw: RawDiagnostic) -> CellDiagnostic {
        let place = raw.place.map { locate($0) }
        let clean = cleaned(raw.message)
        var diagnostic = CellDiagnostic(
            severity: raw.severity, message: clean, compilerMessage: clean, id: raw.id,
            cellID: place?.cellID ?? source.id, range: range(of: raw), notes: raw.notes.map { one($0) },
            fixIts: raw.fixIts.compactMap { fixIt in
                range(fixIt.span).map { .init(range: $0, replacement: DiagnosticTranslation.sanitised(fixIt.replacement)) }
            },
            isInGlue: place?.isInGlue ?? false)
        diagnostic.message = PlainMessages(translation: self).sentence(for: raw, cleaned: clean) ?? clean
        if raw.id == "no_overloads_match_exactly_in_call", let sentence = LayerMistakes.sentence(forNotes: diagnostic.notes.map(\.compilerMessage)) {
            (diagnostic.message, diagnostic.notes) = (sentence, [])
        }
        return diagnostic
    }

    // MARK: Places

    private func locate(_ place: RawDiagnostic.Place) -> (cellID: String?, text: EditedText?, offset: Int, isInGlue: Bool) {
        if place.file == glueFile { return (source.id, nil, 0, true) }
        let id = CellFile.id(ofPath: place.file)
        if id == source.id {
            let found = text.original(line: place.line, byteColumn: place.column)
            return (source.id, text, found.offset, found.isInserted)
        }
        if let id, let cell = scope.cell(id: id) {
            return (id, cell.text, cell.text.original(line: place.line, byteColumn: place.column).offset, false)
        }
        // The end of the file lies behind the learner's text, under the file's own name.
        if CellFile.isCompiled(place.file), place.line > 2 { return (source.id, text, text.original.count, false) }
        return (nil, nil, 0, CellFile.isCompiled(place.file))
    }

    private func range(of raw: RawDiagnostic) -> Range<CellPosition>? {
        guard let place = raw.place else { return nil }
        let found = locate(place)
        guard let text = found.text, !found.isInGlue else { return nil }
        let lines = text.original
        for span in raw.spans {
            if let range = range(span), range.lowerBound.utf8Offset <= found.offset, found.offset <= range.upperBound.utf8Offset,
                range.lowerBound < range.upperBound
            {
                return range
            }
        }
        return lines.position(at: found.offset)..<lines.position(at: lines.wordEnd(from: found.offset))
    }

    private func range(_ span: RawDiagnostic.Span) -> Range<CellPosition>? {
        let start = locate(span.start), end = locate(span.end)
        guard let text = start.text, start.cellID == end.cellID, start.offset <= end.offset else { return nil }
        return text.original.position(at: start.offset)..<text.original.position(at: end.offset)
    }

    // MARK: Words

    /// The compiler's words without module names of ours and without what could upset a terminal.
    func cleaned(_ message: String) -> String {
        var message = DiagnosticTranslation.sanitised(message)
        let modules = Set(ModuleNames.all(in: message))
        guard !modules.isEmpty else { return message }
        for module in modules {
            let cell = name(ofModule: module) ?? "this cell"
            for phrase in ["in module '\(module)'", "in the module '\(module)'", "in the type's module '\(module)'"] {
                message = message.replacingOccurrences(of: phrase, with: "in \(cell)")
            }
            message = message.replacingOccurrences(of: "'\(module)'", with: cell)
        }
        // Only where two types of one name meet does it matter whose they are.
        var modulesByName: [String: Set<String>] = [:]
        _ = ModuleNames.replaced(in: message) { module, name in
            modulesByName[name, default: []].insert(module)
            return nil
        }
        return ModuleNames.replaced(in: message) { module, name in
            (modulesByName[name]?.count ?? 0) < 2 ? nil : "\(name) (of \(self.name(ofModule: module) ?? "this cell"))"
        }
    }

    /// Without control characters, which a learner's `#warning` may hold, and of bounded length.
    static func sanitised(_ text: String) -> String {
        var scalars = String.UnicodeScalarView()
        for scalar in text.unicodeScalars.prefix(2_000) {
            switch scalar.properties.generalCategory {
            case .control where scalar != "\n" && scalar != "\t", .format where scalar.value != 0x200D, .lineSeparator, .paragraphSeparator: continue
            default: scalars.append(scalar)
            }
        }
        return String(scalars)
    }

    /// Warnings that only our own edits give rise to.
    private func isNoise(_ diagnostic: CellDiagnostic) -> Bool {
        guard diagnostic.severity == .warning else { return false }
        if diagnostic.isInGlue || diagnostic.id == "nonisolated_unsafe_sendable_constant" { return true }
        if diagnostic.id.hasPrefix("expression_unused"), let range = diagnostic.range,
            let last = outline.lastExpression ?? outline.silencedExpression
        {
            return last.contains(range.lowerBound.utf8Offset)
        }
        return false
    }
}

/// The file names that cells have in the compiler's line information: the cell's id, and nothing that a path could mean.
enum CellFile {
    private static let allowed = CharacterSet(charactersIn: "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_")

    static func name(ofID id: String) -> String {
        (id.addingPercentEncoding(withAllowedCharacters: allowed) ?? "") + ".cell"
    }

    /// Whether a path is that of a text as it was compiled, with our own lines in it.
    static func isCompiled(_ path: String) -> Bool { module(ofPath: path) != nil && path.hasSuffix(".swift") }

    /// The module whose text a file holds.
    static func module(ofPath path: String) -> String? {
        path.split(separator: "/").last.flatMap { ModuleNames.leading($0.utf8) }
    }

    /// The id in the last part of a path.
    static func id(ofPath path: String) -> String? {
        let last = path.split(separator: "/", omittingEmptySubsequences: false).last ?? ""
        return last.hasSuffix(".cell") ? String(last.dropLast(5)).removingPercentEncoding : nil
    }
}

extension LineTable {
    /// The end of the word or sign at an offset, for a message that names a point only.
    func wordEnd(from offset: Int) -> Int {
        let utf8 = text.utf8
        guard offset < count else { return count }
        var index = utf8.index(utf8.startIndex, offsetBy: offset)
        func isWord(_ byte: UInt8) -> Bool {
            byte >= 0x80 || byte == 0x5F || (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
        }
        var end = offset
        if utf8[index] == 0x0A { return offset }
        if utf8[index] == 0x22 {
            // A text literal, as far as its line goes.
            let rest = utf8[utf8.index(after: index)...].prefix { $0 != 0x0A }
            return rest.firstIndex(of: 0x22).map { offset + 2 + utf8.distance(from: rest.startIndex, to: $0) } ?? offset + 1
        }
        guard isWord(utf8[index]) else { return offset + 1 }
        while index < utf8.endIndex, isWord(utf8[index]) {
            end += 1
            index = utf8.index(after: index)
        }
        return end
    }
}
