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
            let (reading, writing) = try Descriptor.pipe()
            reading.setNonBlocking()
            let start = ContinuousClock.now
            let host = try ChildProcess(
                EtudeProgram.program, ["run", file], environment: etude.environment, workingDirectory: etude.home, descriptors: [1: writing.number])
            writing.close()
            if number > 0, let longest {
                let moment = start + longest * 1.1 * Double(number) / 20
                waitForDescriptors([], until: moment)
            } else {
                #expect(reads("begun", from: reading))
                longest = .now - start
            }
            let below = descendants(of: host.identifier)
            kill(host.identifier, SIGKILL)
            #expect(host.wait() == .signalled(SIGKILL))
            #expect(left(of: below, home: etude.home, within: .seconds(1)) == [], "killed as number \(number)")
        }
    }

    @Test("A host that is killed while answers are checked leaves no checker behind")
    func leavesNoChecker() throws {
        let etude = try EtudeProgram()
        let file = try etude.startedCourse(replacing: [("part1.check()", "part1.check()\nprint(\"begun\")\nwhile true {}")])
        let (reading, writing) = try Descriptor.pipe()
        reading.setNonBlocking()
        let host = try ChildProcess(
            EtudeProgram.program, ["run", file], environment: etude.environment, workingDirectory: etude.home, descriptors: [1: writing.number])
        writing.close()
        #expect(reads("begun", from: reading))
        let below = descendants(of: host.identifier)
        #expect(below.contains { $0.program.hasSuffix("/etude-checker") } && below.contains { $0.program.hasSuffix("/etude-session") })
        kill(host.identifier, SIGKILL)
        host.wait()
        #expect(left(of: below, home: etude.home, within: .seconds(1)) == [])
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

    // MARK: What the system knows of processes

    private struct Known: Hashable {
        var number: pid_t
        /// A number may be given to another; a number and a time of start are not.
        var start: Substring
        var program: String
    }

    private func processes() -> [(process: Known, parent: pid_t)] {
        (try? FileManager.default.contentsOfDirectory(atPath: "/proc"))!.compactMap { entry in
            guard let number = pid_t(entry), let text = try? String(contentsOfFile: "/proc/\(entry)/stat", encoding: .utf8) else { return nil }
            let words = text.split(separator: ")").last!.split(separator: " ")
            guard words[0] != "Z", let parent = pid_t(words[1]) else { return nil }
            let program = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(entry)/exe")) ?? ""
            return (Known(number: number, start: words[19], program: program), parent)
        }
    }

    private func descendants(of host: pid_t) -> Set<Known> {
        let all = processes()
        var found: Set<Known> = [], parents: Set<pid_t> = [host]
        while true {
            let new = all.filter { parents.contains($0.parent) && !found.contains($0.process) }.map(\.process)
            if new.isEmpty { return found }
            found.formUnion(new)
            parents.formUnion(new.map(\.number))
        }
    }

    /// Which processes there are after a while of those that were, and of those that have the home in their environment.
    private func left(of below: Set<Known>, home: String, within patience: Duration) -> [String] {
        let mark = Data("HOME=\(home)".utf8), end = ContinuousClock.now + patience
        while true {
            let left = processes().map(\.process).filter { process in
                if below.contains(process) { return true }
                return FileManager.default.contents(atPath: "/proc/\(process.number)/environ")?.range(of: mark) != nil
            }
            if left.isEmpty || .now >= end { return left.map { "\($0.number) \($0.program)" } }
            usleep(20_000)
        }
    }
}
