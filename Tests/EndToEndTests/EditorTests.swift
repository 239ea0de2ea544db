import Foundation
import Processes
import Testing

/// What a learner sees in VS Code or Neovim: asked of Swift's own language server, in a folder that `etude start` made.
@Suite("In a learner's own editor", .serialized) struct EditorTests {
    private static let exercise = "1-embedding-layers.swift"
    private let etude: EtudeProgram
    private let folder: String

    init() throws {
        etude = try EtudeProgram()
        folder = (try etude.startedCourse() as NSString).deletingLastPathComponent
    }

    /// - Parameter root: the folder that the editor has open.
    private func server(root: String? = nil) throws -> LanguageServer {
        let commands = try JSONSerialization.jsonObject(with: Data(contentsOf: URL(fileURLWithPath: folder + "/compile_commands.json")))
        let arguments = try #require((commands as? [[String: Any]])?.first?["arguments"] as? [String])
        let toolchain = (arguments[0] as NSString).deletingLastPathComponent
        return try LanguageServer(toolchain + "/sourcekit-lsp", folder: root ?? folder, environment: etude.environment)
    }

    @Test("a notebook as it comes shows its gaps, and no mistake that is none", arguments: [
        ("0-tutorial.swift", []), (exercise, ["let movieBias: SymbolicTensor = <#the output of calling a layer#>"]),
    ])
    func untouched(file: String, gaps: [String]) throws {
        let server = try server()
        try server.open(file)
        #expect(try server.diagnostics(of: file) == gaps.map { .init(line: $0, severity: .warning, message: "Editor placeholder in source file") })
    }

    @Test("names of earlier cells, their members, questions and arguments are completed")
    func completion() throws {
        let server = try server()
        try server.open(Self.exercise, adding: """

            // %% id="mine"
            modelWith
            modelWithBias.
            part3.
            part3.c.
            let layer = Embedding(
            """)
        func offers(_ text: String) throws -> Set<String> { try server.completions(behind: text, in: Self.exercise) }
        #expect(try offers("modelWith").contains("modelWithBias"))
        #expect(try offers("modelWithBias.").isSuperset(of: ["fit", "predict", "summary", "layer"]))
        #expect(try offers("part3.").isSuperset(of: ["a", "b", "c", "d", "e", "check"]))
        #expect(try offers("part3.c.").isSuperset(of: ["check", "hint", "solution"]))
        let arguments = try offers("Embedding(")
        #expect(arguments.contains("inputDimension"), "\(arguments)")
    }

    @Test("layers and questions are explained")
    func explanation() throws {
        let server = try server()
        try server.open(Self.exercise, adding: "\npart3.c")
        let dense = try server.explanation(of: "out = Dense", in: Self.exercise)
        #expect(dense.contains("A fully connected layer"), "\(dense)")
        let question = try server.explanation(of: "part3.c", in: Self.exercise)
        #expect(question.contains("`part3.c.check()` judges your answer"), "\(question)")
    }

    @Test("a mistake is marked at its line; a value that is shown, top-level await and macros are none")
    func mistakes() throws {
        let server = try server()
        let mistake = "let wrong = Dense(32, activatoin: .relu)"
        try server.open("0-tutorial.swift", adding: """

            // %% id="mine"
            import Observation
            @Observable class Counter { var count = 0 }
            func later() async throws -> Int { Counter().count }
            let soon = try await later()
            soon + 1
            \(mistake)
            movies.head()
            if "etude".contains(/t.d/) { soon }
            """)
        let diagnostics = try server.diagnostics(of: "0-tutorial.swift")
        #expect(diagnostics.map(\.line) == [mistake] && diagnostics.map(\.severity) == [.error], "\(diagnostics)")
        #expect(diagnostics.first?.message.contains("activatoin") == true)
    }

    @Test("all this holds where the editor has a folder above open, too")
    func folderAbove() throws {
        let server = try server(root: etude.home)
        let file = (folder as NSString).lastPathComponent + "/" + Self.exercise
        try server.open(file, adding: "\npart3.")
        #expect(try server.completions(behind: "part3.", in: file).isSuperset(of: ["a", "check"]))
    }

    @Test("`etude editor` says what to install, and what it left alone")
    func instructions() throws {
        try Data("{\"editor.fontSize\": 16}".utf8).write(to: URL(fileURLWithPath: folder + "/.vscode/settings.json"))
        let result = try etude("editor", folder)
        #expect(result.status == 0, "\(result.errorOutput)")
        for words in ["swiftlang.swift-vscode", "vim.lsp.enable", "/sourcekit-lsp", ".vscode/settings.json is your own and was left alone", "compile_commands.json is as it should be"] {
            #expect(result.output.contains(words), "\(result.output)")
        }
        let nowhere = try etude("editor", "no-such-folder")
        #expect(nowhere.status == 2 && nowhere.errorOutput.contains("There is no folder no-such-folder."))
    }

    @Test("a notebook of the learner's own is known once Etude has seen it, and nothing is written where no editor was set up")
    func newNotebook() throws {
        let text = "import EmbeddingLayers\npart1\n"
        try Data(text.utf8).write(to: URL(fileURLWithPath: folder + "/mine.swift"))
        #expect(try etude("hint", folder + "/mine.swift", "part1").status == 0)
        let server = try server()
        try server.open("mine.swift", adding: "part1.")
        #expect(try server.completions(behind: "part1.", in: "mine.swift").contains("check"))

        let elsewhere = try etude.write("elsewhere.swift", text)
        #expect(try etude("hint", elsewhere, "part1").status == 0)
        #expect(!FileManager.default.fileExists(atPath: etude.home + "/compile_commands.json"))
    }
}
