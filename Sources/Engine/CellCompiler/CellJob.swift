import Foundation
import Processes

/// The compilation of one cell: from its text to a library in the cache, with the second attempts that edits of ours
/// make necessary.
struct CellJob {
    let compiler: CellCompiler
    let cell: CellSource
    let outline: CellOutline
    let scope: CellScope
    let naming: @Sendable (String) -> String?
    let interruption: Interruption?
    private let plan: ImportPlan
    private let answers: [AnswerVariable]
    private let lines: LineTable
    private let moduleName: String
    private let glueFile: String

    private var cache: CompileCache { compiler.cache }
    private var glue: Glue { compiler.glue }

    init(
        compiler: CellCompiler, cell: CellSource, outline: CellOutline, scope: CellScope, answers: [AnswerVariable],
        extraImports: [String], naming: @escaping @Sendable (String) -> String?, interruption: Interruption?
    ) throws {
        var scope = scope
        scope.remove(id: cell.id)
        (self.compiler, self.cell, self.outline, self.scope) = (compiler, cell, outline, scope)
        (self.naming, self.interruption) = (naming, interruption)
        let declared = outline.declaredNames
        self.answers = compiler.glue.answerModule == nil || outline.hasSyntaxErrors
            ? [] : answers.filter { declared.contains($0.name) }
        var uses = outline.uses
        for type in self.answers.compactMap(\.expectedType) { uses.formUnion(compiler.outline(of: type).uses) }
        plan = ImportPlan(for: outline, uses: uses, in: scope, extraImports: extraImports)
        lines = LineTable(cell.text)

        let shadows = plan.hidden.map { ShadowModule.name(of: $0, hiding: $1) }
        let answerTexts = self.answers.map { "\($0.name) as \($0.expectedType ?? "")" }
        let key = ContentKey.of(
            ["cell format 1 \(compiler.toolchain.version) \(compiler.toolchain.root)", cell.id, String(cell.generation), cell.text]
                + plan.statements + shadows + answerTexts + ["\(compiler.glue)", ModuleFingerprint.of(compiler.searchPaths)])
        moduleName = ModuleNames.prefix + key
        glueFile = "glue of \(moduleName)"
    }

    func outcome() throws -> CompileOutcome {
        if let entry = cache.entry(moduleName) { return .compiled(compiled(entry, wasCached: true)) }
        let shadows = try prepareModules()
        let unfinished = try cache.unfinishedFolder()
        defer { try? FileManager.default.removeItem(atPath: unfinished) }
        return try build(in: unfinished, shadowFolders: shadows)
    }

    /// Makes sure that all modules to import are there: the older ones with hidden declarations, and those that
    /// someone has deleted from the cache.
    private func prepareModules() throws -> [String] {
        let modules = Set(plan.modules)
        for cell in scope.cells where modules.contains(cell.moduleName) {
            guard access(cache.path(cell.moduleName, "swiftmodule"), R_OK) != 0 else { continue }
            try ShadowModule(of: cell, hiding: []).emit(with: compiler, into: cache.folder, interruption: interruption)
        }
        return try plan.hidden.map { cell, places in
            let folder = cache.folder + "/shadows/" + ShadowModule.name(of: cell, hiding: places)
            if access("\(folder)/\(cell.moduleName).swiftmodule", R_OK) != 0 {
                try ShadowModule(of: cell, hiding: places).emit(with: compiler, into: folder, interruption: interruption)
            }
            return folder
        }
    }

    // MARK: Attempts

    /// What an attempt adds to the learner's text.
    private struct Attempt {
        var showsValue: Bool
        var answers: [AnswerVariable]
        var fixes: [Edit] = []
    }

