import Foundation
import Testing

@testable import Notebook

@Suite("Notebook files") struct NotebookFileTests {
    let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("notebook-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    private func withFolder(_ body: (URL) throws -> Void) rethrows {
        defer { try? FileManager.default.removeItem(at: folder) }
        try body(folder)
    }

    @Test("The name's ending decides the form; writing tells what is lost and leaves no other file")
    func forms() throws {
        try withFolder { folder in
            let ipynb = folder.appendingPathComponent("a.ipynb").path
            let script = folder.appendingPathComponent("a.swift").path
            try Samples.fixture("nbformat-4.5.ipynb").write(to: URL(fileURLWithPath: ipynb))
            let notebook = try Notebook(contentsOf: ipynb)
            #expect(try notebook.write(to: script).count == 2)
            #expect(try Notebook(contentsOf: script).cells.map(\.id) == notebook.cells.map(\.id))
            #expect(try notebook.write(to: ipynb).isEmpty)
            #expect(try Data(contentsOf: URL(fileURLWithPath: ipynb)) == Samples.fixture("nbformat-4.5.ipynb"))
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == ["a.ipynb", "a.swift"])
        }
    }

    @Test("A written file keeps its permissions, and a symbolic link stays a link")
    func permissions() throws {
        try withFolder { folder in
            let file = folder.appendingPathComponent("a.swift").path
            let link = folder.appendingPathComponent("b.swift").path
            try "old".write(toFile: file, atomically: true, encoding: .utf8)
            try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: file)
            try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "a.swift")
            try Notebook(script: "// %%\nnew\n").write(to: link)
            #expect(try String(contentsOfFile: file, encoding: .utf8) == "// %%\nnew\n")
            let mode = try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? Int
            #expect(mode == 0o640)
            #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == "a.swift")
        }
    }

    @Test("Errors name the file and the line")
    func errors() throws {
        try withFolder { folder in
            func sentence(_ name: String, _ content: String?) throws -> String? {
                let path = folder.appendingPathComponent(name).path
                try content?.write(toFile: path, atomically: true, encoding: .utf8)
                let error = #expect(throws: NotebookError.self) { try Notebook(contentsOf: path) }
                return error?.description.replacingOccurrences(of: folder.path + "/", with: "")
            }
            #expect(try sentence("none.swift", nil) == "none.swift: The notebook can't be opened: No such file or directory.")
            #expect(try sentence("a.txt", "") == "a.txt: A notebook's name ends with .swift (a script) or .ipynb (Jupyter).")
            #expect(try sentence("a.swift", "x\n// %% id=\"?\"")?.hasPrefix("a.swift:2:1: The cell id \"?\" is not allowed.") == true)
            try FileManager.default.createDirectory(at: folder.appendingPathComponent("d.swift"), withIntermediateDirectories: true)
            #expect(try sentence("d.swift", nil) == "d.swift: This is not a file but a folder or a device; name the notebook's file.")
            let twice = Notebook(cells: [Cell(id: "a", source: ""), Cell(id: "a", source: "")])
            #expect(throws: NotebookError("Two cells have the id \"a\"; give one of them another.", file: "x.swift")) { try twice.write(to: "x.swift") }
            let nowhere = #expect(throws: NotebookError.self) { try Notebook(cells: []).write(to: folder.path + "/no/a.swift") }
            #expect(nowhere?.sentence.hasSuffix("No such file or directory.") == true)
        }
    }
}
