import Foundation
import Testing
import Tiers

@testable import Notebook

@Suite("A learner's notebook and the course's new version of it") struct NotebookMergeTests {
    /// Scripts, with a cell a line: `a: let x = 1`; prose behind `a~ `.
    private static func script(_ cells: [String]) -> String {
        cells.map { cell in
            let isProse = cell.contains("~ ")
            let parts = cell.components(separatedBy: isProse ? "~ " : ": ")
            let text = parts.dropFirst().joined(separator: isProse ? "~ " : ": ")
            let lines = isProse ? text.split(separator: "\n", omittingEmptySubsequences: false).map { $0.isEmpty ? "//" : "// \($0)" }.joined(separator: "\n") : text
            return "// %%\(isProse ? " [markdown]" : "") id=\"\(parts[0])\"\n\(lines)\n"
        }.joined(separator: "\n")
    }

    private func merge(_ base: [String], _ ours: [String], _ theirs: [String], renames: [String: String] = [:]) throws -> NotebookMerge {
        let merge = NotebookMerge(
            base: try Notebook(script: Self.script(base)), ours: try Notebook(script: Self.script(ours)),
            theirs: try Notebook(script: Self.script(theirs)), renames: QuestionRenames(renames))
        #expect(try Notebook(script: merge.notebook.script()) == merge.notebook)
        return merge
    }

    private func expect(
        _ base: [String], _ ours: [String], _ theirs: [String], gives result: [String], _ changes: [String], sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let merge = try merge(base, ours, theirs)
        #expect(merge.notebook.script() == Self.script(result), sourceLocation: sourceLocation)
        #expect(merge.changes.map { "\($0.kind) \($0.cell)" } == changes, sourceLocation: sourceLocation)
    }

    @Test("What one side alone changed is as that side has it")
    func oneSide() throws {
        try expect(["a: 1", "b: 2"], ["a: mine", "b: 2"], ["a: 1", "b: new"], gives: ["a: mine", "b: new"], ["updated b"])
        try expect(["a: 1", "b: 2"], ["a: 1", "b: 2"], ["b: 2"], gives: ["b: 2"], ["removed a"])
        try expect(["a: 1", "b: 2"], ["b: 2"], ["a: 1", "b: 3"], gives: ["b: 3"], ["updated b"])
        try expect(["a: 1"], ["a: same"], ["a: same"], gives: ["a: same"], [])
        try expect(["a: 1"], ["a: 1 // mine"], ["a: 1", "n: new"], gives: ["a: 1 // mine", "n: new"], ["added n"])
    }

    @Test("Cells come in the course's order, and the learner's own stay after the cell that they stood after")
    func order() throws {
        try expect(["a: 1", "b: 2"], ["x: 0", "a: 1", "y: 0", "b: 2"], ["a: 1", "n: 3", "b: 2"], gives: ["x: 0", "a: 1", "y: 0", "n: 3", "b: 2"], ["added n"])
        try expect(["a: 1", "b: 2"], ["a: 1", "y: 0", "b: 2"], ["b: 2", "a: 1"], gives: ["b: 2", "a: 1", "y: 0"], [])
        try expect(["a: 1", "b: 2"], ["b: 2", "a: 1"], ["a: 1", "n: 3", "b: 2"], gives: ["b: 2", "a: 1", "n: 3"], ["added n"])
        try expect(["a: 1", "b: 2"], ["a: 1", "b: 2", "y: 0"], ["a: 1"], gives: ["a: 1", "y: 0"], ["removed b"])
    }

    @Test("Code that both changed is one cell: the learner's runs, the course's stands below it in comments, and no more than once")
    func bothChangedCode() throws {
        let (base, ours, theirs) = (["a: 1"], ["a: let mine = 1"], ["a: let new = 2\n\n  more() // \"\"\""])
        let merged = try merge(base, ours, theirs)
        let text = merged.notebook.cells[0].source
        #expect(text.hasPrefix("let mine = 1\n\n// ====") && text.hasSuffix("\n// let new = 2\n//\n//   more() // \"\"\""))
        #expect(merged.changes.map(\.kind) == [.both])
        // Again, and with a third version.
        let (old, new) = (try Notebook(script: Self.script(base)), try Notebook(script: Self.script(theirs)))
        #expect(NotebookMerge(base: old, ours: merged.notebook, theirs: new).notebook == merged.notebook)
        let newer = try Notebook(script: Self.script(["a: let newer = 3"]))
        let twice = NotebookMerge(base: new, ours: merged.notebook, theirs: newer).notebook
        #expect(twice == (try merge(base, ours, ["a: let newer = 3"]).notebook))
        // A learner who took the course's text over is done with it.
        let adopted = try merged.notebook.replacing(source: text.replacingOccurrences(of: "let mine = 1", with: new.cells[0].source), ofCell: "a")
        #expect(NotebookMerge(base: new, ours: adopted, theirs: newer).notebook == newer)
        // One who went to work on the comments keeps all of it.
        let worked = try merged.notebook.replacing(source: text + "\nmore()", ofCell: "a")
        let kept = NotebookMerge(base: new, ours: worked, theirs: newer).notebook.cells[0].source
        #expect(kept.hasPrefix("let mine = 1\n\n// let new = 2\n//\n//   more() // \"\"\"\nmore()\n\n// ====") && kept.hasSuffix("// let newer = 3"))
    }

