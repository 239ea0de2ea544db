import CellCompiler
import Foundation
import Notebook
import Sessions
import Testing
import Tiers

@testable import Courses

/// A notebook whose cells leave a letter in a file each time they run, so that a test sees what ran.
private final class Notes {
    let trace = NSTemporaryDirectory() + "etude-notes-\(UUID().uuidString)"
    let watcher = Watcher()
    let run: ExerciseRun
    private var cells: [(id: String, text: String)]

    init(_ cells: [(id: String, text: String)]) throws {
        self.cells = cells
        let compiler = try Workshop.compiler()
        run = ExerciseRun(
            Notebook(cells: []), session: NotebookSession(.init(installation: try Installation(), answers: ["answer", "a", "b", "c"]), compiler: compiler),
            compiler: compiler, starter: nil, desk: nil, audience: watcher)
        run.update(to: try notebook())
    }

    deinit {
        run.end()
        try? FileManager.default.removeItem(atPath: trace)
    }

    /// `note("x")` in a cell's text adds an x to the trace.
    private func notebook() throws -> Notebook {
        let head = "// %% id=\"head\"\nimport Foundation\nfunc note(_ letter: String) { let f = fopen(\"\(trace)\", \"a\")!; fputs(letter, f); fclose(f) }\n"
        return try Notebook(script: head + cells.map { "// %% id=\"\($0.id)\"\n\($0.text)\n" }.joined())
    }

    /// Saves another text of a cell, and runs what changed.
    func edit(_ id: String, _ text: String) throws {
        cells[try #require(cells.firstIndex { $0.id == id })].text = text
        #expect(try run.bringUpToDate(run.update(to: notebook())))
    }

    func swap(_ a: Int, _ b: Int) throws -> Set<String> {
        cells.swapAt(a, b)
        return run.update(to: try notebook())
    }

    /// The letters since the last call.
    func ran() -> String {
        defer { try? FileManager.default.removeItem(atPath: trace) }
        return (try? String(contentsOfFile: trace, encoding: .utf8)) ?? ""
    }

    func printed() -> String {
        defer { watcher.printed = "" }
        return watcher.printed
    }

    /// The cells that are not current, each with a sign for how sure that is.
    var marks: String {
        cells.compactMap { cell in
            switch run.freshness(ofCell: cell.id) {
            case .current: nil
            case .neverRun: cell.id + "-"
            case .outOfDate: cell.id + "!"
            case .doubtful: cell.id + "?"
            }
        }.joined(separator: " ")
    }
}

extension ExerciseRun {
    /// A variable's present value, as a checker sees it.
    fileprivate func value(of variable: String) -> String? {
        if case .json(let json, _) = answers.answer(to: .value(variable: variable)).reply { json } else { nil }
    }
}

@Suite("A notebook that is edited while it is at work") struct WorkingNotebookTests {
    @Test("runs what changed, marks what is out of date below, and runs that when it is asked for")
    func marks() throws {
        let notes = try Notes([("a", "let a = 1; note(\"a\")"), ("b", "let b = a + 1; note(\"b\")"), ("c", "let c = 5; note(\"c\")"), ("d", "print(a, b, c); note(\"d\")")])
        #expect(notes.marks == "a- b- c- d-")
        #expect(try notes.run.run())
        #expect(notes.ran() == "abcd" && notes.printed() == "1 2 5\n" && notes.marks == "")
        try notes.edit("a", "let a = 10; note(\"a\")")
        #expect(notes.ran() == "a" && notes.marks == "b! d!")
        #expect(notes.run.freshness(ofCell: "b").sentence(naming: notes.run.name) == "Cell 2, which gives `a`, ran again since this ran.")
        #expect(try notes.run.bringUpToDate(["d"]))
        #expect(notes.printed() == "10 11 5\n" && notes.marks == "")
        let letters = notes.ran()
        #expect(letters.hasPrefix("b") && letters.hasSuffix("d"), "\(letters)")
    }

    @Test("does not run a dear cell again for an edit below it, nor for one above that can't matter to it")
    func sparesDearCells() throws {
        let notes = try Notes([
            ("title", "let title = \"old\""), ("dear", "let trained = { () -> Int in usleep(400_000); note(\"D\"); return 42 }()"),
            ("plot", "print(trained)"), ("last", "print(title, trained)"),
        ])
        #expect(try notes.run.run())
        #expect(notes.ran() == "D" && notes.printed() == "42\nold 42\n")
        try notes.edit("plot", "print(trained + 1)")
        #expect(notes.ran() == "" && notes.printed() == "43\n" && notes.marks == "")
        try notes.edit("title", "let title = \"new\"")
        #expect(notes.ran() == "" && notes.marks == "last!")
        try notes.edit("plot", "print(trained + 2)")
        #expect(notes.ran() == "" && notes.printed() == "44\n")
    }

    @Test("marks as doubtful what a method of a shared object may have changed, and does not run it again unasked")
    func doubts() throws {
        let notes = try Notes([
            ("class", "final class Box { var n = 0; func add() { n += 1 } }\nlet box = Box()"), ("touch", "box.add(); note(\"t\")"), ("show", "print(box.n); note(\"s\")"),
        ])
        #expect(try notes.run.run())
        #expect(notes.ran() == "ts" && notes.printed() == "1\n")
        try notes.edit("touch", "box.add(); box.add(); note(\"t\")")
        #expect(notes.ran() == "t" && notes.marks == "show?")
        #expect(try notes.run.bringUpToDate(["show"]))
        #expect(notes.printed() == "2\n" && notes.marks == "")
    }

