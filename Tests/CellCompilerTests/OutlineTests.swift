import Testing
import Tiers

@testable import CellCompiler

@Suite("What a cell's text says of itself")
struct OutlineTests {
    @Test("Declarations with kind, name and place")
    func declarations() {
        let text = """
            @testable import struct Foundation.Date
            let (a, b) = (1, 2), `class` = 3
            var c: Int = 4
            @discardableResult
              public func f(x: Int) async throws -> Int { 1 }
            private struct S {}
            #if DEBUG
            enum E {}
            #endif
            extension Array where Element == Int { var n: Int { 1 } }
            guard let q = Int("1"), case .some(let r) = Int("2") else { fatalError() }
            """
        let outline = CellReader.outline(of: text)
        #expect(outline.imports == [.init(text: "@testable import struct Foundation.Date", module: "Foundation", line: 1)])
        #expect(outline.declarations.map(\.name) == ["a", "b", "class", "c", "f", "S", "E", "Array"])
        #expect(outline.declarations.map(\.kind) == [.constant, .constant, .constant, .variable, .function, .structure, .enumeration, .extension])
        #expect(outline.declarations.map { "\($0.line):\($0.column)" } == ["2:6", "2:9", "2:22", "3:5", "5:15", "6:16", "8:6", "10:11"])
        let f = outline.declarations[4]
        #expect(f.isAsync && f.typeText == "(x: Int) async throws -> Int" && outline.declarations[3].typeText == "Int")
        #expect(outline.declarations[5].isPrivate && outline.guardedNames == ["q", "r"])
        #expect(outline.declaredNames == ["a", "b", "class", "c", "f", "S", "E"])
    }

    @Test("Identifiers are found in interpolations and behind points; comments and texts are not code")
    func uses() {
        let outline = CellReader.outline(of: "print(\"\\(alpha.beta) gamma\") // delta\nlet x = `epsilon` <+> 1")
        #expect(outline.uses.isSuperset(of: ["print", "alpha", "beta", "x", "epsilon", "<+>"]))
        #expect(outline.uses.isDisjoint(with: ["gamma", "delta"]))
    }

    @Test("Two cells with the same tokens mean the same, however they are laid out")
    func tokens() {
        #expect(CellReader.outline(of: "let a=1 // c\n\n").tokens == CellReader.outline(of: "/* x */ let a = 1").tokens)
        #expect(CellReader.outline(of: "let a = 1").tokens != CellReader.outline(of: "let a = 2").tokens)
    }

