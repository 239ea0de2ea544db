import Foundation
import Processes
import Testing
import Tiers

/// A command that works on a learner's workspace is killed at any moment. What is there then is whole: git finds nothing
/// wrong, each attempt that a command had finished is there, the notebook is the old or the new one, and all that is the
/// learner's own is as it was.
@Suite struct KilledWorkspaceTests {
    private let life: KilledLife

    init() throws { life = try KilledLife() }

    @Test("Killed while checking, it has every attempt that was finished, and can be checked again at once")
    func check() throws {
        var finished = 0
        try life.endAtRandom(rounds(75)) { round in
            let text = try life.learner.save(LearnerWorkspace.starter.replacingOccurrences(of: "first = 0", with: "first = \(round)"))
            return KilledLife.Moment(["check", life.learner.file, "first"], allowed: [text]) { hasEnded in
                let attempts = try life.learner.attempts()
                if hasEnded {
                    finished += 1
                    let isKept = try attempts.first.map(life.learner.notebook) == text
                    #expect(isKept, "An attempt that was finished is there.")
                }
            }
        }
        #expect(finished > 2 && finished < rounds(75))
    }

    @Test("Killed while a notebook is restored, it is the old or the new one, and the old one is an attempt")
    func restore() throws {
        let learner = life.learner
        let texts = try (0..<5).map { number in
            let text = try learner.edit("first = \(number == 0 ? 0 : number + 9)", "first = \(number + 10)")
            #expect(try learner("check", learner.file, "first").status == 1)
            return text
        }
        var (restored, left) = (0, 0)
        try life.endAtRandom(rounds(75)) { round in
            let number = round % 5
            // What no attempt holds yet.
            let mine = try learner.save(texts[(number + 1) % 5] + "// mine \(round)\n")
            return KilledLife.Moment(["restore", learner.file, "\(number + 1)"], allowed: [mine, texts[number]]) { hasEnded in
                let isRestored = try learner.text() == texts[number]
                #expect(isRestored || !hasEnded)
                if isRestored {
                    restored += 1
                    let isKept = try learner.attempts().prefix(3).map(learner.notebook).contains(mine)
                    #expect(isKept, "What was there before is an attempt.")
                } else { left += 1 }
            }
        }
        #expect(restored > 0 && left > 0)
    }
}

/// A learner's workspace in which commands are killed.
final class KilledLife {
    /// What a command is to do, and what may be there when it was killed.
    struct Moment {
        var arguments: [String]
        /// The texts that the notebook may have then.
        var allowed: Set<String>
        /// Is told whether the command came to its end.
        var examine: (_ hasEnded: Bool) throws -> Void

        init(_ arguments: [String], allowed: Set<String>, examine: @escaping (Bool) throws -> Void) {
            (self.arguments, self.allowed, self.examine) = (arguments, allowed, examine)
        }
    }

    let learner: LearnerWorkspace
    private let own: [String]
    /// Every attempt that was seen: none may go.
    private var seen: Set<String> = []

    init() throws {
        learner = try LearnerWorkspace()
        try learner.setTraps()
        own = try learner.own()
    }

    /// Runs commands that are killed at moments spread over their time, and looks at the workspace after each. The first
    /// two come to their end, and tell how long one takes.
    func endAtRandom(_ count: Int, _ moment: (_ round: Int) throws -> Moment) throws {
        var longest = Duration.seconds(300)
        for round in 0..<count + 2 {
            let moment = try moment(round), start = ContinuousClock.now
            let hasEnded = try kill(moment.arguments, after: round < 2 ? longest : longest * Double.random(in: 0.05...1.5))
            if round < 2 {
                #expect(hasEnded)
                if round == 1 { longest = ContinuousClock.now - start }
            }
            let text = try learner.text()
            #expect(moment.allowed.contains(text), "The notebook holds:\n\(text)")
            try moment.examine(hasEnded)
            try lookAround()
        }
        // Whoever comes next can work at once, and what was begun is cleared away.
        #expect(try [0, 1].contains(learner("check", learner.file, "first").status))
        try lookAround()
        let names = try FileManager.default.contentsOfDirectory(atPath: learner.folder)
        #expect(names.filter { $0.hasPrefix(".etude-") } == [])
    }

    /// - Returns: whether it came to its end before.
    private func kill(_ arguments: [String], after span: Duration) throws -> Bool {
        let (reading, writing) = try Descriptor.pipe()
        let child = try ChildProcess(
            EtudeProgram.program, arguments, environment: learner.environment, workingDirectory: learner.etude.home, descriptors: [1: writing.number])
        writing.close()
        let ended = child.wait(until: .now + span)
        if ended == nil {
            Glibc.kill(child.identifier, SIGKILL)
            _ = child.wait()
        }
        reading.close()
        if case .exited(let status)? = ended { return status < 2 }
        return false
    }

    private func lookAround() throws {
        #expect(try learner.complaints() == "")
        let attempts = Set(try learner.attempts())
        #expect(seen.subtracting(attempts) == [], "No attempt goes that was there.")
        seen = attempts
        #expect(try learner.own().filter { !$0.hasPrefix(".etude-") } == own && !learner.hasTrace)
        #expect(ProcessTable.left(home: learner.etude.home, within: .seconds(3)) == [])
    }
}
