import Testing

@testable import CellCompiler

@Suite("What a cell can say, and what later cells see of it")
struct LanguageTests {
    @Test("Variables, functions and types of every kind are seen by later cells")
    func everyKindOfDeclaration() throws {
        let session = try TestSession()
        let output = try session.run([
            """
            import Foundation
            import Training
            var counter = 1
            let (low, high) = (1, 10)
            func twice(_ x: Int) -> Int { x * 2 }
            func twice(_ x: String) -> String { x + x }
            func largest<T: Comparable>(_ values: [T]) -> T? { values.max() }
            func describe<each A>(_ values: repeat each A) -> Int { var n = 0; for _ in repeat each values { n += 1 }; return n }
            struct Point { var x = 1.0, y = 2.0; lazy var sum = x + y }
            indirect enum Tree { case leaf(Int), node(Tree, Tree) }
            class Animal { func sound() -> String { "..." }; weak var friend: Animal? }
            protocol Shape { var area: Double { get } }
            extension Shape { var doubled: Double { area * 2 } }
            typealias Name = String
            precedencegroup Power { higherThan: MultiplicationPrecedence }
            infix operator **: Power
            func ** (a: Double, b: Double) -> Double { pow(a, b) }
            extension Int { var squared: Int { self * self } }
            var computed: Int { counter * 100 }
            var observed = 0 { didSet { print("observed \\(oldValue)->\\(observed)") } }
            let tape = 3; struct Tape { var length = 4 }; func internalHelper() -> Int { 5 }
            let größe = 7
            """,
            """
            counter += low + high
            func bump(_ n: inout Int) { n += 1 }
            bump(&counter)
            print(counter, twice(4), twice("ab"), largest([1, 3, 2])!, describe(1, "a", 2.0))
            observed = 5
            class Dog: Animal { override func sound() -> String { "wau" } }
            struct Square: Shape { var side: Double; var area: Double { side * side } }
            print(Square(side: 3).doubled, 2.0 ** 3.0 * 2, 5.squared, computed, Tape().length, internalHelper(), größe)
            """,
            """
            let animal: Animal = Dog()
            print(animal.sound(), animal is Dog, (animal as? Dog) != nil, sqrt(16.0))
            let shapes: [any Shape] = [Square(side: 1), Square(side: 2)]
            shapes.map(\\.area).reduce(0, +)
            """,
            """
            @propertyWrapper struct Clamped { var wrappedValue: Int { didSet { wrappedValue = min(wrappedValue, 9) } } }
            struct Settings { @Clamped var level: Int = 3 }
            @resultBuilder struct Joined { static func buildBlock(_ parts: String...) -> String { parts.joined(separator: "-") } }
            func join(@Joined _ make: () -> String) -> String { make() }
            var settings = Settings(); settings.level = 20
            let add: (Int) -> Int = { $0 + counter }
            @dynamicMemberLookup struct Bag { subscript(dynamicMember name: String) -> String { name } }
            struct Handle: ~Copyable { var number = 8 }
            func number(of handle: borrowing Handle) -> Int { handle.number }
            join { "a"; "b" }
            """,
            """
            print(settings.level, add(1), Bag().hello, number(of: Handle()))
            let path = \\Point.x
            let word = if counter > 3 { "big" } else { "small" }
            let kind = switch counter { case 0: "none"; default: "some" }
            defer { print("deferred") }
            func risky(_ fail: Bool) throws -> Int { struct Oops: Error {}; if fail { throw Oops() }; return 1 }
            do { _ = try risky(true) } catch { print("caught") }
            if #available(macOS 10, *) { print(word, kind, try? risky(true), Point()[keyPath: path]) }
            guard counter > 0 else { fatalError() }
            """,
            """
            import Observation
            import RegexBuilder
            import Synchronization
            @Observable class Score { var points = 1 }
            let shared = Mutex(4), atomic = Atomic(5)
            let digits = /(\\d+)-(\\d+)/
            let score = Score()
            let built = Regex { "a"; OneOrMore(.digit) }
            """,
            """
            print(score.points, shared.withLock { $0 }, atomic.load(ordering: .relaxed))
            if let match = "12-34".firstMatch(of: digits) { print(match.1, match.2, "a17".contains(built)) }
            print(#line, #file)
            try risky(true)
            print("not reached")
            """,
            "counter",
        ])
        #expect(output[1] == "13 8 abab 3 3\nobserved 0->5\n18.0 16.0 25 1300 4 5 7")
        #expect(output[2] == "wau true true 4.0\n=> 5.0")
        #expect(output[3] == "=> a-b")
        #expect(output[4] == "9 14 hello 8\ncaught\nbig some nil 1.0\ndeferred")
        #expect(output[6] == "1 4 5\n12 34 true\n3 c7.cell\n[threw]")
        #expect(output[7] == "=> 13")
    }

