import Foundation
import Processes

/// A module compiled from whole files: an exercise's generated module, a course's checkers.
public struct CompiledModule: Sendable {
    public let name: String
    /// Holds the `.swiftmodule`: a search path for what imports the module.
    public let folder: String
    /// The shared library to `dlopen`.
    public let libraryPath: String
    public let diagnostics: [CellDiagnostic]
    /// Whether it was there already, and nothing had to be compiled.
    public let wasCached: Bool
}

/// What became of a module.
public enum ModuleOutcome: Sendable {
    case compiled(CompiledModule)
    /// The errors, and with them the warnings; their `cellID` is the name of the source they point into.
    case failed([CellDiagnostic])
}

extension CellCompiler {
    /// Compiles files to one module and its library, in a folder of their own in the cache, by content.
    ///
    /// - Parameters:
    ///   - sources: names for messages, and texts; none is a script.
    ///   - searchPaths: folders with modules to import, beside the compiler's own.
    ///   - optimised: whether to spend time on faster code.
    /// - Throws: ``CellCompilerError``, ``ProcessError``.
    public func compileModule(
        named name: String, sources: [(name: String, text: String)], searchPaths further: [String] = [],
        optimised: Bool = false, interruption: Interruption? = nil
    ) throws -> ModuleOutcome {
        let search = further + searchPaths
        let parts = ["module format 2 \(toolchain.version) \(toolchain.root)", name, String(optimised), ModuleFingerprint.of(search)]
        let key = ContentKey.of(parts + search + sources.flatMap { [$0.name, $0.text] })
        let folder = "\(cacheFolder)/modules/\(key)"
        let library = "\(folder)/lib\(name).so"
        if let data = FileManager.default.contents(atPath: folder + "/module.json"),
            let raw = try? JSONDecoder().decode([RawDiagnostic].self, from: data), access(library, R_OK) == 0
        {
            utimes(folder, nil)
            return .compiled(
                CompiledModule(name: name, folder: folder, libraryPath: library, diagnostics: translated(raw, sources), wasCached: true))
        }

        let unfinished = try cache.unfinishedFolder()
        defer { try? FileManager.default.removeItem(atPath: unfinished) }
        var files: [String] = []
        for (index, source) in sources.enumerated() {
            let file = "\(unfinished)/source\(index).swift"
            let text = "#sourceLocation(file: \"\(CellFile.name(ofID: source.name))\", line: 1)\n" + source.text + "\n"
            guard FileManager.default.createFile(atPath: file, contents: Data(text.utf8)) else {
                throw CellCompilerError.cacheNotWritable(folder: unfinished, reason: String(cString: strerror(errno)))
            }
            files.append(file)
        }
        let base = unfinished + "/" + name
        var arguments = ["-c"] + files + [
            "-parse-as-library", "-module-name", name, "-emit-module", "-emit-module-path", base + ".swiftmodule",
            "-emit-module-doc-path", base + ".swiftdoc", "-serialize-diagnostics-path", base + ".dia", "-gline-tables-only", "-o", base + ".o",
        ]
        arguments += optimised ? Frontend.optimisationFlags : ["-Onone"]
        let result = try frontend.compile(arguments, inputs: files, outputs: unfinished, searchPaths: search, interruption: interruption)
        let raw: [RawDiagnostic]
        switch result {
        case .success(let hasMessages): raw = hasMessages ? try reader.diagnostics(at: base + ".dia") : []
        case .failure: return .failed(translated(try reader.diagnostics(at: base + ".dia"), sources))
        case .deadlinePassed:
            return .failed([moduleDiagnostic(name, "The compiler was stopped after \(frontend.deadline.components.seconds) seconds.", "etude_compile_deadline")])
        case .crashed(let words):
            return .failed([moduleDiagnostic(name, "The Swift compiler itself failed on the module \(name): \(words)", "etude_compiler_crashed")])
        }
        try frontend.link(base + ".o", to: "\(unfinished)/lib\(name).so", interruption: interruption)
        for file in files + [base + ".o", base + ".dia"] { unlink(file) }
        do { try JSONEncoder().encode(raw).write(to: URL(fileURLWithPath: unfinished + "/module.json")) } catch {
            throw CellCompilerError.cacheNotWritable(folder: unfinished, reason: fileReason(error))
        }
        // Where another process was faster, its folder is as good.
        if rename(unfinished, folder) != 0, access(folder + "/module.json", R_OK) != 0 {
            try? FileManager.default.removeItem(atPath: folder)
            try cache.move(unfinished, to: folder)
        }
        return .compiled(
            CompiledModule(name: name, folder: folder, libraryPath: library, diagnostics: translated(raw, sources), wasCached: false))
    }

    private func moduleDiagnostic(_ name: String, _ message: String, _ id: String) -> CellDiagnostic {
        CellDiagnostic(severity: .error, message: message, id: id, cellID: name)
    }

    /// Each message by the source that it points into.
    private func translated(_ raw: [RawDiagnostic], _ sources: [(name: String, text: String)]) -> [CellDiagnostic] {
        raw.filter { $0.severity != .note }.map { diagnostic in
            let name = diagnostic.place.flatMap { CellFile.id(ofPath: $0.file) }
            let source = sources.first { $0.name == name } ?? sources.last ?? ("", "")
            let translation = DiagnosticTranslation(
                source: CellSource(id: source.name, text: source.text, name: source.name), outline: outline(of: source.text),
                text: EditedText(LineTable(source.text), edits: []), glueFile: "", scope: CellScope(), naming: { _ in nil },
                commonNames: commonNames)
            return translation.one(diagnostic)
        }
    }
}
