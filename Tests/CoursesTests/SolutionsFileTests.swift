import Foundation
import Notebook
import Testing

@testable import Courses

@Suite("A solutions file") struct SolutionsFileTests {
    private func read(_ script: String) throws -> SolutionsFile {
        try SolutionsFile(Notebook(script: script), file: "s.swift")
    }

    @Test("holds hints, the explained solution, right and wrong answers by problem, in order")
    func example() throws {
        let file = try read(
            """
            // A licence line.

            // %% [markdown]
            // A note to authors.

            // %% [markdown] problem="part3.c" role="hint"
            // It is an embedding layer.

            // %% [markdown] problem="part3.c" role="hint"
            // Flatten it.

            // %% [markdown] problem="part3.c" role="solution"
            // One number a movie:

            // %% problem="part3.c" role="solution"
            let movieBias = Flatten()(x)

            // %% Another order problem="part3.c" role="right"
            let movieBias = y

            // %% problem="part3.c" role="wrong" mistake="bias-per-user"
            let movieBias = z

            // %% [markdown] problem="part2" role="solution"
            // More capacity.
            """)
        #expect(file.problems.keys.sorted().map(\.description) == ["part2", "part3.c"])
        let path = try #require(ProblemPath("part3.c"))
        let c = try #require(file.problems[path])
        #expect(c.hints == ["It is an embedding layer.", "Flatten it."])
        #expect(c.solution.map(\.kind) == [.markdown, .code] && c.solutionCode == "let movieBias = Flatten()(x)")
        #expect(c.right.map(\.title) == ["Another order"] && c.right.map(\.firstLine) == [19])
        #expect(c.wrong.map(\.mistake) == ["bias-per-user"] && c.wrong[0].cell.source == "let movieBias = z")
    }

    @Test("that is wrong is refused with file and line", arguments: [
        ("role=\"answer\" problem=\"p\"\nx", "The role \"answer\" is not known; it is one of \"hint\", \"solution\", \"right\", \"wrong\"."),
        ("role=\"right\"\nx", "The role \"right\" has no problem; write problem=\"part1\" or the like beside it."),
        ("problem=\"p\"\nx", "The cell for p has no role; it is one of \"hint\", \"solution\", \"right\", \"wrong\"."),
        ("problem=\"1.p\" role=\"right\"\nx", "\"1.p\" is not a problem's name, such as part1 or part3.c."),
        ("problem=3 role=\"right\"\nx", "problem is the number 3; write it as text, problem=\"…\"."),
        ("problem=\"p\" role=\"right\"\n// only a comment", "A right answer is code; this cell for p holds none."),
        ("[markdown] problem=\"p\" role=\"wrong\" mistake=\"m\"\n// text", "A wrong answer is code; this cell for p holds none."),
        ("problem=\"p\" role=\"wrong\"\nx", "A wrong answer says which mistake it makes; write mistake=\"…\" beside the role."),
        ("problem=\"p\" role=\"wrong\" mistake=\"a b\"\nx", "\"a b\" is not a mistake's id: letters, digits, `-`, `_` and `.`."),
        ("problem=\"p\" role=\"right\" mistake=\"m\"\nx", "Only a wrong answer has a mistake; this cell's role is \"right\"."),
        ("mistake=\"m\"\nx", "The mistake \"m\" has no problem and no role."),
        ("problem=\"p\" role=\"hint\"\nx", "A hint is text; write it in a cell `// %% [markdown] problem=\"p\" role=\"hint\"`."),
        ("[markdown] problem=\"p\" role=\"solution\"\n\n", "A solution is Markdown or code; this cell is empty."),
        ("\nx", "This code belongs to no problem; write problem=\"…\" and role=\"…\" into its marker (roles: \"hint\", \"solution\", \"right\", \"wrong\")."),
        ("problem=\"p\" role=\nx", "The attributes of this marker can't be read, so the whole line counts as its title. Write them last, as key=\"value\", each key once, with a space between."),
    ])
    func errors(cell: String, sentence: String) {
        let error = #expect(throws: CourseError.self) { try read("// %% [markdown]\n// Note.\n\n// %% \(cell)\n") }
        #expect(error?.description == "s.swift:4: " + sentence)
    }

