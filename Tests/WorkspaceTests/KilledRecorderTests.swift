import Foundation
import Processes
import Testing
import Tiers
@testable import Workspace

@Suite("Killed while recording")
struct KilledRecorderTests {
    @Test("Whenever a recording process is killed, git finds nothing wrong, every attempt that it had finished is there, and the next one is kept")
    func killed() throws {
        let repository = try TestRepository.withWork()
        let before = try repository.contents()
        var finished: [String] = [], untilFirst: Duration?
        for round in 0...rounds(60) {
            let (reading, writing) = try Descriptor.pipe()
            let child = try ChildProcess(
                Recorder.program, [repository.folder, "embeddings/1", "1000000", round % 3 == 0 ? "2" : "9"],
                descriptors: [1: writing.number])
            writing.close()
            // The moments cover starting, recording and packing; how long that takes here, the first life tells.
            var output: [UInt8] = []
            let start = ContinuousClock.now, end = start + (untilFirst.map { $0 * .random(in: 0...3) } ?? .seconds(60))
            while ContinuousClock.now < end {
                let events = waitForDescriptors([(reading.number, Int16(POLLIN))], until: end)
                if events[0] != 0 { output += reading.read() ?? [] }
                if untilFirst == nil, !output.isEmpty {
                    untilFirst = .now - start
                    break
                }
            }
            _ = child.end()
            while let bytes = reading.read(), !bytes.isEmpty { output += bytes }
            reading.close()
            // A last line that was cut off in the middle names no attempt.
            let lines = String(decoding: output, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false).dropLast()
            finished += lines.map(String.init)
            // A process that comes after can record at once.
            if round % 10 == 9 { finished.append("\(try repository.attempts().record(.number(round)))") }
        }
        #expect(finished.count > 10)
        let history = try repository.attempts().history()
        #expect(history.problem == nil)
        let kept = Set(history.attempts.map { "\($0.id)" })
        #expect(finished.filter { !kept.contains($0) } == [])
        for id in finished.compactMap({ ObjectID($0) }).suffix(50) { _ = try repository.attempts().attempt(id) }
        #expect(try repository.complaints() == "")
        #expect(try repository.contents() == before)
    }

    @Test("Whenever the making of a workspace is killed, there is none or a whole one, and it can be made then", arguments: [false, true])
    func killedCreation(withFiles: Bool) throws {
        var made = 0
        let count = rounds(20)
        for round in 0..<count {
            let place = try TestRepository(withFiles ? "mkdir w && echo mine > w/notes.txt" : "true")
            let child = try ChildProcess(Recorder.program, ["--create", place.folder + "/w"], descriptors: [:])
            // From before it starts to after it ends, evenly.
            _ = child.wait(until: .now + .milliseconds(5 + round * 100 / count))
            _ = child.end()
            if FileManager.default.fileExists(atPath: place.folder + "/w/.git") {
                made += 1
                #expect(try place.shell("git rev-list --count main && git ls-files | wc -l", in: "w") == "1\n21")
            } else if !withFiles {
                #expect(!FileManager.default.fileExists(atPath: place.folder + "/w"))
            }
            try #require(run(Recorder.program, ["--create", place.folder + "/w"]).succeeded)
            #expect(try place.shell("git status --porcelain | grep -v etude-new || true", in: "w") == (withFiles ? "?? notes.txt" : ""))
            #expect(try place.complaints(in: "w") == "")
        }
        #expect(made < count)
    }

    @Test("The mark of a process that died with a reference in hand is removed by the next; one of a program that lives is not")
    func staleMark() throws {
        let repository = try TestRepository()
        let mark = "\(repository.folder)/.git/refs/etude/attempts/embeddings/1.lock"
        try repository.attempts().record(.number(0))
        // As a process leaves it that is killed between marking the reference and moving it.
        try repository.shell("touch \(mark) && printf refs/etude/attempts/embeddings/1 > .git/etude/lock")
        try repository.attempts().record(.number(1))
        // Git's program marks without our lock.
        try repository.shell("touch \(mark)")
        #expect { try repository.attempts().record(.number(2)) } throws: { ($0 as? GitError)?.code == .locked }
        #expect(FileManager.default.fileExists(atPath: mark))
        #expect(try repository.attempts().history().attempts.count == 2)
    }
}
