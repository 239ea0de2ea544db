import Foundation
import Processes
import Testing

/// A learner's workspace of a small course, made by `etude start`, and what git's own program says of it.
final class LearnerWorkspace {
    static let starter = """
        // %% [markdown] id="title"
        // # Tries
        // %% id="start"
        import Tries
        let start = 40
        // %% id="first" problem="first"
        let first = 0
        first.words
        extension Int { var words: String { "the first is \\(self)" } }
        // %% [markdown]
        // ## Two more
        // %% id="second" problem="pair.second"
        let second = start + 1
        pair.second.check()
        // %% id="third" problem="pair.third"
        let third = <#the third#>

        """

    /// Where the course lies that all workspaces of this process share: its checkers are compiled once.
    private static let courses: Result<String, any Error> = Result {
        let root = EtudeProgram.cache + "/../tries"
        let question = { (name: String) in "// %% [markdown] problem=\"\(name)\" role=\"hint\"\n// Count.\n// %% problem=\"\(name)\" role=\"solution\"\nlet answer = 42\n" }
        try EtudeProgram.write([
            "exercises/tries/course.json": """
                {"version": 1, "name": "tries", "title": "Tries", "summary": "S", "exercises": [
                  {"number": 0, "file": "0-read.swift", "title": "Something to read", "minutes": 1},
                  {"number": 1, "file": "1-tries.swift", "title": "Trying", "minutes": 1, "checker": "Tries"}]}
                """,
            "exercises/tries/0-read.swift": "// %% [markdown]\n// # Something to read\n",
            "exercises/tries/1-tries.swift": starter,
            "solutions/tries/1-tries.swift": ["first", "idea", "pair.second", "pair.third"].map(question).joined(),
            "checkers/tries/Tries.swift": """
                import Grading
                let tries = Exercise("Tries") {
                    EqualityProblem("first", variable: "first", expected: 42)
                    ThoughtExperiment("idea")
                    MultipartProblem("pair") {
                        EqualityProblem("second", variable: "second", expected: 42)
                        EqualityProblem("third", variable: "third", expected: 43)
                    }
                }
                """,
        ], in: root)
        return root
    }

    let etude: EtudeProgram
    let environment: [String: String]
    let folder: String
    var file: String { folder + "/1-tries.swift" }

    init() throws {
        etude = try EtudeProgram()
        environment = etude.environment.merging(["ETUDE_COURSES": try Self.courses.get(), "SWIFT_BACKTRACE": "enable=no"]) { $1 }
        folder = etude.home + "/tries"
        let started = try self("start", "tries")
        try #require(started.status == 0, "\(started)")
    }

    func callAsFunction(_ arguments: String...) throws -> EtudeProgram.Result { try self(arguments) }

    func callAsFunction(_ arguments: [String], input: String = "") throws -> EtudeProgram.Result {
        let result = try run(
            EtudeProgram.program, arguments, input: Array(input.utf8), environment: environment, workingDirectory: etude.home, deadline: .seconds(300))
        guard case .exited(let code) = result.termination else { throw LearnerLife.Ended(how: "\(arguments): \(result.termination)") }
        return .init(status: code, output: String(decoding: result.output, as: UTF8.self), errorOutput: result.errorText)
    }

    // MARK: The file

    func text() throws -> String { try String(contentsOfFile: file, encoding: .utf8) }

    @discardableResult
    func save(_ text: String) throws -> String {
        try Data(text.utf8).write(to: URL(fileURLWithPath: file))
        return text
    }

    /// Saves the file with something else in place of a text, as an editor does.
    @discardableResult
    func edit(_ old: String, _ new: String) throws -> String {
        let text = try text()
        try #require(text.contains(old))
        return try save(text.replacingOccurrences(of: old, with: new))
    }

    // MARK: Git

    @discardableResult
    func git(_ arguments: String...) throws -> String {
        let result = try run("/usr/bin/env", ["git", "-C", folder] + arguments, environment: environment.merging(["GIT_CONFIG_NOSYSTEM": "1"]) { $1 })
        try #require(result.succeeded, "\(arguments)\n\(result.errorText)")
        return String(decoding: result.output, as: UTF8.self)
    }

    private static let reference = "refs/etude/attempts/tries/1"

    /// The names of the attempts' commits, the newest first.
    func attempts() throws -> [String] {
        guard try !git("for-each-ref", Self.reference).isEmpty else { return [] }
        return try git("rev-list", Self.reference).split(separator: "\n").map(String.init)
    }

    func notebook(ofAttempt commit: String) throws -> String { try git("show", "\(commit):1-tries.swift") }

    /// All that git's own check has to say.
    func complaints() throws -> String {
        let result = try run("/usr/bin/env", ["git", "-C", folder, "fsck", "--strict", "--full", "--no-dangling", "--no-progress"], environment: environment)
        return result.succeeded && result.output.isEmpty ? "" : String(decoding: result.output, as: UTF8.self) + result.errorText
    }

    /// Gives the repository hooks that leave a trace when one runs.
    func setTraps() throws {
        for hook in ["reference-transaction", "post-commit", "pre-commit", "post-checkout", "post-index-change", "update"] {
            let path = "\(folder)/.git/hooks/\(hook)"
            try FileManager.default.createDirectory(atPath: folder + "/.git/hooks", withIntermediateDirectories: true)
            try Data("#!/bin/sh\necho \(hook) >> \(etude.home)/trace\n".utf8).write(to: URL(fileURLWithPath: path))
            chmod(path, 0o755)
        }
    }

    var hasTrace: Bool { FileManager.default.fileExists(atPath: etude.home + "/trace") }

    /// What is the learner's own: head, branches, stash, index, and the files of the working tree but for the notebook.
    func own() throws -> [String] {
        let index = try Data(contentsOf: URL(fileURLWithPath: folder + "/.git/index")).base64EncodedString()
        let files = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0 != "compile_commands.json" && $0 != ".vscode" }.sorted()
        return [try git("for-each-ref", "refs/heads", "refs/tags"), try git("symbolic-ref", "HEAD"), index] + files
    }
}