    @Test("keeps the place of a notebook's own errors")
    func notebookErrors() throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("s-\(UUID().uuidString).swift").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        try "// %% id=\"a\"\n// %% id=\"a\"\n".write(toFile: path, atomically: true, encoding: .utf8)
        let error = #expect(throws: CourseError.self) { try SolutionsFile(contentsOf: path) }
        #expect(error?.line == 2 && error?.file == path)
        #expect(throws: CourseError.self) { try SolutionsFile(contentsOf: path + ".none.swift") }
    }
}

@Suite("Hints that give the solution away") struct CodeTokensTests {
    let code = """
        // The layer of biases.
        let movieBias = Flatten()(Embedding(inputDimension: movieCount, outputDimension: 1, name: "movie_bias")(movieID))
        """

    @Test("are found by eight tokens in a row, whatever stands between them, and the whole run is told")
    func found() {
        let hint = "Try `Embedding( inputDimension:/* how many */ movieCount,\n  outputDimension: 1` and see https://example.org."
        #expect(
            sharesTokens(hint: hint, solutionCode: code)
                == "Embedding ( inputDimension : movieCount , outputDimension : 1")
        #expect(sharesTokens(hint: hint, solutionCode: code, atLeast: 9) != nil)
        #expect(sharesTokens(hint: hint, solutionCode: code, atLeast: 10) == nil)
    }

    @Test("are found behind a link, and not in a comment of the solution")
    func links() {
        #expect(sharesTokens(hint: "See https://example.org: Embedding(inputDimension: movieCount, outputDimension: 1", solutionCode: code) != nil)
        #expect(sharesTokens(hint: "a b c d e f g h", solutionCode: "x() // a b c d e f g h") == nil)
        #expect(sharesTokens(hint: "a b c d e f g h", solutionCode: "let s = \"// a b c d e f g h\"") == "a b c d e f g h")
    }

    @Test("are not those that share only seven, or the words of the sentence")
    func notFound() {
        #expect(sharesTokens(hint: "`Embedding(inputDimension: movieCount, outputDimension`", solutionCode: code) == nil)
        #expect(sharesTokens(hint: "It is once more an embedding layer, of size 1; its output needs flattening.", solutionCode: code) == nil)
        #expect(sharesTokens(hint: "", solutionCode: code) == nil && sharesTokens(hint: code, solutionCode: "") == nil)
        #expect(sharesTokens(hint: "anything", solutionCode: code, atLeast: 0) == nil)
    }

    @Test("are named by number")
    func numbered() {
        var solutions = ProblemSolutions()
        solutions.hints = ["Think of size 1.", "Write `\(code)`."]
        solutions.solution = [Cell(id: "a", source: code)]
        #expect(solutions.hintsThatShareCode().map(\.hint) == [2])
    }

    @Test("The tokens are names, numbers, operators and signs", arguments: [
        ("let rate = 0.005", ["let", "rate", "=", "0.005"]), ("5_000+1e3", ["5000", "+", "1e3"]), ("a.b?.c", ["a", ".", "b", "?", ".", "c"]),
        ("x==y&&z", ["x", "==", "y", "&&", "z"]), ("/* a /* b */ c */ d", ["d"]), ("\"a//b\" c", ["\"", "a", "//", "b", "\"", "c"]),
        ("é💡 = \"\"\"\n// in\n\"\"\"", ["é💡", "=", "\"", "\"", "\"", "//", "in", "\"", "\"", "\""]), ("x*//c\ny", ["x", "*", "y"]), ("/*", []),
        ("don't \"", ["don", "'", "t", "\""]),
    ])
    func tokens(text: String, tokens: [String]) {
        #expect(CodeTokens.tokens(of: text, skipsComments: true) == tokens)
    }
}