    @Test("Prose that both changed is the course's, with the paragraphs that the learner wrote below a mark")
    func bothChangedProse() throws {
        let (base, ours) = (["a~ # Title\n\nOld words."], ["a~ # Title\n\nOld words.\n\nMy note.\n\n```\nx\n\ny\n```"])
        let merged = try merge(base, ours, ["a~ # Title\n\nNew words."])
        let text = merged.notebook.cells[0].source
        #expect(text.hasPrefix("# Title\n\nNew words.\n\n> **The course changed") && text.hasSuffix("\n\nMy note.\n\n```\nx\n\ny\n```"))
        #expect(merged.changes.map(\.kind) == [.bothProse])
        let new = try Notebook(script: Self.script(["a~ # Title\n\nNew words."])), newer = try Notebook(script: Self.script(["a~ # Other\n\nNew words."]))
        #expect(NotebookMerge(base: try Notebook(script: Self.script(base)), ours: merged.notebook, theirs: new).notebook == merged.notebook)
        let twice = NotebookMerge(base: new, ours: merged.notebook, theirs: newer)
        #expect(twice.notebook.cells[0].source == text.replacingOccurrences(of: "Title", with: "Other"))
        // Who only deleted wrote nothing.
        #expect(try merge(base, ["a~ # Title"], ["a~ New."]).notebook.cells[0].source == "New.")
    }

    @Test("What the learner deleted stays deleted unless the course changed it; what the course took out stays where the learner changed it")
    func deleted() throws {
        try expect(["a: 1", "b: 2"], ["a: 1"], ["a: 1", "b: 2"], gives: ["a: 1"], [])
        try expect(["a: 1", "b: 2"], ["a: 1"], ["a: 1", "b: 3"], gives: ["a: 1", "b: 3"], ["returned b"])
        let merged = try merge(["a: 1", "b: 2", "c~ 3"], ["a: 1", "b: mine", "c~ mine"], ["a: 1"])
        #expect(merged.changes.map(\.kind) == [.kept, .kept])
        #expect(merged.notebook.cells[1].source.hasPrefix("// ==== The course no longer has this cell") && merged.notebook.cells[1].source.hasSuffix("====\nmine"))
        #expect(merged.notebook.cells[2].source.hasSuffix("\n\nmine") && merged.notebook.cells[2].kind == .markdown)
        let again = try merge(["a: 1", "b: 2", "c~ 3"], ["a: 1", "b: mine", "c~ mine"], ["a: 1"])
        let (base, theirs) = (try Notebook(script: Self.script(["a: 1", "b: 2", "c~ 3"])), try Notebook(script: Self.script(["a: 1"])))
        #expect(NotebookMerge(base: base, ours: again.notebook, theirs: theirs).notebook == merged.notebook)
        #expect(NotebookMerge(base: theirs, ours: again.notebook, theirs: theirs).notebook == merged.notebook)
    }

    @Test("A cell that one side made prose and the other changed becomes two")
    func parted() throws {
        try expect(["a: 1"], ["a: mine"], ["a~ Read this."], gives: ["a-mine: mine", "a~ Read this."], ["parted a"])
        try expect(["a: 1"], ["a: 1"], ["a~ Read this."], gives: ["a~ Read this."], ["updated a"])
        try expect(["a: 1"], ["a~ Mine."], ["a: 1", "b: 2"], gives: ["a~ Mine.", "b: 2"], ["added b"])
    }

