import Testing
import Tiers

@testable import Notebook

@Suite("The difference between two notebooks") struct DifferenceTests {
    private func difference(_ old: String, _ new: String, context: Int = 2) throws -> [NotebookDifference.CellDifference] {
        try NotebookDifference(from: Notebook(script: old), to: Notebook(script: new), context: context).cells
    }

    @Test("names cells that are new, gone or changed, in the order of the newer one, and shows their lines")
    func cells() throws {
        let cells = try difference(
            "// %% id=\"a\"\n1\n// %% id=\"b\"\n2\n// %% id=\"c\"\n3\n// %% id=\"d\"\n4\n",
            "// %% id=\"new\"\n0\n// %% id=\"a\"\n1\n// %% id=\"d\"\n4\n// %% id=\"c\"\nthree\n")
        #expect(cells.map(\.name) == ["new", "b", "c"] && cells.map(\.kind) == [.added, .removed, .changed])
        #expect(cells.map(\.lines) == [[.added("0")], [.removed("2")], [.removed("3"), .added("three")]])
        #expect(try difference("// %% id=\"a\"\n1\n", "// %% id=\"a\" problem=\"p\"\n1\n").isEmpty)
        // Prose that became code is another cell.
        #expect(try difference("// %% [markdown] id=\"a\"\n// 1\n", "// %% id=\"a\"\n1\n").map(\.kind) == [.removed, .added])
    }

    @Test("knows a cell without an id of its own by its place between others")
    func withoutIDs() throws {
        let cells = try difference("// %% id=\"a\"\n1\n// %%\n2\n// %%\n3\n// %% id=\"b\"\n4\n// %%\n5\n", "// %% id=\"a\"\n1\n// %%\ntwo\n// %% id=\"b\"\n4\n// %%\nfive\n// %%\n6\n")
        #expect(cells.map(\.kind) == [.changed, .removed, .changed, .added] && cells.map(\.name) == ["cell 2", "cell 3", "cell 4", "cell 5"], "\(cells)")
    }

    @Test("is taken over cell by cell: what is there again, and without an id too, stands where it stood")
    func takenOver() throws {
        let old = try Notebook(script: "// %% id=\"a\"\n1\n// %%\n2\n// %% [markdown] id=\"b\"\n// 3\n// %% id=\"c\"\n4\n")
        let new = try Notebook(script: "// %% id=\"a\"\none\n// %%\ntwo\n// %% id=\"b\"\nthree\n// %% id=\"mine\"\n5\n")
        func taken(_ ids: String...) -> String { new.takingOver(cells: ids, from: old).script() }
        #expect(taken("a") == new.script().replacingOccurrence(of: "one", with: "1"))
        #expect(taken(old.cells[1].id) == new.script().replacingOccurrence(of: "two", with: "2"))
        #expect(taken("b") == new.script().replacingOccurrence(of: "// %% id=\"b\"\nthree", with: "// %% [markdown] id=\"b\"\n// 3"))
        #expect(taken("b", "c") == "// %% id=\"a\"\none\n// %%\ntwo\n// %% [markdown] id=\"b\"\n// 3\n// %% id=\"c\"\n4\n// %% id=\"mine\"\n5\n")
        #expect(taken("nope") == new.script())
        #expect(new.takingOver(cells: old.cells.map(\.id), from: old).cells.dropLast() == old.cells[...])
    }

    @Test("leaves equal lines out that stand far from others, but for a few, and says how many")
    func context() throws {
        let lines = (1...20).map { "let l\($0) = 0" }
        var other = lines
        other[10] = "let new = 1"
        let cells = try difference("// %% id=\"a\"\n" + lines.joined(separator: "\n"), "// %% id=\"a\"\n" + other.joined(separator: "\n"))
        #expect(cells[0].lines == [
            .skipped(8), .same("let l9 = 0"), .same("let l10 = 0"), .removed("let l11 = 0"), .added("let new = 1"), .same("let l12 = 0"), .same("let l13 = 0"), .skipped(7),
        ])
    }

    @Test("is bounded for cells that are very long, and soon told")
    func bounded() throws {
        let old = (1...50_000).map { "let a\($0) = 0" }.joined(separator: "\n"), new = (1...60_000).map { "let b\($0) = 0" }.joined(separator: "\n")
        let lines = try difference("// %% id=\"a\"\n" + old, "// %% id=\"a\"\n" + new)[0].lines
        #expect(lines.count == 401 && lines.last == .cut(removed: 49_600, added: 60_000))
    }

    @Test("tells equal letters apart that are written with other bytes, as what they are: another text")
    func bytes() throws {
        #expect(try difference("// %% id=\"a\"\n\"\u{E9}\"\n", "// %% id=\"a\"\n\"e\u{301}\"\n")[0].lines.count == 2)
    }

    @Test("gives both texts back, cell by cell: 2,000 random pairs")
    func givesBack() throws {
        var random = SplitMix(11)
        for _ in 0..<rounds(2_000) {
            func lines() -> [String] { (0..<Int.random(in: 1...12, using: &random)).map { _ in ["a", "b", "c", "", "let x = 1"].randomElement(using: &random)! } }
            let old = lines(), new = lines()
            let cells = NotebookDifference(
                from: Notebook(cells: [Cell(id: "a", source: old.joined(separator: "\n"))]), to: Notebook(cells: [Cell(id: "a", source: new.joined(separator: "\n"))]),
                context: 20).cells
            guard old != new else { #expect(cells.isEmpty); continue }
            let (before, after) = (cells[0].lines.compactMap(\.before), cells[0].lines.compactMap(\.after))
            #expect(before == old && after == new, "\(old) \(new)")
            if before != old || after != new { return }
        }
    }
}

extension String {
    fileprivate func replacingOccurrence(of old: String, with new: String) -> String {
        guard let range = firstRange(of: old) else { return self }
        return replacingCharacters(in: range, with: new)
    }

    private func replacingCharacters(in range: Range<Index>, with new: String) -> String { self[..<range.lowerBound] + new + self[range.upperBound...] }
}

extension LineDifference {
    fileprivate var before: String? { switch self { case .same(let text), .removed(let text): text; default: nil } }
    fileprivate var after: String? { switch self { case .same(let text), .added(let text): text; default: nil } }
}
