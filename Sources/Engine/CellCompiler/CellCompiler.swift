import Foundation
import Processes
import Sandbox

/// Makes shared libraries of cells: each cell a module of its own, which sees the cells before it.
///
/// `outline(of:)` says what can be known of a text alone. `compile(_:in:)` gives a library to `dlopen`, from the cache
/// when nothing has changed, or messages in the cell's own lines. Which cells ran before is a value, ``CellScope``.
/// Nothing here runs a cell. The compiler can be used from several threads at once.
public final class CellCompiler: Sendable {
    public let toolchain: Toolchain
    public let cacheFolder: String
    let glue: Glue
    let frontend: Frontend
    let cache: CompileCache
    let reader: DiagnosticsReader
    let searchPaths: [String]
    let commonNames: [String: [String]]
    private let outlines: OutlineMemory
    private let evictions = EvictionClock()

    /// - Parameters:
    ///   - moduleSearchPaths: folders with the modules (`.swiftmodule`) that cells may import.
    ///   - cacheFolder: where compiled cells are kept; made when it is not there, and safe to delete at any time.
    ///   - cacheLimit: in bytes; what was used longest ago is deleted beyond it.
    ///   - deadline: how long the compiler may take for one cell.
    ///   - commonNames: by module, names to suggest where a learner mistypes one.
    ///   - strangers: what strangers' cells are read and compiled with, and a part of the cache that nothing else writes; nil
    ///     for a learner's own.
    /// - Throws: ``CellCompilerError/cacheNotWritable(folder:reason:)``.
    public init(
        toolchain: Toolchain, moduleSearchPaths: [String] = [], cacheFolder: String, glue: Glue = Glue(),
        cacheLimit: Int = 2 << 30, deadline: Duration = .seconds(60), commonNames: [String: [String]] = [:], strangers: StrangersTools? = nil
    ) throws {
        let cacheFolder = strangers == nil ? cacheFolder : cacheFolder + "/boxed"
        self.toolchain = toolchain
        self.cacheFolder = cacheFolder
        self.glue = glue
        cache = try CompileCache(folder: cacheFolder, sizeLimit: cacheLimit)
        frontend = Frontend(
            toolchain: toolchain, cacheFolder: cacheFolder, moduleSearchPaths: moduleSearchPaths, deadline: deadline,
            boxed: strangers.map { BoxedTools($0.sandbox, toolchain: toolchain, cacheFolder: cacheFolder, deadline: deadline) })
        reader = DiagnosticsReader(toolchain: toolchain, strangers: strangers)
        outlines = OutlineMemory(risks: strangers.map { RiskyTexts(reader: $0.reader) })
        searchPaths = moduleSearchPaths
        self.commonNames = PlainMessages.standardNames.merging(commonNames) { $0 + $1 }
        cache.evictIfDue()
    }

    /// What a cell declares, uses and lacks, read from its text alone (about half a millisecond).
    public func outline(of text: String) -> CellOutline { outlines.outline(of: text) }

    /// Compiles a cell that sees the cells of a scope.
    ///
    /// - Parameters:
    ///   - answers: variables that a check will ask for; those that the cell does not declare are left out.
    ///   - extraImports: import declarations that the learner does not see, for example `import Lessons`.
    ///   - naming: how a person knows a cell now, by its id; nil where it is known by the name it was compiled under.
    /// - Throws: ``CellCompilerError``, ``ProcessError``: what is wrong with the machine, not with the cell.
    public func compile(
        _ cell: CellSource, in scope: CellScope, answers: [AnswerVariable] = [], extraImports: [String] = [],
        naming: @escaping @Sendable (String) -> String? = { _ in nil }, interruption: Interruption? = nil
    ) throws -> CompileOutcome {
        let outline = outline(of: cell.text)
        guard outline.placeholders.isEmpty else { return .waiting(outline.placeholders) }
        guard !outline.isEmpty else { return .nothingToRun }
        guard !outline.isUnreadable else {
            return .failed([CellDiagnostic(
                severity: .error, message: "This cell can't be read: too much in it is nested, or it is one long chain. Write it in several steps.",
                id: "etude_unreadable", cellID: cell.id)])
        }
        if let refusal = refusal(of: cell, outline, in: scope, naming: naming) { return .failed([refusal]) }
        let job = try CellJob(
            compiler: self, cell: cell, outline: outline, scope: scope, answers: answers, extraImports: extraImports,
            naming: naming, interruption: interruption)
        let outcome = try job.outcome()
        if case .compiled(let compiled) = outcome, !compiled.wasCached, evictions.isDue() { cache.evict() }
        return outcome
    }

