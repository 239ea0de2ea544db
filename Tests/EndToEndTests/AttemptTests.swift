import Foundation
import Processes
import Testing

/// What a check leaves in the learner's workspace, and the ways back from there.
@Suite struct AttemptTests {
    private let learner: LearnerWorkspace

    init() throws { learner = try LearnerWorkspace() }

    private func rows(_ arguments: String...) throws -> [[String: Any]] { try learner(["history", "tries/1", "--json"] + arguments).objects() }

    // MARK: Recording

    @Test("A check keeps the notebook byte for byte, with the verdicts on its single questions, what changed and the course's version, and touches nothing of the learner's")
    func records() throws {
        try learner.setTraps()
        let before = try learner.own(), text = try learner.edit("first = 0", "first = 42 // \u{1F34E}")
        #expect(try learner("check", learner.file).status == 1)
        let commits = try learner.attempts()
        #expect(commits.count == 1)
        #expect(try learner.notebook(ofAttempt: commits[0]) == text)
        let row = try #require(rows().first)
        let results = try #require(row["results"] as? [[String: Any]])
        #expect(results.map { $0["problem"] as? String } == ["first", "idea", "pair.second", "pair.third"])
        #expect(results.map { $0["outcome"] as? String } == ["correct", "unread", "notAttempted", "notAttempted"])
        #expect(row["changed"] as? [String] == ["first"] && row["gone"] as? [String] == [])
        let pinned = try JSONSerialization.jsonObject(with: Data(contentsOf: URL(fileURLWithPath: learner.folder + "/.etude/workspace.json"))) as? [String: Any]
        #expect(row["courseVersion"] as? String == pinned?["courseVersion"] as? String && row["isCurrent"] as? Bool == true)
        #expect(try learner.own() == before && !learner.hasTrace && learner.text() == text)
        #expect(try learner.complaints() == "")
    }

    @Test("A question asked alone, a run, and each round of work in lines are attempts; a round in which nothing was asked is none")
    func everyRoad() throws {
        #expect(try learner("check", learner.file, "first").status == 1)
        #expect(try rows()[0]["results"].map { "\($0)" }?.contains("pair") == false)
        try learner.edit("start + 1", "start + 2")
        _ = try learner("run", learner.file)
        #expect(try learner.attempts().count == 2 && rows()[0]["changed"] as? [String] == ["second"])
        _ = try learner("work", learner.file)
        #expect(try learner.attempts().count == 3)
        _ = try learner("run", learner.folder + "/0-read.swift")
        _ = try learner("show", learner.file)
        #expect(try learner.git("for-each-ref", "refs/etude/attempts").split(separator: "\n").count == 1)
        // Where the learner was last is what a command means that is not told.
        #expect(try learner("history").output.contains("(tries/1)"))
    }

    @Test("In the window, key c and a save that runs a check keep attempts")
    func fromTheWindow() throws {
        let window = try TerminalWindow(EtudeProgram.program, ["work", learner.file], environment: learner.environment.merging(["TERM": "tmux-256color"]) { $1 }, folder: learner.etude.home)
        #expect(window.shows("Edit "), "\(window.text)")
        window.press("c")
        #expect(window.waits { _ in (try? learner.attempts().count) == 1 }, "\(window.text)")
        let text = try learner.edit("start + 1", "start + 2")
        #expect(window.waits { _ in (try? learner.attempts().count) == 2 }, "\(window.text)")
        window.press("q")
        #expect(window.end() == 0)
        #expect(try learner.notebook(ofAttempt: learner.attempts()[0]) == text)
    }

    @Test("An attempt that can't be kept costs a sentence and not the check, and what else was kept can be had", arguments: [
        "rm -r .git", "rm -rf .git/refs/etude/attempts && mkdir -p .git/refs/etude/attempts/tries && echo 0123 > .git/refs/etude/attempts/tries/1",
        "echo '{' > .etude/workspace.json",
    ])
    func failsSoftly(damage: String) throws {
        _ = try learner("work", learner.file)
        try #require(run("/bin/sh", ["-c", damage], workingDirectory: learner.folder).succeeded)
        try learner.edit("first = 0", "first = 42")
        let checked = try learner("check", learner.file, "first")
        #expect(checked.status == 0 && checked.output.contains("Correct") && checked.errorOutput.contains("This attempt was not kept."), "\(checked)")
        #expect(checked.errorOutput.split(separator: "\n").count == 1, "\(checked)")
        let listed = try learner("history", learner.file, "--all", "--json")
        #expect(listed.status == 0 && !listed.errorOutput.isEmpty && listed.output.contains("\"save\""), "\(listed)")
        let save = try #require(listed.objects().last?["date"] as? String)
        #expect(try learner("restore", learner.file, save).status == 0)
        #expect(try learner.text() == LearnerWorkspace.starter)
        #expect(try learner("progress").status == 0)
    }

