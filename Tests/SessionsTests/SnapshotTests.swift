import Foundation
import Processes
import Sessions
import Testing

@Suite struct SnapshotTests {
    @Test("An edited cell runs from the state before it, without the cells above running again")
    func rerunsFromEarlierState() throws {
        let trace = Trace()
        let lab = try Lab()
        try lab.run("import Foundation\nvar n = 1\n\(trace.add("a"))")
        try lab.run("n += 10\n\(trace.add("b"))")
        #expect(try lab.rerun("c2", "n += 100\n\(trace.add("c"))").word == "completed")
        try lab.run("print(n)")
        #expect(lab.take() == "101\n")
        #expect(trace.letters == "abc")
        // And again, though a cell below ran in the meantime.
        _ = try lab.rerun("c2", "n += 1000\n\(trace.add("d"))")
        _ = try lab.rerun("c3", "print(n)")
        #expect(lab.take() == "1001\n")
        #expect(trace.letters == "abcd")
    }

    @Test("A cell may declare again what it declared before, with another type")
    func redeclares() throws {
        let lab = try Lab()
        try lab.run("let x = 5")
        try lab.run("x + 1")
        #expect(try lab.rerun("c1", "let x = \"five\"").succeeded)
        #expect(try lab.rerun("c2", "x + \"!\"").succeeded)
        #expect(lab.take() == "[6][\"five!\"]")
    }

    @Test("Async cells are undone like any other: tasks, actors, sleeps")
    func asyncCells() throws {
        let trace = Trace()
        let lab = try Lab()
        try lab.run("import Foundation\nactor Counter { var n = 0; func add() -> Int { n += 1; return n } }\nlet counter = Counter()\n_ = await counter.add()\n\(trace.add("a"))")
        #expect(try lab.run("try await Task.sleep(for: .milliseconds(2))\n_ = await counter.add()\nfatalError(\"gone\")").word.hasPrefix("died: gone."))
        #expect(try lab.run("let sum = await withTaskGroup(of: Int.self) { g in for i in 1...3 { g.addTask { await counter.add() + 0 * i } }; return await g.reduce(0, +) }\nprint(sum)").succeeded)
        #expect(lab.take() == "9\n")
        #expect(trace.letters == "a")
    }

    @Test("A session in which threads live can't be copied: that is said once, and the cells above run again after a death")
    func foreignThreads() throws {
        let trace = Trace()
        let lab = try Lab()
        try lab.run("import Foundation\nvar n = 1\n\(trace.add("a"))")
        #expect(try lab.run("import Dispatch\nlet gate = DispatchSemaphore(value: 0)\nDispatchQueue.global().async { gate.wait() }\n\(trace.add("b"))").remarks.isEmpty)
        let told = try lab.run("n += 1\n\(trace.add("c"))")
        #expect(told.succeeded && told.remarks.count == 1 && told.remarks[0].contains("cell 2 has left "), "\(told.remarks)")
        #expect(try lab.run("n += 1\nfatalError()").remarks.isEmpty)
        #expect(try lab.run("print(n)").succeeded)
        #expect(lab.take() == "2\n")
        // The state after cell 1 was still there: it did not run again.
        #expect(trace.letters == "abcbc")
    }

    @Test("Beyond the budget the oldest states go first, those after dear cells last; a cell whose state is gone runs after those above it ran again")
    func budget() throws {
        let trace = Trace()
        let lab = try Lab(limits: SessionLimits(memory: 0, cellDuration: nil, output: 1 << 20, snapshots: 100 << 20))
        try lab.run("import Foundation\nvar block = [UInt8](repeating: 1, count: 30 << 20)\n\(trace.add("a"))")
        try lab.run("usleep(1_100_000)\nfor i in block.indices { block[i] &+= 1 }\n\(trace.add("d"))")
        for _ in 0..<6 { try lab.run("for i in block.indices { block[i] &+= 1 }") }
        let (count, bytes) = lab.session.snapshots
        #expect(bytes <= 100 << 20 && bytes > 30 << 20, "\(count) states hold \(bytes >> 20) MB")
        // The dear state of cell 2 is there; the one of cell 1 is not.
        try lab.rerun("c3", "print(block[5])").expectSuccess()
        #expect(lab.take() == "2\n" && trace.letters == "ad")
        try lab.rerun("c2", "print(block[5])").expectSuccess()
        #expect(lab.take() == "1\n" && trace.letters == "ada")
    }

    @Test("Thirty states of cells that change little cost little")
    func sharing() throws {
        let lab = try Lab()
        try lab.run("var block = [UInt8](repeating: 1, count: 64 << 20)")
        for _ in 0..<30 { try lab.run("block[0] &+= 1") }
        let (count, bytes) = lab.session.snapshots
        #expect(count == 31 && bytes < 200 << 20, "\(count) states hold \(bytes >> 20) MB")
    }
}

