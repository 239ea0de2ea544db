import Testing

@testable import CellCompiler

@Suite("A later cell declares a name again")
struct RedefinitionTests {
    @Test("The newest variable, function or type is meant; what was made with the old ones lives on")
    func newestIsMeant() throws {
        let session = try TestSession()
        let output = try session.run([
            "let a = 1; var b = 2; func c() -> Int { 3 }; let (d, e) = (4, 5)",
            "func f() -> Int { 1 }\nfunc g(_ x: Int) -> String { \"old int\" }\nfunc g(_ x: String) -> String { \"text\" }",
            "struct S { var x = 1 }; class K { func hello() -> String { \"old\" } }; enum E { case one }\nprotocol P { func p() -> Int }; typealias T = Int",
            "let oldS = S(); let oldK = K(); class Sub: K {}; extension S { var plus: Int { x + 1 } }",
            "let a = \"text\"; func b() -> Int { 22 }; let c = 33; let d = 44",
            "func f() -> Int { 2 }\nfunc g(_ x: Int) -> String { \"new int\" }\nfunc g(_ x: Double) -> String { \"double\" }",
            "struct S { var y = 2.5 }; class K { func hello() -> String { \"new\" } }; enum E { case two }\nprotocol P { func q() -> Int }; typealias T = String",
            "print(a, b(), c, d, e, f(), g(1), g(\"s\"), g(1.5))",
            "print(S().y, oldS.x, oldS.plus, K().hello(), oldK.hello(), Sub().hello(), E.two, T(\"x\"))\nstruct Q: P { func q() -> Int { 6 } }\nprint(Q().q())",
        ])
        #expect(output[7] == "text 22 33 44 5 2 new int text double")
        #expect(output[8] == "2.5 1 2 new old old two x\n6")
    }

    @Test("Members of extensions and operators are replaced by the newest, also three times over")
    func membersAndOperators() throws {
        let session = try TestSession()
        let output = try session.run([
            "extension Int { var twice: Int { self * 2 }; func times(_ n: Int) -> Int { self * n }; static var answer: Int { 1 } }\nprotocol Named {}\nextension Named { func title() -> String { \"old\" } }",
            "struct V: Named { var x = 1 }\nextension V { func show() -> String { \"V\\(x)\" } }\nfunc + (a: V, b: V) -> V { V(x: a.x + b.x) }\ninfix operator <+>: AdditionPrecedence\nfunc <+> (a: Int, b: Int) -> Int { a + b }",
            "extension Int { var twice: Int { self * 20 } }\nextension V { func show() -> String { \"new V\\(x)\" } }\n4.twice",
            "func + (a: V, b: V) -> V { V(x: 100) }\nextension Named { func title() -> String { \"new\" } }\nfunc <+> (a: Int, b: Int) -> Int { a * b }",
            "print(3.twice, 3.times(2), Int.answer, V().show(), (V() + V()).x, V().title(), 3 <+> 4)",
            "infix operator <+>: AdditionPrecedence\nextension Int { public var twice: Int { self * 200 }; static var answer: Int { 42 } }",
            "print(3.twice, Int.answer, 3 <+> 4, V().show())",
        ])
        #expect(output[2] == "=> 80")
        #expect(output[4] == "60 6 1 new V1 100 new 12")
        #expect(output[6] == "600 42 12 new V1")
    }

    @Test("An overload that is replaced in the middle of a chain")
    func overloadChain() throws {
        let session = try TestSession()
        let output = try session.run([
            "func f(_ x: Int) -> String { \"A int\" }\nfunc f(_ x: String) -> String { \"A text\" }",
            "func f(_ x: Int) -> String { \"B int\" }",
            "func f(_ x: Bool) -> String { \"C bool\" }",
            "print(f(1), f(\"s\"), f(true))",
            "func h<T>(_ x: T) -> String { \"first\" }",
            "func h<U>(_ y: U) -> String { \"second\" }",
            "h(1)",
        ])
        #expect(output[3] == "B int A text C bool")
        #expect(output[6] == "=> second")
    }

