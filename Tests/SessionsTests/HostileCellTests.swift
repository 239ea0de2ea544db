import Display
import Foundation
import Processes
import Sessions
import Testing
import Wire

@Suite struct HostileCellTests {
    @Test(
        "However a cell dies, and whatever it does: it ends with a word, nothing before it is lost, the next cell works, and no process is left",
        arguments: [Attack.traps, Attack.threads, Attack.ends, Attack.signals, Attack.descriptors, Attack.processes, Attack.messages, Attack.endless])
    func endures(_ wave: Attack.Wave) async throws {
        // On threads of their own: they wait more than they compute, and tests have but one thread a processor.
        let complaints = try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<[String], any Error>) in
            Thread { continuation.resume(with: Result { try self.complaints(about: wave) }) }.start()
        }
        #expect(complaints == [])
    }

    /// What was not as it should be when one session has endured a wave of attacks.
    private func complaints(about wave: Attack.Wave) throws -> [String] {
        var complaints: [String] = []
        func expect(_ isRight: Bool, _ attack: Attack, _ complaint: @autoclosure () -> String) {
            if !isRight { complaints.append("\(attack.name): \(complaint())") }
        }
        let trace = Trace()
        let lab = try Lab(limits: SessionLimits(memory: 2 << 30, cellDuration: wave.patience, output: 1 << 20))
        for (text, letter) in [(Attack.tools + "\nvar kept = [1]\n", "a"), ("kept.append(2)\n", "b")] {
            let result = try lab.run(text + trace.add(Character(letter)))
            guard result.succeeded else { return ["The cells before: \(result.word)"] }
        }
        var letters = "ab"
        for attack in wave.attacks {
            let start = ContinuousClock.now
            let word = try lab.rerun("c3", attack.cell).word
            expect(word.hasPrefix(attack.outcome), attack, "\(word.prefix(300)), not \(attack.outcome)")
            if let line = attack.line { expect(word.hasSuffix("at c3:\(line)"), attack, "\(word.suffix(300)), not at line \(line)") }
            expect(word.utf8.count < 40_000 && lab.take().utf8.count < 8 << 20, attack, "tells too much")
            expect(.now - start < .seconds(30), attack, "took \(ContinuousClock.now - start)")

            // The cell below, and then another cell in the place of the hostile one.
            let below = try lab.rerun("c4", "print(kept)")
            let shown = lab.take()
            expect(below.word.hasPrefix(attack.below) && (shown == "[1, 2]\n" || shown == "" && !below.succeeded), attack, "below it: \(below.word) \(shown)")
            let instead = try lab.rerun("c3", "print(kept.count)")
            expect(instead.succeeded && lab.take() == "2\n", attack, "instead of it: \(instead.word)")
            let again = trace.letters.dropFirst(letters.count)
            expect(attack.reruns.contains(again.count / 2) && again.allSatisfy { "ab".contains($0) }, attack, "\(again) ran again")
            letters = trace.letters
        }
        // The keeper, its parent, and the states before and after the cells.
        if lab.processes().count < 5 { complaints.append("The session's processes can't be seen.") }
        lab.session.end()
        return complaints + lab.processesLeft(within: .seconds(1)).map { "\($0) is left" }
    }

    @Test("A wish to stop ends the cell at its line, and is never lost, nor does it cost the state before, however soon it comes", arguments: [0, 1, 2, 5, 20, 100])
    func interrupts(milliseconds: UInt32) throws {
        let trace = Trace()
        let interruption = try Interruption()
        let lab = try Lab(interruption: interruption)
        try lab.run("import Foundation\nvar kept = 1\n" + trace.add("a")).expectSuccess()
        let loop = "print(kept)\nwhile true {}"
        // So that it needs not be compiled any more.
        interruption.request()
        #expect(try lab.run(loop).word.hasPrefix("interrupted"))
        for _ in 0..<5 {
            let thread = Thread { usleep(milliseconds * 1_000); interruption.request() }
            thread.start()
            #expect(try lab.rerun("c2", loop).word.hasPrefix("interrupted"))
        }
        try lab.rerun("c3", "print(kept + 1)").expectSuccess()
        #expect(lab.take().hasSuffix("2\n") && trace.letters == "a")
        lab.session.end()
        #expect(lab.processesLeft(within: .seconds(1)) == [])
    }

    @Test("An alarm that a cell has set does not end the state that it left")
    func alarms() throws {
        let trace = Trace()
        let lab = try Lab()
        try lab.run("import Foundation\nvar kept = 1\n" + trace.add("a")).expectSuccess()
        try lab.run(trace.add("b") + "\nkept += 1\n_ = ualarm(500_000, 100_000)").expectSuccess()
        // The alarm goes off while this cell runs, in the process that sleeps.
        try lab.run("_ = usleep(1_000_000)").expectSuccess()
        try lab.rerun("c3", "print(kept)").expectSuccess()
        #expect(lab.take() == "2\n" && trace.letters == "ab")
    }

    @Test("Two hundred deaths leave no descriptor, no process and no memory behind")
    func manyDeaths() throws {
        let lab = try Lab()
        try lab.run("var kept = 1").expectSuccess()
        #expect(try lab.run("fatalError()").word.hasPrefix("died"))
        let before = (lab.processes().count, residentMemory(), openDescriptors())
        for _ in 0..<200 { #expect(try lab.rerun("c2", "fatalError()").word.hasPrefix("died")) }
        #expect(lab.processesLeft(within: .seconds(1), allowing: before.0).count == before.0)
        // Other tests run beside this one.
        #expect(residentMemory() < before.1 + 200 << 20)
        #expect(openDescriptors() < before.2 + 400)
        lab.session.end()
        #expect(lab.processesLeft(within: .seconds(1)) == [])
    }

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

    private func residentMemory() -> Int {
        let pages = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8))?.split(separator: " ").dropFirst().first.flatMap { Int($0) }
        return (pages ?? 0) * 4096
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
