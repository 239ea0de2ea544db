import Foundation
import Processes
import Testing
import Tiers

/// `etude update`, of a course in a folder whose author goes on working on it.
@Suite struct UpdateTests {
    private let etude: EtudeProgram

    init() throws {
        etude = try EtudeProgram()
        try publish(question: "second", renamed: "", first: "0", words: "The first sum")
        #expect(try etude("start", "./courses", "mine").status == 0)
    }

    private func publish(question: String, renamed: String, first: String, words: String) throws {
        try EtudeProgram.write([
            "exercises/sums/course.json": """
                {"version": 1, "name": "sums", "title": "Sums", "summary": "S",
                 "exercises": [{"number": 1, "file": "1-sums.swift", "title": "Sums", "minutes": 1, "checker": "UpdatedSums"\(renamed)}]}
                """,
            "exercises/sums/1-sums.swift": """
                // %% [markdown] id="text"
                // \(words)

                // %% id="start"
                import UpdatedSums

                // %% id="first" problem="first"
                let one = \(first)
                first.check()

                // %% id="second" problem="\(question)"
                let two: Int = <#a number#>
                \(question).check()

                """,
            "solutions/sums/1-sums.swift": ["first", question].map {
                "// %% [markdown] problem=\"\($0)\" role=\"hint\"\n// Count.\n// %% problem=\"\($0)\" role=\"solution\"\nprint(1)\n"
            }.joined(),
            "checkers/sums/UpdatedSums.swift": """
                import Grading
                let updatedSums = Exercise("UpdatedSums") {
                    EqualityProblem("first", variable: "one", expected: 1)
                    EqualityProblem("\(question)", variable: "two", expected: 2)
                }
                """,
        ], in: "\(etude.home)/courses")
    }

    private func publishNewVersion() throws {
        try publish(question: "sum", renamed: ", \"renamedQuestions\": {\"second\": \"sum\"}", first: "5 - 4", words: "The very first sum")
    }

    private func answer(_ old: String, _ new: String) throws {
        _ = try etude.write("mine/1-sums.swift", try etude.read("mine/1-sums.swift").replacingOccurrences(of: old, with: new))
    }

    @Test("Answers, attempts and hints follow the course's new version, it says what happened, and all of it can be taken back")
    func follows() throws {
        try answer("let one = 0", "let one = 2 - 1")
        try answer("<#a number#>", "2")
        #expect(try etude("check", "mine/1-sums.swift").status == 0)
        #expect(try etude("hint", "sums/1", "second").status == 0)
        let before = try etude.read("mine/1-sums.swift")
        #expect(try etude("update", "mine").output.contains("has the newest version of the course sums already"))

        try publishNewVersion()
        let planned = try etude("update", "mine", "--dry-run")
        #expect(planned.status == 0 && planned.output.contains("would go") && planned.output.contains("Nothing is changed yet"), "\(planned)")
        #expect(try etude.read("mine/1-sums.swift") == before)

        // Where the learner was last.
        let updated = try etude("update")
        #expect(updated.status == 0 && updated.errorOutput == "", "\(updated)")
        #expect(updated.output.contains("first: the course changed its starter: yours runs, the course's stands below it in comments"), "\(updated.output)")
        #expect(updated.output.contains("sum: this question was called second; your answer, attempts and hints follow"))
        #expect(updated.output.contains("changed: text") && updated.output.contains("To take it back: etude update --undo"))
        let text = try etude.read("mine/1-sums.swift")
        #expect(text.contains("The very first sum") && text.contains("let one = 2 - 1\nfirst.check()\n\n// ==== ") && text.contains("\n// let one = 5 - 4\n// first.check()\n"))
        #expect(text.contains("problem=\"sum\"\nlet two: Int = 2\nsum.check()"))

        let progress = try #require(try etude("progress", "--json").objects().first), questions = try #require(progress["questions"] as? [[String: Any]])
        #expect(questions.map { $0["problem"] as? String } == ["first", "sum"])
        #expect(questions.map { $0["outcome"] as? String } == ["correct", "correct"] && questions.map { $0["hints"] as? Int } == [0, 1])
        #expect(try etude("check", "mine/1-sums.swift").status == 0)
        #expect(try etude("history", "mine/1-sums.swift").output.contains("2 "))

        let undone = try etude("update", "--undo", "--json", "mine").objects()
        #expect(undone[0]["status"] as? String == "undone" && undone.count == 3)
        #expect(try etude.read("mine/1-sums.swift") == before)
        let old = try #require(try etude("progress", "--json").objects().first?["questions"] as? [[String: Any]])
        #expect(old.map { $0["problem"] as? String } == ["first", "second"] && old.map { $0["hints"] as? Int } == [0, 1])
        #expect(try etude("update", "--undo", "mine").output.contains("there is no update to take back"))
    }

