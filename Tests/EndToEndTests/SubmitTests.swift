import Foundation
import Processes
import Testing

/// `etude submit` and `etude collect`, as a learner and an instructor use them.
@Suite struct SubmitTests {
    private let etude: EtudeProgram
    private static let starter = """
        // %% id="setup"
        import Small
        let five = 5
        // %% id="one" problem="part1"
        let n = <#a number#>
        part1.check()
        // %% id="two" problem="part2"
        let word = ""
        part2.check()

        """

    /// A learner who has a course of two questions in the folder `work`.
    init() throws {
        etude = try EtudeProgram()
        let files = [
            "exercises/small/course.json": """
                {"version": 1, "name": "small", "title": "T", "summary": "S",
                 "exercises": [{"number": 1, "file": "1-small.swift", "title": "T", "minutes": 1, "checker": "Small"}]}
                """,
            "exercises/small/1-small.swift": Self.starter, "solutions/small/1-small.swift": "",
            "checkers/small/Small.swift": """
                import Grading
                let exercise = Exercise("Small") {
                    CodingProblem("part1", variable: "n") { (n: Int) in try expect(n == 6, "Another number.", mistake: "another") }
                    CodingProblem("part2", variable: "word") { (word: String) in try expect(word == "yes", "Another word.", mistake: "another") }
                }
                """,
        ]
        for (path, text) in files {
            try FileManager.default.createDirectory(atPath: ("\(etude.home)/courses/\(path)" as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
            _ = try etude.write("courses/\(path)", text)
        }
        _ = try etude.write(".gitconfig", "[user]\n\tname = Ada Lovelace\n\temail = ada@example.org\n")
        let started = try etude("start", "./courses", "work")
        try #require(started.status == 0, "\(started)")
    }

    private func answer(_ number: String, before: String = "") throws {
        let text = Self.starter.replacingOccurrences(of: "<#a number#>", with: number).replacingOccurrences(of: "// %% id=\"one\"", with: "\(before)// %% id=\"one\"")
        _ = try etude.write("work/1-small.swift", text)
    }

    private func git(_ arguments: String...) throws -> String {
        let result = try run("/usr/bin/env", ["git"] + arguments, environment: etude.environment, workingDirectory: etude.home, deadline: .seconds(60))
        try #require(result.succeeded, "\(arguments): \(result.errorText)")
        return String(decoding: result.output, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    }

    @Test("A submission goes into a zip, a folder, a bundle and to a remote, and all four are collected as the same bytes; git finds nothing wrong")
    func fourWays() throws {
        try answer("five + 1")
        let text = try etude.read("work/1-small.swift")
        let zip = try etude("submit", "work/1-small.swift")
        #expect(zip.status == 0 && zip.output.contains("✓ part1") && zip.output.contains("Submission 1 of small/1 is in ") && zip.output.contains("Send that file to"), "\(zip)")
        #expect(FileManager.default.fileExists(atPath: etude.home + "/ada-lovelace-small-1-1.zip"))
        let folder = try etude("submit", "small/1", "--resend", "--to", "drop/")
        #expect(folder.status == 0 && folder.output.contains("drop/ada-lovelace-small-1-1.zip"), "\(folder)")
        #expect(try etude("submit", "small/1", "--resend", "--to", "mine.bundle").status == 0)
        _ = try git("-C", "work", "bundle", "verify", "-q", "../mine.bundle")
        _ = try git("init", "-q", "--bare", "server/ada.git")
        _ = try git("-C", "work", "remote", "add", "submit", "../server/ada.git")
        let remote = try etude("submit", "small/1", "--resend", "--json").objects()
        #expect(remote.last?["event"] as? String == "submission" && remote.last?["to"] as? String == "remote" && remote.last?["delivered"] as? Bool == true, "\(remote)")
        #expect(try git("-C", "server/ada.git", "rev-parse", "refs/etude/submissions/small/1/1") == git("-C", "work", "rev-parse", "refs/etude/submissions/small/1/1"))
        #expect(try git("-C", "work", "fsck", "--strict", "--no-dangling") == "")

        _ = try etude.write("remotes.txt", "# the course\nada file://\(etude.home)/server/ada.git # here\n")
        for (number, source) in ["ada-lovelace-small-1-1.zip", "drop", "mine.bundle", "remotes.txt", "work"].enumerated() {
            let collected = try etude("collect", source, "--out", "out\(number)")
            #expect(collected.status == 0, "\(source): \(collected)")
            #expect(try etude.read("out\(number)/ada@example.org/small-1/1-small.swift") == text)
        }
        let all = try etude("collect", "ada-lovelace-small-1-1.zip", "drop", "mine.bundle", "remotes.txt", "--out", "out", "--json").objects()
        #expect(all.count == 2 && (all[0]["submission"] as? [String: Any])?["sources"] as? [String] != nil && all[1]["submissions"] as? Int == 1, "\(all)")
    }

    @Test("Where git is set to sign, a submission is signed, and collected as such by whoever knows the key; what can't be signed is not handed in")
    func signed() throws {
        try answer("6")
        let key = etude.home + "/key"
        try #require(run("/usr/bin/env", ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key]).succeeded)
        for (name, value) in [("commit.gpgSign", "true"), ("gpg.format", "ssh"), ("user.signingkey", key + ".pub")] { _ = try git("config", "--global", name, value) }
        let made = try etude("submit", "small/1", "--to", "signed.bundle")
        #expect(made.status == 0, "\(made)")
        let trust = { (out: String) throws -> String? in
            let events = try etude("collect", "signed.bundle", "--out", out, "--json").objects()
            return (events.first?["submission"] as? [String: Any])?["trust"] as? String
        }
        #expect(try trust("before") == "hashesMatch")
        _ = try etude.write("signers", "ada@example.org " + etude.read("key.pub"))
        _ = try git("config", "--global", "gpg.ssh.allowedSignersFile", etude.home + "/signers")
        #expect(try trust("after") == "signed")
        _ = try git("-C", "work", "verify-commit", "refs/etude/submissions/small/1/1")
        // Whoever has learned of the key only now collects once more.
        #expect(try trust("before") == "signed")
        try FileManager.default.removeItem(atPath: key)
        let failed = try etude("submit", "small/1", "--to", "unsigned.zip")
        #expect(failed.status == 2 && !FileManager.default.fileExists(atPath: etude.home + "/unsigned.zip"), "\(failed)")
        #expect(try git("-C", "work", "for-each-ref", "refs/etude/submissions").split(separator: "\n").count == 1)
    }

    @Test("What comes out otherwise in grading is explained before it is handed in")
    func explains() throws {
        try answer("helper", before: "// %% id=\"mine\"\nlet helper = 6\n")
        #expect(try etude("check", "work/1-small.swift", "part1").status == 0)
        let told = try etude("submit", "small/1", "--to", "a.zip")
        #expect(told.status == 0 && told.output.contains("part1 was right when you checked it last") == false, "Part 2 was not checked, so the notebook runs anew: \(told)")
        #expect(told.output.replacing(#/\s+/#, with: " ").contains("`helper` is declared only in a cell of your own, cell 2 (`mine`), which grading does not take."))
        _ = try etude("check", "work/1-small.swift")
        let events = try etude("submit", "small/1", "--to", "b.zip", "--json").objects()
        let difference = events.first { $0["event"] as? String == "difference" }
        #expect(difference?["problem"] as? String == "part1" && difference?["before"] as? String == "correct" && difference?["now"] as? String == "error")
        #expect((difference?["text"] as? String)?.contains("when you checked it last") == true)
        #expect(events.contains { $0["event"] as? String == "change" && $0["kind"] as? String == "added" && $0["cell"] as? String == "mine" })
        // A helper that was deleted after the check is known from the attempt.
        try answer("helper")
        let gone = try etude("submit", "small/1", "--to", "c.zip", "--json").objects().first { $0["event"] as? String == "difference" }
        #expect((gone?["text"] as? String)?.hasSuffix("`helper` was declared only in a cell that is gone by now (`mine`). Declare it in the answer's cell.") == true, "\(gone ?? [:])")
    }

    @Test("What could not be sent stays kept, and is sent later; a file that is there is not replaced")
    func resends() throws {
        try answer("6")
        _ = try git("-C", "work", "config", "etude.submitRemote", "../nowhere.git")
        let failed = try etude("submit", "small/1")
        #expect(failed.status == 2 && failed.errorOutput.contains("is kept as number 1") && failed.errorOutput.contains("etude submit small/1 --resend"), "\(failed)")
        _ = try git("init", "-q", "--bare", "nowhere.git")
        let sent = try etude("submit", "small/1", "--resend")
        #expect(sent.status == 0 && sent.output.contains("was handed in to"), "\(sent)")
        #expect(try etude("submit", "small/1", "--resend").status == 0)
        _ = try etude.write("taken.zip", "mine")
        let taken = try etude("submit", "small/1", "--resend", "--to", "taken.zip")
        #expect(taken.status == 2 && taken.errorOutput.contains("is there already"), "\(taken)")
        #expect(try etude.read("taken.zip") == "mine")
        let odd = try etude("submit", "small/1", "--to", "answer.pdf")
        #expect(odd.status == 2 && odd.errorOutput.contains("ends with .zip or .bundle") && !odd.output.contains("part1"), "\(odd)")
    }

    @Test("What can't be handed in gets a sentence: outside of a repository, no exercise, nothing to send again")
    func refuses() throws {
        let none = try etude("submit", "small/1", "--resend")
        #expect(none.status == 2 && none.errorOutput.contains("no submission of small/1 yet"), "\(none)")
        let other = try etude("submit", etude.write("own.swift", "let a = 1\n"))
        #expect(other.status == 2 && other.errorOutput.contains("nothing to hand in"), "\(other)")
        try FileManager.default.createDirectory(atPath: etude.home + "/loose", withIntermediateDirectories: true)
        let loose = try etude("submit", etude.write("loose/1-small.swift", Self.starter))
        #expect(loose.status == 2 && loose.errorOutput.contains("lies in no git repository"), "\(loose)")
    }

    @Test("Collecting tells what is malformed, goes on, and says so in its exit status")
    func collects() throws {
        try answer("6")
        _ = try etude("submit", "small/1", "--to", "drop/")
        _ = try etude.write("drop/noise.zip", "noise\u{1B}[2J")
        let collected = try etude("collect", "drop", "--out", "out")
        #expect(collected.status == 1 && collected.output.contains("drop/noise.zip: It is no zip archive") && collected.output.contains("1 submission, 1 of them new"), "\(collected)")
        #expect(!collected.output.contains("\u{1B}"))
        let record = try JSONSerialization.jsonObject(with: Data(etude.read("out/collection.json").utf8)) as? [String: Any]
        #expect(record?["version"] as? Int == 1 && (record?["submissions"] as? [Any])?.count == 1 && (record?["refused"] as? [Any])?.count == 1)
        let help = try etude("collect", "--help")
        #expect(help.status == 0 && help.output.contains("GitHub Classroom"))
    }
}
