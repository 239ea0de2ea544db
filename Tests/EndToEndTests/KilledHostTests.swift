import Foundation
import Processes
import Testing

/// What is left of a program that is killed, at whatever moment.
@Suite struct KilledHostTests {
    /// Cells that differ from any that were compiled before; the last one never ends.
    private static func notebook(_ number: Int) -> String {
        """
        // %%
        import Foundation
        let start = \(number)
        // %%
        func launch(_ words: [String]) {
            var pid = pid_t(), arguments = words.map { strdup($0) } + [nil]
            posix_spawn(&pid, words[0], nil, nil, &arguments, environ)
        }
        launch(["/bin/sleep", "\\(1_000 + start)"])
        // %%
        launch(["/usr/bin/setsid", "sleep", "\\(2_000 + start)"])
        let values = (0..<3).map { $0 * \(number) }.sorted { $0 > $1 }
        // %%
        func spin() -> Int { var n = \(number); while n != -1 { n = (n &* 5 &+ 2) & 0xFFFF }; return n }
        print("begun")
        print(spin())

        """
    }

    @Test("A host that is killed leaves nothing behind: no session, no compiler, no linker, no daemon of a cell")
    func leavesNothing() throws {
        let etude = try EtudeProgram()
        // The second run to the last cell tells how long that takes; the others are killed on the way there, and in it.
        var longest: Duration?
        for number in -1...20 {
            let file = try etude.write("endless.swift", Self.notebook(Int.random(in: 1...1_000_000_000)))
            let start = ContinuousClock.now
            let (host, output) = try self.start(file, etude)
            if number > 0, let longest {
                let moment = start + longest * 1.1 * Double(number) / 20
                waitForDescriptors([], until: moment)
            } else {
                #expect(reads("begun", from: output))
                longest = .now - start
            }
            expectNothingLeft(of: host, etude, "killed as number \(number)")
        }
    }

    @Test("Nor when a cell has stopped the processes that would end what is left")
    func leavesNothingThoughStopped() throws {
        let etude = try EtudeProgram()
        let file = try etude.write("stopping.swift", Self.notebook(7).replacingOccurrences(of: "print(spin())", with: """
            let parent = try String(contentsOfFile: "/proc/\\(getppid())/stat", encoding: .utf8).split(separator: ")").last!.split(separator: " ")[1]
            for keeper in [getppid(), pid_t(parent)!] { kill(keeper, SIGSTOP) }
            print("stopped")
            print(spin())
            """))
        let (host, output) = try start(file, etude)
        #expect(reads("stopped", from: output))
        expectNothingLeft(of: host, etude, "")
    }

    @Test("Nor when the compiler has work for many seconds")
    func leavesNoCompiler() throws {
        let etude = try EtudeProgram()
        let file = try etude.write("slow.swift", """
            // %%
            let a = 1, b = \(Int.random(in: 1...1_000_000_000)).5
            let slow = [(1 + 2.0) * -3 + b - 4 / 5 + -(6 * 7), 8 - -9.5 + 1 * -(2 - b) / 4 + (5 - 6) * -(7 + 8), -(9 + 1) * 2 - -3 / 4 + "5".count].map { -$0 + 1 * 2 - -3.5 }.reduce(0) { $0 + -$1 * 2 - (3 + $1) / 4 }

            """)
        let (host, _) = try start(file, etude)
        let deadline = ContinuousClock.now + .seconds(60)
        var isCompiling = false
        while !isCompiling, .now < deadline {
            isCompiling = ProcessTable.descendants(of: host.identifier).contains { $0.program.contains("swift-frontend") }
            usleep(5_000)
        }
        #expect(isCompiling)
        expectNothingLeft(of: host, etude, "")
    }

    @Test("A host that is killed while answers are checked leaves no checker behind")
    func leavesNoChecker() throws {
        let etude = try EtudeProgram()
        let (host, output) = try start(etude.startedCourse(replacing: [("part1.check()", "part1.check()\nprint(\"begun\")\nwhile true {}")]), etude)
        #expect(reads("begun", from: output))
        let programs = ProcessTable.descendants(of: host.identifier).map(\.program)
        #expect(programs.contains { $0.hasSuffix("/etude-checker") } && programs.contains { $0.hasSuffix("/etude-session") })
        expectNothingLeft(of: host, etude, "")
    }

    private func start(_ file: String, _ etude: EtudeProgram) throws -> (host: ChildProcess, output: Descriptor) {
        let (reading, writing) = try Descriptor.pipe()
        reading.setNonBlocking()
        let host = try ChildProcess(
            EtudeProgram.program, ["run", file], environment: etude.environment, workingDirectory: etude.home, descriptors: [1: writing.number])
        return (host, reading)
    }

    private func expectNothingLeft(of host: ChildProcess, _ etude: EtudeProgram, _ comment: String) {
        let below = ProcessTable.descendants(of: host.identifier)
        kill(host.identifier, SIGKILL)
        #expect(host.wait() == .signalled(SIGKILL))
        #expect(ProcessTable.left(of: below, home: etude.home, within: .seconds(1)) == [], "\(comment)")
    }

    private func reads(_ word: String, from descriptor: Descriptor) -> Bool {
        let deadline = ContinuousClock.now + .seconds(120)
        var text = ""
        while .now < deadline, !text.contains(word) {
            waitForDescriptors([(descriptor.number, Int16(POLLIN))], until: deadline)
            guard let bytes = descriptor.read() else { continue }
            if bytes.isEmpty { return false }
            text += String(decoding: bytes, as: UTF8.self)
        }
        return text.contains(word)
    }
}
