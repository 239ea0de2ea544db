import Foundation
import Testing
import Tiers

@testable import Notebook

@Suite("An .ipynb file") struct IpynbTests {
    @Test("that Jupyter wrote is written again byte for byte", arguments: ["nbformat-4.5.ipynb", "nbconvert.ipynb", "vscode.ipynb"])
    func identity(name: String) throws {
        let data = try Samples.fixture(name)
        #expect(String(decoding: try Notebook(ipynb: data).ipynb(), as: UTF8.self) == String(decoding: data, as: UTF8.self))
    }

    @Test("of nbformat 4.0 to 4.4 becomes 4.5, with ids that stay the same", arguments: ["nbformat-4.4.ipynb", "colab.ipynb"])
    func upgrade(name: String) throws {
        let notebook = try Notebook(ipynb: Samples.fixture(name))
        #expect(notebook.cells.allSatisfy { CellID.isValid($0.id) && !$0.hasDerivedID })
        #expect(try Notebook(ipynb: Samples.fixture(name)).cells.map(\.id) == notebook.cells.map(\.id))
        let file = String(decoding: notebook.ipynb(), as: UTF8.self)
        #expect(file.hasSuffix("\n \"nbformat\": 4,\n \"nbformat_minor\": 5\n}\n"))
        #expect(try Notebook(ipynb: Data(file.utf8)) == notebook)
    }

    @Test("of Colab keeps its metadata, with the ids in it")
    func colab() throws {
        let notebook = try Notebook(ipynb: Samples.fixture("colab.ipynb"))
        #expect(notebook.metadata["accelerator"] == .string("GPU"))
        #expect(notebook.cells[1].metadata["id"] == .string("-aZ_09xYbQ12"))
        #expect(notebook.cells[1].outputs.count == 1)
    }

    @Test("keeps what 4.5 does not know, at every level, and the text of numbers")
    func unknownKeys() throws {
        let json = """
            {"cells": [{"cell_type": "code", "id": "a", "metadata": {"z": {"y": 1.50}}, "source": "x", "outputs": [], "execution_count": null, "new": [1e400]}],
             "metadata": {"u": 12345678901234567890123}, "nbformat": 4, "nbformat_minor": 9, "top": {"k": -0}}
            """
        let notebook = try Notebook(ipynb: Data(json.utf8))
        let back = try Notebook(ipynb: Notebook(script: notebook.script()).ipynb())
        #expect(back == notebook)
        let text = String(decoding: back.ipynb(), as: UTF8.self)
        for part in ["1.50", "1e400", "12345678901234567890123", "-0"] { #expect(text.contains(part)) }
    }

    @Test("that can't be read says why and where", arguments: [
        ("", "Line 1, column 1: This is not the JSON of a notebook. The text ends where a value was expected."),
        ("[]", "Line 1, column 1: A notebook is a JSON object; this file holds a list."),
        ("{\n \"a\": 1,\n}", "Line 3, column 1: This is not the JSON of a notebook. Expected a key in quotation marks, found `}`."),
        ("{\"é\": tru}", "Line 1, column 7: This is not the JSON of a notebook. Expected true, found `t`."),
        ("{}", "Line 1: A notebook says its format in the number \"nbformat\"; here it is missing."),
        ("{\"nbformat\": 3}", "Line 1: The notebook has format 3; only format 4 can be read. Open it in Jupyter and save it, or run `jupyter nbconvert --to notebook`."),
        ("{\"nbformat\": 5}", "Line 1: The notebook has format 5; only format 4 can be read. Save it as format 4, or look for a newer Etude."),
        ("{\"nbformat\": 4, \"cells\": {}}", "Line 1: A notebook has a list named \"cells\"; here it is an object."),
        ("{\"nbformat\": 4, \"cells\": [\n1]}", "Line 2: Cell 1: a cell is an object; this is the number 1."),
        ("{\"nbformat\": 4, \"cells\": [\n{\"cell_type\": \"heading\"}]}", "Line 2: Cell 1: the cell type \"heading\" is not known; it is \"code\", \"markdown\" or \"raw\"."),
        ("{\"nbformat\": 4, \"cells\": [{\"cell_type\": \"raw\", \"source\": [1]}]}", "Line 1: Cell 1: \"source\" is a string or a list of strings; here it is a list."),
        ("{\"nbformat\": 4, \"cells\": [\n{\"cell_type\": \"raw\", \"source\": \"\", \"id\": \"a\"},\n{\"cell_type\": \"raw\", \"source\": \"\", \"id\": \"a\"}]}",
         "Line 3: The cell id \"a\" stands in the cells of line 2 and line 3; give one of the two cells another id."),
        ("{\"a\": 1, \"a\": 2}", "Line 1, column 10: This is not the JSON of a notebook. The key \"a\" stands twice in one object; keep one of them."),
        ("{\"a\": \"\\ud800\"}", "Line 1, column 8: This is not the JSON of a notebook. This escape is half of a surrogate pair, which is not a character."),
        ("{\"a\": \"\n\"}", "Line 1, column 8: This is not the JSON of a notebook. A string holds a control character (a line break, perhaps) that must be written as an escape such as \\n."),
    ])
    func errors(json: String, sentence: String) {
        let error = #expect(throws: NotebookError.self) { try Notebook(ipynb: Data(json.utf8)) }
        #expect(error?.description == sentence)
    }

    @Test("nested too deep is an error, not a crash")
    func depth() {
        let deep = String(repeating: "[", count: 100_000)
        let error = #expect(throws: NotebookError.self) { try Notebook(ipynb: Data(deep.utf8)) }
        #expect(error?.column == 201)
        let fine = String(repeating: "[", count: 200) + String(repeating: "]", count: 200)
        let other = #expect(throws: NotebookError.self) { try Notebook(ipynb: Data(fine.utf8)) }
        #expect(other?.sentence == "A notebook is a JSON object; this file holds a list.")
    }

    @Test("with damage anywhere gives a notebook or an error with a line, never a crash")
    func damage() throws {
        let original = [UInt8](try Samples.fixture("nbformat-4.5.ipynb"))
        var random = SplitMix(6)
        for _ in 0..<rounds(600) {
            var bytes = original
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                let index = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<3, using: &random) {
                case 0: bytes[index] = .random(in: 0...255, using: &random)
                case 1: bytes.remove(at: index)
                default: bytes.removeSubrange(index..<min(index + 40, bytes.count))
                }
            }
            do {
                let notebook = try Notebook(ipynb: Data(bytes))
                #expect(try Notebook(ipynb: notebook.ipynb()) == notebook)
            } catch let error as NotebookError {
                #expect(error.line != nil)
            }
        }
    }
}
