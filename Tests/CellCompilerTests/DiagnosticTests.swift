import Testing

@testable import CellCompiler

@Suite("Errors in a learner's words")
struct DiagnosticTests {
    /// One error a text: the beginning of the sentence, and the text that it marks.
    static let common: [(text: String, id: String, sentence: String, marked: String)] = [
        ("print(undefinedThing)", "cannot_find_in_scope", "There is nothing named `undefinedThing` here.", "undefinedThing"),
        ("var count = 1; print(cuont)", "cannot_find_in_scope", "There is nothing named `cuont` here. Did you mean `count`?", "cuont"),
        ("pritn(1)", "cannot_find_in_scope", "There is nothing named `pritn` here. Did you mean `print`?", "pritn"),
        ("let r: Strnig = \"a\"", "cannot_find_type_in_scope", "There is no type named `Strnig` here. Did you mean `String`?", "Strnig"),
        ("func f(a: Int, b: Int) {}; f(1, b: 2)", "missing_argument_labels", "This call needs the argument label `a:`", ""),
        ("func f(a: Int, b: Int) {}; f(a: 1)", "missing_argument_named", "The call lacks a value for the parameter `b`", ""),
        ("func f(a: Int) {}; f(x: 1)", "wrong_argument_labels", "Wrong argument label: (have 'x:', expected 'a:').", ""),
        ("func f(a: Int) {}; f(a: 1, b: 2)", "extra_argument_named", "This call has no parameter `b`", ""),
        ("func f(_ a: Int) {}; f(a: 1)", "extra_argument_labels", "This argument has no label: leave `a:` out", ""),
        ("func f() {}; f(1)", "extra_argument_to_nullary_call", "This call takes no arguments", ""),
        ("let i = 1; let d = 2.0; print(i + d)", "cannot_apply_binop_to_args", "`+` needs the same type on both sides, and these are `Int` and `Double`: convert one, as in `Double(…)`.", "+"),
        ("print(\"a\" + 1)", "cannot_apply_binop_to_args", "`+` joins text with text, and one side is `Int`", "+"),
        ("let d: Double = 2; let k: Int = d", "cannot_convert_initializer_value", "This value is of the type `Double`, and the variable has the type `Int`. Convert it: `Int(…)`.", "d"),
        ("func f(a: Int) {}; f(1)", "missing_argument_labels", "This call needs the argument label `a:`: write `a:` before the value.", ""),
        ("func f(a: Int, _ b: Int, c: Int) {}; f(1, 2, 3)", "missing_argument_labels", "This call needs argument labels: write `a:` and `c:`, each before its value.", ""),
        ("let empty = \nempty = 3", "circular_reference", "`empty` is made from itself, before it has a value: is something missing behind its `=`?", ""),
        ("func f(_ a: Int) {}; f(\"x\")", "cannot_convert_argument_value", "This value is of the type `String`, and the parameter has the type `Int`.", "\"x\""),
        ("func f(_ b: Bool) -> Int { if b { return 1 } }", "missing_return_decl", "The function promises to return `Int`", ""),
        ("let c = 1; c = 2", "assignment_lhs_is_immutable_variable", "`c` can't be changed: it is a constant.", ""),
        ("let xs = [1]; xs.append(2)", "cannot_pass_rvalue_mutating_subelement", "`xs` can't be changed", ""),
        ("let o: Int? = 1; let u: Int = o", "optional_not_unwrapped", "This value is optional (`Int?`) and may be `nil`", "o"),
        ("let o: String? = \"a\"; print(o.count)", "optional_base_not_unwrapped", "This value is optional (`String?`) and may be `nil`: write `?.count`", "o"),
        ("let a = ", "expected_init_value", "The value behind `=` is missing.", ""),
        ("let s = \"abc", "lex_unterminated_string", "The text has no closing quotation mark", ""),
        ("func f() { print(1)", "expected_rbrace_in_brace_stmt", "A closing `}` is missing", ""),
        ("print(1)\n}", "extra_rbrace", "There is a `}` too many here.", "}"),
        ("func t() throws {}; t()", "throwing_call_without_try", "This call can throw an error: write `try` before it.", "t"),
        ("func g() async {}; g(); await g()", "async_expr_without_await", "This call takes its time (`async`): write `await`", "g"),
        ("let q = [1, 2]; q.foo()", "could_not_find_value_member", "A value of the type `[Int]` has no member `foo`", "foo"),
        ("let x1 = 1\nlet x1 = 2", "invalid_redecl", "`x1` is declared twice in this cell", "x1"),
        ("if 1 { print(1) }", "integer_used_as_boolean_literal", "A condition is `true` or `false`", "1"),
        ("let w = nil", "unresolved_nil_literal", "`nil` alone has no type", "nil"),
        ("for i in 5 { print(i) }", "foreach_sequence_does_not_conform_to_expected_protocol", "A `for` loop needs something to go through", "5"),
        ("import Fundation", "sema_no_import", "There is no module named `Fundation`. Did you mean `Foundation`?", "Fundation"),
        ("lazy var l = 5", "lazy_on_already_lazy_global", "A variable at a cell's top level can't be `lazy`", "lazy"),
        ("@propertyWrapper struct W { var wrappedValue: Int }\n@W var ww = 3", "property_wrapper_top_level", "A property wrapper can't be used", ""),
        ("var n = 1; n++", "cannot_find_in_scope_corrected", "Swift has no `++`: write `+= 1`.", "++"),
        ("return 5", "return_invalid_outside_func", "`return` has a meaning inside a function only", "return"),
        ("if x = 5 { }", "use_of_equal_instead_of_equality", "`=` assigns a value; to compare two values write `==`.", "="),
        ("switch 3 { case 1: print(1) }", "non_exhaustive_switch", "The `switch` does not cover every case", ""),
        ("func f(_ x: inout Int) {}; var n = 1; f(n)", "missing_address_of", "The function changes this variable: write `&` before it.", "n"),
        ("let list = []", "collection_literal_empty", "An empty list has no type of its own", ""),
        ("print(Model())", "cannot_find_in_scope", "There is nothing named `Model` here. It comes with the module `Training`: write `import Training` first.", "Model"),
    ]