    @Test("Undoing is a merge, too: marks go, and what was edited since stays")
    func undoing() throws {
        let before = ["a: mine", "b: 2", "c: kept", "d~ My words."]
        let after = try merge(["a: 1", "b: 2", "c: 3", "d~ Words."], before, ["a: new", "b: newer", "n: 1", "d~ New words."]).notebook
        let old = try Notebook(script: Self.script(before))
        #expect(NotebookMerge(base: after, ours: after, theirs: old).notebook.script() == old.script())
        let edited = try after.replacing(source: after.cell(id: "a")!.source.replacingOccurrences(of: "mine", with: "better"), ofCell: "a")
            .replacing(source: after.cell(id: "c")!.source + "!", ofCell: "c")
        #expect(NotebookMerge(base: after, ours: edited, theirs: old).notebook.cells.map(\.source) == ["better", "2", "kept!", "My words."])
    }

    @Test("Attributes and front matter come key by key; of a question's name, the course's counts")
    func attributes() throws {
        func notebook(_ front: String, _ marker: String) throws -> Notebook { try Notebook(script: "// ---\n// jupyter:\n\(front)// ---\n\n// %% \(marker)\nx\n") }
        let merge = NotebookMerge(
            base: try notebook("//   a: 1\n//   b: 1\n", "Title id=\"c\" problem=\"part1\" tags=[1]"),
            ours: try notebook("//   a: 2\n//   b: 1\n", "Mine id=\"c\" problem=\"mine\" tags=[1]"),
            theirs: try notebook("//   a: 1\n//   b: 3\n", "Theirs id=\"c\" problem=\"part2\" tags=[2]"))
        #expect(merge.notebook.script() == "// ---\n// jupyter:\n//   a: 2\n//   b: 3\n// ---\n\n// %% Mine id=\"c\" problem=\"part2\" tags=[2]\nx\n")
        #expect(merge.changes.map(\.kind) == [.updated])
    }

    @Test("Cells without ids are known by their text, and by their place where both sides have as many")
    func withoutIDs() throws {
        let base = try Notebook(script: "// %%\none\n\n// %%\ntwo\n")
        let ours = try Notebook(script: "// %%\none\n\n// %%\nmine\n"), theirs = try Notebook(script: "// %%\nnew one\n\n// %%\ntwo\n")
        #expect(NotebookMerge(base: base, ours: ours, theirs: theirs).notebook.script() == "// %%\nnew one\n\n// %%\nmine\n")
        let more = try Notebook(script: "// %%\none\n\n// %%\nextra\n\n// %%\ntwo\n")
        #expect(NotebookMerge(base: base, ours: more, theirs: try Notebook(script: "// %%\none\n\n// %%\nnew two\n")).notebook.cells.map(\.source) == ["one", "extra", "new two"])
    }

    @Test("An answer is known by its question where its cell lost the id")
    func answerWithoutID() throws {
        let base = try Notebook(script: "// %% id=\"a\" problem=\"part1\"\n<#x#>\n"), theirs = try Notebook(script: "// %% id=\"a\" problem=\"part1\"\n<#y#>\n")
        let ours = try Notebook(script: "// %% problem=\"part1\"\nmine\n")
        let merged = NotebookMerge(base: base, ours: ours, theirs: theirs).notebook
        #expect(merged.cells.count == 1 && merged.cells[0].source.hasPrefix("mine\n\n// ===="))
    }

    @Test("A learner's Jupyter notebook is merged with the course's scripts; outputs stay with what made them")
    func jupyter() throws {
        let base = try Notebook(script: Self.script(["a: 1", "b: 2"])), theirs = try Notebook(script: Self.script(["a: 1", "b: 3", "c~ New."]))
        var ours = try Notebook(ipynb: base.ipynb())
        ours.cells[0].source = "mine"
        for index in 0..<2 { ours.cells[index].outputs = [.string("out")] }
        let merged = NotebookMerge(base: base, ours: ours, theirs: theirs).notebook
        #expect(merged.cells.map(\.source) == ["mine", "3", "New."] && merged.cells.map(\.outputs.count) == [1, 0, 0])
        #expect(try Notebook(ipynb: merged.ipynb()) == merged)
    }

    @Test("A file with Windows' line ends keeps them in what is new")
    func windows() throws {
        let base = try Notebook(script: "// %% id=\"a\"\n1\n"), theirs = try Notebook(script: "// %% id=\"a\"\n2\n\n// %% id=\"b\"\n3\n")
        let merged = NotebookMerge(base: base, ours: try Notebook(script: "// %% id=\"a\"\r\n1\r\n"), theirs: theirs).notebook.script()
        #expect(merged == "// %% id=\"a\"\r\n2\r\n\r\n// %% id=\"b\"\r\n3\r\n")
    }

