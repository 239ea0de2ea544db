import Testing

@testable import CellCompiler

@Suite("The value of a cell's last line")
struct LastValueTests {
    @Test("Expressions of every kind are shown, statements and hidden ones are not")
    func shown() throws {
        let session = try TestSession()
        let cases: [(text: String, output: String)] = [
            ("1 + 2", "=> 3"), ("let a = 4; a * 2", "=> 8"), ("let a = 1\na // comment", "=> 1"),
            ("let a = [3, 1]\na\n  .sorted()\n  .first", "=> Optional(1)"), ("\"\"\"\nlong\ntext\n\"\"\"", "=> long\ntext"),
            ("func f() throws -> Int { 7 }\ntry f()", "=> 7"), ("func f() throws -> Int { 7 }\ntry? f()", "=> Optional(7)"),
            ("func f() async -> Int { 8 }\nawait f()", "=> 8"), ("func f() async throws -> Int { 9 }\ntry await f()", "=> 9"),
            ("print(\"p\")", "p"), ("var n = 1\nfunc bump(_ x: inout Int) -> Int { x += 1; return x }\nbump(&n)", "=> 2"),
            ("true ? \"y\" : \"n\"", "=> y"), ("(1, \"b\")", "=> (1, \"b\")"), ("nil as Int?", "=> nil"),
            ("[1, 2].map { $0 * 2 }", "=> [2, 4]"), ("let größe = \"ü\"; größe + \"→\"", "=> ü→"), ("#line", "=> 1"),
            ("5;", ""), ("let x = 5", ""), ("var y = 1\ny = 3", ""), ("var y = 1\ny += 2", ""), ("_ = 4", ""),
            ("if true { 5 } else { 6 }", ""), ("switch 1 { default: 5 }", ""), ("for _ in 0..<2 {}", ""),
            ("func g() -> Int { 1 }", ""), ("{ 3 }()", "=> 3"), ("5 // <- five\n\n// end", "=> 5"),
            ("struct H: ~Copyable { var n = 1 }\nlet h = H()\nh", ""), ("let t: Int? = 3\nt!", "=> 3"),
            ("Int.self", "=> Int"), ("1...3", "=> 1...3"), ("do { print(1) }", "1"),
            ("#warning(\"w\")", ""), ("if #available(macOS 1, *) { 3 }", ""), ("Optional(2) as Any", "=> Optional(2)"),
        ]
        for (text, _) in cases { try session.cell(text).compiledCell() }
        let output = try session.output()
        for (index, (text, expected)) in cases.enumerated() {
            #expect(output[index] == expected, "\(text)")
            #expect(session.libraries[index].showsValue == expected.contains("=>") || ["p", ""].contains(expected), "\(text)")
        }
        let noisy = session.libraries.filter { !$0.diagnostics.isEmpty }
        #expect(noisy.flatMap(\.diagnostics).map(\.id).filter { $0 != "expression_unused_literal" } == ["pound_warning"])
        // A literal inside a branch is unused; one that is shown, or hidden by a semicolon, is not complained of.
        #expect(noisy.allSatisfy { !$0.showsValue })
    }

    @Test("Messages about a wrapped line stand where the learner's text has them", arguments: [
        ("nope + 1", "nope", 1), ("let a = 1\n  a.foo", "foo", 5), ("let a = 1; a + \"t\"", "+", 14), ("let ü = 1; ü + nope", "nope", 16),
    ])
    func columns(text: String, marked: String, column: Int) throws {
        let session = try TestSession()
        let error = try #require(try session.cell(text).errors.first)
        #expect(text.text(in: error.range)?.contains(marked.prefix(3)) == true, "\(error)")
        #expect(error.range?.lowerBound.column == column)
    }
}

@Suite("Glue for answers")
struct AnswerTests {
    @Test("Variables and functions are bound at the cell's head and read when asked")
    func bound() throws {
        let session = try TestSession()
        try session.cell(
            "import TestGlue\nvar names: Set = [\"a\"]\nprint(TestAnswers.read(\"names\"))\nnames = [\"b\"]\nfunc f(_ x: Int) -> Int { x }\nclass K {}\nlet k = K()",
            answers: [.init("names"), .init("f"), .init("k"), .init("elsewhere")]
        ).compiledCell()
        try session.cell("print(TestAnswers.read(\"names\"), TestAnswers.read(\"f\"), TestAnswers.read(\"k\"), TestAnswers.read(\"elsewhere\"))").compiledCell()
        #expect(session.libraries[0].boundAnswers == ["names", "f", "k"])
        #expect(try session.output() == ["value [\"a\"]", "value [\"b\"] function (Int) throws -> Int other K unbound"])
    }

    @Test("Generic and overloaded functions are bound by the expected type, or left out")
    func particular() throws {
        let session = try TestSession()
        let text = "func g<T>(_ x: T) -> T { x }\nfunc o(_ x: Int) -> Int { x }\nfunc o(_ x: String) -> String { x }\nlet v = 1"
        let plain = try session.cell(text, answers: [.init("g"), .init("v"), .init("o")]).compiledCell()
        #expect(plain.boundAnswers == ["v"] && plain.diagnostics.isEmpty)
        let typed = try session.cell(text, answers: [.init("g", as: "(Int) -> Int"), .init("o", as: "(String) -> String")]).compiledCell()
        #expect(typed.boundAnswers == ["g", "o"])
    }

    @Test("A learner's error is reported alone, and a cell with answers keeps its lines")
    func errorBesideGlue() throws {
        let session = try TestSession()
        let errors = try session.cell("let a: Int = \"x\"\nlet b = nope", answers: [.init("a"), .init("b")]).errors
        #expect(Set(errors.compactMap { $0.range?.lowerBound.line }) == [1, 2])
        #expect(errors.allSatisfy { !$0.isInGlue })
    }
}
