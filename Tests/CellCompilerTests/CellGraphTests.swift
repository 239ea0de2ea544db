import Testing
import Tiers

@testable import CellCompiler

private func graph(_ texts: String...) -> CellGraph { graph(texts) }

/// Cells are called 0, 1, 2, …
private func graph(_ texts: [String]) -> CellGraph { CellGraph(texts.enumerated().map { ("\($0)", CellReader.outline(of: $1)) }) }

extension CellGraph {
    /// `0 1?`: what a cell needs, with a question mark where that is only possible.
    fileprivate func need(_ id: String) -> String {
        needs(of: id).map { $0.cell + ($0.certainty == .certain ? "" : "?") }.joined(separator: " ")
    }
}

@Suite("Which cells a cell needs") struct CellGraphTests {
    @Test("A name means its nearest declaration above, and what was assigned to it in between", arguments: [
        (["let a = 1", "let b = a", "print(b)"], "0 1"),
        (["let a = 1", "let a = 2", "print(a)"], "1"),
        (["var a = 1", "a = 2", "print(a)", "print(a)"], "0 1"),
        (["var a = 1", "a = 2", "var a = 3", "print(a)"], "2"),
        (["let a = 1", "let b = 2", "print(b)"], "1"),
        (["let a = 1", "let a = 2; print(a)"], ""),
        (["func f() {}", "func f(x: Int) {}", "f()"], "0 1"),
        (["let f = 1", "func g() {}", "func f(x: Int) {}", "f(x: 1)"], "0 2"),
        (["func f() {}", "let f = 3", "func f(x: Int) {}", "f(x: 1)"], "1 2"),
        (["var a = 1", "swap(&a, &b)", "print(a)"], "0 1"),
        (["private let a = 1", "print(a)"], ""),
        (["let a = 1", "#if X\nlet a = 2\n#endif", "print(a)"], "0 1"),
        (["let count = 1", "let words = [\"a\"]", "print(words.count)", "f(count: words)"], "1"),
        (["let x: Int? = 1", "if let x { print(x) }"], "0"),
        (["struct S {}", "let s = S()", "print(s)"], "0 1"),
        (["protocol P {}", "struct S: P {}", "func f(_ p: [some P]) {}", "f([S()])"], "0 1 2"),
    ])
    func names(texts: [String], needs: String) { #expect(graph(texts).need("\(texts.count - 1)") == needs) }

    @Test("A call may change what the function changes, and reads what it reads", arguments: [
        (["var t = 0", "func f() { t += 1 }", "f()", "print(t)"], "0 1? 2?"),
        (["var t = 0", "func f() { t += 1 }", "func g() { f() }", "g()", "print(t)"], "0 1? 2? 3?"),
        (["var t = 0", "func f() -> Int { t }", "t = 5", "print(f())"], "0 1 2"),
        (["var t = 0", "let f = { t += 1 }", "f()", "print(t)"], "0 1 2?"),
        (["var t = 0", "func f() { t += 1 }", "let g = f", "g()", "print(t)"], "0 1? 2? 3?"),
        (["var t = 0", "func make() -> () -> Void { { t += 1 } }", "let g = make()", "g()", "print(t)"], "0 1? 2? 3?"),
        (["var t = 0", "var double: Int { t * 2 }", "t = 3", "print(double)"], "0 1 2"),
        (["var t = 0", "struct S { func go() { t += 1 } }", "let s = S()", "s.go()", "print(t)"], "0 1? 2? 3?"),
        (["var t = 0", "var u = 0 { didSet { t += 1 } }", "u = 3", "print(t)"], "0 1 2?"),
        (["var todo: [() -> Void] = []", "var t = 0", "todo.append { t += 1 }", "todo[0]()", "print(t)"], "0 1 2 3?"),
        (["struct S { static var n = 0; static func next() { n += 1 } }", "S.n = 4", "S.next()", "print(S.n)"], "0 1 2?"),
    ])
    func calls(texts: [String], needs: String) { #expect(graph(texts).need("\(texts.count - 1)") == needs) }

    @Test("A method may change an instance, or a variable, but no constant with a value", arguments: [
        (["let model = Model()", "model.fit()", "model.predict()"], "0 1?"),
        (["let words = [\"a\"]", "words.sorted()", "print(words)"], "0"),
        (["var words = [\"a\"]", "words.append(\"b\")", "print(words)"], "0 1?"),
        (["let table = try DataFrame(contentsOfCSVFile: course.data(\"a\"))", "table.head()", "print(table)"], "0"),
        (["let n = Int(table[\"a\"].max())", "n.description", "print(n)"], "0"),
        (["struct S { var a = 1 }", "let s = S()", "s.look()", "print(s)"], "0 1"),
        (["class S { var a = 1 }", "let s = S()", "s.look()", "print(s)"], "0 1 2?"),
        (["func train() -> History { 1 }", "let h = train()", "plot(h)", "print(h)"], "0 1"),
        (["func train() { 1 }", "let model = Model()", "train(model)", "print(model)"], "0? 1 2?"),
        (["let model = Model()", "let other = Wrapper(model)", "other.fit()", "print(model)"], "0 1? 2?"),
        (["let a = Model()", "let b = Model()", "a.fit()", "print(b)"], "1"),
        (["let a = Model()", "print(a)", "print(a)"], "0"),
        (["let a = Model()", "a.fit()", "print(a.loss)", "print(a)"], "0 1?"),
        (["let a = Model()", "let list = [a]", "for m in list { m.fit() }", "print(a)"], "0 1? 2?"),
        (["class C { var n = 0; var next: Int { n += 1; return n } }", "let c = C()", "print(c.next)", "print(c.next)"], "0 1 2?"),
        (["let model = Model()", "model.predict(rows)", "model.summary()"], "0"),
        (["let model = Model()", "let h = try model.fit(rows)", "model.fit(rows)", "print(h.loss)"], "0 1"),
        (["class C { func fit() -> C { self } }", "let c = C()", "let d = c.fit()", "c.raise()", "print(d)"], "0 1 2 3?"),
        (["class C { func predict() {} }", "let c = C()", "c.predict()", "print(c)"], "0 1 2?"),
        (["let models = [Model()]", "models.forEach { $0.fit() }", "print(models)"], "0 1?"),
        (["let a = 1", "part1.check()", "part1.hint()"], ""),
    ])
    func instances(texts: [String], needs: String) { #expect(graph(texts).need("\(texts.count - 1)") == needs) }

    @Test("Extensions and operators reach all below, surely those that use their members")
    func unnamed() {
        let cells = graph("let limit = 3", "extension Int { var capped: Int { limit } }", "let x = 5.capped", "let y = 1", "let limit = 4")
        #expect(cells.need("2") == "0 1" && cells.need("3") == "0? 1?")
        #expect(cells.dependents(of: "0").map(\.cell) == ["1", "2", "3", "4"])
    }

    @Test("A cell that imports is needed with what it needs, for its imports alone")
    func imports() {
        let cells = graph("let factor = 2", "import Foundation\nlet twice = factor * 2", "let x = 1")
        #expect(cells.needs(of: "2").map(\.cell) == ["0", "1"] && cells.needs(of: "2").allSatisfy { $0.link == .surroundings })
    }

    @Test("The giver of a name is the nearest above, never the cell itself or one below")
    func givers() {
        let cells = graph("let a = 1", "let a = 2", "print(a)", "let a = 3", "let b = 1")
        #expect(cells.giver(of: "a", for: "2") == "1" && cells.giver(of: "a", for: "1") == "0" && cells.giver(of: "b", for: "2") == nil)
        #expect(cells.giver(of: "a") == "3" && cells.giver(of: "c") == nil && cells.giver(of: "a", for: "9") == nil)
    }

    @Test("Cells that share names only to read are independent", arguments: [
        ("let c = a + 1; print(c)", "-"), ("print(b)", "-"), ("var unrelated = 1; unrelated += 1", "-"), ("a = 5", "a"), ("let b = 2", "b"),
        ("raise()", "a?"), ("model.fit()", "model?"), ("other.fit()", "-"), ("alias.fit()", "model?"), ("extension Int { var q: Int { 1 } }", "Int?"),
        ("import Foundation", "Foundation?"), ("let print = 3", "print"), ("let late = 3", "late"),
    ])
    func independence(text: String, expected: String) {
        let cells = graph(
            "var a = 1", "func raise() { a += 1 }", "let b = a", "let model = Model()", "let other = Model()", "let alias = model", "print(b, model.loss, late)")
        let found = switch cells.isIndependent(CellReader.outline(of: text), of: "6") {
        case .independent: "-"
        case .doubtful(let names): names.filter { $0 != "alias" }.joined(separator: " ") + "?"
        case .related(let names): names.joined(separator: " ")
        }
        #expect(found == expected)
    }

    @Test("Any text has its place in a graph")
    func fuzz() {
        var random = SplitMix(state: 7)
        let bits = ["let a = ", "b", ".c()", "{", "}", "(", ")", "func f(", "var ", "class C ", "extension a ", "\n", "&", "a", " += ", "#if X", "#endif", "[", "]", "guard let ", "<#x#>", "`", "\"", "\\("]
        for _ in 0..<rounds(100) {
            let texts = (0..<5).map { _ in (0..<20).map { _ in bits[Int(random.next() % UInt64(bits.count))] }.joined() }
            let cells = graph(texts)
            for id in 0..<5 { #expect(cells.needs(of: "\(id)").allSatisfy { Int($0.cell)! < id }) }
        }
    }

    @Test("Two hundred cells are read in no time")
    func large() {
        let texts = (0..<200).map { "let model\($0) = Model(); model\($0).fit(rows); var n\($0) = \($0 > 0 ? "n\($0 - 1)" : "0") + 1; func f\($0)() { n\($0) += 1 }; f\($0)()" }
        let outlines = texts.enumerated().map { ("\($0)", CellReader.outline(of: $1)) }
        let start = ContinuousClock.now
        #expect(CellGraph(outlines).needs(of: "199").count == 199)
        #expect(.now - start < .seconds(5))
    }
}