    @Test("Renamed questions are followed in the answer's cell and its calls")
    func renamed() throws {
        func notebook(_ question: String, _ answer: String) throws -> Notebook {
            try Notebook(script: "// %% id=\"a\" problem=\"\(question)\"\n\(answer)\n\(question).check()\n// \(question).hint()\n")
        }
        let merge = NotebookMerge(
            base: try notebook("part3.c", "<#x#>"), ours: try notebook("part3.c", "let mine = \"part3.c.check()\""),
            theirs: try notebook("part4", "<#x#>"), renames: QuestionRenames(["part3.c": "part4"]))
        #expect(merge.notebook.script() == (try notebook("part4", "let mine = \"part3.c.check()\"").script()))
        #expect(merge.changes.map(\.kind) == [.renamed])
    }

    // MARK: Whatever the two sides did

    @Test("Nothing that the learner wrote is lost, and the result is a notebook that reads back the same; an update of the same again changes nothing")
    func nothingIsLost() throws {
        var random = SplitMix(11)
        for round in 0..<rounds(400) {
            let base = try Notebook(script: Samples.notebook(&random).script())
            let ours = edited(base, &random), theirs = edited(base, &random)
            let merge = NotebookMerge(base: base, ours: ours, theirs: theirs), result = merge.notebook
            let script = result.script()
            let back = try Notebook(script: script)
            #expect(back == result, "round \(round)")
            let texts = (result.cells + theirs.cells).map { Data($0.source.utf8) }
            for cell in ours.cells where base.cell(id: cell.id)?.source != cell.source {
                // Of prose the paragraphs count, and so each line.
                let pieces = cell.kind == .code ? [Data(cell.source.utf8)] : Data(cell.source.utf8).split(separator: UInt8(ascii: "\n")).map { Data($0) }
                for piece in pieces where !piece.allSatisfy({ $0 <= 0x20 }) && base.cells.allSatisfy({ Data($0.source.utf8).range(of: piece) == nil }) {
                    #expect(texts.contains { $0.range(of: piece) != nil }, "round \(round): \(String(decoding: piece, as: UTF8.self).debugDescription)")
                }
            }
            let again = NotebookMerge(base: base, ours: back, theirs: theirs)
            #expect(again.notebook.script().hasSameBytes(as: script), "round \(round)")
            let later = NotebookMerge(base: theirs, ours: back, theirs: theirs)
            #expect(later.notebook.script().hasSameBytes(as: script) && later.changes.isEmpty, "round \(round)")
        }
    }

    @Test("Where one side changed nothing, the result is the other's file, byte for byte")
    func oneSideAlone() throws {
        var random = SplitMix(12)
        for round in 0..<rounds(400) {
            let base = try Notebook(script: Samples.notebook(&random).script()), other = edited(base, &random)
            let ours = NotebookMerge(base: base, ours: other, theirs: base)
            #expect(ours.notebook.script().hasSameBytes(as: other.script()) && ours.changes.isEmpty, "round \(round)")
            #expect(NotebookMerge(base: base, ours: base, theirs: other).notebook.script().hasSameBytes(as: other.script()), "round \(round)")
        }
    }

    /// The notebook as a side may hand it in, read from its script.
    private func edited(_ notebook: Notebook, _ random: inout SplitMix) -> Notebook {
        var notebook = notebook
        for _ in 0..<Int.random(in: 0...4, using: &random) {
            let index = Int.random(in: 0...notebook.cells.count, using: &random)
            guard index < notebook.cells.count, Int.random(in: 0..<4, using: &random) > 0 else {
                notebook.cells.insert(Samples.cell(&random, id: "new-\(Int.random(in: 0..<4, using: &random))"), at: index)
                continue
            }
            switch Int.random(in: 0..<8, using: &random) {
            case 0: notebook.cells.remove(at: index)
            case 1: notebook.cells[index].metadata = Samples.object(&random)
            case 2: notebook.cells[index].kind = Cell.Kind.allCases.randomElement(using: &random)!
            case 3: notebook.cells.swapAt(index, Int.random(in: 0..<notebook.cells.count, using: &random))
            case 4: notebook.cells[index].problem = ["p1", "p2"].randomElement(using: &random)!
            case 5: notebook.metadata = Samples.object(&random)
            default: notebook.cells[index].source += Samples.text(&random, pieces: 1...4)
            }
        }
        // A file has no id twice.
        var seen: Set<String> = []
        notebook.cells.removeAll { !seen.insert($0.id).inserted }
        return (try? Notebook(script: notebook.script())) ?? notebook
    }
}
