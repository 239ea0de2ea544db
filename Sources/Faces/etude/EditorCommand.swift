import ArgumentParser
import Courses
import Foundation

struct Editor: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Set up completion and errors in your own editor, and say what to install there.",
        discussion: """
            Writes compile_commands.json and two files for VS Code into a folder of exercises. `etude start` does the same
            for a new copy of a course. Files of your own are left alone.

            Examples:
              etude editor                     the folder you are in
              etude editor embeddings
            """)

    @Argument(help: "The folder that holds the exercises. Default: this one.") var folder = "."

    func run() throws {
        let studio = try Studio()
        Interrupts.send(to: studio.interruption)
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder) else { throw ValidationSentence("There is no folder \(folder).") }
        guard isFolder.boolValue else { throw ValidationSentence("\(folder) is a file. Name the folder that holds your exercises: \(Invocation.name) editor FOLDER") }
        let setup = try studio.setUpEditor(in: folder)
        for (file, outcome) in setup.files.sorted(by: { $0.key < $1.key }) { print("  \(sentence(file, outcome))") }
        let toolchain = studio.compiler.toolchain
        print(Self.instructions(folder: folder, languageServer: toolchain.languageServer))
        for problem in setup.problems { Output.warn(problem) }
        if !FileManager.default.isExecutableFile(atPath: toolchain.languageServer) {
            throw ValidationSentence("\(toolchain.languageServer) is missing, which editors ask about Swift. Install the whole toolchain: https://www.swift.org/install/linux/")
        }
    }

    private func sentence(_ file: String, _ outcome: EditorSetup.Outcome) -> String {
        switch outcome {
        case .written: "\(file) is written."
        case .current: "\(file) is as it should be."
        case .leftAlone where file == "compile_commands.json":
            "\(file) is your own and was left alone. Editors look there: move it away and run this again, or they will not know the exercises."
        case .leftAlone: "\(file) is your own and was left alone."
        }
    }

    private static func instructions(folder: String, languageServer: String) -> String {
        """

        VS Code: install the extension "Swift" (swiftlang.swift-vscode), then open the folder.
          code --install-extension swiftlang.swift-vscode
          code \(folder)

        Neovim, from 0.11 on: add this to your init.lua.
          vim.lsp.config("sourcekit", {
            cmd = { "\(languageServer)" },
            filetypes = { "swift" },
            root_markers = { "compile_commands.json" },
          })
          vim.lsp.enable("sourcekit")

        Any other editor that speaks the Language Server Protocol: have it start
          \(languageServer)
        """
    }
}
