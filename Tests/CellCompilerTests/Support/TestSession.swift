import Foundation
import Processes

@testable import CellCompiler

/// What the tests of this module share: a toolchain, a cache folder of this run, a glue module and a host program, all
/// of them real.
struct TestWorld {
    let toolchain: Toolchain
    let folder: String
    let compiler: CellCompiler
    let host: String
    let preloaded: [String]

    static let shared: Result<TestWorld, Error> = Result { try TestWorld() }

    init() throws {
        toolchain = try Toolchain()
        folder = NSTemporaryDirectory() + "etude-cells-\(getpid())"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        atexit { if let world = try? TestWorld.shared.get() { try? FileManager.default.removeItem(atPath: world.folder) } }
        let plain = try CellCompiler(toolchain: toolchain, cacheFolder: folder + "/cache", glue: .none)
        let training = try plain.library("Training", TestSources.training)
        let glue = try plain.library("TestGlue", TestSources.glue)
        compiler = try CellCompiler(
            toolchain: toolchain, moduleSearchPaths: [training.folder, glue.folder], cacheFolder: folder + "/cache",
            glue: Glue(displayModule: "TestGlue", show: "TestCell.show", answerModule: "TestGlue", bind: "TestAnswers.bind"),
            commonNames: ["Training": ["Model", "setRandomSeed"]])
        host = folder + "/host"
        preloaded = [training.libraryPath, glue.libraryPath]
        let source = folder + "/host.c"
        try TestSources.host.write(toFile: source, atomically: true, encoding: .utf8)
        let built = try run(toolchain.clang, ["-rdynamic", "-O1", "-fno-omit-frame-pointer", source, "-o", host, "-ldl"])
        guard built.succeeded else { throw TestProblem(description: built.errorText) }
    }
}

struct TestProblem: Error, CustomStringConvertible { let description: String }

extension CellCompiler {
    /// A module that has to compile.
    func library(_ name: String, _ text: String, searchPaths: [String] = []) throws -> CompiledModule {
        switch try compileModule(named: name, sources: [(name, text)], searchPaths: searchPaths) {
        case .compiled(let module): return module
        case .failed(let diagnostics): throw TestProblem(description: diagnostics.map(\.compilerMessage).joined(separator: "\n"))
        }
    }
}

/// A notebook in a test: cells compiled one after the other, then run in one real process.
final class TestSession {
    let world: TestWorld
    let compiler: CellCompiler
    var scope = CellScope()
    private(set) var libraries: [CompiledCell] = []
    private var count = 0

    init(compiler: CellCompiler? = nil) throws {
        world = try TestWorld.shared.get()
        self.compiler = compiler ?? world.compiler
    }

    /// Compiles a cell; a compiled one becomes part of the scope and of the run.
    @discardableResult
    func cell(_ text: String, id: String? = nil, answers: [AnswerVariable] = [], generation: Int = 0) throws -> CompileOutcome {
        count += 1
        let source = CellSource(id: id ?? "c\(count)", text: text, name: "cell \(count)", generation: generation)
        let outcome = try compiler.compile(source, in: scope, answers: answers)
        if case .compiled(let cell) = outcome {
            scope.add(cell)
            libraries.append(cell)
        }
        return outcome
    }

    /// Compiles cells that all have to compile, runs them, and gives what each wrote.
    func run(_ texts: [String]) throws -> [String] {
        for text in texts { try cell(text).compiledCell() }
        return try output()
    }

    /// What each cell wrote, without the last line end.
    func output() throws -> [String] {
        let result = try hostRun()
        let text = String(decoding: result.output, as: UTF8.self)
        guard result.succeeded else { throw TestProblem(description: text + result.errorText) }
        return text.components(separatedBy: "\u{1}\n").dropLast().map { $0.hasSuffix("\n") ? String($0.dropLast()) : $0 }
    }

    func hostRun() throws -> ProcessResult {
        let runtime = world.toolchain.runtimeLibraries
        return try Processes.run(
            world.host, world.preloaded + libraries.map(\.libraryPath),
            environment: ["LD_LIBRARY_PATH": runtime, "SWIFT_BACKTRACE": "enable=no"], deadline: .seconds(60))
    }
}

extension CompileOutcome {
    @discardableResult
    func compiledCell() throws -> CompiledCell {
        switch self {
        case .compiled(let cell): return cell
        case .failed(let diagnostics):
            throw TestProblem(description: diagnostics.map { "\($0.id): \($0.compilerMessage)" }.joined(separator: "\n"))
        case .waiting: throw TestProblem(description: "waiting")
        case .nothingToRun: throw TestProblem(description: "nothing to run")
        }
    }

    var diagnostics: [CellDiagnostic] {
        switch self {
        case .compiled(let cell): cell.diagnostics
        case .failed(let diagnostics): diagnostics
        case .waiting, .nothingToRun: []
        }
    }

    var errors: [CellDiagnostic] { diagnostics.filter { $0.severity == .error } }
    var warnings: [CellDiagnostic] { diagnostics.filter { $0.severity == .warning } }
}

/// The text that a range covers.
extension String {
    func text(in range: Range<CellPosition>?) -> String? {
        guard let range else { return nil }
        let bytes = Array(utf8)
        guard range.lowerBound.utf8Offset <= range.upperBound.utf8Offset, range.upperBound.utf8Offset <= bytes.count else { return nil }
        return String(decoding: bytes[range.lowerBound.utf8Offset..<range.upperBound.utf8Offset], as: UTF8.self)
    }
}
