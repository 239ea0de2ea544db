import Foundation
import Processes
import Testing

@testable import CellCompiler

@Suite("Compiled cells are kept by content")
struct CacheTests {
    private func folder() throws -> String { try TestWorld.shared.get().folder + "/" + UUID().uuidString }

    private func compiler(_ folder: String, deadline: Duration = .seconds(60), limit: Int = 1 << 30) throws -> CellCompiler {
        let world = try TestWorld.shared.get()
        return try CellCompiler(
            toolchain: world.toolchain, moduleSearchPaths: world.compiler.searchPaths, cacheFolder: folder,
            glue: world.compiler.glue, cacheLimit: limit, deadline: deadline)
    }

    @Test("An unchanged notebook compiles nothing and starts no process, and keeps its warnings")
    func unchanged() throws {
        let folder = try folder()
        let texts = ["var a = 1\n1 + a\na", "struct P { var x = 1 }", "extension P { func f() { var v = 1; print(v) } }\na"]
        let first = try TestSession(compiler: compiler(folder))
        for text in texts { try first.cell(text, answers: [.init("a")]).compiledCell() }
        // A compiler that is given no time at all can only answer from the cache.
        let second = try TestSession(compiler: compiler(folder, deadline: .nanoseconds(1)))
        let began = ContinuousClock.now
        for text in texts { try second.cell(text, answers: [.init("a")]).compiledCell() }
        #expect(ContinuousClock.now - began < .milliseconds(500))
        #expect(second.libraries.allSatisfy(\.wasCached) && !first.libraries.contains(where: \.wasCached))
        for (a, b) in zip(first.libraries, second.libraries) {
            #expect(a.moduleName == b.moduleName && a.diagnostics == b.diagnostics && a.importedCells == b.importedCells)
            #expect(a.boundAnswers == b.boundAnswers && a.showsValue == b.showsValue)
        }
        #expect(second.libraries[2].diagnostics.map(\.id) == ["variable_never_mutated"])
    }

    @Test("Another text, id, earlier cell, answer or library module gives another module")
    func keys() throws {
        let compiler = try compiler(folder())
        func module(_ text: String, id: String = "c", before: String? = nil, answers: [AnswerVariable] = []) throws -> String {
            let session = try TestSession(compiler: compiler)
            if let before { try session.cell(before, id: "before").compiledCell() }
            return try session.cell(text, id: id, answers: answers).compiledCell().moduleName
        }
        let names = [
            try module("let a = 1"), try module("let a = 2"), try module("let a = 1", id: "d"), try module("let a = 1", answers: [.init("a")]),
            try module("let a = b", before: "let b = 1"), try module("let a = b", before: "let b = 2"),
        ]
        #expect(Set(names).count == names.count)
        // A cell before that is not used changes nothing.
        #expect(try module("let a = 1", before: "let b = 2") == names[0])
        #expect(names.allSatisfy { $0.utf8.count == 21 && $0.hasPrefix("Cell_") })
    }

    @Test("The cache may be deleted while a notebook lives")
    func deleted() throws {
        let folder = try folder()
        let session = try TestSession(compiler: compiler(folder))
        try session.cell("struct P { var x = 7 }\nextension Int { var twice: Int { self * 2 } }").compiledCell()
        try session.cell("let p = P()\nextension Int { var twice: Int { self * 20 } }").compiledCell()
        try FileManager.default.removeItem(atPath: folder)
        try session.cell("print(p.x, 2.twice)").compiledCell()
        // The libraries of cells that had been loaded are made again when asked for.
        let again = try TestSession(compiler: session.compiler)
        try again.cell("struct P { var x = 7 }\nextension Int { var twice: Int { self * 2 } }").compiledCell()
        try again.cell("let p = P()\nextension Int { var twice: Int { self * 20 } }").compiledCell()
        try again.cell("print(p.x, 2.twice)").compiledCell()
        #expect(try again.output().last == "7 40")
    }

    @Test("Two compilers and several threads share one folder")
    func shared() async throws {
        let folder = try folder()
        let outputs = try await withThrowingTaskGroup(of: [String].self) { group in
            for _ in 0..<4 {
                group.addTask {
                    let session = try TestSession(compiler: compiler(folder))
                    return try session.run(["struct P { var x = 3 }", "let p = P()", "p.x * 2"])
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(outputs == Array(repeating: ["", "", "=> 6"], count: 4))
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder + "/unfinished").isEmpty)
    }

    @Test("Beyond its limit the cache loses what was used longest ago")
    func eviction() throws {
        let folder = try folder()
        let session = try TestSession(compiler: compiler(folder))
        for n in 0..<4 { try session.cell("let number\(n) = \(n)").compiledCell() }
        var cache = try CompileCache(folder: folder, sizeLimit: 1)
        cache.evict()
        #expect(session.libraries.allSatisfy { cache.entry($0.moduleName) != nil })  // too young
        for (n, cell) in session.libraries.enumerated() {
            var times = [timeval(tv_sec: 1_000_000 + n, tv_usec: 0), timeval(tv_sec: 1_000_000 + n, tv_usec: 0)]
            utimes(cache.path(cell.moduleName, "json"), &times)
        }
        #expect(cache.entry(session.libraries[0].moduleName) != nil)  // used now
        let total = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.contains("Cell_") }
            .map { try FileManager.default.attributesOfItem(atPath: folder + "/" + $0)[.size] as? Int ?? 0 }.reduce(0, +)
        cache = try CompileCache(folder: folder, sizeLimit: total * 7 / 10)
        cache.evict()
        let left = session.libraries.map { FileManager.default.fileExists(atPath: cache.library($0.moduleName)) }
        #expect(left.first == true && left.last == true && left[1] == false)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder).allSatisfy { !$0.contains(session.libraries[1].moduleName) })
    }

