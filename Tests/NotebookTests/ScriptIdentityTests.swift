import Foundation
import Testing
import Tiers

@testable import Notebook

@Suite("A script that is read and written again") struct ScriptIdentityTests {
    @Test(
        "is the same, byte for byte, whatever it looks like",
        arguments: [
            "", "\n", "\r\n\r\n", "let x = 1", "let x = 1\n\n\n", "// %%", "// %%\r", "//%%\n", "//\t%%%% title\n\n\nx\n",
            "#!/usr/bin/env swift\n// %%\n", "#!/usr/bin/env swift", "\u{FEFF}// %% id=\"a\"\nx", "\u{FEFF}", "x\r\n// %%\ny\r\n// %%\r\n\nz",
            "// %% a = b c=\n", "// %% id=\"a\" id=\"b\"\n", "// %% key=\"unclosed\nx\n", "// %% [markdown]\nlet notProse = 1\n",
            "// %% [markdown]\n/*\n# Title\n*/\n\n// %%\n\t\0\t\n", "// %% keep_blank_lines=true\nx", "// %% keep_blank_lines=true\nx\n\n\n\n// %%",
            "// ---\n// title: x\n// jupyter: {\"a\": 1.50}\n// ---\nx", "// ---\nnot front matter\n// ---\n", "// ---\n// open\n",
            "// %% [markdown]\n// \\%% protected\n//not spaced\n\n// last", "    // %% indented is code\n", "// %% {\"old\": true}\n",
        ])
    func identity(script: String) throws {
        let notebook = try Notebook(script: script)
        #expect(Array(notebook.script().utf8) == Array(script.utf8))
    }

    @Test("is the same for 4,000 scripts of random pieces, or its error has a place")
    func randomScripts() throws {
        var random = SplitMix(1)
        var read = 0
        for _ in 0..<rounds(4_000) {
            let script = Samples.text(&random, pieces: 0...40)
            do {
                let written = try Notebook(script: script).script()
                #expect(written.hasSameBytes(as: script), "\(script.debugDescription)")
                read += 1
            } catch let error as NotebookError {
                #expect(error.line != nil && error.sentence.contains("cell id"))
            }
        }
        #expect(read > 2_000)
    }

    @Test("is the same for arbitrary bytes that are UTF-8, and an error with a place for all others")
    func randomBytes() throws {
        var random = SplitMix(2)
        for _ in 0..<rounds(2_000) {
            let bytes = (0..<Int.random(in: 0...60, using: &random)).map { _ in
                Bool.random(using: &random) ? UInt8.random(in: 0...255, using: &random) : Array("\n/% \"=[]{}".utf8).randomElement(using: &random)!
            }
            do {
                #expect(Array(try Notebook(script: Data(bytes)).script().utf8) == bytes)
            } catch let error as NotebookError {
                #expect(error.line != nil && error.column != nil)
            }
        }
    }

    @Test("has the same cells after random edits are written and read")
    func randomEdits() throws {
        var random = SplitMix(3)
        for round in 0..<rounds(4_000) {
            guard var notebook = try? Notebook(script: Samples.text(&random, pieces: 0...25)) else { continue }
            for _ in 0..<Int.random(in: 1...3, using: &random) { edit(&notebook, round, &random) }
            let script = notebook.script()
            let back = try Notebook(script: script)
            #expect(back.withoutDerivedIDs == notebook.withoutDerivedIDs, "round \(round): \(script.debugDescription)")
            #expect(back.script().hasSameBytes(as: script))
            if back.withoutDerivedIDs != notebook.withoutDerivedIDs { return }
        }
    }