/// What is more than memory: each is put back with the state, or is not, as docs/sessions.md says.
@Suite struct WorldTests {
    @Test("The place in an open file is put back; what was written stays written")
    func files() throws {
        let path = NSTemporaryDirectory() + "etude-lines-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: path) }
        try Data("one\ntwo\nthree\n".utf8).write(to: URL(fileURLWithPath: path))
        let lab = try Lab()
        try lab.run("import Foundation\nlet file = FileHandle(forUpdatingAtPath: \"\(path)\")!\nlet first = String(decoding: file.readData(ofLength: 4), as: UTF8.self)")
        try lab.run("String(decoding: file.readData(ofLength: 4), as: UTF8.self)")
        try lab.rerun("c2", "String(decoding: file.readData(ofLength: 6), as: UTF8.self)").expectSuccess()
        #expect(lab.take() == "[\"two\\n\"][\"two\\nth\"]")
        #expect(try lab.run("file.seekToEndOfFile()\nfile.write(Data(\"four\\n\".utf8))\nfatalError()").word.hasPrefix("died"))
        #expect(try String(contentsOfFile: path, encoding: .utf8).hasSuffix("three\nfour\n"))
    }

    @Test("The random generator goes back with the state: the same numbers come again")
    func randomNumbers() throws {
        let lab = try Lab()
        try lab.run("import Training\nsetRandomSeed(5)")
        let draw = "let x = Input(shape: [1])\nlet model = Model(inputs: [x], outputs: Dense(3)(x))\nprint(try model.predict([[1.0] as [Float]]))"
        try lab.run(draw).expectSuccess()
        let first = lab.take()
        try lab.rerun("c2", draw + "\n").expectSuccess()
        #expect(lab.take() == first && !first.isEmpty)
    }

    @Test("The working directory and the environment go back with the state")
    func directory() throws {
        let lab = try Lab()
        try lab.run("import Foundation\nlet home = FileManager.default.currentDirectoryPath")
        #expect(try lab.run("_ = chdir(\"/\")\nsetenv(\"ETUDE_TRY\", \"1\", 1)\nfatalError()").word.hasPrefix("died"))
        try lab.run("print(FileManager.default.currentDirectoryPath == home, getenv(\"ETUDE_TRY\") == nil)")
        #expect(lab.take() == "true true\n")
    }

    @Test("What was printed before a death is shown, the last line without its end too")
    func halfWrittenOutput() throws {
        let lab = try Lab()
        #expect(try lab.run("print(\"whole\")\nprint(\"half\", terminator: \"\")\nlet none = [Int]()\nprint(none[0])").word.hasPrefix("died"))
        #expect(lab.take() == "whole\nhalf")
        try lab.run("print(\"next\")")
        #expect(lab.take() == "next\n")
    }

    @Test("A program that a cell started lives on for the cells below; it ends when the cell runs again or dies, and with the session")
    func children() throws {
        let lab = try Lab()
        let start = """
            import Foundation
            var pid = pid_t()
            var argv: [UnsafeMutablePointer<CChar>?] = [strdup("sleep"), strdup("1000"), nil]
            posix_spawn(&pid, "/bin/sleep", nil, nil, argv, environ)
            print(pid)
            """
        func started() throws -> pid_t { try #require(pid_t(lab.take().trimmingCharacters(in: .whitespacesAndNewlines))) }
        // One that has ended and waits for a parent that sleeps does not live.
        func lives(_ pid: pid_t) -> Bool {
            (try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8)).map { !$0.contains(") Z ") } ?? false
        }
        func isAlive(_ pid: pid_t) -> Bool {
            for _ in 0..<200 where lives(pid) { usleep(5_000) }
            return lives(pid)
        }
        try lab.run(start)
        let first = try started()
        try lab.run("print(kill(pid, 0))")
        #expect(lab.take() == "0\n")
        try lab.rerun("c1", start + "\n").expectSuccess()
        let second = try started()
        #expect(!isAlive(first) && kill(second, 0) == 0)
        #expect(try lab.run(start + "\nfatalError()").word.hasPrefix("died"))
        let third = try started()
        #expect(!isAlive(third) && kill(second, 0) == 0)
        lab.session.end()
        #expect(!isAlive(second))
    }

    @Test("A socket that a cell opened stays open for the cells below, and what was read from it stays read")
    func sockets() throws {
        let lab = try Lab()
        try lab.run("import Foundation\nvar ends: [Int32] = [0, 0]\nsocketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends)\n_ = write(ends[0], \"abcdef\", 6)")
        let read = "var bytes = [UInt8](repeating: 0, count: 2)\nlet count = read(ends[1], &bytes, 2)\nprint(String(decoding: bytes, as: UTF8.self))"
        try lab.run(read)
        _ = try lab.rerun("c2", read + "\n")
        #expect(lab.take() == "ab\ncd\n")
    }

    @Test("What a checker's calls change in the learner's variables is not kept")
    func answersLeaveNoTrace() throws {
        let lab = try Lab(answers: ["count"])
        try lab.run("var calls = 0\nfunc count(_ n: Int) -> Int { calls += n; return calls }")
        let answers = lab.session.answers(lab)
        #expect(answers.answer(to: .call(function: "count", arguments: "[2]")).reply == .json("[2]", type: "Int"))
        #expect(answers.answer(to: .call(function: "count", arguments: "[3]")).reply == .json("[5]", type: "Int"))
        try lab.run("print(calls)")
        #expect(lab.take() == "0\n")
    }
}

extension CellResult {
    func expectSuccess() { #expect(succeeded, "\(word)") }
}