    @Test("Outside of a workspace nothing is kept as an attempt")
    func outside() throws {
        let copy = learner.etude.home + "/1-tries.swift"
        try FileManager.default.copyItem(atPath: learner.file, toPath: copy)
        #expect(try learner("check", copy, "first").status == 1)
        #expect(try learner.attempts() == [] && !FileManager.default.fileExists(atPath: learner.etude.home + "/.git"))
    }

    // MARK: History

    @Test("The history has a line an attempt, whose number never changes, and shows saves when asked")
    func history() throws {
        _ = try learner("check", learner.file)
        try learner.edit("first = 0", "first = 41")
        _ = try learner("check", learner.file)
        try learner.edit("first = 41", "first = 42")
        _ = try learner("check", learner.file)
        let lines = try learner("history", "tries/1").output.split(separator: "\n").map(String.init)
        #expect(lines.count == 5 && lines[0].hasSuffix("1-tries.swift  (tries/1)") && lines[4].contains("etude restore"), "\(lines)")
        #expect(lines[1].hasPrefix("  3  today") && lines[1].contains("now  ✓ first") && lines[1].hasSuffix("changed: first"), "\(lines)")
        #expect(lines[2].hasPrefix("  2  today") && lines[2].contains("✗ first"), "\(lines)")
        #expect(lines[3].contains("… 3"), "\(lines)")
        #expect(try learner("history", "tries/1", "--limit", "1").output.contains("2 older: --limit 3"))
        #expect(try learner("history", "--limit", "0").status == 2)
        try learner.edit("first = 42", "first = \n")
        #expect(try learner("history", "tries/1").output.contains("now"))
        // A save that holds no other text than an attempt is none of its own.
        try learner.edit("first = \n", "first = 42")
        _ = try learner("work", learner.file)
        try learner.edit("start = 40", "start = 39")
        _ = try learner("work", learner.folder + "/0-read.swift")
        #expect(try rows("--all").map { $0["attempt"] as? Int } == [4, 3, 2, 1])
        _ = try learner("restore", "tries/1", "3")
        #expect(try rows("--all").map { $0["attempt"] as? Int } == [nil, 5, 4, 3, 2, 1])
        #expect(try learner("history").output.contains("0-read.swift") == false)
    }

    // MARK: Back

    @Test("Where nothing was checked yet, the history is of saves")
    func onlySaves() throws {
        let file = learner.folder + "/0-read.swift"
        _ = try learner("work", file)
        #expect(try learner("history", "tries/0").output.contains("now  saved"))
        #expect(try learner("history", "tries/1").errorOutput.contains("Nothing was kept of this notebook yet"))
    }

    @Test("The difference is told by cell, from the starter, an attempt, or between two")
    func differences() throws {
        #expect(try learner("diff", "tries/1").output.contains("every cell has the same text"))
        _ = try learner("check", learner.file)
        try learner.save(learner.text().replacingOccurrences(of: "first = 0", with: "first = 41") + "// %% id=\"mine\"\nprint(\"\u{1B}[31mred\")\n")
        _ = try learner("check", learner.file)
        try learner.edit("first = 41", "first = 42")
        let all = try learner("diff", "tries/1")
        #expect(all.status == 0 && !all.output.contains("\u{1B}") && all.output.contains("first\n  - let first = 0\n  + let first = 42\n"), "\(all)")
        #expect(all.output.contains("mine  new\n"), "\(all)")
        #expect(try learner("diff", "tries/1", "2").output.contains("  - let first = 41\n  + let first = 42\n"))
        #expect(try learner("diff", "2", "starter").output.contains("mine  gone\n"))
        let rows = try learner("diff", "tries/1", "1", "2", "--json").objects()
        #expect(rows.compactMap { $0["cell"] as? String } == ["first", "mine"] && rows.compactMap { $0["change"] as? String } == ["changed", "added"])
        #expect(try learner("diff", "tries/1", "9").errorOutput.contains("There is no attempt 9: they count from 1, the first, to 2."))
    }

