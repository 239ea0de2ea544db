import Foundation
import Processes
import Testing

/// Etude is killed at any moment, and nothing that a learner wrote is lost.
@Suite struct KillTests {
    @Test("Killed 200 times while an editor saves and cells run, are checked and reset, it has every answer, and comes up again")
    func keepsAnswers() async throws {
        // Two learners at a time, five times over; each is killed twenty times.
        let counts = try await withThrowingTaskGroup(of: [LearnerLife.Counts].self) { group in
            for _ in 1...2 {
                group.addTask {
                    try (1...5).map { _ in
                        let life = try LearnerLife()
                        // The first time, the checkers are compiled.
                        try life.comeUp()
                        let longest = try max(.milliseconds(600), life.comeUp() * 2)
                        for _ in 1...20 { try life.live(for: longest * Double.random(in: 0...1)) }
                        try life.comeUp()
                        return life.counts
                    }
                }
            }
            return try await group.reduce([], +)
        }
        #expect(counts.reduce(0) { $0 + $1.windows } > 20 && counts.reduce(0) { $0 + $1.resets } > 2, "\(counts)")
    }

    @Test("A copy of a course is whole or not there, whenever its making is killed")
    func copiesWhole() throws {
        let etude = try EtudeProgram(), files = FileManager.default
        let exercises = etude.home + "/courses/exercises/many"
        try files.createDirectory(atPath: exercises + "/images", withIntermediateDirectories: true)
        try Data("""
            {"version": 1, "name": "many", "title": "T", "summary": "S", "exercises": [{"number": 1, "file": "1-many.swift", "title": "T", "minutes": 1}]}
            """.utf8).write(to: URL(fileURLWithPath: exercises + "/course.json"))
        try Data("// %%\n1\n".utf8).write(to: URL(fileURLWithPath: exercises + "/1-many.swift"))
        for number in 1...200 { try Data(repeating: UInt8(number & 255), count: 20_000).write(to: URL(fileURLWithPath: "\(exercises)/images/\(number).png")) }
        let environment = etude.environment.merging(["ETUDE_COURSES": etude.home + "/courses"]) { $1 }

        func start(_ folder: String) throws -> ChildProcess {
            let (_, writing) = try Descriptor.pipe()
            return try ChildProcess(
                EtudeProgram.program, ["start", "many", folder], environment: environment, workingDirectory: etude.home, descriptors: [1: writing.number])
        }
        func isWhole(_ folder: String) -> Bool {
            ["course.json", "1-many.swift", "images"].allSatisfy { files.contentsEqual(atPath: "\(exercises)/\($0)", andPath: "\(etude.home)/\(folder)/\($0)") }
        }
        let begin = ContinuousClock.now
        #expect(try start("first").wait() == .exited(0) && isWhole("first"))
        let longest = ContinuousClock.now - begin
        var missing = 0
        for number in 1...20 {
            let isThere = number % 2 == 0
            if isThere { try files.createDirectory(atPath: "\(etude.home)/copy-\(number)", withIntermediateDirectories: true) }
            let child = try start("copy-\(number)")
            waitForDescriptors([], until: .now + longest * Double.random(in: 0...1))
            kill(child.identifier, SIGKILL)
            _ = child.wait()
            if isWhole("copy-\(number)") { continue }
            missing += 1
            #expect(isThere || !files.fileExists(atPath: "\(etude.home)/copy-\(number)"))
            #expect(try start("copy-\(number)").wait() == .exited(0) && isWhole("copy-\(number)"))
        }
        #expect(missing > 0)
        #expect(try files.subpathsOfDirectory(atPath: etude.home).filter { $0.hasPrefix(".etude-new") } == [])
    }
}
