import Display
import Foundation
import Sessions
import Testing
import Wire

@Suite struct SessionTests {
    @Test("Cells share a session: later ones see what earlier ones declared and imported")
    func sharesState() throws {
        let lab = try Lab()
        #expect(try lab.run("import Foundation\nvar names = [\"a\", \"b\"]\nfunc twice(_ x: Double) -> Double { 2 * x }").word == "completed")
        #expect(try lab.run("names.append(\"c\")\nprint(names.joined(separator: \"-\"))\ntwice(sqrt(16))").word == "completed")
        #expect(lab.take() == "a-b-c\n[8.0]")
    }

    @Test("The last value is shown after what was printed before it, with quotes where it is text")
    func keepsOrder() throws {
        let lab = try Lab()
        _ = try lab.run("import Display\nprint(\"one\")\ndisplay(\"two\")\nprint(\"three\")\n\"four\"")
        #expect(lab.take() == "one\n[two]three\n[\"four\"]")
        _ = try lab.run("let nothing: Void = ()\nnothing")
        #expect(lab.take() == "")
    }

    @Test("A cell without code, or with comments only, is well")
    func emptyCells() throws {
        let lab = try Lab()
        #expect(try lab.run("").word == "completed")
        #expect(try lab.run("// nothing here\n/* or here */\n").word == "completed")
    }

    @Test("A gap makes a cell wait, and those that need its names with it; others run")
    func waits() throws {
        let lab = try Lab()
        #expect(try lab.run("let a = 1\nlet b = <#the answer#>").word == "waiting for the answer@2")
        #expect(try lab.run("print(b)\nlet c = b").word == "skipped for b@c1")
        #expect(try lab.run("c").word == "skipped for c@c2")
        #expect(try lab.run("let free = 5\nfree").word == "completed")
        #expect(lab.take() == "[5]")
        #expect(try lab.run("let b = 2").word == "completed")
        #expect(try lab.run("b").word == "completed")
    }

    @Test("An uncaught error ends the cell at its line, and keeps what it had computed above")
    func keepsAfterThrow() throws {
        let lab = try Lab()
        let text = "struct Oops: Error {}\nlet before = 3\nfunc fail() throws -> Int { throw Oops() }\nlet after = try fail()\nprint(\"never\")"
        let word = try lab.run(text).word
        #expect(word == "threw Oops() at c1:4", "\(word)")
        #expect(try lab.run("before").word == "completed")
        #expect(lab.take() == "[3]")
        #expect(try lab.run("after").word == "skipped for after@c1")
    }

    @Test("exit ends the cell, not the session")
    func catchesExit() throws {
        let lab = try Lab()
        #expect(try lab.run("import Foundation\nlet kept = 1\nexit(3)").word == "exited 3 at c1:3")
        #expect(try lab.run("kept").word == "completed")
    }

    @Test("After a death the next cell finds the earlier cells' state, made anew, shown only once")
    func startsAnew() throws {
        let lab = try Lab()
        _ = try lab.run("var count = 10\nprint(\"shown\")")
        _ = try lab.run("count += 1")
        #expect(try lab.run("let gone = [Int]()\ngone[0]").word.hasPrefix("died"))
        _ = lab.take()
        #expect(try lab.run("count").word == "completed")
        #expect(lab.take() == "[11]")
        #expect(try lab.run("gone").word == "skipped for gone@c3")
    }

