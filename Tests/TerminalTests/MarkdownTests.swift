import Testing

@testable import Terminal

@Suite struct MarkdownTests {
    func text(_ markdown: String, width: Int = 40, color: Bool = false) -> String {
        markdownText(markdown, TerminalStyle(width: width, color: color, trueColor: true, unicode: true))
    }

    @Test("Each kind of block and word has its form", arguments: [
        ("# One\ntext", "One\n━━━\n\ntext\n"), ("## Two", "Two\n───\n"), ("### Three", "Three\n"), ("*a* **b** ~~c~~ `d`", "a b ~c~ `d`\n"),
        ("- a\n- b\n  - c", "• a\n• b\n  • c\n"), ("- a\n\n- b", "• a\n\n• b\n"), ("9. a\n10. b", " 9. a\n10. b\n"), ("- [x] a\n- [ ] b", "☑ a\n☐ b\n"),
        ("> a\n> b", "▎ a b\n"), ("```\nlet  x\n\ny\n```", "│ let  x\n│ \n│ y\n"), ("[a](http://b.c)", "a (http://b.c)\n"), ("<http://b.c>", "http://b.c\n"),
        ("![a](b.png)", "[picture: a → b.png]\n"), ("![](b.png)", "[picture: b.png]\n"), ("a  \nb", "a\nb\n"), ("a<br>b", "a\nb\n"),
        ("<div>\nx\n</div>", "<div>\nx\n</div>\n"), ("<!-- c -->", ""), ("", ""), ("a[^x]\n\n[^x]: why", "a[1]\n\n[1] why\n"), ("a &amp; b", "a & b\n"),
        ("| a | b |\n|---|--:|\n| 1 | 2 |\n| 10 | 200 |", "a     b\n───────\n1     2\n10  200\n"),
    ])
    func blocks(markdown: String, expected: String) { #expect(text(markdown) == expected) }

    @Test("A table that is too wide wraps its cells")
    func wideTable() {
        let rendered = text("| name | text |\n|---|---|\n| a | one two three four five six |", width: 20)
        #expect(rendered == "name  text\n────────────────────\na     one two three\n      four five six\n")
    }

    @Test("Text can't bring in control characters, in no way")
    func controls() {
        for markdown in ["\u{1B}[31m", "&#27;[31m", "`\u{9B}1m`", "[a](http://x/&#27;[31m)", "![&#x1b;](b&#27;)", "```\n\u{1B}\n```", "<b &#27;\u{1B}>", "&#x202e;x"] {
            #expect(!text(markdown).unicodeScalars.contains { $0.value == 0x1B || (0x7F...0x9F).contains($0.value) || $0.value == 0x202E }, "\(markdown)")
        }
        // Only the sequences that we write ourselves are left in colour.
        #expect(!bare(text("[a](http://x/&#27;]8;;evil) &#27;[2J", color: true)).contains("\u{1B}"))
    }

    @Test("Links are links where there is colour, and only those of the web and of mail")
    func links() {
        #expect(text("[a](https://b.c)", color: true).contains("\u{1B}]8;;https://b.c\u{1B}\\"))
        #expect(!text("[a](javascript:x)", color: true).contains("]8;;"))
        #expect(!text("[a](file:///etc/passwd)", color: true).contains("]8;;"))
    }

    @Test("Nesting without end is cut, and random Markdown keeps to the width")
    func fuzz() {
        #expect(text(String(repeating: "> ", count: 2_000) + "x").contains("…"))
        #expect(text(String(repeating: "- ", count: 500) + "x").count < 10_000)
        #expect(text(String(repeating: "*a **b ", count: 500)).count < 100_000)
        var dice = Dice(5)
        let parts = ["# ", "- ", "1. ", "> ", "`", "```\n", "*", "**", "|", "|---|\n", "\n", "\n\n", "word ", "日本", "[", "](x)", "<b>", "&#27;", "    ", "[^1]", "[^1]: ", "~~", "👍"]
        for _ in 0..<300 {
            let markdown = (0..<Int.random(in: 1...40, using: &dice)).map { _ in parts.randomElement(using: &dice)! }.joined()
            for line in text(markdown, width: 30).split(separator: "\n") { #expect(columnWidth(line) <= 30, "\(markdown)") }
        }
    }
}

@Suite struct WidthTests {
    @Test("Wide characters take two columns, marks none", arguments: [
        ("abc", 3), ("日本", 4), ("é", 1), ("e\u{301}", 1), ("👍", 2), ("👩‍👩‍👧", 2), ("🇩🇪", 2), ("─✓●", 3), ("⣿", 1), ("한글", 4), ("", 0), ("ｆ", 2), ("❤️", 2),
    ])
    func widths(text: String, expected: Int) { #expect(columnWidth(text) == expected) }

    @Test("Text is cut to its width, with an ellipsis")
    func cutting() {
        let style = TerminalStyle(unicode: true)
        #expect(cut("日本語", to: 5, style) == "日本…")
        #expect(cut("日本語", to: 4, style) == "日…")
        #expect(cut("abc", to: 3, style) == "abc")
    }
}

@Suite struct SwiftHighlightingTests {
    func pieces(_ source: String, _ kind: SwiftPieceKind) -> [String] {
        swiftPieces(source).filter { $0.kind == kind }.map { String($0.text) }
    }

    @Test("Words of the language, numbers, strings, comments and gaps are told apart")
    func kinds() {
        let source = "let x: Int = 0x1F + 1_000.5 /* a /* b */ c */ + a.init // end\nlet s = \"a \\\" let\" + #\"raw \"quote\"\"# + <#gap#>"
        #expect(pieces(source, .keyword) == ["let", "let"])
        #expect(pieces(source, .number) == ["0x1F", "1_000.5"])
        #expect(pieces(source, .comment) == ["/* a /* b */ c */", "// end"])
        #expect(pieces(source, .string) == ["\"a \\\" let\"", "#\"raw \"quote\"\"#"])
        #expect(pieces(source, .placeholder) == ["<#gap#>"])
        #expect(pieces("for i in 0...9", .number) == ["0", "9"])
        #expect(pieces("\"\"\"\nlet\n\"\"\"", .string).count == 1)
    }

    @Test("Nothing is lost, whatever the text")
    func lossless() {
        var dice = Dice(9)
        let parts = ["\"", "\"\"\"", "#", "/*", "*/", "//", "\n", "<#", "#>", "\\", "let", " ", "1.", ".", "..", "@", "é", "日"]
        for _ in 0..<500 {
            let source = (0..<Int.random(in: 0...30, using: &dice)).map { _ in parts.randomElement(using: &dice)! }.joined()
            #expect(swiftPieces(source).map { String($0.text) }.joined() == source)
            #expect(swiftLines(source).map { $0.map(\.text).joined() }.joined(separator: "\n") == source)
        }
    }
}