    @Test("Where there is nothing to update, or the course is gone, a sentence says so and nothing is changed")
    func refuses() throws {
        let nowhere = try etude("update", "courses")
        #expect(nowhere.status == 2 && nowhere.errorOutput.contains("no folder that `etude start` made"), "\(nowhere)")
        let before = try etude.read("mine/1-sums.swift")
        try FileManager.default.removeItem(atPath: etude.home + "/courses")
        let gone = try etude("update", "mine")
        #expect(gone.status == 2 && gone.errorOutput.contains("sums"), "\(gone)")
        #expect(try etude.read("mine/1-sums.swift") == before)
        let nothing = try etude("update", "--undo", "--json", "mine")
        #expect(try nothing.status == 0 && nothing.objects().map { $0["status"] as? String } == ["nothing"], "\(nothing)")
    }

    @Test("Killed at any moment, an update or its taking back has happened or not once any command looks, and git finds nothing wrong")
    func killed() throws {
        try answer("let one = 0", "let one = 2 - 1")
        try publishNewVersion()
        let folder = etude.home + "/mine", journal = folder + "/.git/etude/update.json"
        func state() throws -> [String] { try ["1-sums.swift", "course.json", ".etude/workspace.json"].map { try etude.read("mine/\($0)") } }
        func git(_ arguments: String...) throws -> String {
            let result = try run("/usr/bin/env", ["git", "-C", folder] + arguments, environment: etude.environment)
            return String(decoding: result.output, as: UTF8.self) + result.errorText
        }
        let old = try state(), branch = try git("log", "--format=%H", "main") + git("ls-files", "--stage")
        #expect(try etude("update", "mine").status == 0)
        let new = try state()
        #expect(try etude("update", "--undo", "mine").status == 0)
        #expect(try state() == old)

        var isNew = false, longest = Duration.zero, outcomes: [Bool: Int] = [:], unfinished = 0
        for round in 0..<rounds(60) {
            let start = ContinuousClock.now
            let child = try ChildProcess(
                EtudeProgram.program, isNew ? ["update", "--undo", "mine"] : ["update", "mine"], environment: etude.environment, workingDirectory: etude.home, descriptors: [:])
            // The first tells how long one takes.
            _ = child.wait(until: start + (round == 0 ? .seconds(300) : longest * Double.random(in: 0.1...1.2)))
            _ = child.end()
            if round == 0 { longest = ContinuousClock.now - start }
            if FileManager.default.fileExists(atPath: journal) { unfinished += 1 }
            #expect(try etude("history", "mine/1-sums.swift", "--json").status < 3)
            let now = try state()
            #expect(now == old || now == new, "round \(round)")
            #expect(!FileManager.default.fileExists(atPath: journal))
            outcomes[(now == new) != isNew, default: 0] += 1
            isNew = now == new
            if round % 10 == 9 { #expect(try git("fsck", "--strict", "--full", "--no-dangling", "--no-progress") == "") }
        }
        #expect(outcomes[true, default: 0] > 1 && outcomes[false, default: 0] > 1, "\(outcomes), \(unfinished) unfinished")
        #expect(try git("log", "--format=%H", "main") + git("ls-files", "--stage") == branch)
        #expect(try git("status", "--porcelain", "--untracked-files=all").split(separator: "\n").allSatisfy { $0.hasPrefix(" M ") })
    }
}