    @Test("Async cells run on the session's thread: await, task groups, actors, sleeps, cells in a row with exit between")
    func runsAsync() throws {
        let lab = try Lab()
        #expect(try lab.run("""
            actor Counter { var n = 0; func add() -> Int { n += 1; return n } }
            let counter = Counter()
            let first = await counter.add()
            let total = await withTaskGroup(of: Int.self) { group in
                for i in 1...3 { group.addTask { i } }
                return await group.reduce(0, +)
            }
            try await Task.sleep(for: .milliseconds(5))
            print(first, total)
            """).word == "completed")
        #expect(lab.take() == "1 6\n")
        #expect(try lab.run("import Foundation\nexit(1)").word.hasPrefix("exited 1"))
        #expect(try lab.run("print(await counter.add(), total)").word == "completed")
        #expect(lab.take() == "2 6\n")
    }

    @Test("A top-level await for something that can't come ends with a word instead of hanging")
    func noticesEndlessWaits() throws {
        let lab = try Lab()
        #expect(try lab.run("await withCheckedContinuation { (c: CheckedContinuation<Void, Never>) in nonisolated(unsafe) let keep = c; Store.kept = { keep.resume() } }\nenum Store { nonisolated(unsafe) static var kept: (() -> Void)? }").word == "waits forever")
        #expect(try lab.run("1 + 1").word == "completed")
    }

    @Test("A cell that prints without end is cut with a notice")
    func limitsOutput() throws {
        let lab = try Lab(limits: SessionLimits(memory: 0, cellDuration: nil, output: 1 << 20))
        #expect(try lab.run("for i in 0..<300_000 { print(i) }").word == "completed")
        let text = lab.take()
        #expect(text.utf8.count < 1_100_000 && text.contains("the rest is left out"))
    }

    @Test("The compiler's complaint comes at the learner's line, without our module names")
    func reportsErrors() throws {
        let lab = try Lab()
        _ = try lab.run("struct Point { var x = 1 }")
        let word = try lab.run("let p = Point()\n\nlet t: String = p").word
        #expect(word.hasPrefix("does not compile: 3:") && word.contains("Point") && !word.contains("Cell_"), "\(word)")
    }
}

@Suite struct AnswerTests {
    @Test("Answers cross as data: Codable values, nil, functions by call, and what can't cross by its type")
    func answersCross() throws {
        let lab = try Lab(answers: ["chosen", "nothing", "add", "fails", "odd"])
        lab.queries = [
            .value(variable: "chosen"), .value(variable: "nothing"), .value(variable: "missing"), .value(variable: "add"),
            .call(function: "add", arguments: "[2, 3]"), .call(function: "add", arguments: "[\"x\"]"), .call(function: "fails", arguments: "[1]"),
            .value(variable: "odd"),
        ]
        _ = try lab.run("""
            import Lessons
            var chosen: Set = ["b"]
            let nothing: Int? = nil
            func add(_ a: Int, _ b: Int) -> Int { a + b }
            struct Oops: Error {}
            func fails(_ n: Int) throws -> Int { throw Oops() }
            class Odd {}
            let odd = Odd()
            chosen = ["c"]
            Question("part1").check()
            print("on")
            """)
        #expect(lab.take() == "<part1 check>on\n")
        #expect(lab.answers[0] == .json("[[\"c\"]]", type: "Set<String>"))
        #expect(lab.answers[1] == .null)
        #expect(lab.answers[2] == .missing)
        #expect(lab.answers[3] == .function(type: "(Int, Int) -> Int") || { if case .function = lab.answers[3] { true } else { false } }())
        #expect(lab.answers[4] == .json("[5]", type: "Int"))
        if case .threw(let sentence) = lab.answers[5] { #expect(sentence.contains("other arguments")) } else { Issue.record("\(lab.answers[5])") }
        #expect(lab.answers[6] == .threw("Oops()"))
        if case .other(let type) = lab.answers[7] { #expect(type.contains("Odd")) } else { Issue.record("\(lab.answers[7])") }
    }

    @Test("A model and a layer cross as archives; a layer that is nil as nothing")
    func modelsCross() throws {
        let lab = try Lab(answers: ["model", "layer", "none"])
        lab.queries = [.value(variable: "model"), .value(variable: "layer"), .value(variable: "none")]
        _ = try lab.run("""
            import Training
            import Lessons
            let x = Input(shape: [2])
            let model = Model(inputs: [x], outputs: Dense(1, name: "last")(x))
            let layer = model.layer(named: "last")
            let none = model.layer(named: "no such")
            Question("part1").check()
            """)
        #expect(lab.answers == [.model, .layer, .null])
        #expect(lab.attachments[0].count > 100 && lab.attachments[1].count > 50)
    }

    @Test("A learner's function that dies while a checker calls it ends the cell with its line")
    func callsMayDie() throws {
        let lab = try Lab(answers: ["f"])
        lab.queries = [.call(function: "f", arguments: "[5]")]
        let word = try lab.run("import Lessons\nfunc f(_ i: Int) -> Int {\n    [1, 2][i]\n}\nQuestion(\"part1\").check()").word
        if case .ended = lab.answers.first {} else { Issue.record("\(lab.answers)") }
        #expect(word.hasPrefix("died: Index out of range") && word.contains("c1:3"), "\(word)")
    }

    @Test("The data of a course are found by name; a wrong name is a sentence with the right ones")
    func findsData() throws {
        let folder = NSTemporaryDirectory() + "etude-data-\(getpid())"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try Data("a,b\n1,2\n".utf8).write(to: URL(fileURLWithPath: folder + "/ratings.csv"))
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let lab = try Lab(environment: ["ETUDE_COURSE_DATA": folder])
        #expect(try lab.run("import Lessons\nimport Foundation\nprint(try String(contentsOfFile: course.data(\"ratings.csv\"), encoding: .utf8))").word == "completed")
        let word = try lab.run("_ = try course.data(\"rating.csv\")").word
        #expect(word.contains("no data file named \"rating.csv\"") && word.contains("There are: ratings.csv."), "\(word)")
    }
}
