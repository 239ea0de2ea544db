import Foundation
import Testing

@testable import Notebook

@Suite("Reading a percent script") struct ScriptReadingTests {
    @Test("gives kinds, titles, ids, attributes, text and first lines")
    func grammar() throws {
        let notebook = try Notebook(
            script: """
                import Training

                // %% [markdown]
                // # Embedding layers
                //
                // Prose.

                // %% Set up the data id="setup" problem="part3.c" role=wrong mistake="bias-per-user" n=1.50 tags=["a", "b"]
                let x = 1

                let y = 2


                // %% [md] id="block"
                /* One line */
                // %% Raw words [raw]
                // raw
                """)
        let cells = notebook.cells
        #expect(cells.map(\.kind) == [.code, .markdown, .code, .markdown, .raw])
        #expect(cells.map(\.source) == ["import Training", "# Embedding layers\n\nProse.", "let x = 1\n\nlet y = 2", "One line", "raw"])
        #expect(cells.map(\.firstLine) == [1, 4, 9, 15, 17])
        #expect(cells.map(\.title) == [nil, nil, "Set up the data", nil, "Raw words"])
        #expect(cells[2].id == "setup" && !cells[2].hasDerivedID && cells[0].hasDerivedID)
        #expect(cells[2].problem == "part3.c" && cells[2].role == "wrong" && cells[2].mistake == "bias-per-user")
        #expect(cells[2].metadata["n"] == .number("1.50"))
        #expect(cells[2].metadata["tags"] == .array([.string("a"), .string("b")]))
        #expect(notebook.remarks.isEmpty)
    }

    @Test("takes what jupytext wrote: front matter, titles, kinds, attributes")
    func jupytext() throws {
        let notebook = try Notebook(script: Samples.fixture("jupytext.swift"))
        let kernel = notebook.metadata["kernelspec"]?.objectValue
        #expect(kernel?["display_name"] == .string("Swift") && kernel?["name"] == .string("etude"))
        let representation = notebook.metadata["jupytext"]?.objectValue?["text_representation"]?.objectValue
        #expect(representation?["format_version"] == .string("1.3") && representation?["jupytext_version"] == .string("1.19.6"))
        #expect(notebook.cells.prefix(6).map(\.kind) == [.markdown, .markdown, .code, .markdown, .raw, .code])
        #expect(notebook.cells[0].source.hasSuffix("`a */ b` and \"quotes\".\n"))
        #expect(notebook.cells[1].title == "A title" && notebook.cells[2].title == "Setting up")
        #expect(notebook.cells[2].metadata["tags"] == .array([.string("hide"), .string("x")]))
        #expect(notebook.cells[4].source == ".. raw:: html\n\n  <b>")
        #expect(Data(notebook.script().utf8) == (try Samples.fixture("jupytext.swift")))
    }

    @Test("reads block comments as Markdown", arguments: [
        ("/*\n# Title\n\n  indented\n*/", "# Title\n\n  indented"), ("/* one */", "one"), ("/**/", ""), ("/*one\ntwo*/", "one\ntwo"),
        ("/* a */ /* b */", "/* a */ /* b */"), ("// a\n\n//b", "a\n\nb"),
    ])
    func blockComments(body: String, source: String) throws {
        #expect(try Notebook(script: "// %% [markdown]\n\(body)\n").cells[0].source == source)
    }

    @Test("takes attributes that can't be read as title, with a remark")
    func remarks() throws {
        let notebook = try Notebook(script: "// %%\n\n// %% id=\"a\" problem=\nx\n// %% [markdown]\n// prose\nlet x = 1\n// %% a=1 a=2")
        #expect(notebook.cells[1].title == "id=\"a\" problem=" && notebook.cells[1].hasDerivedID)
        #expect(notebook.remarks.map(\.line) == [3, 7, 8])
        #expect(notebook.remarks[0].description.hasPrefix("Line 3: The attributes of this marker can't be read"))
        #expect(notebook.remarks[1].sentence.hasPrefix("This line stands in a Markdown cell but is no comment."))
    }

    @Test("gives cells without id one that depends on their text alone, each a different one")
    func derivedIDs() throws {
        let one = try Notebook(script: "// %%\na\n\n// %%\nb\n\n// %%\na\n").cells.map(\.id)
        let two = try Notebook(script: "// %% [markdown]\n// new\n\n// %%\nb\n// %% k=1\na\n// %%\na").cells.map(\.id)
        #expect(Array(one[..<2]) == [two[2], two[1]] && one[2] == two[3] && one[2] == one[0] + "-2")
        #expect(one.allSatisfy(CellID.isValid))
        let taken = try Notebook(script: "// %%\na\n// %% id=\"\(one[0])\"\nz\n").cells
        #expect(taken[0].id == one[0] + "-2")
    }

    @Test("refuses ids that are not allowed or stand twice, naming the lines", arguments: [
        ("// %% id=\"a\"\n// %%\n// %% id=\"a\"", "Line 3, column 1: The cell id \"a\" stands here and in line 1 too; give one of the two cells another id."),
        ("x\n// %% id=\"a b\"", "Line 2, column 1: The cell id \"a b\" is not allowed. An id has 1 to 64 letters (a to z), digits, hyphens and underscores."),
        ("// %% id=\"\"", "Line 1, column 1: The cell id \"\" is not allowed. An id has 1 to 64 letters (a to z), digits, hyphens and underscores."),
    ])
    func invalidIDs(script: String, sentence: String) {
        let error = #expect(throws: NotebookError.self) { try Notebook(script: script) }
        #expect(error?.description == sentence)
    }

    @Test("says where a byte is not UTF-8")
    func invalidUTF8() {
        let data = Data("let a = 1\nlet é".utf8) + [0xFF, 0x41]
        let error = #expect(throws: NotebookError.self) { try Notebook(script: data) }
        #expect(error?.description == "Line 2, column 6: This byte is not part of UTF-8 text. Save the file in the encoding UTF-8.")
    }
}
