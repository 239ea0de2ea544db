import CellCompiler
import Foundation
import Notebook
import Sessions
import Testing
import Wire

@testable import Courses

@Suite("What a cell may change") struct ChangedNamesTests {
    @Test("is what it assigns to, passes on with & or calls a method of", arguments: [
        ("x = 1", "x"), ("x += 1", "x"), ("table[\"a\"] = b", "table"), ("a.b.c = 1", "a"), ("a.b[0]!.c?.d -= e", "a"),
        ("swap(&x, &y.z)", "x y"), ("(x, y) = (y, x)", "x y"), ("let f = { x = 1 }", "x"), ("for i in 0..<3 { total += i }", "total"),
        ("words.append(\"a\")", "words"), ("let history = try model.fit(rows)", "model"), ("`in` = 2", "in"), ("flags |= 2", "flags"),
    ])
    func changes(text: String, names: String) throws {
        #expect(try Workshop.compiler().outline(of: text).changedNames.sorted().joined(separator: " ") == names)
    }

    @Test("is not what it compares, declares, labels, or only reads", arguments: [
        "x == 1", "x != y", "x <= y && x >= z", "x === y", "0...9 ~= x", "let x = 1", "var x: Int = 1", "foo(x: 1)", "func f(x: Int = 1) {}",
        "print(x, y.z)", "let n = Int.random(in: 0..<3)", "// x = 1", "\"x = 1\"", "x",
    ])
    func keeps(text: String) throws {
        #expect(try Workshop.compiler().outline(of: text).changedNames == [])
    }
}

@Suite("The cells that an answer needs") struct CellsNeededTests {
    private func needed(_ problems: [ProblemOutline], _ script: String) throws -> Set<String> {
        let compiler = try Workshop.compiler()
        let run = ExerciseRun(
            try Notebook(script: script), session: NotebookSession(.init(installation: try Installation()), compiler: compiler), compiler: compiler,
            starter: nil, desk: nil, audience: Watcher())
        return run.cellsNeeded(for: problems)
    }

    private func problem(_ path: String, _ variables: String..., kind: ProblemOutline.Kind = .coding, parts: [ProblemOutline] = []) -> ProblemOutline {
        ProblemOutline(path: path, kind: kind, variables: variables, points: 1, parts: parts)
    }

    private let script = """
        // %% id="setup"
        import Training
        let rows = 3
        // %% id="function"
        func train() -> Int { rows }
        // %% id="train"
        let history = train()
        // %% id="choice" problem="part1"
        var chosen: Set = ["a"]
        // %% id="words"
        var words = ["b"]
        // %% id="words-changed"
        words.append("c")
        // %% id="words-sorted"
        let sorted = words.count
        // %% id="table" problem="part2"
        let table = words + ["\\(history)"]
        // %% id="below"
        words = []
        """

    @Test("are the one that holds it and those that import, not the training of another question")
    func alone() throws { #expect(try needed([problem("part1", "chosen")], script) == ["setup", "choice"]) }

    @Test("are those whose names it uses, those that may change them in between, and none below")
    func between() throws {
        #expect(try needed([problem("part2", "table")], script) == ["setup", "function", "train", "words", "words-changed", "table"])
    }

    @Test("are those of all parts, and none for what is only thought about")
    func parts() throws {
        let both = problem("p", kind: .multipart, parts: [problem("part1", "chosen"), problem("p.b", kind: .thought)])
        #expect(try needed([both], script) == ["setup", "choice"])
        #expect(try needed([problem("part2", kind: .thought)], script) == [])
    }

    @Test("are found by the variable where no cell names the question, or another declares it")
    func byVariable() throws {
        #expect(try needed([problem("elsewhere", "sorted")], script) == ["setup", "words", "words-changed", "words-sorted"])
        #expect(try needed([problem("part1", "sorted")], script).contains("words-sorted"))
    }

    @Test("include extensions and operators, with what those and cells that import use themselves")
    func unnamed() throws {
        let found = try needed([problem("p", "x")], """
            // %% id="limit"
            let limit = 3
            // %% id="factor"
            let factor = 2
            // %% id="extension"
            extension Int { var capped: Int { Swift.min(self, limit) } }
            // %% id="operator"
            func ** (a: Int, b: Int) -> Int { a * b }
            // %% id="import"
            import Foundation
            let twice = factor * 2
            // %% id="other"
            let other = 1
            // %% id="answer" problem="p"
            let x = 5.capped
            """)
        #expect(found == ["limit", "factor", "extension", "operator", "import", "answer"])
    }
}
