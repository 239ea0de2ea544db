import Foundation
import Testing

/// `etude history` and `etude restore`, after work that was done in lines.
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

    @Test("The versions are listed, the newest first, with what changed in each")
    func lists() throws {
        let listed = try etude("history", "n.swift")
        let lines = listed.output.split(separator: "\n")
        #expect(listed.status == 0 && lines.count == 4 && !listed.output.contains("\u{1B}"), "\(listed)")
        #expect(lines[0].hasPrefix("   1  20") && lines[0].contains("  now  changed: a, ") && lines[0].contains("evil"))
        #expect(lines[1].hasSuffix("changed: a") && lines[2].hasSuffix("the oldest version kept") && lines[3].contains("etude restore n.swift NUMBER"))
        let rows = try etude("history", "--json", file).objects()
        #expect(rows.map { $0["version"] as? Int } == [1, 2, 3] && rows[1]["changed"] as? [String] == ["a"] && rows[2]["changed"] == nil)
        #expect(rows.map { $0["isCurrent"] as? Bool } == [true, false, false] && rows.map { $0["bytes"] as? Int } == texts.reversed().map(\.utf8.count))
        _ = try etude.write("n.swift", "// %% id=\"a\"\n7\n")
        #expect(try etude("history", "n.swift").output.contains("   now                       changed: a; gone: "))
    }

    @Test("A version comes back by number or time, and what was there is kept; a file that is gone is there again")
    func restores() throws {
        let unkept = "let mine = 1\n"
        _ = try etude.write("n.swift", unkept)
        let restored = try etude("restore", "n.swift", "3")
        #expect(restored.status == 0 && restored.output.hasPrefix("n.swift is what it was at "), "\(restored)")
        #expect(try etude.read("n.swift") == texts[0])
        #expect(try etude("restore", "n.swift", "1").output.contains("Nothing had to be changed"))
        let dates = try etude("history", "--json", "n.swift").objects().compactMap { $0["date"] as? String }
        #expect(dates.count == 5 && dates.allSatisfy { $0.hasSuffix("Z") })
        #expect(try etude("restore", "--json", "n.swift", "2").objects()[0]["version"] as? Int == 2)
        #expect(try etude.read("n.swift") == unkept)
        try FileManager.default.removeItem(atPath: file)
        #expect(try etude("restore", "n.swift", dates[3]).status == 0)
        #expect(try etude.read("n.swift") == texts[1])
    }

    @Test("What is no version is answered with a sentence, and nothing is changed")
    func refuses() throws {
        for (name, words) in [("9", "from 1, the newest, to 3"), ("soon", "a time such as 14:05"), ("1999-01-01 00:00", "the oldest is version 3")] {
            let refused = try etude("restore", "n.swift", name)
            #expect(refused.status == 2 && refused.errorOutput.contains(words), "\(refused)")
        }
        #expect(try etude.read("n.swift") == texts[2])
        let none = try etude("history", "other.swift")
        #expect(none.status == 2 && none.errorOutput.contains("No version of other.swift was kept"), "\(none)")
        #expect(try etude("history", "--json", "other.swift").output == "")
    }
}
