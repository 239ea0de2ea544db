import Display
import Foundation
import Sessions
import Testing
import Wire

/// What a hostile cell does to the host, written as cells: each ends in a bounded time with a word, the host stays as
/// it was, and the next cell works.
private struct Attack: CustomTestStringConvertible, Sendable {
    var name: String
    var cell: String
    /// What the cell's outcome begins with.
    var outcome: String
    var testDescription: String { name }

    init(_ name: String, _ outcome: String, _ cell: String) { (self.name, self.outcome, self.cell) = (name, outcome, cell) }

    /// A cell that sends bytes of its own to the host.
    static func message(_ name: String, _ json: String, then rest: String) -> Attack {
        Attack(name, nonsense, Self.tools + "\nframe(#\"\"\"\n\(json)\n\"\"\"#)\n" + rest)
    }

    static let nonsense = "died: The cell's process sent Etude something that can't be understood"

    /// What a hostile cell has at its head.
    static let tools = """
        import Foundation
        import Display
        @_silgen_name("fork") func forkProcess() -> Int32
        func raw(_ bytes: [UInt8], to descriptor: Int32 = 3) {
            var rest = bytes[...]
            while !rest.isEmpty {
                let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
                if count <= 0 { return }
                rest = rest.dropFirst(count)
            }
        }
        func length(_ count: Int) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: count >> (8 * $0)) } }
        func frame(_ json: String, attachment: [UInt8] = []) {
            raw(length(json.utf8.count) + length(attachment.count) + Array(json.utf8) + attachment)
        }
        """
}