    private func build(in folder: String, shadowFolders: [String]) throws -> CompileOutcome {
        var attempt = Attempt(
            showsValue: glue.displayModule != nil && outline.lastExpression != nil && !outline.hasSyntaxErrors, answers: answers,
            fixes: CellEdits.expected(for: outline, lines: lines))
        // The text stays beside the module: notes of later cells point into it. Its name tells the cell that inlined code
        // comes from, and is this attempt's own, since another process may be compiling the same cell.
        let file = "\(cache.folder)/\(moduleName)-\(folder.suffix(12)).swift"
        var isKept = false
        defer { if !isKept { unlink(file) } }
        // Each attempt differs from the last by something taken away or fixed; the bound is for the unforeseen.
        for _ in 0..<8 {
            let text = EditedText(lines, edits: attempt.fixes + (attempt.showsValue ? showEdits() : []))
            let header = header(for: attempt)
            let base = folder + "/" + moduleName
            let result = try run(header + text.text + "\n", file: file, base: base, shadowFolders: shadowFolders)
            switch result {
            case .deadlinePassed: return .failed([deadlineDiagnostic()])
            case .crashed(let words): return .failed([crashDiagnostic(words)])
            case .success, .failure: break
            }
            let raw = result.hasMessages ? try compiler.reader.diagnostics(at: base + ".dia") : []
            let translation = self.translation(text)
            if case .success = result {
                if let refused = conformanceRefusal(raw, translation) { return .failed([refused]) }
                let entry = CacheEntry(
                    header: header, edits: text.edits, showsValue: attempt.showsValue,
                    boundAnswers: attempt.answers.map(\.name), importedCells: plan.modules,
                    shadowFolders: shadowFolders, diagnostics: raw)
                try finish(entry, base: base, unfinished: folder)
                isKept = true
                return .compiled(compiled(entry, wasCached: false))
            }
            guard let next = next(after: attempt, raw, text) else {
                return .failed(report(translation.translated(raw)))
            }
            attempt = next
        }
        return .failed([crashDiagnostic("it asked for one change after the other")])
    }

    /// The attempt that may succeed where one has failed; nil when the errors are the learner's.
    private func next(after attempt: Attempt, _ raw: [RawDiagnostic], _ text: EditedText) -> Attempt? {
        let errors = raw.filter { $0.severity == .error }
        var next = attempt
        // Members that a conformance needs have to be public, since the compiler takes an earlier cell's types to be so.
        let fixes = CellEdits.fixes(for: errors, in: text, file: CellFile.name(ofID: cell.id), outline: outline)
            .filter { !attempt.fixes.contains($0) }
        if !fixes.isEmpty {
            next.fixes += fixes
            return next
        }
        let inGlue = Set(errors.compactMap(\.place).filter { $0.file == glueFile }.map(\.line))
        if !inGlue.isEmpty, inGlue.count == Set(errors.compactMap { $0.place.map { "\($0.file):\($0.line)" } }).count {
            next.answers = attempt.answers.enumerated().filter { !inGlue.contains($0.offset + 1) }.map(\.element)
            return next.answers.count < attempt.answers.count ? next : nil
        }
        if attempt.showsValue, let last = outline.lastExpression {
            let isInLast = errors.contains { error in
                guard let place = error.place, CellFile.id(ofPath: place.file) == cell.id else { return false }
                let found = text.original(line: place.line, byteColumn: place.column)
                return last.lowerBound <= found.offset && found.offset <= last.upperBound
            }
            if isInLast {
                next.showsValue = false
                return next
            }
        }
        return nil
    }

    private func showEdits() -> [Edit] {
        guard let last = outline.lastExpression else { return [] }
        return [Edit(offset: last.lowerBound, text: glue.show + "("), Edit(offset: last.upperBound, text: ")")]
    }

    /// The imports on one line, then the answers' glue: at the head, so that a `check()` in the same cell finds them.
    private func header(for attempt: Attempt) -> String {
        var imports = plan.statements
        if attempt.showsValue, let module = glue.displayModule { imports.append("import " + module) }
        if !attempt.answers.isEmpty, let module = glue.answerModule { imports.append("import " + module) }
        var header = imports.joined(separator: "; ") + "\n"
        if !attempt.answers.isEmpty {
            header += "#sourceLocation(file: \"\(glueFile)\", line: 1)\n"
            for answer in attempt.answers {
                let value = "`\(answer.name)`" + (answer.expectedType.map { " as " + $0 } ?? "")
                header += "\(glue.bind)(\"\(answer.name)\") { \(value) }\n"
            }
        }
        return header + "#sourceLocation(file: \"\(CellFile.name(ofID: cell.id))\", line: 1)\n"
    }

    // MARK: Compiler

    private func run(_ source: String, file: String, base: String, shadowFolders: [String]) throws -> Frontend.Result {
        guard FileManager.default.createFile(atPath: file, contents: Data(source.utf8)) else {
            throw CellCompilerError.cacheNotWritable(folder: cache.folder, reason: String(cString: strerror(errno)))
        }
        var arguments = [
            "-c", "-primary-file", file, "-module-name", moduleName, "-enable-testing",
            "-emit-module", "-emit-module-path", base + ".swiftmodule",
            "-emit-module-source-info-path", base + ".swiftsourceinfo",
            "-serialize-diagnostics-path", base + ".dia", "-gline-tables-only", "-o", base + ".o",
            "-entry-point-function-name", moduleName + "_main",
        ]
        arguments += outline.gainsFromOptimisation ? Frontend.optimisationFlags : ["-Onone"]
        return try compiler.frontend.compile(
            arguments, inputs: [file] + cache.files(ofModules: plan.modules, of: scope, shadowFolders: shadowFolders),
            outputs: (base as NSString).deletingLastPathComponent,
            searchPaths: shadowFolders + [cache.folder] + compiler.searchPaths, interruption: interruption)
    }

