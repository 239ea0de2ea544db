import CellCompiler
import Foundation
import Notebook
import Sessions

/// What was done for a learner's own editor in a folder of exercises.
///
/// Editors ask Swift's language server, sourcekit-lsp, which reads in `compile_commands.json` how a file is compiled:
/// where the modules lie that a notebook imports. VS Code's extension is told which toolchain reads them.
public struct EditorSetup: Equatable, Sendable {
    public enum Outcome: Equatable, Sendable {
        case written
        /// As it should be already.
        case current
        /// There is a file of that name which is the learner's own.
        case leftAlone
    }

    public let folder: String
    /// By name, relative to the folder.
    public fileprivate(set) var files: [String: Outcome] = [:]
    /// A sentence for each exercise whose questions an editor can't know.
    public fileprivate(set) var problems: [String] = []
}

extension Studio {
    /// Writes what an editor needs to know of the notebooks in a folder, each file in one step. What is right already
    /// is left as it is, and so is a file of the learner's own; but what an Etude wrote is brought up to date.
    ///
    /// - Throws: ``EditorSetupError`` for a folder without notebooks; a `NotebookError` where a file can't be written.
    public func setUpEditor(in folder: String) throws -> EditorSetup {
        let folder = URL(fileURLWithPath: folder).standardizedFileURL.path
        let notebooks = try FileManager.default.contentsOfDirectory(atPath: folder)
            .filter { $0.hasSuffix(".swift") && !$0.hasPrefix(".") }.sorted()
        guard !notebooks.isEmpty else { throw EditorSetupError.noNotebooks(folder: folder) }

        var setup = EditorSetup(folder: folder)
        var entries: [CompilationDatabase.Entry] = []
        for file in notebooks {
            let notebook = try? Notebook(contentsOf: "\(folder)/\(file)")
            let exercise = notebook.flatMap { self.exercise(of: $0, at: "\(folder)/\(file)") }
            do { entries.append(try entry(for: file, in: folder, of: exercise)) } catch where isOfTheCourse(error) {
                // Its questions stay unknown to the editor; all else in the notebook need not.
                setup.problems.append("\(file): \(error)")
                entries.append(try entry(for: file, in: folder, of: nil))
            }
        }
        try setup.write(CompilationDatabase.name, CompilationDatabase(entries: entries).json()) { CompilationDatabase(json: $0)?.isOurs ?? false }
        try setup.writeForVSCode("settings.json", ["swift.path": compiler.toolchain.root + "/bin"])
        try setup.writeForVSCode("extensions.json", ["recommendations": ["swiftlang.swift-vscode"]])
        return setup
    }

    /// Keeps what an editor knows right: to be called with each notebook that is opened.
    ///
    /// Nothing happens where no editor was set up, or where this notebook's modules are still those that the editor
    /// knows. Whatever goes wrong is left to ``setUpEditor(in:)`` to say, since no run should fail for an editor's sake.
    public func refreshEditor(for notebook: String, of exercise: Exercise?) {
        let url = URL(fileURLWithPath: notebook).standardizedFileURL
        let folder = url.deletingLastPathComponent().path
        guard url.pathExtension == "swift",
            let data = FileManager.default.contents(atPath: "\(folder)/\(CompilationDatabase.name)"),
            let known = CompilationDatabase(json: data), known.isOurs,
            let entry = try? entry(for: url.lastPathComponent, in: folder, of: exercise), !known.entries.contains(entry)
        else { return }
        _ = try? setUpEditor(in: folder)
    }

    private func entry(for file: String, in folder: String, of exercise: Exercise?) throws -> CompilationDatabase.Entry {
        let questions = try exercise.flatMap { try builder.build($0)?.module.folder }
        let searchPaths = [try installation.editorModuleFolder(in: cacheFolder)] + (questions.map { [$0] } ?? [])
        return .init(directory: folder, file: file, arguments: compiler.editorCommand(for: file, searchPaths: searchPaths))
    }
}

extension EditorSetup {
    /// Begins the files that may have comments, and makes them Etude's.
    private static let mark = "// Written by Etude, which keeps it up to date. To change it, remove this line first."

    fileprivate mutating func writeForVSCode(_ name: String, _ settings: [String: some Encodable]) throws {
        try FileManager.default.createDirectory(atPath: folder + "/.vscode", withIntermediateDirectories: true)
        try write(".vscode/" + name, Data((Self.mark + "\n").utf8) + encoded(settings)) { $0.starts(with: Data(Self.mark.utf8)) }
    }

    fileprivate mutating func write(_ name: String, _ content: Data, over isOurs: (Data) -> Bool) throws {
        let path = "\(folder)/\(name)"
        if FileManager.default.fileExists(atPath: path) {
            let present = try Data(contentsOf: URL(fileURLWithPath: path))
            if present == content || !isOurs(present) {
                files[name] = present == content ? .current : .leftAlone
                return
            }
        }
        try WholeFile.replace(path, with: content, called: "The file")
        files[name] = .written
    }
}

/// Whether a course is wrong, and not the machine.
private func isOfTheCourse(_ error: any Error) -> Bool {
    if let error = error as? ExerciseError { return error != .interrupted }
    return error is CourseError
}

/// `compile_commands.json`: for each file the command that compiles it, in LLVM's format.
private struct CompilationDatabase {
    static let name = "compile_commands.json"

    struct Entry: Codable, Equatable {
        var directory: String
        var file: String
        var arguments: [String]
    }
    var entries: [Entry]

    var isOurs: Bool { !entries.isEmpty && entries.allSatisfy { CellCompiler.isEditorCommand($0.arguments) } }

    func json() throws -> Data { try encoded(entries) }
}

extension CompilationDatabase {
    /// nil for one that Etude can't have written.
    init?(json: Data) {
        guard let entries = try? JSONDecoder().decode([Entry].self, from: json) else { return nil }
        self.entries = entries
    }
}

/// JSON for people to read, too.
private func encoded(_ value: some Encodable) throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return try encoder.encode(value) + Data("\n".utf8)
}

/// Why there is nothing to tell an editor.
public enum EditorSetupError: Error, CustomStringConvertible, Equatable {
    case noNotebooks(folder: String)

    public var description: String {
        switch self {
        case .noNotebooks(let folder):
            "There are no notebooks in \(folder) (files ending in .swift), so there is nothing to tell an editor. Name the folder that holds your exercises, or make one: etude start COURSE"
        }
    }
}