private let messages: [Attack] = [
    Attack("a message of 4 GB", Attack.nonsense, Attack.tools + "\nraw([255, 255, 255, 255, 0, 0, 0, 0]); sleep(100)"),
    Attack("an attachment of 4 GB", Attack.nonsense, Attack.tools + "\nraw([2, 0, 0, 0, 255, 255, 255, 255]); sleep(100)"),
    Attack("bytes that are no message", Attack.nonsense, Attack.tools + "\nraw(Array(repeating: 65, count: 100_000)); sleep(100)"),
    .message("no JSON", "hello", then: "sleep(100)"),
    .message("an unknown message", #"{"verdict":{"_0":"correct"}}"#, then: "sleep(100)"),
    .message("an answer that nobody asked for", #"{"answer":{"_0":{"missing":{}}}}"#, then: "sleep(100)"),
    .message("readiness out of turn", #"{"ready":{"version":1}}"#, then: "sleep(100)"),
    .message("loading out of turn", #"{"loaded":{}}"#, then: "sleep(100)"),
    .message("the end of another cell", #"{"finished":{"_0":{"completed":{}},"run":77}}"#, then: "sleep(100)"),
    .message("a number too large", #"{"display":{"_0":{"progress":{"_0":{"label":"","fraction":1e999,"detail":"","isFinished":false}}}}}"#, then: "sleep(100)"),
    Attack("JSON nested 5 million deep", Attack.nonsense, Attack.tools + "\nframe(String(repeating: \"[\", count: 5_000_000)); sleep(100)"),
    Attack("objects nested a million deep", Attack.nonsense, Attack.tools + "\nframe(String(repeating: \"{\\\"display\\\":\", count: 1_000_000)); sleep(100)"),
    Attack("half a message, then the end", "died: The cell ended the whole process, with status 0.", Attack.tools + "\nraw([200, 0, 0, 0, 0, 0, 0, 0, 65]); _exit(0)"),
]

private let processes: [Attack] = [
    Attack("closes the socket and lives on", "died: The cell closed the connection", "import Foundation\nclose(3)\nsleep(100)"),
    Attack("closes all descriptors", "died: The cell ended the whole process, with status 0.", "import Foundation\nfor i in Int32(0)..<100 { close(i) }"),
    Attack("closes what it prints to", "completed", "import Foundation\nclose(1)\nclose(2)\nusleep(100_000)"),
    Attack("leaves a child that holds the socket and the pipes", "died: The cell ended the whole process, with status 3.",
        Attack.tools + "\nif forkProcess() == 0 { sleep(100); _exit(0) }\n_exit(3)"),
    Attack("leaves a child in a session of its own", "died: The cell ended the whole process, with status 3.",
        Attack.tools + "\nif forkProcess() == 0 { setsid(); sleep(20); _exit(0) }\nusleep(50_000)\n_exit(3)"),
    Attack("leaves a daemon that prints without end", "died: The cell ended the whole process, with status 3.",
        Attack.tools + "\nif forkProcess() == 0 { setsid(); alarm(20); while true { raw(Array(repeating: 65, count: 4096), to: 1) } }\nusleep(200_000)\n_exit(3)"),
    Attack("forks, and the child goes on as if it were the session", "completed", Attack.tools + "\n_ = forkProcess()"),
    Attack("stops itself", "died: The cell ran for longer", "import Foundation\nkill(getpid(), SIGSTOP)"),
    Attack("ignores the signals that would end it", "died: The cell ran for longer",
        "import Foundation\nfor i in Int32(1)...31 { signal(i, SIG_IGN) }\nwhile true { usleep(1_000) }"),
    Attack("prints without end", "died: The cell ran for longer", "while true { print(\"again and again and again\") }"),
    Attack("prints errors without end", "died: The cell ran for longer", Attack.tools + "\nwhile true { raw(Array(repeating: 65, count: 65_536), to: 2) }"),
    Attack("fills the pipe of frames, then traps", "died: Index out of range", Attack.tools + "\nlet none = [Int]()\n_ = fcntl(4, F_SETFL, O_NONBLOCK)\nraw(Array(repeating: 70, count: 1 << 20), to: 4)\n_ = fcntl(4, F_SETFL, 0)\nprint(none[0])"),
    Attack("writes frames without end", "died: The cell ran for longer", Attack.tools + "\nwhile true { raw(Array(\"F /dev/zero 0x10\\n\".utf8), to: 4) }"),
    Attack("names files that are no cells as its frames", "died: The process died: Terminated.", Attack.tools + "\nfor file in [\"/dev/zero\", \"/dev/stdin\", \"/a\\\" \\\"/b\", \"/etc/passwd\"] { raw(Array(\"S 11\\nF \\(file) 0x10\\n\".utf8), to: 4) }\nraise(SIGTERM)\nsleep(100)"),
    Attack("closes the pipe of frames, then traps", "died: Index out of range", "import Foundation\nclose(4)\nlet none = [Int]()\nprint(none[0])"),
    Attack("shows without listening", "died: The cell", Attack.tools + "\nwhile true { frame(#\"{\"display\":{\"_0\":{\"text\":{\"_0\":\"x\"}}}}\"#) }"),
]

private let deaths: [Attack] = [
    Attack("traps in another thread", "died: Index out of range", "import Foundation\nlet t = Thread { let none = [Int](); print(none[0]) }\nt.start()\nsleep(100)"),
    Attack("overflows the stack of another thread", "died: ", "import Foundation\nfunc down(_ n: Int) -> Int { n == -1 ? 0 : 1 + down(n + 1) }\nlet t = Thread { print(down(0)) }\nt.start()\nsleep(100)"),
    Attack("throws in another thread", "completed", "import Foundation\nstruct Oops: Error {}\nfunc fail() throws { throw Oops() }\nlet t = Thread { for _ in 0..<1_000 { try? fail() } ; print(\"done\") }\nt.start()\nwhile !t.isFinished { usleep(1_000) }"),
    Attack("throws where C code has lost the chain of frames", "completed", "import Foundation\nstruct Oops: Error {}\nfunc fail() throws { throw Oops() }\nvar list: [Int32] = [3, 1, 2]\nqsort(&list, 3, 4) { _, _ in try? fail(); return 1 }"),
    Attack("traps where C code has lost the chain of frames", "died: Index out of range", "import Foundation\nvar list: [Int32] = [3, 1, 2]\nqsort(&list, 3, 4) { _, _ in let none = [Int32](); return none[0] }"),
    Attack("exits in another thread", "died: The cell ended the whole process, with status 9.", "import Foundation\nlet t = Thread { exit(9) }\nt.start()\nsleep(100)"),
    Attack("traps in many threads at once", "died: ", "import Foundation\nfor _ in 0..<8 { Thread { let none = [Int](); print(none[0]) }.start() }\nsleep(100)"),
    Attack("has handlers of its own for traps", "died: ", "import Foundation\nsignal(SIGILL) { _ in _exit(5) }\nsignal(SIGTRAP) { _ in _exit(5) }\nlet none = [Int]()\nprint(none[0])"),
    Attack("frees twice", "died: ", "import Foundation\nlet p = malloc(100)\nfree(p)\nfree(p)\nlet q = malloc(100)\nfree(q)\nfree(q)\nabort()"),
    Attack("has a broken stack", "died: ", "import Foundation\nfunc smash() { withUnsafeMutableBytes(of: &spare) { b in let p = b.baseAddress!; _ = p }\n    let f = unsafeBitCast(8, to: UnsafeMutablePointer<Int>.self); f.pointee = 1 }\nvar spare = 0\nsmash()"),
    Attack("writes to a pipe that nobody reads", "died: The process died: Broken pipe.", "import Foundation\nvar ends: [Int32] = [0, 0]\npipe(&ends)\nclose(ends[0])\nvar byte: UInt8 = 1\nwrite(ends[1], &byte, 1)"),
    Attack("sends a message of megabytes about its end", "died: ", "fatalError(String(repeating: \"x\", count: 3_000_000))"),
    Attack("throws megabytes", "threw xxx", "struct Long: Error, CustomStringConvertible { var description: String { String(repeating: \"x\", count: 5_000_000) } }\nthrow Long()"),
]

@Suite struct HostileCellTests {
    private func endure(_ attack: Attack, limits: SessionLimits = SessionLimits(memory: 0, cellDuration: .seconds(1), output: 1 << 20)) throws {
        let lab = try Lab(limits: limits)
        try #require(lab.run("let before = 41").succeeded)
        let start = ContinuousClock.now
        let word = try lab.run(attack.cell).word
        #expect(word.hasPrefix(attack.outcome), "\(word.prefix(300))")
        #expect(word.utf8.count < 40_000)
        #expect(.now - start < .seconds(45))
        #expect(lab.log.joined().utf8.count < 8 << 20)
        lab.log = []
        #expect(try lab.run("before + 1").word == "completed")
        #expect(lab.take() == "[42]")
    }

    @Test("What is no message, or comes out of turn, ends the session and not the host", arguments: messages)
    private func survivesMessages(_ attack: Attack) throws { try endure(attack) }

    @Test("A cell that plays with descriptors, signals and processes can't keep the host waiting", arguments: processes)
    private func survivesProcesses(_ attack: Attack) throws { try endure(attack) }

    @Test("However a cell dies, the host knows that it did", arguments: deaths)
    private func survivesDeaths(_ attack: Attack) throws { try endure(attack) }

    @Test("A cell that says too early that it has finished can't end the next one for it, and is left out from then on", arguments: ["", "5"])
    func earlyEnd(lastValue: String) throws {
        let lab = try Lab(limits: SessionLimits(memory: 0, cellDuration: .seconds(10), output: 1 << 20))
        let early = Attack.tools + "\nlet forged = 1\nframe(#\"{\"finished\":{\"_0\":{\"completed\":{}},\"run\":1}}\"#)\n_ = usleep(300_000)\n\(lastValue)"
        #expect(try lab.run(early).word == "completed")
        let word = try lab.run("let mine = 2\nprint(\"mine\")").word
        #expect(word.hasPrefix("died: "), "\(word)")
        #expect(word.contains("cell 1"), "\(word)")
        _ = lab.take()
        #expect(try lab.run("let other = 5\nprint(other)").word == "completed")
        #expect(lab.take() == "5\n")
        #expect(try lab.run("forged").word == "skipped for forged@c1")
    }

    @Test("A cell that can't be run again says so once, and the cells after it go on without it")
    func unrepeatable() throws {
        let marker = NSTemporaryDirectory() + "etude-once-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: marker) }
        let lab = try Lab()
        #expect(try lab.run("let a = 1").succeeded)
        #expect(try lab.run("import Foundation\nlet once = 2\nif access(\"\(marker)\", F_OK) == 0 { fatalError(\"not again\") }\nclose(open(\"\(marker)\", O_CREAT | O_WRONLY, 0o600))").succeeded)
        #expect(try lab.run("kill(getppid(), SIGKILL)\nsleep(100)").word.hasPrefix("died: The process that keeps the session was ended"))
        let word = try lab.run("a + 1").word
        #expect(word.hasPrefix("died: The session was started anew, but cell 2") && word.contains("not again"), "\(word)")
        #expect(try lab.run("a + 1").succeeded)
        #expect(try lab.run("once").word == "skipped for once@c2")
    }

    @Test("What a cell shows is made fit for a face: rows as long as the columns, arrows between boxes, bounded texts")
    func hostileValues() throws {
        let lab = try Lab()
        #expect(try lab.run(Attack.tools + """

            display(DisplayValue.table(DisplayedTable(columns: [.init(name: "a", type: "Int", alignment: .leading), .init(name: "b", type: "Int", alignment: .leading)], rows: [["1"], ["1", "2", "3"]] + Array(repeating: [], count: 200_000), cutAfter: -5, rowCount: -1)))
            display(DisplayValue.diagram(DisplayedDiagram(title: "d", nodes: [], edges: [[0, 1]])))
            display(DisplayValue.diagram(DisplayedDiagram(title: "d", nodes: [.init(title: "", detail: "")], edges: [[0]])))
            display(DisplayValue.chart(DisplayedChart(size: [], series: [])))
            display(DisplayValue.chart(DisplayedChart(series: [.init(mark: .line, x: [1], y: [])])))
            display(DisplayValue.progress(DisplayedProgress(label: String(repeating: "x", count: 1_000_000), fraction: .nan)))
            display(DisplayValue.markdown(String(repeating: "> ", count: 5_000_000)))
            display(String(repeating: "y", count: 20_000_000))
            display(String(repeating: "z", count: 70_000_000))
            DisplayValue.diagram(DisplayedDiagram(title: "", nodes: [.init(title: "", detail: "")], edges: [[Int.min, Int.max]]))
            """).word == "completed")
        #expect(lab.shown.count == 10)
        guard case .table(let table)? = lab.shown.first else { Issue.record("no table"); return }
        #expect(table.rows.count == 10_000 && table.rows.allSatisfy { $0.count == 2 } && table.cutAfter == nil && table.rowCount == 10_000)
        for value in lab.shown[1...4] + lab.shown[9...] {
            guard case .text(let sentence) = value else { Issue.record("\(value)"); continue }
            #expect(sentence.contains("can't be drawn"))
        }
        guard case .progress(let progress) = lab.shown[5] else { Issue.record("no progress"); return }
        #expect(progress.fraction == nil && progress.label.utf8.count < 5_000)
        #expect(lab.shown[6].plainText!.utf8.count < 300_000 && lab.shown[7].plainText!.utf8.count < 9 << 20)
        #expect(lab.shown[8].plainText!.hasPrefix("This is too large to be shown: it takes 67 MB, and 32 MB is the most."))
    }

    @Test("A cell that shows without end is cut with a notice")
    func limitsShown() throws {
        let lab = try Lab(limits: SessionLimits(memory: 0, cellDuration: nil, output: 1 << 20))
        #expect(try lab.run("import Display\nlet long = String(repeating: \"x\", count: 1 << 20)\nfor _ in 0..<50 { display(long) }").word == "completed")
        #expect(lab.shown.count <= 4 && lab.log.joined().contains("the rest is left out"))
    }

    @Test("Hostile questions and file names come bounded, and no cell gets a verdict from itself")
    func hostileQuestions() throws {
        let lab = try Lab()
        #expect(try lab.run(Attack.tools + """

            import Lessons
            Question(String(repeating: "p", count: 1_000_000)).check()
            Question("\\u{1B}[2Jpart1\\n").hint(Int.min)
            frame(##"{"save":{"_0":{"text":{"_0":"x"}},"path":"\\u001b]0;title\\u0007.svg"}}"##)
            """).word == "completed")
        #expect(lab.log.joined().utf8.count < 5_000)
    }

    @Test("Answers out of turn, too large, or different each time reach the checker as they are, bounded")
    func hostileAnswers() throws {
        let lab = try Lab(limits: SessionLimits(memory: 0, cellDuration: .seconds(20), output: 1 << 20), answers: ["large", "f", "g"])
        lab.queries = [.value(variable: "large"), .call(function: "f", arguments: "[1]"), .call(function: "f", arguments: "[1]"),
            .call(function: "f", arguments: String(repeating: "[", count: 3_000_000)), .value(variable: "large")]
        #expect(try lab.run(Attack.tools + """

            import Lessons
            var large = String(repeating: "x", count: 70_000_000)
            var calls = 0
            func f(_ x: Int) -> Int { calls += 1; return calls }
            Question("part1").check()
            """).word == "completed")
        if case .threw(let text) = lab.answers[0] { #expect(text.contains("too large")) } else { Issue.record("\(lab.answers[0])") }
        #expect(lab.answers[1] == .json("[1]", type: "Int") && lab.answers[2] == .json("[2]", type: "Int"))
        if case .threw = lab.answers[3] {} else { Issue.record("\(lab.answers[3])") }

        lab.answers = []
        lab.queries = [.value(variable: "large"), .value(variable: "large")]
        let word = try lab.run(Attack.tools + "\nfunc g() -> Int { frame(#\"{\"finished\":{\"_0\":{\"completed\":{}},\"run\":2}}\"#); sleep(100); return 1 }\nlet large = 1\nQuestion(\"part1\").check()").word
        #expect(word == "completed", "\(word)")

        lab.answers = []
        lab.queries = [.call(function: "g", arguments: "[]"), .value(variable: "large")]
        #expect(try lab.run("Question(\"part1\").check()").word.hasPrefix(Attack.nonsense))
        #expect(lab.answers == [.ended(""), .ended("")])
        #expect(try lab.run("1 + 1").succeeded)
    }

    @Test("A question between two cells has time of its own, and a function that loops is ended")
    func timeBetweenCells() throws {
        let lab = try Lab(limits: SessionLimits(memory: 0, cellDuration: .seconds(1), output: 1 << 20), answers: ["a", "loop"])
        #expect(try lab.run("let a = 1\nfunc loop() -> Int { while true {} }").succeeded)
        let start = ContinuousClock.now
        while .now - start < .milliseconds(1_200) {}
        let reply = lab.session.answers(lab).answer(to: .value(variable: "a")).reply
        #expect(reply == .json("[1]", type: "Int"))
        let ended = lab.session.answers(lab).answer(to: .call(function: "loop", arguments: "[]")).reply
        if case .ended = ended {} else { Issue.record("\(ended)") }
    }

    @Test("A program that a cell starts holds neither the socket nor the pipe of frames")
    func startedPrograms() throws {
        let lab = try Lab()
        #expect(try lab.run("import Foundation\n_ = system(\"readlink /proc/$$/fd/3 /proc/$$/fd/4; echo asked\")").succeeded)
        #expect(lab.take() == "asked\n")
    }

    @Test("A character that is cut between two pieces of output arrives whole")
    func wholeCharacters() throws {
        let lab = try Lab()
        #expect(try lab.run(Attack.tools + "\nraw([0x61, 0xE2, 0x82], to: 1)\nusleep(50_000)\nraw([0xAC, 0x62, 0xF0, 0x9F], to: 1)").succeeded)
        #expect(lab.take() == "a€b\u{FFFD}")
    }

    @Test("Sessions that come and go leave no descriptors and no dead processes behind")
    func leaks() throws {
        try { try #require(try Lab().run("1").succeeded) }()
        let before = openDescriptors()
        for index in 0..<100 {
            let lab = try Lab()
            #expect(try lab.run(index % 2 == 0 ? "let a = 1" : "fatalError()").word.hasPrefix(index % 2 == 0 ? "completed" : "died"))
        }
        // Other tests run beside this one.
        #expect(openDescriptors() < before + 80)
        #expect(deadChildren() < 10)
    }

    private func openDescriptors() -> Int { (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count) ?? 0 }

    private func deadChildren() -> Int {
        let processes = (try? FileManager.default.contentsOfDirectory(atPath: "/proc").filter { Int($0) != nil }) ?? []
        return processes.filter { process in
            let words = (try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8))?.split(separator: ")").last?.split(separator: " ")
            return words?.first == "Z" && words?[1] == "\(getpid())"
        }.count
    }
}
