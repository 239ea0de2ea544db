import CellCompiler
import Foundation
import Processes
import Sessions
import Testing

@testable import Sandbox

/// Cells at work in a box: all that a learner's cell can do of right still goes, and what one does of wrong does not.
@Suite struct BoxedSessionTests {
    @Test("A notebook runs in a box as it does without one: values, types, tasks, threads, libraries, files of its own, and lines of mistakes")
    func worksAsEver() throws {
        let cells = [
            "import Foundation\nstruct Point { var x = 1.0 }\nvar points = [Point(), Point(x: 2)]\nprint(points.count)",
            "points.map(\\.x).reduce(0, +)",
            "func f(_ n: Int) -> Int {\n    n / (n - n)\n}\nprint(f(1))",
            "points.append(Point(x: 3))\nfunc later(_ n: Int) async -> Int { try? await Task.sleep(nanoseconds: 1_000_000); return n }\nawait later(points.count)",
            "import Training\nTensor([1, 2, 3])",
            "let nan: Int = \"1\"",
            "try \"kept\".write(toFile: NSTemporaryDirectory() + \"/mine.txt\", atomically: true, encoding: .utf8)",
            "try String(contentsOfFile: NSTemporaryDirectory() + \"/mine.txt\", encoding: .utf8)",
            "struct E: Error {}\nthrow E()",
            "let formatter = DateFormatter()\nformatter.timeZone = TimeZone(identifier: \"UTC\")\nformatter.dateFormat = \"yyyy\"\nformatter.string(from: Date(timeIntervalSince1970: 0))",
            "import Dispatch\nvar sum = 0\nlet lock = NSLock()\nDispatchQueue.concurrentPerform(iterations: 50) { n in lock.withLock { sum += n } }\nsum",
        ]
        func record(_ lab: BoxedLab) throws -> [String] {
            try cells.map { cell in
                let result = try lab.run(cell)
                // The handle of a file and the like differ; outcomes, places and outputs do not.
                return "\(result.outcome) at \(result.place.map { "\($0)" } ?? "-") \(lab.take())"
            }
        }
        let boxed = try record(BoxedLab()), plain = try record(BoxedLab(isBoxed: false))
        for (number, (boxed, plain)) in zip(boxed, plain).enumerated() { #expect(boxed == plain, "cell \(number)") }
        #expect(boxed[2].contains("line: 2"))
    }

    /// A cell that prints `did` where it can do what it should not.
    struct Trick: CustomTestStringConvertible, Sendable {
        var testDescription: String
        var cell: String
        init(_ name: String, _ cell: String) { (testDescription, self.cell) = (name, cell) }
    }

    static let tricks = [
        Trick("start a shell", "var pid = pid_t(), words: [UnsafeMutablePointer<CChar>?] = [strdup(\"sh\"), nil]\nif posix_spawn(&pid, \"/bin/sh\", nil, nil, &words, nil) == 0 { print(\"did\") }"),
        Trick("start what the box holds", """
            var pid = pid_t(), status: Int32 = 1
            let own = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
            var words: [UnsafeMutablePointer<CChar>?] = [strdup(own), nil]
            if posix_spawn(&pid, own, nil, nil, &words, nil) == 0 { print("did") }
            """),
        Trick("run a program with Foundation", "let process = Process()\nprocess.executableURL = URL(fileURLWithPath: \"/bin/true\")\ndo { try process.run(); print(\"did\") } catch {}"),
        Trick("read what lies beside the course", "if FileManager.default.contents(atPath: secretPath) != nil { print(\"did\") }"),
        Trick("read the host's environment", "if getenv(\"ETUDE_SECRET\") != nil { print(\"did\") }"),
        Trick("list the user's home", "if let names = try? FileManager.default.contentsOfDirectory(atPath: homePath), !names.isEmpty { print(\"did\") }"),
        Trick("open a socket", "if socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0) >= 0 { print(\"did\") }"),
        Trick("see the host's processes", "if kill(hostProcess, 0) == 0, (try? String(contentsOfFile: \"/proc/\\(hostProcess)/cmdline\", encoding: .utf8))?.contains(\"etude-session\") != true { print(\"did\") }"),
        Trick("write to its own library", """
            let library = try String(contentsOfFile: "/proc/self/maps", encoding: .utf8).split(separator: "\\n").first { $0.hasSuffix("libEtude.so") }!.split(separator: " ").last!
            if open(String(library), O_WRONLY) >= 0 { print("did") }
            """),
        Trick("put a cell's library in another's place", """
            let maps = try String(contentsOfFile: "/proc/self/maps", encoding: .utf8).split(separator: "\\n")
            let library = String(maps.first { $0.contains("libCell_") }!.split(separator: " ").last!)
            if rename(library, library + ".old") == 0 { rename(library + ".old", library); print("did") }
            """),
        Trick("see other learners' cells", """
            let maps = try String(contentsOfFile: "/proc/self/maps", encoding: .utf8).split(separator: "\\n")
            let library = String(maps.first { $0.contains("libCell_") }!.split(separator: " ").last!)
            let folder = (library as NSString).deletingLastPathComponent
            if try FileManager.default.contentsOfDirectory(atPath: folder).filter({ $0.hasPrefix("libCell") }).count > 12 { print("did") }
            """),
    ]

    @Test("What a cell can do elsewhere it can't do in a box") func tricksFail() throws {
        let secret = try Arena.openFolder() + "/solutions.swift"
        try "let answer = 42".write(toFile: secret, atomically: true, encoding: .utf8)
        let setting = """
            import Foundation
            let secretPath = "\(secret)", homePath = "\(NSHomeDirectory())", hostProcess = pid_t(\(getpid()))
            """
        let more = (0..<15).map { "let filler\($0) = \($0)" }
        for isBoxed in [false, true] {
            let lab = try BoxedLab(isBoxed: isBoxed, environment: ["ETUDE_SECRET": "1"])
            if !isBoxed { for text in more { try lab.run(text) } }
            #expect(try lab.run(setting).succeeded)
            for trick in Self.tricks {
                _ = lab.take()
                let result = try lab.run("do {\n" + trick.cell + "\n}")
                #expect(lab.take().contains("did") == !isBoxed, "\(isBoxed ? "in a box" : "without one"): \(trick.testDescription), \(result.outcome)")
            }
        }
    }

    @Test("In a box, too, a cell dies for itself: those above keep their state, and nothing runs again") func cellsDieAlone() throws {
        let lab = try BoxedLab(limits: SessionLimits(memory: 1 << 30, cellDuration: .seconds(4), output: 1 << 20))
        try lab.run("import Foundation\n@_silgen_name(\"fork\") func forkProcess() -> Int32\nvar kept = [1]\nlet start = Date()\nlet place = getpid()")
        let deadly = [
            "fatalError(\"so\")", "kept[7]", "func deep(_ n: Int) -> Int { n == 0 ? 0 : 1 + deep(n + 1) + deep(n) }\nprint(deep(1))", "abort()", "_exit(3)",
            "kill(getpid(), SIGKILL)", "raise(SIGSTOP)\nexit(4)\nwhile true {}", "close(3)\nsleep(100)", "kill(1, SIGKILL)\nkill(1, SIGSTOP)\nfatalError(\"the first can't be ended\")",
            "while forkProcess() >= 0 {}\nfatalError(\"full\")",
        ]
        for cell in deadly {
            _ = try lab.run(cell)
            kept: do {
                let result = try lab.run("kept.count")
                #expect(result.succeeded && lab.take().contains("[1]"), "\(cell): \(result.outcome)")
            }
        }
    }

    @Test("A cell that ends the keeper ends the session, and the cells above run again in a new box") func keepersEnd() throws {
        let lab = try BoxedLab()
        try lab.run("import Foundation\nlet kept = 7")
        let result = try lab.run("kill(getppid(), SIGKILL)\nsleep(20)")
        guard case .died = result.outcome else { return #expect(Bool(false), "\(result.outcome)") }
        #expect(try lab.run("kept").succeeded)
        #expect(lab.take() == "[7]")
    }

    @Test("The memory of the states that are kept in a box is known to the host") func memoryOfStates() throws {
        let lab = try BoxedLab()
        try lab.run("var numbers = [Int](repeating: 1, count: 2_000_000)")
        try lab.run("for i in numbers.indices { numbers[i] = i }")
        try lab.run("numbers.append(3)\nnumbers.count")
        #expect(lab.take() == "[2000001]")
        #expect(lab.session.snapshots.bytes > 8_000_000)
    }

    @Test("Data of a course are in a neutral place, for reading only") func data() throws {
        let folder = try Arena.openFolder()
        try "1,2".write(toFile: folder + "/ratings.csv", atomically: true, encoding: .utf8)
        let lab = try BoxedLab(data: folder)
        try lab.run("import Foundation\nlet folder = ProcessInfo.processInfo.environment[\"ETUDE_COURSE_DATA\"]!\nfolder")
        #expect(lab.take() == "[\"/data\"]")
        try lab.run("try String(contentsOfFile: folder + \"/ratings.csv\", encoding: .utf8)")
        #expect(lab.take() == "[\"1,2\"]")
        try lab.run("open(folder + \"/new\", O_CREAT | O_WRONLY, 0o600) < 0 && unlink(folder + \"/ratings.csv\") < 0")
        #expect(lab.take() == "[true]")
    }

    @Test("Each limit of a box that a cell passes is told as that limit") func limitsAreTold() throws {
        func limit(_ cell: String, limits: SessionLimits = BoxedLab.limits, _ change: (inout SandboxLimits) -> Void = { _ in }) throws -> PassedLimit? {
            var box = SandboxLimits.session
            change(&box)
            let lab = try BoxedLab(limits: limits, boxLimits: box)
            try lab.run("import Foundation\n@_silgen_name(\"fork\") func forkProcess() -> Int32")
            let result = try lab.run(cell)
            // Whatever it was, the next cell works.
            #expect(try lab.run("1 + 1").succeeded)
            return result.limit
        }
        let short = SessionLimits(memory: 1 << 30, cellDuration: .milliseconds(300), output: 1 << 20)
        let long = SessionLimits(memory: 1 << 30, cellDuration: .seconds(100), output: 1 << 20)
        #expect(try limit("while true {}", limits: short) == .cellDuration)
        #expect(try limit("sleep(90)", limits: long) { $0.duration = .seconds(3) } == .duration)
        #expect(try limit("while true {}", limits: long) { $0.processorSeconds = 2 } == .processorTime)
        #expect(try limit("""
            let full = open("/tmp/full", O_CREAT | O_WRONLY, 0o600)
            signal(SIGXFSZ, SIG_DFL)
            ftruncate(full, 1 << 30)
            """, limits: long) { $0.disk = 32 << 20 } == .disk)
        #expect(try limit("print(String(repeating: \"x\", count: 3 << 20))") == nil)
    }

    @Test("A cell that keeps the compiler busy is told so, and one whose text is hostile to it hurts nobody") func compilerIsBoxed() throws {
        let lab = try BoxedLab(deadline: .seconds(4))
        let slow = try lab.run("let x = [1, 2.0, \"3\".count, 4].map { $0 + 1 * 2 - 3 / 4 + 1.0 * $0 - 2 + 3 * 1 - $0 }.reduce(0) { $0 + $1 * 2 - 1 + $0 * 3 - 1.5 + $1 }")
        guard case .doesNotCompile = slow.outcome else { return #expect(Bool(false), "\(slow.outcome)") }
        for text in [
            "import Cell_0123456789abcdef", "import Grading", "import CheckerRuntime", String(repeating: "(", count: 20_000), String(repeating: "[[", count: 3_000) + String(repeating: "]]", count: 3_000), String(repeating: "[", count: 30), "x" + String(repeating: "()", count: 30_000),
            "let f: " + String(repeating: "() -> ", count: 3_000) + "Int", "let x: " + String(repeating: "A<", count: 3_000), String(repeating: "#if A\n", count: 3_000),
            "#sourceLocation(file: \"/etc/shadow\", line: 1)\nlet y: Int = \"\"", "let z = #filePath + \"\\(1)\" as Int",
        ] {
            let result = try lab.run(text)
            guard case .doesNotCompile(let messages) = result.outcome else {
                #expect(Bool(false), "\(text.prefix(40)): \(result.outcome)")
                continue
            }
            #expect(!messages.isEmpty && !messages.contains { $0.message.contains(BoxedLab.cache) })
        }
        #expect(try lab.run("1 + 1").succeeded)
    }

    @Test("What a stranger's cell is compiled to is kept apart from a learner's own, and used again for the same text") func cacheIsApart() throws {
        let text = "let unlikely = \(UInt32.random(in: 0...UInt32.max))\nunlikely"
        let boxed = try BoxedLab(), again = try BoxedLab(), plain = try BoxedLab(isBoxed: false)
        #expect(boxed.compiler.cacheFolder != plain.compiler.cacheFolder)
        func outcome(_ lab: BoxedLab) throws -> Bool? {
            if case .compiled(let cell) = try lab.compiler.compile(CellSource(id: "c1", text: text, name: "cell 1"), in: CellScope()) { cell.wasCached } else { nil }
        }
        #expect(try outcome(boxed) == false)
        #expect(try outcome(again) == true)
        #expect(try outcome(plain) == false)
    }
}
