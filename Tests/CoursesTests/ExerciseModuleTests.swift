import CellCompiler
import Foundation
import Sessions
import Testing
import Wire

@testable import Courses

@Suite("The module of an exercise's questions") struct ExerciseModuleTests {
    private static let outline = ExerciseOutline(name: "Questions", problems: [
        ProblemOutline(path: "part1", kind: .coding, variables: ["x"], points: 1),
        ProblemOutline(path: "part3", kind: .multipart, variables: [], points: 1, parts: [
            ProblemOutline(path: "part3.c", kind: .thought, variables: [], points: 0), ProblemOutline(path: "part3.d", kind: .coding, variables: ["y"], points: 1),
        ]),
    ])

    private func compile(_ cell: String) throws -> CompileOutcome {
        let compiler = try Workshop.compiler()
        let outcome = try compiler.compileModule(named: "Questions", sources: [("Questions.swift", ExerciseModule.source(for: Self.outline))])
        guard case .compiled(let module) = outcome else { Issue.record("\(outcome)"); throw ExerciseError.data("does not compile") }
        #expect(module.diagnostics.isEmpty)
        let seeing = try CellCompiler(
            toolchain: compiler.toolchain, moduleSearchPaths: [Installation().learnerModuleFolder(in: compiler.cacheFolder), module.folder],
            cacheFolder: compiler.cacheFolder, commonNames: LearnerVocabulary.names)
        return try seeing.compile(CellSource(id: "c", text: cell, name: "cell 1"), in: CellScope())
    }

    @Test("has a value for each question and part, and brings what every lesson has")
    func compiles() throws {
        let outcome = try compile("""
            import Questions
            part1.check(); part1.hint(); part1.hint(2); part1.solution()
            part3.c.hint(); part3.d.check(); part3.check(); part3.hint(); part3.solution()
            display("x")
            let path = { try course.data("ratings.csv") }
            part3
            """)
        guard case .compiled = outcome else { Issue.record("\(outcome)"); return }
    }

    @Test("makes a mistyped question or part a compile error", arguments: ["part4.check()", "part3.e.check()", "part1.chek()", "part3.c.hint(\"1\")"])
    func mistyped(call: String) throws {
        guard case .failed(let diagnostics) = try compile("import Questions\n\(call)") else { Issue.record("\(call) compiles"); return }
        #expect(diagnostics.first?.line == 2)
    }
}

@Suite("The learner's vocabulary") struct LearnerVocabularyTests {
    static let sources: URL = {
        var folder = URL(fileURLWithPath: #filePath)
        while !FileManager.default.fileExists(atPath: folder.appendingPathComponent("Package.swift").path) { folder.deleteLastPathComponent() }
        return folder.appendingPathComponent("Sources/Learner")
    }()

    @Test("holds only what the modules declare for all to see", arguments: LearnerVocabulary.names.keys.sorted())
    func declared(module: String) throws {
        let files = FileManager.default.enumerator(at: Self.sources.appendingPathComponent(module), includingPropertiesForKeys: nil)?
            .compactMap { $0 as? URL }.filter { $0.pathExtension == "swift" } ?? []
        var text = try files.map { try String(contentsOf: $0, encoding: .utf8) }.joined(separator: "\n")
        // Lessons passes Display on.
        if module == "Lessons" { text += "\npublic func display(" }
        for name in LearnerVocabulary.names[module] ?? [] {
            let pattern = #"(?m)^(@\S+ )*public (final |indirect )*(class|struct|enum|protocol|func|let|var|typealias) \#(name)\b"#
            #expect(text.range(of: pattern, options: .regularExpression) != nil, "\(name)")
        }
    }

    @Test("helps with a mistyped name, and with a module that is not imported")
    func suggests() throws {
        let studio = try Workshop.studio()
        func message(_ cell: String) throws -> String {
            guard case .failed(let diagnostics) = try studio.compiler.compile(CellSource(id: "c", text: cell, name: "cell 1"), in: CellScope()) else { return "" }
            return diagnostics.first?.message ?? ""
        }
        #expect(try message("import Training\nlet layer = Embeding(inputDimension: 3, outputDimension: 1)").contains("Did you mean `Embedding`?"))
        #expect(try message("import DataFrames\nlet frame = Dataframe()").contains("Did you mean `DataFrame`?"))
        let chart = try message("let chart = Chart()")
        #expect(chart.contains("write `import Plotting` first"), "\(chart)")
    }
}
