import Foundation
import Processes
import Testing

/// Where courses come from: a folder, a repository; and that a learner keeps the version that they started with.
@Suite struct CourseSourceTests {
    private let etude: EtudeProgram
    private var courses: String { etude.home + "/courses" }

    init() throws {
        etude = try EtudeProgram()
        try write("sums", solution: "The first.")
    }

    private func write(_ name: String, solution: String) throws {
        let module = name.capitalized
        try EtudeProgram.write([
            "exercises/\(name)/course.json": #"{"version": 1, "name": "\#(name)", "title": "T", "summary": "S", "exercises": [{"number": 1, "file": "1-\#(name).swift", "title": "T", "checker": "\#(module)", "minutes": 1}]}"#,
            "exercises/\(name)/1-\(name).swift": "// %% id=\"a\" problem=\"part1\"\nimport \(module)\nlet total = <#?#>\n",
            "solutions/\(name)/1-\(name).swift": "// %% [markdown] problem=\"part1\" role=\"solution\"\n// \(solution)\n// %% problem=\"part1\" role=\"right\"\nlet total = 3\n",
            "checkers/\(name)/\(module).swift": "import Grading\nlet \(name) = Exercise(\"\(module)\") { EqualityProblem(\"part1\", variable: \"total\", expected: 3) }\n",
        ], in: courses)
    }

    @discardableResult
    private func shell(_ commands: String) throws -> String {
        let environment = etude.environment.merging(["GIT_AUTHOR_NAME": "T", "GIT_AUTHOR_EMAIL": "t@example.org", "GIT_COMMITTER_NAME": "T", "GIT_COMMITTER_EMAIL": "t@example.org"]) { $1 }
        let result = try run("/bin/sh", ["-e", "-c", commands], environment: environment, workingDirectory: etude.home, deadline: .seconds(60))
        try #require(result.succeeded, "\(commands)\n\(result.errorText)")
        return String(decoding: result.output, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    }

    @Test("A learner keeps the version of a folder's course that they started with, though the course changes")
    func folder() throws {
        let unclear = try etude("start", "courses", "work")
        #expect(unclear.status == 2 && unclear.errorOutput.contains("There is no course \"courses\""), "\(unclear.errorOutput)")
        #expect(try etude("start", "./courses", "work").status == 0)
        try write("sums", solution: "The second.")
        #expect(try etude("solution", "work/1-sums.swift", "part1").output.contains("The first."))
        #expect(try etude("solution", "sums/1", "part1").output.contains("The first."))
        #expect(try etude("list").output.contains("sums/1"))
        #expect(try etude("start", "courses/exercises/sums", "new").status == 0)
        #expect(try etude("solution", "new/1-sums.swift", "part1").output.contains("The second."))
    }

    @Test("Who stands in one of several folders means that one, and elsewhere the one where they were last")
    func nearest() throws {
        for folder in ["one", "two"] { #expect(try etude("start", "./courses", folder).status == 0) }
        #expect(try etude("check", "one/1-sums.swift").status == 1)
        func diff(in folder: String, _ words: String...) throws -> String {
            let result = try run(EtudeProgram.program, ["diff"] + words, environment: etude.environment, workingDirectory: "\(etude.home)/\(folder)")
            return String(decoding: result.output, as: UTF8.self)
        }
        #expect(try diff(in: ".").contains("one/1-sums.swift: "))
        #expect(try diff(in: "two").hasPrefix("1-sums.swift: ") && diff(in: "two", "sums/1").hasPrefix("1-sums.swift: "))
    }

    @Test("A course comes from a repository, of its main branch or another; what it says stays the same when the repository is gone")
    func repository() throws {
        try shell("cd courses && git init -q -b main . && git add . && git commit -q -m one && git clone -q --bare . ../remote.git")
        try write("sums", solution: "The second.")
        try write("knots", solution: "Tie it.")
        try shell("cd courses && git checkout -q -b autumn && git add . && git commit -q -m two && git push -q ../remote.git autumn")
        let address = "file://\(etude.home)/remote.git"
        #expect(try etude("start", address).status == 0)
        #expect(try shell("cat sums/.etude/workspace.json").contains("\"url\" : \"\(etude.home)/remote.git\""))
        let several = try etude("start", "remote.git#autumn", "other")
        #expect(several.status == 2, "A name without a sign of a path is a course's: \(several.errorOutput)")
        let ambiguous = try etude("start", "./remote.git#autumn", "other")
        #expect(ambiguous.status == 2 && ambiguous.errorOutput.contains("several courses here: knots, sums. Say which: --course knots"), "\(ambiguous.errorOutput)")
        #expect(try etude("start", "./remote.git#autumn", "other", "--course", "sums").status == 0)
        let none = try etude("start", "\(address)#winter", "third")
        #expect(none.status == 2 && none.errorOutput.contains("no branch and no tag winter"), "\(none.errorOutput)")
        try shell("rm -r remote.git courses")
        #expect(try etude("solution", "sums/1-sums.swift", "part1").output.contains("The first."))
        #expect(try etude("solution", "other/1-sums.swift", "part1").output.contains("The second."))
        #expect(try etude("check", "sums/1-sums.swift", "part1").output.contains("part1"))
    }

    @Test("A repository with a link or a pointer among a course's files is refused with what to do; so is an address that can't be trusted", arguments: [
        ("ln -s /etc/passwd exercises/sums/data.csv", "is a link, which Etude does not follow"),
        ("printf 'version https://git-lfs.github.com/spec/v1\\noid sha256:0\\nsize 1\\n' > exercises/sums/data.csv", "kept by Git LFS"),
        ("rm -r exercises", "There is no course here"),
    ])
    func refused(_ change: String, _ words: String) throws {
        try shell("cd courses && \(change) && git init -q -b main . && git add . && git commit -q -m one && git clone -q --bare . ../remote.git")
        let result = try etude("start", "./remote.git", "work")
        #expect(result.status == 2 && result.errorOutput.contains(words), "\(result.errorOutput)")
        #expect(!FileManager.default.fileExists(atPath: etude.home + "/work"))
        for address in ["http://127.0.0.1/x", "git://127.0.0.1/x", "ext::sh -c touch% x", "https://a:b@127.0.0.1/x"] {
            let result = try etude("start", address, "work")
            #expect(result.status == 2 && result.errorOutput.contains("Can't use the address") && !result.errorOutput.contains("a:b"), "\(result.errorOutput)")
        }
    }
}
