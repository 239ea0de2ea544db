import Foundation
import Notebook
import Testing
import Wire

@testable import Courses

@Suite("What an answer is compared with") struct SecrecyTests {
    /// Looks through all memory of its own process for a text, which it knows letter by letter raised by one, so that the
    /// search itself does not bring the text in.
    private static let search = """
        import Glibc

        func isInMemory(raised pattern: [UInt8]) -> Bool {
            guard let maps = fopen("/proc/self/maps", "r") else { return true }
            defer { fclose(maps) }
            let memory = open("/proc/self/mem", O_RDONLY)
            defer { close(memory) }
            precondition(memory >= 0, "The memory can't be read.")
            var ranges: [(UInt, UInt)] = []
            var line = [CChar](repeating: 0, count: 8192)
            while fgets(&line, 8192, maps) != nil {
                let words = String(cString: line).split(separator: " ")
                let ends = words[0].split(separator: "-").compactMap { UInt($0, radix: 16) }
                if ends.count == 2, words[1].hasPrefix("r"), ends[1] < 1 << 62 { ranges.append((ends[0], ends[1])) }
            }
            let chunk = 1 << 20, overlap = pattern.count
            let buffer = UnsafeMutablePointer<UInt8>.allocate(capacity: chunk)
            defer { buffer.deallocate() }
            let first = pattern[0] &- 1
            for (start, end) in ranges {
                var at = start
                while at < end {
                    let count = pread(memory, buffer, min(chunk, Int(end - at)), Int(bitPattern: at))
                    if count < overlap { break }
                    for i in 0...(count - overlap) where buffer[i] == first {
                        var j = 1
                        while j < overlap, buffer[i + j] == pattern[j] &- 1 { j += 1 }
                        if j == overlap { return true }
                    }
                    if at + UInt(count) >= end { break }
                    at += UInt(count - overlap)
                }
            }
            return false
        }

        """

    private func raised(_ text: String) -> String { "\(text.utf8.map { $0 + 1 })" }

    @Test("never enters the learner's process, not even while it is compared")
    func expectedValues() throws {
        let secret = "secret-of-the-checker-\(UUID().uuidString)", known = "what-the-learner-knows-\(UUID().uuidString)"
        let course = try SmallCourse(starter: "", checkers: """
            import Grading
            let expected = "\(secret)"
            let exercise = Exercise("Small") {
                EqualityProblem("q1", variable: "word", expected: expected)
                FunctionProblem("q2", function: "found") { (found: LearnerFunction) in
                    try found.expect(true, for: 1)
                    try found.expect(false, for: 0)
                }
            }
            """)
        let watcher = Watcher()
        let notebook = try Notebook(script: """
            // %% id="search"
            import Small
            \(Self.search)
            // %% id="word" problem="q1"
            let word = "\(known)"
            q1.check()
            // %% id="found" problem="q2"
            func found(_ which: Int) -> Bool {
                isInMemory(raised: which == 1 ? \(raised(known)) : \(raised(secret)))
            }
            q2.check()

            """)
        let run = try Workshop.studio(course.root).run(notebook, as: try course.exercise(), workingDirectory: course.root, audience: watcher)
        defer { run.end() }
        #expect(try run.run())
        // The word is wrong, so the checker did compare it; the learner's own is found, so the search finds what is there.
        #expect(watcher.verdicts.map(\.outcome) == [.incorrect, .correct], "\(watcher.verdicts) \(watcher.outcomes) \(watcher.printed)")
        #expect(try run.verdicts().map(\.outcome) == [.incorrect, .correct])
    }
}
