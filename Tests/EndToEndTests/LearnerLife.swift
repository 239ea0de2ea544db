import Foundation
import Processes
import Testing

/// A learner with a course of two questions, an editor that saves, and an Etude that is killed while they work.
final class LearnerLife {
    private static let starter = """
        // %% [markdown] id="title"
        // # Sums
        // %% id="start"
        import KilledSums
        let start = 40
        // %% [markdown] id="first-text"
        // ## The first sum
        // %% id="first" problem="first"
        let first = 0
        print("first is", first, start)
        // %% [markdown] id="second-text"
        // ## The second sum
        // %% id="second" problem="second"
        let second = first + 1
        print("second is", second)

        """

    /// Where the course lies that all learners of this process share: its checkers are compiled once.
    private static let courses: Result<String, any Error> = Result {
        let root = EtudeProgram.cache + "/../courses"
        let question = { (name: String) in "// %% [markdown] problem=\"\(name)\" role=\"hint\"\n// Count.\n// %% problem=\"\(name)\" role=\"solution\"\nlet \(name) = 42\n" }
        try EtudeProgram.write([
            "exercises/sums/course.json": """
                {"version": 1, "name": "sums", "title": "Sums", "summary": "S",
                 "exercises": [{"number": 1, "file": "1-sums.swift", "title": "Sums", "minutes": 1, "checker": "KilledSums"}]}
                """,
            "exercises/sums/1-sums.swift": starter,
            "solutions/sums/1-sums.swift": question("first") + question("second"),
            "checkers/sums/KilledSums.swift": """
                import Grading
                let killedSums = Exercise("KilledSums") {
                    EqualityProblem("first", variable: "first", expected: 42)
                    EqualityProblem("second", variable: "second", expected: 43)
                }
                """,
        ], in: root)
        return root
    }

    let etude: EtudeProgram
    let environment: [String: String]
    let folder: String
    let file: String
    let state: String
    /// What the editor saved, the newest last.
    private var saved: [String]
    private var number = 0
    /// How many lives came to the window, how often Etude was seen to have changed the file, and how many left one aside.
    struct Counts { var windows = 0, resets = 0, leftovers = 0 }
    private(set) var counts = Counts()

    convenience init() throws {
        let etude = try EtudeProgram()
        try self.init(on: etude.home, etude)
    }

    /// - Parameter disk: where the exercise's folder and the learner's state lie.
    init(on disk: String, _ etude: EtudeProgram) throws {
        self.etude = etude
        environment = etude.environment.merging(
            [
                "TERM": "tmux-256color", "SWIFT_BACKTRACE": "enable=no", "ETUDE_COURSES": try Self.courses.get(), "XDG_STATE_HOME": disk + "/state",
            ]) { $1 }
        (folder, state) = (disk + "/sums", disk + "/state")
        file = folder + "/1-sums.swift"
        saved = [Self.starter]
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try Data(Self.starter.utf8).write(to: URL(fileURLWithPath: file))
    }

    func opened() throws -> TerminalWindow {
        try TerminalWindow(EtudeProgram.program, ["work", file], environment: environment, folder: etude.home)
    }

    // MARK: A life

    /// Works for a while with everything at once, then kills Etude.
    func live(for span: Duration) throws {
        let end = ContinuousClock.now + span
        let window = try opened()
        let before = try text()
        var isUp = false, next = ContinuousClock.now
        while .now < end {
            _ = window.waits(seconds: 0.002) { _ in false }
            if !isUp {
                // Keys count from the first moment; saves begin when the window shows what stands in the file.
                window.press(["n", "p", "r", "c"].randomElement()!)
                isUp = window.waits(seconds: min(0.03, seconds(until: end))) { $0.text.contains("Edit") }
                continue
            }
            guard .now >= next else { continue }
            next = .now + .milliseconds(.random(in: 5...80))
            switch Int.random(in: 0..<8) {
            case 0: window.press("r")
            case 1: window.press("c")
            case 2: window.press(["n", "p", "h", "a", "\u{3}"].randomElement()!)
            case 3, 4: window.press("xy")
            case 5:
                // In the very moment in which Etude changes the file.
                window.press("xy")
                usleep(.random(in: 0...30_000))
                try save(inPlace: .random())
            default: try save(inPlace: .random())
            }
        }
        #expect(window.killed() == SIGKILL)
        if isUp {
            counts.windows += 1
            let isKept = try kept().contains(before)
            #expect(isKept, "What stood in the file when the window came up is kept.")
        }
        try expectNothingLost()
    }

    /// As an editor does it that has the whole text, and knows nothing of what others do to the file.
    private func save(inPlace: Bool) throws {
        try look()
        number += 1
        let text = Self.starter.replacingOccurrences(of: "first = 0", with: "first = \(number)")
            .replacingOccurrences(of: "second = first + 1", with: "second = first + \(number % 3 == 0 ? 1 : number)")
        if inPlace {
            try Data(text.utf8).write(to: URL(fileURLWithPath: file))
        } else {
            try Data(text.utf8).write(to: URL(fileURLWithPath: file + "~"))
            #expect(rename(file + "~", file) == 0)
        }
        saved.append(text)
    }