    /// Compiles a small cell that imports the given modules, so that the first cell of a session finds the compiler's
    /// own caches filled (the first import of Foundation ever takes more than half a second).
    public func warmUp(importing modules: [String] = ["Foundation"]) throws {
        let text = modules.map { "import \($0)\n" }.joined() + "let warm = 1\n"
        _ = try compile(CellSource(id: "warm-up", text: text, name: "warm-up"), in: CellScope())
    }

    /// An operator that an earlier cell declares otherwise: the compiler would let both stand and then not choose.
    private func refusal(
        of cell: CellSource, _ outline: CellOutline, in scope: CellScope, naming: (String) -> String?
    ) -> CellDiagnostic? {
        for declaration in outline.declarations where [.operator, .precedenceGroup].contains(declaration.kind) {
            for earlier in scope.cells where earlier.id != cell.id {
                let fixity = declaration.signature.prefix { $0 != " " }
                guard let old = earlier.outline.declarations.first(where: {
                    $0.kind == declaration.kind && $0.name == declaration.name
                        && (declaration.kind == .precedenceGroup || $0.signature.prefix { $0 != " " } == fixity)
                }), old.signature != declaration.signature else { continue }
                let lines = LineTable(cell.text)
                let start = lines.position(at: declaration.range.lowerBound)
                let end = lines.position(at: declaration.range.upperBound)
                let what = declaration.kind == .operator ? "The operator" : "The precedence group"
                return CellDiagnostic(
                    severity: .error,
                    message: "\(what) `\(declaration.name)` is declared otherwise in \(naming(earlier.id) ?? earlier.name): "
                        + "change it there, and run that cell again.",
                    id: "etude_operator_changed", cellID: cell.id, range: start..<end)
            }
        }
        return nil
    }
}

/// The work of `etude-reader`: what a host would rather not read itself.
public enum StrangersReading {
    /// Reads a text, and does nothing with what it says.
    public static func tryText(_ text: String) { _ = CellReader.outline(of: text) }

    /// Reads the compiler's messages from its own format, and gives them as JSON.
    /// - Throws: ``ToolchainError``, ``CellCompilerError``.
    public static func messages(at path: String, toolchain root: String) throws -> Data {
        try JSONEncoder().encode(DiagnosticsReader(toolchain: Toolchain(root: root)).diagnostics(at: path))
    }
}

/// What the cells of strangers need beside the toolchain.
public struct StrangersTools: Sendable {
    public var sandbox: Sandbox
    /// Where `etude-reader` is.
    public var reader: String

    public init(sandbox: Sandbox, reader: String) { (self.sandbox, self.reader) = (sandbox, reader) }
}

/// What became of a cell.
public enum CompileOutcome: Sendable {
    case compiled(CompiledCell)
    /// The errors, and with them the warnings.
    case failed([CellDiagnostic])
    /// The cell has gaps that wait for the learner's answer; it was not compiled.
    case waiting([CellOutline.Placeholder])
    /// The cell holds no code.
    case nothingToRun
}

/// Remembers the outlines of the texts seen last, since a cell's outline is asked for more than once.
private final class OutlineMemory: @unchecked Sendable {
    private let lock = NSLock()
    private var known: [String: CellOutline] = [:]
    private let risks: RiskyTexts?

    init(risks: RiskyTexts?) { self.risks = risks }

    func outline(of text: String) -> CellOutline {
        if let found = lock.withLock({ known[text] }) { return found }
        let outline = risks?.canBeRead(text) ?? true ? CellReader.outline(of: text) : .unreadable
        lock.withLock {
            if known.count >= 256 { known.removeAll() }
            known[text] = outline
        }
        return outline
    }
}

/// Looking through the cache for what can go costs a walk through its folder: once in 200 cells is enough.
private final class EvictionClock: @unchecked Sendable {
    private let lock = NSLock()
    private var count = 0

    func isDue() -> Bool {
        lock.withLock {
            count += 1
            return count % 200 == 0
        }
    }
}