    private func finish(_ entry: CacheEntry, base: String, unfinished: String) throws {
        try compiler.frontend.link(base + ".o", to: base + ".so", interruption: interruption)
        try cache.move(base + ".swiftsourceinfo", to: cache.path(moduleName, "swiftsourceinfo"))
        try cache.move(base + ".swiftmodule", to: cache.path(moduleName, "swiftmodule"))
        try cache.move(base + ".so", to: cache.library(moduleName))
        try cache.store(entry, as: moduleName, unfinished: unfinished)
    }

    private func compiled(_ entry: CacheEntry, wasCached: Bool) -> CompiledCell {
        let text = EditedText(lines, edits: entry.edits)
        return CompiledCell(
            source: cell, moduleName: moduleName, libraryPath: cache.library(moduleName), outline: outline,
            diagnostics: ignoredDirectives() + translation(text).translated(entry.diagnostics), wasCached: wasCached,
            showsValue: entry.showsValue, boundAnswers: entry.boundAnswers, importedCells: entry.importedCells,
            header: entry.header, text: text, shadowFolders: entry.shadowFolders)
    }

    // MARK: Messages

    private func translation(_ text: EditedText) -> DiagnosticTranslation {
        DiagnosticTranslation(
            source: cell, outline: outline, text: text, glueFile: glueFile, scope: scope, naming: naming,
            commonNames: compiler.commonNames)
    }

    /// The learner's errors and warnings; errors in code of ours only when there is nothing else to show.
    private func report(_ diagnostics: [CellDiagnostic]) -> [CellDiagnostic] {
        var own = diagnostics.filter { !$0.isInGlue }
        if outline.hasSyntaxErrors, own.contains(where: { $0.severity == .error && $0.id != "circular_reference" }) {
            // What the compiler makes of a text that is not whole is no news beside that.
            own.removeAll { $0.id == "circular_reference" }
        }
        if own.contains(where: { $0.severity == .error }) { return ignoredDirectives() + own }
        if diagnostics.contains(where: { $0.severity == .error }) { return diagnostics }
        return [crashDiagnostic("it gave no reason")]
    }

    private func ignoredDirectives() -> [CellDiagnostic] {
        outline.sourceLocationDirectives.map { range in
            CellDiagnostic(
                severity: .warning, message: "`#sourceLocation` is ignored in a cell: messages name the cell's own lines.",
                id: "etude_source_location", cellID: cell.id,
                range: lines.position(at: range.lowerBound)..<lines.position(at: range.upperBound))
        }
    }

    /// A conformance that an earlier cell states too: calls would get the new one, casts the old.
    private func conformanceRefusal(_ raw: [RawDiagnostic], _ translation: DiagnosticTranslation) -> CellDiagnostic? {
        let modules = Set(scope.cells.map(\.moduleName))
        let repeated = raw.filter {
            $0.id == "redundant_conformance_adhoc" && !modules.isDisjoint(with: ModuleNames.all(in: $0.message))
        }
        guard var first = translation.translated(repeated).first else { return nil }
        first.severity = .error
        return first
    }

    private func deadlineDiagnostic() -> CellDiagnostic {
        let seconds = compiler.frontend.deadline.components.seconds
        return CellDiagnostic(
            severity: .error,
            message: "The compiler was stopped after \(seconds) seconds. Long lists of mixed numbers and long expressions take it "
                + "very long: write their types, split them, or read the data from a file.",
            id: "etude_compile_deadline", cellID: cell.id)
    }

    private func crashDiagnostic(_ words: String) -> CellDiagnostic {
        CellDiagnostic(
            severity: .error,
            message: "The Swift compiler itself failed on this cell, which is no mistake of yours. Write the newest part of it another way.",
            compilerMessage: DiagnosticTranslation.sanitised(words), id: "etude_compiler_crashed", cellID: cell.id)
    }
}

extension Frontend.Result {
    fileprivate var hasMessages: Bool {
        if case .success(hasMessages: false) = self { return false }
        return true
    }
}