    private func edit(_ notebook: inout Notebook, _ round: Int, _ random: inout SplitMix) {
        let index = notebook.cells.indices.randomElement(using: &random)
        switch (Int.random(in: 0..<8, using: &random), index) {
        case (0, let index?): notebook.cells[index].source = Samples.text(&random, pieces: 0...6)
        case (1, let index?): notebook.cells[index].metadata = Samples.object(&random)
        case (2, let index?): notebook.cells[index].kind = Cell.Kind.allCases.randomElement(using: &random)!
        case (3, let index?): notebook.cells.remove(at: index)
        case (4, let index?): notebook.cells.swapAt(index, 0)
        case (5, let index?) where !notebook.cells.contains { $0.id == "new-\(round)" }:
            notebook.cells.insert(Samples.cell(&random, id: "new-\(round)"), at: index)
        case (6, _) where !notebook.cells.contains { $0.id == "end-\(round)" }:
            notebook.cells.append(Samples.cell(&random, id: "end-\(round)"))
        case (7, _): notebook.metadata = Samples.object(&random)
        default: break
        }
    }

    @Test("keeps every other byte when the text of one cell is replaced")
    func replacing() throws {
        let script = "#!/usr/bin/swift\n//%%   id=\"a\"   key = 1\nlet a = 1\n\n\n\n// %% id=\"b\"\r\n\tlet b = 2\r\n\r\n// %%  [md]\n/* text */\n// %% id=\"c\"\nlet c"
        let notebook = try Notebook(script: script.replacingOccurrences(of: "key = 1", with: "key=1"))
        let a = try notebook.replacing(source: "let a = 3\nlet d = 4", ofCell: "a")
        #expect(a.script() == notebook.script().replacingOccurrences(of: "let a = 1", with: "let a = 3\nlet d = 4"))
        #expect(a.cell(id: "b")?.firstLine == 9 && notebook.cell(id: "b")?.firstLine == 8)
        #expect(a.cell(id: "b")?.source == "\tlet b = 2")
        let b = try notebook.replacing(source: "x\ny", ofCell: "b")
        #expect(b.script() == notebook.script().replacingOccurrences(of: "\tlet b = 2", with: "x\r\ny"))
        let c = try notebook.replacing(source: "let e", ofCell: "c")
        #expect(c.script() == notebook.script().replacingOccurrences(of: "let c", with: "let e"))
        let prose = try notebook.replacing(source: "other", ofCell: notebook.cells[2].id)
        #expect(prose.script() == notebook.script().replacingOccurrences(of: "/* text */", with: "/*\nother\n*/"))
        #expect(throws: NotebookError("No cell has the id \"z\"; the notebook's cells are a, b, \(notebook.cells[2].id), c.")) {
            try notebook.replacing(source: "", ofCell: "z")
        }
    }

    @Test("notices an edit that only changes how é is spelled")
    func canonicallyEqualEdit() throws {
        let notebook = try Notebook(script: "// %% id=\"a\"\nlet name = \"é\"\n")
        let edited = try notebook.replacing(source: "let name = \"e\u{301}\"", ofCell: "a")
        #expect(edited.script().hasSameBytes(as: "// %% id=\"a\"\nlet name = \"e\u{301}\"\n"))
        #expect(edited != notebook)
    }

    @Test("looks at each of 100,000 lines a bounded number of times")
    func growth() throws {
        func visits(cells: Int) throws -> Int {
            var script = String(repeating: "// %% [markdown]\n// Prose.\n\n// %%\nlet x = 1\nlet y = 2\n\nlet z = 3\n\n\n", count: cells / 2)
            var notebook = Notebook(cells: [])
            let visits = try script.withUTF8 { bytes in
                var reader = ScriptReader(bytes)
                try reader.read(into: &notebook)
                return reader.linesVisited
            }
            #expect(notebook.cells.count == cells && Set(notebook.cells.map(\.id)).count == cells)
            #expect(notebook.script() == script)
            return visits
        }
        let small = try visits(cells: 2_000)
        let large = try visits(cells: 20_000)
        #expect(small <= 2 * 10_000)
        #expect(large <= small * 10 + 10)
    }
}
