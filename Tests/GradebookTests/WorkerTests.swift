import Foundation
@testable import Gradebook
import Processes
import Testing
import Tiers
@testable import Workspace

/// Workers that are processes of their own.
@Suite("Workers at one gradebook", .serialized)
struct WorkerTests {
    /// A worker's process, and what it has said so far.
    final class Worker {
        static let program = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent().path + "/grading-worker"
        let child: ChildProcess
        private let reading: Descriptor
        private var output: [UInt8] = []

        init(_ desk: Desk, _ name: String, chunk: Int = 5, lease: Int = 600_000, work: Int = 0) throws {
            let (reading, writing) = try Descriptor.pipe()
            self.reading = reading
            child = try ChildProcess(Self.program, [desk.path, "small/1", name, "\(chunk)", "\(lease)", "\(work)"], descriptors: [1: writing.number, 2: 2])
            writing.close()
        }

        deinit { reading.close() }

        /// Reads on until a moment, or until it is enough.
        func listen(until end: ContinuousClock.Instant, orUntil isEnough: ([String]) -> Bool = { _ in false }) {
            while ContinuousClock.now < end, !isEnough(lines) {
                let events = waitForDescriptors([(reading.number, Int16(POLLIN))], until: end)
                guard events[0] != 0 else { continue }
                guard let bytes = reading.read(), !bytes.isEmpty else { return }
                output += bytes
            }
        }

        /// All that it says to its end.
        func end() -> Termination {
            listen(until: .now + .seconds(120))
            return child.wait(until: .now + .seconds(10)) ?? child.end()
        }

        func kill() {
            _ = child.end()
            listen(until: .now + .seconds(5))
        }

        /// Whole ones: a last line may be cut off.
        var lines: [String] { String(decoding: output, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init) }
        var recorded: [String] { lines.filter { $0.hasPrefix("recorded ") }.map { String($0.dropFirst(9)) } }
    }

    /// That each submission has one result for each question, and nothing is wrong in the file.
    private func expectWhole(_ desk: Desk, _ gradebook: SQLiteGradebook, _ count: Int, sourceLocation: SourceLocation = #_sourceLocation) throws {
        #expect(try gradebook.grades(of: desk.exercise).filter { $0.isComplete && $0.points == 2 }.count == count, sourceLocation: sourceLocation)
        #expect(try gradebook.number("SELECT count(*) FROM result") == 2 * count, sourceLocation: sourceLocation)
        #expect(try gradebook.number("SELECT count(*) FROM (SELECT 1 FROM result JOIN grading ON grading.id = grading GROUP BY submission, question)") == 2 * count, sourceLocation: sourceLocation)
        #expect(try gradebook.number("SELECT count(*) FROM grading WHERE state <> 'done' OR worker IS NOT NULL") == 0, sourceLocation: sourceLocation)
        #expect(try gradebook.number("SELECT count(*) FROM attempt WHERE ending = 'finished'") == count, sourceLocation: sourceLocation)
        #expect(try gradebook.text("PRAGMA integrity_check") == "ok", sourceLocation: sourceLocation)
    }

    @Test("Eight workers share 2,000 tiny tasks: each is done once, by one of them, at its first attempt")
    func eight() throws {
        let desk = try Desk(), count = 2_000
        try desk.put(count)
        let (gradebook, _) = try desk.began()
        let workers = try (0..<8).map { try Worker(desk, "w\($0)") }
        for worker in workers { #expect(worker.end() == .exited(0)) }
        let recorded = workers.flatMap(\.recorded)
        #expect(recorded.count == count && Set(recorded).count == count)
        #expect(workers.flatMap(\.lines).allSatisfy { $0.hasPrefix("begun ") || $0.hasPrefix("recorded ") })
        #expect(try gradebook.number("SELECT count(*) FROM attempt") == count)
        try expectWhole(desk, gradebook, count)
    }

    @Test("Workers that are killed at any moment, 50 times, lose nothing and repeat nothing that was done")
    func killed() throws {
        let desk = try Desk(), count = 400
        try desk.put(count)
        let (gradebook, _) = try desk.began()
        var random = SplitMix(state: .random(in: 0 ... .max)), recorded: [String] = [], lines = 0
        func worker(_ name: String) throws -> Worker { try Worker(desk, name, chunk: 4, lease: 300, work: 3_000) }
        var workers = try (0..<4).map { try worker("w\($0)") }
        for round in 0..<rounds(50) {
            let index = Int.random(in: 0..<4, using: &random)
            workers[index].listen(until: .now + .microseconds(Int.random(in: 100...60_000, using: &random)))
            workers[index].kill()
            recorded += workers[index].recorded
            lines += workers[index].lines.count
            workers[index] = try worker("w\(index)-\(round)")
        }
        for worker in workers {
            #expect(worker.end() == .exited(0))
            recorded += worker.recorded
        }
        #expect(lines > 0)
        // What it was told to be recorded was so, once; a worker may have died before it could tell.
        #expect(Set(recorded).count == recorded.count && recorded.count <= count)
        try expectWhole(desk, gradebook, count)
    }

    @Test("A worker that is stopped for longer than its lease finds that others did its work, and changes nothing")
    func stopped() throws {
        let desk = try Desk(), count = 6
        try desk.put(count)
        let (gradebook, _) = try desk.began()
        let slow = try Worker(desk, "slow", chunk: 3, lease: 300, work: 20_000)
        slow.listen(until: .now + .seconds(60)) { $0.contains { $0.hasPrefix("begun") } }
        kill(slow.child.identifier, SIGSTOP)
        let other = try Worker(desk, "other", chunk: 3, lease: 60_000)
        #expect(other.end() == .exited(0))
        try expectWhole(desk, gradebook, count)
        let results = try gradebook.text("SELECT group_concat(grading || question || sentence) FROM result")
        kill(slow.child.identifier, SIGCONT)
        #expect(slow.end() == .exited(0))
        #expect(try gradebook.text("SELECT group_concat(grading || question || sentence) FROM result") == results)
        #expect(slow.recorded.count + other.recorded.count == count)
        try expectWhole(desk, gradebook, count)
    }

    @Test("A gradebook that several make at the same moment is one")
    func made() throws {
        for _ in 0..<rounds(5) {
            let desk = try Desk()
            let workers = try (0..<6).map { try Worker(desk, "w\($0)") }
            // Each has found it empty.
            for worker in workers { #expect(worker.end() == .exited(3)) }
            #expect(try desk.gradebook().number("PRAGMA user_version") == 1)
            #expect(try FileManager.default.contentsOfDirectory(atPath: desk.folder).filter { !$0.hasPrefix(SQLiteGradebook.file) } == [])
        }
    }
}
