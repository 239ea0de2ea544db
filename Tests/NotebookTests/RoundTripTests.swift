import Foundation
import Testing
import Tiers

@testable import Notebook

@Suite("A notebook that goes through a script and back") struct RoundTripTests {
    @Test("keeps cells, ids, kinds, metadata, attachments and unknown keys: 3,000 random notebooks")
    func throughScript() throws {
        var random = SplitMix(4)
        for round in 0..<rounds(3_000) {
            let notebook = Samples.notebook(&random)
            let script = notebook.script()
            let back = try Notebook(script: script)
            #expect(back == notebook, "round \(round): \(script.debugDescription)")
            #expect(back.script().hasSameBytes(as: script))
            if back != notebook { return }
        }
    }

    @Test("and through .ipynb and back is equal too: 1,000 random notebooks")
    func throughIpynb() throws {
        var random = SplitMix(5)
        for _ in 0..<rounds(1_000) {
            let notebook = Samples.notebook(&random)
            let file = notebook.ipynb()
            let back = try Notebook(ipynb: file)
            #expect(back == notebook)
            #expect(back.ipynb() == file)
        }
    }

    @Test("keeps a script's front matter on the way through .ipynb")
    func frontMatter() throws {
        let script = """
            // ---
            // title: "A title"
            // jupyter:
            //   kernelspec: {"name": "etude"}
            // ---

            // %% id="a"
            let x = 1

            """
        let notebook = try Notebook(ipynb: try Notebook(script: script).ipynb())
        #expect(notebook.metadata["kernelspec"]?.objectValue?["name"] == .string("etude"))
        #expect(notebook.script() == script)
    }

    @Test("leaves outputs and execution counts behind, and says so")
    func losses() throws {
        let notebook = try Notebook(ipynb: Samples.fixture("nbformat-4.5.ipynb"))
        #expect(
            notebook.lossesInScript.map(\.sentence) == [
                "The outputs of 1 cell are left out: a script holds no outputs.",
                "The execution counts of 1 cell are left out: a script holds none.",
            ])
        #expect(try Notebook(script: notebook.script()).lossesInScript.isEmpty)
    }

    @Test("keeps what the programs of others wrote", arguments: ["nbformat-4.5", "nbformat-4.4", "nbconvert", "colab", "vscode"])
    func fixtures(name: String) throws {
        var notebook = try Notebook(ipynb: Samples.fixture(name + ".ipynb"))
        let back = try Notebook(script: notebook.script())
        for index in notebook.cells.indices {
            notebook.cells[index].outputs = []
            notebook.cells[index].executionCount = nil
        }
        #expect(back == notebook)
    }

    @Test("protects code and prose that look like markers")
    func protection() throws {
        let notebook = Notebook(cells: [
            Cell(id: "a", source: "let text = \"\"\"\n// %% one\n// \\%% two\n\"\"\"\n\n"),
            Cell(id: "b", kind: .markdown, source: "%% a comment of TeX\n*/ /* \n\n"),
        ])
        #expect(
            notebook.script() == """
                // %% id="a" keep_blank_lines=true
                let text = \"""
                // \\%% one
                // \\\\%% two
                \"""



                // %% [markdown] id="b"
                // \\%% a comment of TeX
                // */ /*\u{20}
                //
                //

                """)
        #expect(try Notebook(script: notebook.script()) == notebook)
    }
}