    @Test("lets a cell redeclare a name: those below it follow the nearest, those between the older")
    func redefinition() throws {
        let notes = try Notes([("one", "var x = 1"), ("use1", "print(x)"), ("two", "let x = \"two\""), ("use2", "print(x)")])
        #expect(try notes.run.run())
        #expect(notes.printed() == "1\ntwo\n")
        try notes.edit("one", "var x = 7")
        #expect(notes.marks == "use1!")
        try notes.edit("two", "let x = \"zwei\"")
        #expect(notes.marks == "use1! use2!")
        #expect(try notes.run.bringUpToDate(["use1", "use2"]))
        let text = notes.printed()
        #expect(text == "7\nzwei\n" && notes.marks == "", "\(text) \(notes.marks) \(notes.watcher.outcomes)")
    }

    @Test("marks nothing for a changed comment, or prose, or a cell that only moved where nothing sees it")
    func harmless() throws {
        let notes = try Notes([("a", "let a = 1"), ("b", "let b = 2"), ("c", "print(a + b)")])
        #expect(try notes.run.run())
        try notes.edit("a", "let a = 1  // the first")
        #expect(notes.marks == "" && notes.printed() == "3\n")
        #expect(try notes.swap(0, 1) == [])
        #expect(!notes.marks.contains("a") && !notes.marks.contains("b"))
    }

    @Test("keeps a failed cell's failure until something that it needs has changed")
    func failures() throws {
        let notes = try Notes([("a", "let a = 0"), ("bad", "note(\"f\"); let b = 10 / a; print(b)"), ("needs", "print(b + 1)")])
        #expect(try notes.run.run())
        #expect(notes.ran() == "f" && notes.marks == "")
        try notes.edit("needs", "print(b + 2)")
        #expect(notes.ran() == "")
        try notes.edit("a", "let a = 5")
        #expect(notes.marks == "bad! needs!")
        #expect(try notes.run.bringUpToDate(["needs"]))
        #expect(notes.ran() == "f" && notes.printed() == "2\n4\n")
    }

    @Test("answers a question about an edited cell without running what is out of date below it")
    func questions() throws {
        let notes = try Notes([("answer", "var answer = [1]"), ("dear", "answer.append(2); usleep(300_000); note(\"D\")"), ("show", "print(answer)")])
        #expect(try notes.run.run())
        #expect(notes.ran() == "D" && notes.printed() == "[1, 2]\n")
        try notes.edit("answer", "var answer = [5]")
        #expect(notes.run.value(of: "answer") == "[[5]]")
        #expect(notes.ran() == "" && notes.marks == "dear! show!")
        #expect(try notes.run.bringUpToDate(["show"]))
        #expect(notes.printed() == "[5, 2]\n" && notes.run.value(of: "answer") == "[[5,2]]")
        #expect(notes.ran() == "D")
    }

    @Test("repeats a cheap cell that does not matter only when what it needs is there")
    func repeatsWhole() throws {
        let notes = try Notes([
            ("free", "let free = 1"), ("dear", "usleep(300_000); let d = 2"), ("cheap", "print(d)"), ("last", "print(free)"),
        ])
        #expect(try notes.run.run())
        _ = notes.printed()
        try notes.edit("free", "let free = 3")
        #expect(try notes.run.bringUpToDate(["last"]))
        #expect(notes.printed() == "3\n" && notes.marks == "")
    }

    @Test("comes, after any edits, to what a fresh run from the top gives, once what is marked has run")
    func agreesWithFreshRun() throws {
        var random = SplitMix(state: UInt64.random(in: 0...UInt64.max))
        let seed = random.state
        for _ in 0..<rounds(2) {
            let names = ["a", "b", "c"]
            func statement(_ declared: [String]) -> String {
                let name = names.randomElement(using: &random)!, number = Int.random(in: 1...9, using: &random)
                guard let known = declared.randomElement(using: &random), Int.random(in: 0..<4, using: &random) > 0 else { return "var \(name) = \(number)" }
                return ["\(known) += \(number)", "print(\(known))", "\(known) *= \(declared.randomElement(using: &random)!)"].randomElement(using: &random)!
            }
            // Every name is there from the first, so that no edit leaves a cell without one.
            var texts = ["var a = 1", "var b = 2", "var c = 3"] + (0..<5).map { _ in statement(names) }
            let notes = try Notes(texts.enumerated().map { ("n\($0)", $1) })
            #expect(try notes.run.run())
            for _ in 0..<6 {
                let index = Int.random(in: 3..<texts.count, using: &random)
                texts[index] = statement(names)
                try notes.edit("n\(index)", texts[index])
                #expect(try notes.run.bringUpToDate(Set(texts.indices.map { "n\($0)" }.filter { notes.run.freshness(ofCell: $0) != .current })))
                #expect(notes.marks == "")
                let expected = Self.evaluate(texts)
                for (name, value) in expected {
                    #expect(notes.run.value(of: name) == "[\(value)]", "\(name) after \(texts), seed \(seed)")
                }
            }
        }
    }

    /// What the variables hold at the end.
    private static func evaluate(_ texts: [String]) -> [String: Int] {
        var values: [String: Int] = [:]
        for words in texts.map({ $0.split(separator: " ").map(String.init) }) {
            switch words.count > 1 ? words[1] : "" {
            case "+=": values[words[0]]! += Int(words[2])!
            case "*=": values[words[0]]! *= values[words[2]]!
            case let name where words[0] == "var": values[name] = Int(words[3])!
            default: break
            }
        }
        return values
    }
}