    @Test("The commonest mistakes", arguments: DiagnosticTests.common.indices)
    func commonMistakes(index: Int) throws {
        let (text, id, sentence, marked) = DiagnosticTests.common[index]
        let session = try TestSession()
        let errors = try session.cell(text).errors
        let error = try #require(errors.first { $0.id == id }, "\(text): \(errors.map { "\($0.id): \($0.compilerMessage)" })")
        #expect(error.message.hasPrefix(sentence), "\(error.message)")
        #expect(!error.compilerMessage.isEmpty && error.cellID == "c1" && !error.isInGlue)
        let range = try #require(error.range)
        #expect(range.upperBound.utf8Offset <= text.utf8.count)
        if !marked.isEmpty { #expect(text.text(in: range)?.hasPrefix(marked) == true, "\(text.text(in: range) ?? "")") }
    }

    @Test("Warnings in a learner's words")
    func warnings() throws {
        let session = try TestSession()
        let text = "func r() -> Int { 1 }\nr()\n1 + 2\nfunc f() { var v = 5; print(v); let u = 1 }\nf()"
        let warnings = try session.cell(text).compiledCell().diagnostics
        #expect(warnings.map(\.message) == [
            "The result of `r()` is not used: store it, print it, or write `_ =` before the call.",
            "The result of `+` is not used: store it, or print it.",
            "`v` never changes: declare it with `let`.", "`u` is never used.",
        ])
        #expect(warnings.map { $0.range?.lowerBound.line } == [2, 3, 4, 4])
    }

    @Test("Names that an earlier cell keeps for itself")
    func keptNames() throws {
        let session = try TestSession()
        try session.cell("guard let q = Int(\"4\") else { fatalError() }\nprivate let secret = 1\nvar n = 1").compiledCell()
        #expect(try session.cell("print(q)").errors.first?.message.hasPrefix("`q` comes from a `guard let` in cell 1") == true)
        #expect(try session.cell("print(secret)").errors.first?.message.hasPrefix("`secret` is private to cell 1") == true)
        let circular = try #require(try session.cell("var n = n + 1").errors.first)
        #expect(circular.message.hasPrefix("This declares a new `n`, which can't be made from itself. To change the `n` of cell 1, leave `var` out"))
        #expect(try session.cell("print(m)").errors.count == 1)
        try session.cell("let counter = 1").compiledCell()
        #expect(try session.cell("print(conuter)").errors.first?.message.hasSuffix("Did you mean `counter` (from cell 6)?") == true)
    }

    @Test("What the compiler could write only where the type is declared")
    func synthesis() throws {
        let session = try TestSession()
        try session.cell("struct Movie { var year = 1 }").compiledCell()
        let error = try #require(try session.cell("extension Movie: Hashable {}").errors.first)
        #expect(error.message == "The compiler can write `Hashable` only in the cell that declares `Movie`: state it there, as in `struct Movie: Hashable`, or write the members yourself.")
    }

    @Test("A text that is not whole Swift gives errors, each in the text", arguments: [
        "let x = [1, 2, 3\nprint(x)", "func f( { }", "let s = \"a \\(b c)\"", "class", "1 +", "@", "#if", "\"\\(\"", "let `", "struct { }", "print(1", ")", "<<<>>>",
    ])
    func broken(text: String) throws {
        let errors = try TestSession().cell(text).errors
        #expect(!errors.isEmpty && errors.allSatisfy { !$0.isInGlue && $0.cellID == "c1" && !$0.message.isEmpty && $0.id != "circular_reference" })
        #expect(errors.allSatisfy { $0.range.map { $0.upperBound.utf8Offset <= text.utf8.count } ?? true })
    }

    @Test("Notes point into earlier cells, and module names never show")
    func notesAndNames() throws {
        let session = try TestSession()
        try session.cell("struct Foo {}\nfunc take(_ x: Foo) {}").compiledCell()
        try session.cell("let pad = 1\nstruct Foo {}").compiledCell()
        let error = try #require(try session.cell("take(Foo())").errors.first)
        #expect(error.compilerMessage.contains("Foo (of cell 2)") && error.compilerMessage.contains("Foo (of cell 1)"))
        #expect(!error.message.contains("Cell_"))
        try session.cell("\n  func needs(a: Int) {}").compiledCell()
        let note = try #require(try session.cell("needs()").errors.first?.notes.first)
        #expect(note.cellID == "c4" && note.range?.lowerBound.line == 2 && note.range?.lowerBound.column == 8)
        #expect(session.scope.withoutModuleNames("\(session.libraries[0].moduleName).Tree.leaf") == "Tree.leaf")
    }

    @Test("Fix-its are in the learner's columns")
    func fixIts() throws {
        let session = try TestSession()
        let text = "let ü = \"ö\"; let o: Int? = 1\nlet u: Int = o"
        let error = try #require(try session.cell(text).errors.first)
        let fix = try #require(error.notes.flatMap(\.fixIts).first { $0.replacement.contains("!") })
        #expect(fix.range.lowerBound.line == 2 && fix.range.lowerBound.column == 15)
    }

    @Test("A stranger's #sourceLocation, #warning and #error can't point elsewhere or upset a terminal")
    func strangers() throws {
        let session = try TestSession()
        try session.cell("let first = 1").compiledCell()
        let text = "#sourceLocation(file: \"c1.cell\", line: 1)\nlet a: Int = \"x\"\n#warning(\"\\u{1B}[31mred\\u{202E}\")\n#error(\"e\")"
        let outcome = try session.cell(text)
        #expect(outcome.errors.allSatisfy { $0.cellID == "c2" })
        #expect(outcome.errors.map { $0.range?.lowerBound.line } == [2, 4])
        #expect(outcome.warnings.contains { $0.id == "etude_source_location" })
        #expect(outcome.diagnostics.allSatisfy { !$0.message.unicodeScalars.contains("\u{1B}") && !$0.message.unicodeScalars.contains("\u{202E}") })
        let glue = try session.cell("#sourceLocation(file: \"glue\", line: 1)\nlet a: Int = \"x\"\n#sourceLocation()\nlet b = nope")
        #expect(glue.errors.count == 2)
    }

    @Test("A cell's id may be any text")
    func strangeIDs() throws {
        let session = try TestSession()
        let id = "a/b \"c\" \\(x) ü%41\n"
        try session.cell("let a = 1", id: id).compiledCell()
        let error = try #require(try session.cell("nope", id: id + "2").errors.first)
        #expect(error.cellID == id + "2" && error.range != nil)
    }
}
