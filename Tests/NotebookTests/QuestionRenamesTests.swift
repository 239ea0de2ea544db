import Testing
import Tiers

@testable import Notebook

@Suite("Renamed questions") struct QuestionRenamesTests {
    private let renames = QuestionRenames(["part3.c": "part4.c", "part1": "first", "a": "b", "b": "a"])

    @Test(
        "are followed in calls, and only there",
        arguments: [
            ("part3.c.check()", "part4.c.check()"), ("part1.hint(); part1.x.solution()", "first.hint(); first.x.solution()"),
            ("a.check()\nb.check()", "b.check()\na.check()"), ("part3\n    .c.check()", "part4.c.check()"),
            ("// part3.c.hint()", "// part4.c.hint()"), ("// as part3.c.hint() says", "// as part3.c.hint() says"),
            ("/* part1.check() */ part1.check()", "/* part1.check() */ first.check()"),
            ("\"part1.check() \\(part1.check())\" + part1.name", "\"part1.check() \\(first.check())\" + part1.name"),
            ("#\"\\(part1.check()) \\#(part1.check())\"#", "#\"\\(part1.check()) \\#(first.check())\"#"),
            ("\"\"\"\npart1.check()\n\"\"\"\npart1.check()", "\"\"\"\npart1.check()\n\"\"\"\nfirst.check()"),
            ("x.part1.check() + part10.check() + éa.check()", "x.part1.check() + part10.check() + éa.check()"),
            ("part1.check", "part1.check"), ("\"open part1.check()\npart1.check()", "\"open part1.check()\nfirst.check()"),
        ])
    func calls(code: String, expected: String) { #expect(renames.code(code) == expected) }

    @Test("have a way back")
    func reversed() {
        #expect(renames.reversed.code(renames.code("part3.c.check() + a.hint()")) == "part3.c.check() + a.hint()")
        #expect(QuestionRenames(["x": "z", "y": "z"]).reversed.name(of: "z") == "x")
        #expect(QuestionRenames(["part3": "part4", "part3.c": "part5"]).name(of: "part3.a") == "part4.a")
        #expect(QuestionRenames(["part3": "part4", "part3.c": "part5"]).name(of: "part3.c.i") == "part5.i")
    }

    @Test("leave any other text as it is, and come to an end")
    func anyText() {
        var random = SplitMix(7)
        let pieces = ["\"", "\"\"\"", "#", "\\(", "\\#(", ")", "(", "//", "/*", "*/", "\n", "part2", ".", "check", " ", "é", "`", "\\"]
        for _ in 0..<rounds(2_000) {
            let text = (0..<Int.random(in: 0...40, using: &random)).map { _ in pieces.randomElement(using: &random)! }.joined()
            #expect(renames.code(text) == text)
        }
        #expect(renames.code(String(repeating: "\"\\(", count: 100_000)).utf8.count == 300_000)
    }
}