    @Test("Functions that differ in their result or effects alone replace each other")
    func resultsAndEffects() throws {
        let session = try TestSession()
        let output = try session.run([
            "func f(_ x: Int) -> Int { x }\nfunc g() throws -> Int { 1 }\nfunc make() -> some Sequence<Int> { [1, 2] }\nlet seq = make()",
            "Array(seq)",
            "func f(_ x: Int) -> String { \"s\\(x)\" }\nfunc g() async -> Int { 2 }\nfunc make() -> some Sequence<Int> { [3] }",
            "let r = f(1)\nprint(r, await g(), Array(make()))",
            "func g() -> Int { 3 }\ng()",
            "g()",
        ])
        #expect(Array(output[1...]) == ["=> [1, 2]", "", "s1 2 [3]", "=> 3", "=> 3"])
    }

    @Test("Members of generic types, static operators, and an enum with its extension")
    func manyMembers() throws {
        let session = try TestSession()
        let output = try session.run([
            "struct Stack<T> { var items: [T] = [] }\nenum Op: String, CaseIterable { case add, mul }\nstruct P: Equatable { var x = 1 }",
            "extension Stack where T == Int { var total: Int { items.reduce(0, +) } }\nextension Stack { var top: T? { items.last } }\nextension Op { func apply(_ a: Int, _ b: Int) -> Int { self == .add ? a + b : a * b } }",
            "infix operator <=>: ComparisonPrecedence\nextension P { static func <=> (a: P, b: P) -> Bool { a.x <= b.x }\n static func + (a: P, b: P) -> P { P(x: a.x + b.x) } }",
            "let s = Stack(items: [3, 4])\nprint(s.total, s.top!, P() <=> P(), (P() + P()).x, Op.allCases.map { $0.apply(3, 4) })",
            "extension Stack { var top: T? { items.first } }\nextension P { static func + (a: P, b: P) -> P { P(x: 50) } }",
            "enum Op: String, CaseIterable { case add, sub }\nextension Op { func apply(_ a: Int, _ b: Int) -> Int { self == .add ? a + b : a - b } }",
            "print(s.total, s.top!, P() <=> P(), (P() + P()).x, Op.allCases.map { $0.apply(3, 4) })",
        ])
        #expect(output[3] == "7 4 true 2 [7, 12]" && output[6] == "7 3 true 50 [7, -1]")
    }

    @Test("A cell that is run again replaces its old self")
    func runAgain() throws {
        let session = try TestSession()
        try session.cell("struct P { var x = 1 }\nextension Int { var twice: Int { 1 } }", id: "a").compiledCell()
        try session.cell("struct P { var y = 2 }\nextension Int { var twice: Int { 2 } }", id: "a").compiledCell()
        try session.cell("print(P().y, 1.twice)", id: "b").compiledCell()
        #expect(session.scope.cells.map(\.id) == ["a", "b"])
        #expect(try session.output().last == "2 2")
        let first = try session.cell("let z = 1", id: "c").compiledCell()
        let again = try session.cell("let z = 1", id: "c", generation: 1).compiledCell()
        #expect(first.moduleName != again.moduleName)
    }

    @Test("A conformance stated twice is refused with the cell that has it")
    func repeatedConformance() throws {
        let session = try TestSession()
        try session.cell("struct Point { var x = 1 }; protocol Shape { var area: Int { get } }").compiledCell()
        try session.cell("extension Point: Shape { var area: Int { 1 } }").compiledCell()
        let outcome = try session.cell("let before = 1\nextension Point: Shape { var area: Int { 2 } }")
        let error = try #require(outcome.errors.first)
        #expect(error.message == "`Point` conforms to `Shape` since cell 2: change it there, and run that cell again.")
        #expect(error.range?.lowerBound.line == 2)
    }

    @Test("An operator declared with another precedence is refused with the cell that has it")
    func changedOperator() throws {
        let session = try TestSession()
        try session.cell("infix operator **: MultiplicationPrecedence\nprecedencegroup Low { lowerThan: AdditionPrecedence }").compiledCell()
        let error = try #require(try session.cell("infix operator **: AdditionPrecedence").errors.first)
        #expect(error.message.hasPrefix("The operator `**` is declared otherwise in cell 1"))
        #expect(error.range.map { $0.lowerBound.line } == 1)
        #expect(try session.cell("precedencegroup Low { higherThan: AdditionPrecedence }").errors.count == 1)
        try session.cell("prefix operator **\nprefix func ** (a: Int) -> Int { a }").compiledCell()
    }
}
