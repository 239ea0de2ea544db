import Foundation
import Processes
import Testing
import Wire

@Suite struct CheckerProcessTests {
    @Test("A checker process describes its exercises and judges answers by asking for them")
    func conversation() throws {
        let checker = try CheckerProcess(library: try CheckerLibraries.good.get())
        #expect(try checker.report() == .ready(version: wireVersion))
        try checker.send(.describe)
        guard case .outlines(let outlines) = try checker.report() else { Issue.record("no outlines"); return }
        #expect(outlines.map(\.name) == ["Vectors"])
        #expect(outlines[0].allProblems.map(\.path) == ["norm", "chosen", "model", "crash", "why"])

        try checker.send(.judge(exercise: "Vectors", problem: "chosen"))
        #expect(try checker.report() == .query(.value(variable: "chosen")))
        try checker.send(.answer(.json("[[\"a\",\"b\"]]", type: "Set<String>")))
        #expect(try checker.report() == .verdict(Verdict(problem: "chosen", outcome: .correct, points: 2, maximum: 2)))

        try checker.send(.judge(exercise: "Vectors", problem: "norm"))
        #expect(try checker.report() == .query(.value(variable: "norm")))
        try checker.send(.answer(.function(type: "(Double, Double) -> Double")))
        #expect(try checker.report() == .query(.call(function: "norm", arguments: "[3,4]")))
        try checker.send(.answer(.json("[7]", type: "Double")))
        guard case .verdict(let verdict) = try checker.report() else { Issue.record("no verdict"); return }
        #expect(verdict.mistake == "wrong-result" && verdict.feedback.contains("`norm(3.0, 4.0)` returned `7.0`"))

        try checker.send(.judge(exercise: "Vectors", problem: "why"))
        #expect(try checker.report() == .verdict(Verdict(problem: "why", outcome: .unread, maximum: 0)))
        checker.hangUp()
        #expect(checker.process.wait(until: .now + .seconds(10)) == .exited(0))
    }

    @Test("Bytes that are no model are the learner's wrong answer, not the checker's end")
    func brokenArchive() throws {
        let checker = try CheckerProcess(library: try CheckerLibraries.good.get())
        _ = try checker.report()
        try checker.send(.judge(exercise: "Vectors", problem: "model"))
        _ = try checker.report()
        try checker.send(.answer(.model), attachment: Array("no model".utf8))
        guard case .verdict(let verdict) = try checker.report() else { Issue.record("no verdict"); return }
        #expect(verdict.outcome == .incorrect && verdict.mistake == "wrong-type")
    }

    @Test(
        "Hostile answers are wrong answers: nested without end, of a type with an endless name, a table that claims more than it holds",
        arguments: ["chosen", "model", "norm"])
    func hostileAnswers(problem: String) throws {
        let checker = try CheckerProcess(library: try CheckerLibraries.good.get())
        _ = try checker.report()
        let deep = String(repeating: "[", count: 2_000_000), name = String(repeating: "Array<", count: 500_000)
        let hostile: [(AnswerReply, [UInt8])] = [
            (.json(deep, type: name), []), (.json("[1e999]", type: "Int"), []), (.json("", type: ""), []), (.other(type: name), []),
            (.function(type: name), []), (.threw(deep), []), (.ended(deep), []), (.model, Array("ETUDEMDL".utf8) + [UInt8](repeating: 255, count: 100)),
            (.model, Array("ETUDEMDL".utf8) + [1, 0, 0, 0, 64, 66, 15, 0] + [UInt8](repeating: 0x5B, count: 1_000_000)),
            (.layer, [UInt8](repeating: 0, count: 1_000_000)), (.dataFrame, Array("ETDF".utf8) + [1, 0, 0, 0] + [UInt8](repeating: 255, count: 100)),
        ]
        for (reply, attachment) in hostile {
            try checker.send(.judge(exercise: "Vectors", problem: problem))
            while true {
                let report = try checker.report()
                if case .query = report {
                    try checker.send(.answer(reply), attachment: attachment)
                    continue
                }
                guard case .verdict(let verdict) = report else { Issue.record("\(report)"); return }
                #expect([.incorrect, .error].contains(verdict.outcome) && verdict.points == 0)
                #expect(verdict.feedback.utf8.count < 2_000)
                break
            }
        }
    }

    @Test("A request that names nothing known fails in a sentence, and the process goes on")
    func unknownNames() throws {
        let checker = try CheckerProcess(library: try CheckerLibraries.good.get())
        _ = try checker.report()
        for command in [
            CheckerCommand.judge(exercise: "Tensors", problem: "norm"), .judge(exercise: "Vectors", problem: "nrm"), .answer(.null),
        ] {
            try checker.send(command)
            guard case .failed(let sentence) = try checker.report() else { Issue.record("not failed"); continue }
            #expect(sentence.hasSuffix("."))
        }
        try checker.send(.describe)
        guard case .outlines = try checker.report() else { Issue.record("no outlines"); return }
    }