    @Test("Cells that await, actors and tasks; variables of such a cell serve a later cell without await")
    func asyncCells() throws {
        let session = try TestSession()
        let output = try session.run([
            """
            actor Counter { var value = 0; func bump() -> Int { value += 1; return value } }
            let shared = Counter()
            func slow(_ x: Int) async throws -> Int { try await Task.sleep(for: .milliseconds(1)); return x }
            """,
            """
            var first = await shared.bump()
            let (second, third) = (await shared.bump(), 7)
            async let pending = slow(4)
            class Box { var content = 5 }
            let box = Box()
            print(try await pending)
            await withTaskGroup(of: Int.self) { group in group.addTask { 2 }; for await x in group { print(x) } }
            try await slow(9)
            """,
            "first += 10\nprint(first, second, third, box.content)",
        ])
        #expect(output == ["", "4\n2\n=> 9", "11 2 7 5"])
        #expect(session.libraries.allSatisfy { $0.diagnostics.isEmpty })
        #expect(session.libraries[1].outline.usesTopLevelAwait && !session.libraries[2].outline.usesTopLevelAwait)
    }

    @Test("A name that is also a module's, a library's or the C library's means the learner's in later cells")
    func clashingNames() throws {
        let session = try TestSession()
        let output = try session.run([
            "import Foundation\nimport Training",
            "class Model { var name = \"mine\" }\nlet gamma = 0.5\nfunc cbrt(_ x: Double) -> Double { 77 }\nfunc exp(_ s: String) -> String { s }",
            "let Training = 5",
            "print(Model().name, gamma, cbrt(1.0), exp(\"e\"), exp(0.0), Training)",
        ])
        #expect(output[3] == "mine 0.5 77.0 e 1.0 5")
    }

    @Test("A cell imports only what it uses, what reaches beyond its names, and what these import")
    func prunedImports() throws {
        let session = try TestSession()
        for text in ["struct P { var x = 1 }", "let p = P()", "let unrelated = 1", "let step = p", "extension Int { var half: Int { self / 2 } }", "let last = step", "print(last.x)"] {
            try session.cell(text).compiledCell()
        }
        let modules = session.libraries.map(\.moduleName)
        // Its own name, the extension, and the type far behind; not what lies between.
        #expect(session.libraries[6].importedCells == [modules[0], modules[4], modules[5]])
        #expect(session.libraries[2].importedCells == [])
        #expect(try session.output()[6] == "1")
    }

    @Test("Cells without code compile to nothing; a cell with a gap waits")
    func emptyAndWaiting() throws {
        let session = try TestSession()
        for text in ["", "  \n\n", "// only a comment", "/* a\n b */\n// c", "\n"] {
            guard case .nothingToRun = try session.cell(text) else { Issue.record("\(text) is not empty"); continue }
        }
        guard case .waiting(let gaps) = try session.cell("let a = 1\nlet bias = <#the output of a layer#>") else {
            Issue.record("a gap was compiled")
            return
        }
        #expect(gaps == [.init(text: "the output of a layer", line: 2, column: 12)])
        guard case .compiled = try session.cell("// <#not a gap#>\nlet s = \"<#nor this#>\"") else {
            Issue.record("a gap in a comment or text is none")
            return
        }
        guard case .compiled = try session.cell("import Foundation") else { Issue.record("imports only"); return }
    }
}