    /// Comes up once more, at the learner's place, with all that was there, and runs what it is told to.
    /// - Returns: how long it took until the window was there.
    @discardableResult
    func comeUp() throws -> Duration {
        let place = try step(), start = ContinuousClock.now
        let window = try opened()
        #expect(window.shows("Edit ", "sums/1-sums.swift"), "\(window.text)")
        let span = ContinuousClock.now - start
        let cells = ["start": "let start", "first": "let first", "second": "let second"]
        let names = ["start", "first", "second"]
        #expect(window.shows(try #require(cells[names[place]])), "\(window.text)")
        window.press(String(repeating: "p", count: place) + "n")
        window.press("r")
        let answer = try #require(try text().split(separator: "\n").first { $0.hasPrefix("let first") }?.split(separator: " ").last)
        #expect(window.shows("first is \(answer) 40"), "\(window.text)")
        window.press("q")
        #expect(window.end() == 0)
        try expectNothingLost()
        let left = try FileManager.default.contentsOfDirectory(atPath: folder)
        #expect(left == ["1-sums.swift"])
        for path in try FileManager.default.subpathsOfDirectory(atPath: state) {
            let name = (path as NSString).lastPathComponent
            // What was cut off while it was written goes with the next write of that file.
            #expect(!name.hasPrefix(".") || name.hasPrefix(".etude-partial-"), "\(path)")
        }
        return span
    }

    /// One of the commands.
    func command(_ arguments: String...) throws -> EtudeProgram.Result { try command(arguments) }

    func command(_ arguments: [String]) throws -> EtudeProgram.Result {
        let result = try run(EtudeProgram.program, arguments, environment: environment, workingDirectory: etude.home, deadline: .seconds(300))
        guard case .exited(let code) = result.termination else { throw Ended(how: "\(result.termination)") }
        return .init(status: code, output: String(decoding: result.output, as: UTF8.self), errorOutput: result.errorText)
    }

    struct Ended: Error { var how: String }

    // MARK: What is there

    func text() throws -> String { try String(contentsOfFile: file, encoding: .utf8) }

    /// A text that the editor saved, with one question's cell or both as they were given.
    private func resets(of text: String) -> [String] {
        let lines = text.components(separatedBy: "\n"), original = Self.starter.components(separatedBy: "\n")
        func with(_ names: String...) -> String {
            zip(lines, original).map { line, original in names.contains { original.hasPrefix("let \($0)") } ? original : line }.joined(separator: "\n")
        }
        return [with("first"), with("second"), with("first", "second")]
    }

    /// All that is in the history, each version whole.
    func kept() throws -> Set<String> {
        let history = state + "/etude/history"
        let paths = (try? FileManager.default.subpathsOfDirectory(atPath: history)) ?? []
        return try Set(paths.filter { $0.hasSuffix(".swift") && !$0.contains("/.") }.map { try String(contentsOfFile: "\(history)/\($0)", encoding: .utf8) })
    }

    private var leftovers: [String] {
        get throws { try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasPrefix(".etude-") } }
    }

    /// What the file is now: what the editor saved last, or that with a cell as it was given, and then what the editor saved is kept.
    private func look() throws {
        let present = try text(), last = saved.last!
        if present == last { return }
        let isReset = resets(of: last).contains(present)
        #expect(isReset, "It holds:\n\(present)\nSaved last was:\n\(last)")
        let isKept = try kept().contains(last)
        #expect(isKept, "What Etude replaced is kept.")
        counts.resets += 1
    }

    private func expectNothingLost() throws {
        if try !leftovers.isEmpty {
            // The window was short in which Etude was killed; whatever command looks at the file next closes it.
            counts.leftovers += 1
            #expect(try command("history", file).errorOutput == "")
            #expect(try leftovers == [])
        }
        try look()
        let whole = Set(saved + saved.flatMap(resets))
        #expect(try kept().subtracting(whole) == [], "A version is a whole text.")
        #expect(ProcessTable.left(home: etude.home, within: .seconds(3)) == [])
        for path in (try? FileManager.default.subpathsOfDirectory(atPath: state)) ?? [] where path.hasSuffix(".json") {
            #expect(throws: Never.self, "\(path)") { try JSONSerialization.jsonObject(with: Data(contentsOf: URL(fileURLWithPath: "\(state)/\(path)"))) }
        }
    }

    /// The step that was noted last.
    private func step() throws -> Int {
        guard let data = FileManager.default.contents(atPath: state + "/etude/places.json") else { return 0 }
        let object = try #require(JSONSerialization.jsonObject(with: data) as? [String: Any])
        return try #require((object["places"] as? [[String: Any]])?.first?["step"] as? Int)
    }

    private func seconds(until end: ContinuousClock.Instant) -> Double {
        let left = end - .now
        return Double(left.components.seconds) + Double(left.components.attoseconds) / 1e18
    }
}