    @Test("A file or a cell comes back, and what was there is an attempt first")
    func restores() throws {
        let first = try learner.edit("first = 0", "first = 41")
        _ = try learner("check", learner.file)
        let second = try learner.save(first.replacingOccurrences(of: "first = 41", with: "first = 42").replacingOccurrences(of: "start = 40", with: "start = 39"))
        let restored = try learner("restore", "tries/1", "1")
        #expect(restored.status == 0 && restored.output.contains("is what it was in attempt 1") && restored.output.contains("What was there is attempt 2: "), "\(restored)")
        #expect(try learner.text() == first && learner.notebook(ofAttempt: learner.attempts()[0]) == second)
        #expect(try learner.git("log", "-1", "--format=%s", "refs/etude/attempts/tries/1") == "tries/1: as it was before a restore\n")
        #expect(try learner("restore", "tries/1", "1").output.contains("Nothing had to be changed"))
        #expect(try learner.attempts().count == 2)
        #expect(try learner("restore", "2", "--cell", "first").status == 0)
        #expect(try learner.text() == first.replacingOccurrences(of: "first = 41", with: "first = 42"))
        // A cell that is gone comes back to its place.
        try learner.save(second.replacingOccurrences(of: "// %% id=\"start\"\nimport Tries\nlet start = 39\n", with: ""))
        #expect(try learner("restore", "2", "--cell", "start", "--json").objects()[0]["cells"] as? [String] == ["start"])
        #expect(try learner.text() == second)
        try FileManager.default.removeItem(atPath: learner.file)
        #expect(try learner("restore", "tries/1", "1").errorOutput.contains("There is no copy of tries/1"))
        #expect(try learner("restore", learner.file, "1").status == 0)
        #expect(try learner.text() == first && learner.complaints() == "")
    }

    @Test("A question, a cell or all begins anew from what the learner got, though the course has changed since")
    func resets() throws {
        let mine = try learner.edit("first = 0", "first = 41").replacingOccurrences(of: "start + 1", with: "start + 9").replacingOccurrences(of: "<#the third#>", with: "3")
        try learner.save(mine)
        #expect(try learner("reset", "tries/1", "pair").status == 0)
        #expect(try learner.text() == mine.replacingOccurrences(of: "start + 9", with: "start + 1").replacingOccurrences(of: "= 3\n", with: "= <#the third#>\n"))
        #expect(try learner("reset", "first").output.contains("As the course gave it to you: \"first\" in tries/1-tries.swift. What was there is attempt 2"))
        #expect(try learner.text() == LearnerWorkspace.starter)
        try learner.save(mine)
        #expect(try learner("reset", "tries/1", "--cell", "start").output.contains("Nothing had to be changed"))
        #expect(try learner("reset", "tries/1", "--yes", "--json").objects()[0]["keptAttempt"] as? Int == 3)
        #expect(try learner.text() == LearnerWorkspace.starter && learner.notebook(ofAttempt: learner.attempts()[0]) == mine)
        #expect(try learner("reset", "tries/1", "fourth").errorOutput.contains("No cell holds an answer to \"fourth\". There are: first, pair.second, pair.third."))
    }

    // MARK: Progress

    @Test("Progress tells each question's last outcome, and what was right before, with hints and solutions seen")
    func progress() throws {
        #expect(try learner("progress").output.contains("0 of 3"))
        try learner.edit("first = 0", "first = 42")
        _ = try learner("check", learner.file)
        try learner.edit("first = 42", "first = 41")
        _ = try learner("check", learner.file, "first")
        _ = try learner("hint", "tries/1", "first")
        _ = try learner("solution", "tries/1", "idea")
        try learner.edit("start + 1", "start + 2")
        _ = try learner("check", learner.file, "pair")
        let shown = try learner("progress")
        #expect(shown.status == 0 && shown.output.contains("1 of 3") && shown.output.contains("✗ first (was right)  ◆ idea  ✓ pair.second  … pair.third"), "\(shown)")
        #expect(shown.output.contains("nothing to answer") && shown.output.contains("3 attempts") && shown.output.contains("1 hint and 1 solution seen"), "\(shown)")
        let rows = try learner("progress", "tries", "--json").objects()
        #expect(rows.map { $0["exercise"] as? String } == ["tries/0", "tries/1"] && rows[1]["points"] as? Double == 1 && rows[1]["maximum"] as? Double == 3)
        #expect(try learner("progress", "knitting").status == 2)
    }
}
