import Foundation
import Testing

/// `etude history` and `etude restore` where no attempts are kept: after work outside of a workspace, done in lines.
@Suite struct HistoryTests {
    private let etude: EtudeProgram
    private let file: String
    private let texts = [1, 2, 3].map { "// %% id=\"a\"\nlet a = \($0)\n// %% \u{1B}[2Jevil\nprint(a\($0 == 3 ? " + 1" : ""))\n" }

    init() throws {
        etude = try EtudeProgram()
        file = try etude.write("n.swift", "")
        for text in texts {
            _ = try etude.write("n.swift", text)
            _ = try etude("work", file)
        }
    }

    private func dates() throws -> [String] { try etude("history", "--json", "n.swift").objects().compactMap { $0["date"] as? String } }

    @Test("The saves are listed, the newest first, with what changed in each")
    func lists() throws {
        let listed = try etude("history", "n.swift")
        let lines = listed.output.split(separator: "\n")
        #expect(listed.status == 0 && lines.count == 5 && !listed.output.contains("\u{1B}"), "\(listed)")
        #expect(lines[0] == "n.swift" && lines[1].contains("  now  saved  changed: a, ") && lines[1].contains("evil"), "\(listed)")
        #expect(lines[2].hasSuffix("changed: a") && lines[3].hasSuffix("the oldest that was kept") && lines[4].contains("etude restore n.swift TIME"))
        let rows = try etude("history", "--json", file).objects()
        #expect(rows.map { $0["occasion"] as? String } == ["save", "save", "save"] && rows[1]["changed"] as? [String] == ["a"] && rows[2]["changed"] == nil)
        #expect(rows.map { $0["isCurrent"] as? Bool } == [true, false, false] && rows.map { $0["bytes"] as? Int } == texts.reversed().map(\.utf8.count))
        #expect(try etude("history", "--json", "--limit", "2", file).objects().count == 2)
        _ = try etude.write("n.swift", "// %% id=\"a\"\n7\n")
        let changed = try etude("history", "n.swift").output
        #expect(changed.contains("now") && changed.contains("changed: a; gone: "), "\(changed)")
    }

    @Test("A save comes back by its time, and what was there is kept; a file that is gone is there again")
    func restores() throws {
        let unkept = "let mine = 1\n", first = try dates()[2]
        _ = try etude.write("n.swift", unkept)
        let restored = try etude("restore", "n.swift", first)
        #expect(restored.status == 0 && restored.output.hasPrefix("n.swift is what it was in the save of "), "\(restored)")
        #expect(try etude.read("n.swift") == texts[0])
        #expect(try etude("restore", "n.swift", dates()[0]).output.contains("Nothing had to be changed"))
        let known = try dates()
        #expect(known.count == 5 && known.allSatisfy { $0.hasSuffix("Z") })
        #expect(try etude("restore", "--json", "n.swift", known[1]).objects()[0]["isChanged"] as? Bool == true)
        #expect(try etude.read("n.swift") == unkept)
        try FileManager.default.removeItem(atPath: file)
        #expect(try etude("history", "n.swift").output.contains("the file is gone"))
        #expect(try etude("restore", "n.swift", known[3]).status == 0)
        #expect(try etude.read("n.swift") == texts[1])
        #expect(try etude("restore", "n.swift", first, "--cell", "a").status == 0)
        #expect(try etude.read("n.swift") == texts[1].replacingOccurrences(of: "let a = 2", with: "let a = 1"))
    }

    @Test("What is no save is answered with a sentence, and nothing is changed")
    func refuses() throws {
        for (words, answer) in [
            (["n.swift", "9"], "There is no attempt 9: none was kept of this notebook"), (["n.swift", "soon"], "a time such as 14:05"),
            (["n.swift", "1999-01-01 00:00"], "Nothing was kept by"), (["n.swift"], "Say which"), (["n.swift", "1", "2"], "at most an exercise or file"), ([], "Say which"),
        ] {
            let refused = try etude(["restore"] + words)
            #expect(refused.status == 2 && refused.errorOutput.contains(answer), "\(refused)")
        }
        #expect(try etude("restore", "n.swift", dates()[0], "--cell", "nope").errorOutput.contains("There is no cell \"nope\""))
        #expect(try etude.read("n.swift") == texts[2])
        let none = try etude("history", "other.swift")
        #expect(none.status == 2 && none.errorOutput.contains("Nothing was kept of this notebook yet"), "\(none)")
        #expect(try etude("history", "--json", "other.swift").output == "")
        for command in ["diff", "reset"] {
            let refused = try etude(command, "n.swift")
            #expect(refused.status == 2 && refused.errorOutput.contains("belongs to no exercise"), "\(refused)")
        }
    }
}