    @Test("A checker that traps takes its process along, and nothing is said")
    func crash() throws {
        let checker = try CheckerProcess(library: try CheckerLibraries.good.get())
        _ = try checker.report()
        try checker.send(.judge(exercise: "Vectors", problem: "crash"))
        _ = try checker.report()
        try checker.send(.answer(.json("[1]", type: "Int")))
        #expect(throws: WireError.closed) { try checker.report() }
        guard case .signalled = checker.process.wait() else { Issue.record("not signalled"); return }
    }

    @Test("Declarations that are wrong, and a library that can't be loaded, fail in sentences")
    func faults() throws {
        for (library, words) in [(try CheckerLibraries.faulty.get(), "several problems named \"a\""), ("/nowhere/lib.so", "could not be loaded")] {
            let checker = try CheckerProcess(library: library)
            #expect(try checker.report() == .ready(version: wireVersion))
            for command in [CheckerCommand.describe, .judge(exercise: "Faulty", problem: "a")] {
                try checker.send(command)
                guard case .failed(let sentence) = try checker.report() else { Issue.record("not failed"); continue }
                #expect(sentence.contains(words), "\(sentence)")
            }
        }
    }

    @Test("Started by hand, it says who starts it")
    func byHand() throws {
        let result = try run(CheckerProcess.executable)
        #expect(result.termination == .exited(2) && result.errorText.contains("started by etude"))
    }
}

/// A real etude-checker, with the test as its host.
final class CheckerProcess {
    static let executable = built + "/etude-checker"
    /// The folder of the package's products, in which the tests' own executable lies.
    static let built = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
        .map { ($0 as NSString).deletingLastPathComponent } ?? ""

    let process: ChildProcess
    private let mine: Descriptor
    private let connection: Connection

    init(library: String) throws {
        let (mine, theirs) = try Descriptor.socketPair()
        process = try ChildProcess(Self.executable, [library], descriptors: [3: theirs.number])
        theirs.close()
        self.mine = mine
        connection = Connection(descriptor: mine.number)
    }

    func send(_ command: CheckerCommand, attachment: [UInt8] = []) throws { try connection.send(command, attachment: attachment) }
    func report() throws -> CheckerReport { try connection.receive(CheckerReport.self).message }
    func hangUp() { mine.close() }
}

/// Libraries of checkers, compiled once as the engine compiles a course's.
enum CheckerLibraries {
    static let good = Result { try compile("Good", """
        import Foundation
        import Grading
        import Training

        let vectors = Exercise("Vectors") {
            FunctionProblem("norm", function: "norm") { (norm: LearnerFunction) in
                try norm.expect(5.0, for: 3.0, 4.0)
            }
            CodingProblem("chosen", variable: "chosen", points: 2) { (chosen: Set<String>) in
                try expect(chosen == ["a", "b"], "No.", mistake: "not-chosen")
            }
            CodingProblem("model", variable: "model") { (_: Model) in }
            CodingProblem("crash", variable: "n") { (n: Int) in
                let empty: [Int] = []
                try expect(empty[n] == 0, "Never said.", mistake: "never")
            }
            ThoughtExperiment("why")
        }
        """, exercise: "vectors") }

    static let faulty = Result { try compile("Faulty", """
        import Grading

        let faulty = Exercise("Faulty") {
            ThoughtExperiment("a")
            ThoughtExperiment("a")
        }
        """, exercise: "faulty") }

    private static func compile(_ name: String, _ source: String, exercise: String) throws -> String {
        let folder = FileManager.default.temporaryDirectory.path + "/etude-grading-tests-\(getpid())"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let glue = """
            import CheckerRuntime

            @_cdecl("etude_exercises") public func etudeExercises() -> UnsafeMutableRawPointer { register([\(exercise)]) }
            """
        try source.write(toFile: "\(folder)/\(name).swift", atomically: true, encoding: .utf8)
        try glue.write(toFile: "\(folder)/\(name)Glue.swift", atomically: true, encoding: .utf8)
        let library = "\(folder)/lib\(name).so"
        let built = CheckerProcess.built
        let compiler = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
            .map { $0 + "/swiftc" }.first { FileManager.default.isExecutableFile(atPath: $0) }
        let maps = try FileManager.default.contentsOfDirectory(atPath: built)
            .filter { $0.hasPrefix("C") && $0.hasSuffix(".build") }.map { "\(built)/\($0)/module.modulemap" }
            .filter { FileManager.default.fileExists(atPath: $0) }
        let result = try run(
            compiler ?? "swiftc",
            ["-emit-library", "-swift-version", "5", "-module-name", name, "-I", built + "/Modules"]
                + maps.flatMap { ["-Xcc", "-fmodule-map-file=\($0)"] }
                + ["\(folder)/\(name).swift", "\(folder)/\(name)Glue.swift", "-o", library])
        guard result.succeeded else { throw CompileError(text: result.errorText) }
        return library
    }

    struct CompileError: Error { let text: String }
}