    @Test("The compiler's time is bounded, and a person can stop it")
    func deadline() throws {
        let slow = "let table = [" + (0..<300).map { "[\($0), \($0).5, -\($0), 1 + \($0)]" }.joined(separator: ", ") + "]"
        let session = try TestSession(compiler: compiler(folder(), deadline: .milliseconds(15)))
        let error = try #require(try session.cell(slow).errors.first)
        #expect(error.id == "etude_compile_deadline" && error.message.contains("The compiler was stopped"))
        let interruption = try Interruption()
        interruption.request()
        #expect(throws: CellCompilerError.interrupted) {
            try compiler(folder()).compile(.init(id: "x", text: slow, name: "x"), in: CellScope(), interruption: interruption)
        }
    }

    @Test("A folder that can't be written is named in the error")
    func notWritable() throws {
        #expect { try compiler("/proc/etude") } throws: { "\($0)".contains("/proc/etude") && "\($0)".contains("XDG_CACHE_HOME") }
    }
}

@Suite("Modules of whole files")
struct ModuleTests {
    @Test("Compiled once, imported by cells, with messages that name the file")
    func modules() throws {
        let world = try TestWorld.shared.get()
        let sources = [("Parts.swift", "public enum part1 { public static func check() { print(helper()) } }"), ("Helper.swift", "func helper() -> String { \"checked\" }")]
        guard case .compiled(let first) = try world.compiler.compileModule(named: "Exercise", sources: sources),
            case .compiled(let second) = try world.compiler.compileModule(named: "Exercise", sources: sources)
        else { Issue.record("does not compile"); return }
        #expect(!first.wasCached && second.wasCached && first.folder == second.folder)
        let compiler = try CellCompiler(
            toolchain: world.toolchain, moduleSearchPaths: [first.folder], cacheFolder: world.compiler.cacheFolder, glue: .none)
        let cell = try compiler.compile(.init(id: "m", text: "import Exercise\npart1.check()", name: "cell 1"), in: CellScope()).compiledCell()
        let result = try run(world.host, [first.libraryPath, cell.libraryPath], environment: ["LD_LIBRARY_PATH": world.toolchain.runtimeLibraries])
        #expect(String(decoding: result.output, as: UTF8.self) == "checked\n\u{1}\n")
        guard case .failed(let errors) = try world.compiler.compileModule(
            named: "Broken", sources: [("A.swift", "let ok = 1"), ("B.swift", "let one = 1\nlet two: Int = \"x\"")])
        else { Issue.record("compiles"); return }
        #expect(errors.map(\.cellID) == ["B.swift"] && errors.first?.range?.lowerBound.line == 2)
    }
}

@Suite("The toolchain")
struct ToolchainTests {
    @Test("A missing or wrong toolchain is a sentence that says what to do")
    func missing() throws {
        #expect { try Toolchain(locatedFrom: ["PATH": "/nowhere"]) } throws: { "\($0)".contains("ETUDE_TOOLCHAIN") && "\($0)".contains("/nowhere") }
        #expect { try Toolchain(locatedFrom: ["ETUDE_TOOLCHAIN": "/no/such"]) } throws: { ($0 as? ToolchainError) == .notFound(places: ["/no/such"]) }
        let root = try TestWorld.shared.get().folder + "/old"
        let interface = "\(root)/lib/swift/linux/Swift.swiftmodule"
        try FileManager.default.createDirectory(atPath: interface, withIntermediateDirectories: true)
        try FileManager.default.createDirectory(atPath: root + "/bin", withIntermediateDirectories: true)
        try "".write(toFile: root + "/bin/swift-frontend", atomically: true, encoding: .utf8)
        try "// swift-compiler-version: Swift version 5.10.1 (x)".write(
            toFile: "\(interface)/\(Toolchain.target).swiftinterface", atomically: true, encoding: .utf8)
        #expect(throws: ToolchainError.wrongVersion("5.10.1", root: root)) { try Toolchain(root: root) }
        let real = try TestWorld.shared.get().toolchain
        #expect(real.version.hasPrefix("6.3"))
        #expect(try Toolchain(locatedFrom: ["ETUDE_TOOLCHAIN": real.root]) == real)
    }

    @Test("Warming up fills the compiler's module cache")
    func warmUp() throws {
        try TestWorld.shared.get().compiler.warmUp()
        let folder = try TestWorld.shared.get().compiler.cacheFolder + "/clang"
        #expect(try !FileManager.default.contentsOfDirectory(atPath: folder).isEmpty)
    }
}