    @Test("Awaiting counts at the top level only", arguments: [
        ("await f()", true), ("let x = await f()", true), ("for await x in s {}", true), ("async let x = 1", true),
        ("if true { await f() }", true), ("do { try await f() } catch {}", true), ("Task { await f() }", false),
        ("func g() async { await f() }", false), ("struct S { func g() async { await f() } }", false), ("var x: Int { get async { await f() } }", false),
    ])
    func awaiting(text: String, awaits: Bool) { #expect(CellReader.outline(of: text).usesTopLevelAwait == awaits) }

    @Test("Loops, closures, functions and types gain from optimisation", arguments: [
        ("let x = 1\nprint(x)", false), ("if x { y() }", false), ("for i in a {}", true), ("while x {}", true), ("repeat {} while x", true),
        ("a.map { $0 }", true), ("func f() {}", true), ("struct S {}", true), ("var x: Int { 1 }", true),
    ])
    func optimisation(text: String, gains: Bool) { #expect(CellReader.outline(of: text).gainsFromOptimisation == gains) }

    @Test("Overloads are told apart by labels and types, generic parameters by place")
    func signatures() {
        func signature(_ text: String) -> String { CellReader.outline(of: text).declarations[0].signature }
        #expect(signature("func f<T>(_ x: [T]) {}") == signature("func f<U>(_  y :[ U ])->Int { 1 }"))
        #expect(signature("func f(_ x: Int) {}") == signature("func f(_ x: Int = 3) async throws {}"))
        #expect(signature("func f(_ x: Int) {}") != signature("func f(x: Int) {}"))
        #expect(signature("func f<T: A>(_ x: T) {}") != signature("func f<T: B>(_ x: T) {}"))
        #expect(signature("func f(_ x: Int...) {}") != signature("func f(_ x: Int) {}"))
    }

    @Test("Any text has an outline whose places lie in the text")
    func fuzz() {
        var random = SplitMix(state: 42)
        let seeds = DiagnosticTests.common.map(\.text) + [
            "extension P: Q { @a var x: Int { 1 }; init?() {} ; subscript(i: Int) -> Int { 0 } }", "let s = \"\"\"\n\\(a + \"b\")\n\"\"\"",
            "#if X\nlet a = 1\n#else\nfunc f() {}\n#endif", "let <#x#> = <#T##Int#>", "guard case .a(let x, var y)? = z else { return }",
            "infix operator +++ : A\nprecedencegroup A { higherThan: B }", "#sourceLocation(file: \"a\", line: 3)\nlet ü = /a(b)/", "a\r\nb\r\u{0}c\u{2028}d👩‍👩‍👧",
        ]
        let bits = ["{", "}", "(", ")", "\"", "\\(", "<#", "#>", "let ", "func ", "extension ", "\n", "\u{1F600}", "`", "#", "/*", "*/", "await ", ";", "\u{0}"]
        for _ in 0..<rounds(1500) {
            var characters = Array(seeds[Int(random.next() % UInt64(seeds.count))])
            for _ in 0..<Int(random.next() % 5) where !characters.isEmpty {
                let at = Int(random.next() % UInt64(characters.count))
                switch random.next() % 3 {
                case 0: characters.remove(at: at)
                case 1: characters.insert(contentsOf: bits[Int(random.next() % UInt64(bits.count))], at: at)
                default: characters.swapAt(at, Int(random.next() % UInt64(characters.count)))
                }
            }
            let text = String(characters)
            let outline = CellReader.outline(of: text)
            let count = text.utf8.count, lines = LineTable(text)
            let ranges = outline.sourceLocationDirectives + [outline.lastExpression, outline.silencedExpression].compactMap { $0 } + outline.declarations.map(\.range)
            #expect(ranges.allSatisfy { $0.lowerBound >= 0 && $0.upperBound <= count }, "\(text)")
            #expect((outline.variableOffsets + outline.members.map(\.access.offset)).allSatisfy { $0 <= count }, "\(text)")
            #expect(outline.declarations.allSatisfy { $0.line >= 1 && $0.line <= lines.starts.count && $0.column >= 1 }, "\(text)")
            // Our edits keep the lines, and every place of the edited text has one in the original.
            let edited = EditedText(lines, edits: CellEdits.expected(for: outline, lines: lines) + outline.variableOffsets.map { Edit(offset: $0, text: "x ") })
            #expect(edited.text.utf8.lazy.filter { $0 == 0x0A }.count == lines.starts.count - 1, "\(text)")
            for line in [0, 1, 2, lines.starts.count, lines.starts.count + 3] {
                for column in [0, 1, 7, 500] { #expect((0...count).contains(edited.original(line: line, byteColumn: column).offset)) }
            }
        }
    }

    @Test("Places of an edited text are those of the learner's, before, in and behind each edit")
    func editedPlaces() {
        let lines = LineTable("let ü = 1\nabc + d\n")
        let text = EditedText(lines, edits: [
            Edit(offset: 17, text: ")"), Edit(offset: 11, text: "show("), Edit(offset: 0, length: 3, text: "var"), Edit(offset: 11, text: "show("),
        ])
        #expect(text.text == "var ü = 1\nshow(abc + )d\n")
        #expect(text.original(line: 2, byteColumn: 6).offset == 11 && !text.original(line: 2, byteColumn: 6).isInserted)
        #expect(text.original(line: 2, byteColumn: 3).isInserted)
        #expect(text.original(line: 2, byteColumn: 13).offset == 17)
        #expect(text.original(line: 1, byteColumn: 5).offset == 4)
        #expect(lines.position(at: 6) == CellPosition(line: 1, column: 6, utf8Offset: 6))
    }

    @Test("The nearest spelling, and none where nothing is near")
    func spelling() {
        #expect(Spelling.nearest(to: "cuont", in: ["count", "counts"]) == "count")
        #expect(Spelling.nearest(to: "userid", in: ["userId", "userIds"]) == "userId")
        #expect(Spelling.nearest(to: "xyz", in: ["print", "a"]) == nil)
        #expect(Spelling.nearest(to: "x", in: ["y"]) == nil)
    }
}
