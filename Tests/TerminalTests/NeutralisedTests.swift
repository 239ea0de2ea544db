import Testing

@testable import Terminal

@Suite struct NeutralisedTests {
    @Test("Escape sequences and control characters are gone, words, lines and tabs stay", arguments: [
        ("\u{1B}[31mred\u{1B}[0m", "red"), ("a\u{1B}]0;title\u{07}b", "ab"), ("a\u{1B}]8;;http://x\u{1B}\\link\u{1B}]8;;\u{1B}\\b", "alinkb"),
        ("a\u{1B}Pdevice\u{1B}\\b", "ab"), ("a\u{9B}2Jb", "ab"), ("bell\u{07}\u{08}!", "bell!"), ("a\tb\nc", "a\tb\nc"),
        ("abc\u{202E}def\u{2066}", "abcdef"), ("10%\r20%\r\nend\r", "10%\n20%\nend\n"), ("\u{1B}(B\u{1B}c!", "!"),
        ("\u{1B}\u{1B}[1mx", "x"), ("Größe 日本 👩‍👩‍👧", "Größe 日本 👩‍👩‍👧"), ("a\u{1B}[3\nb", "a\nb"),
    ])
    func examples(text: String, expected: String) { #expect(neutralised(text) == expected) }

    @Test("A string sequence that never ends does not swallow what follows")
    func unterminated() {
        #expect(neutralised("a\u{1B}]0;no end\nb") == "a\nb")
        #expect(neutralised("\u{1B}]" + String(repeating: "x", count: 10_000)).count > 5_000)
    }

    @Test("However the bytes are cut, the text is the same, and no escape or control byte comes through")
    func fuzz() {
        var dice = Dice(11)
        let pieces: [[UInt8]] = [
            [0x1B], [0x5B], [0x5D], [0x9B], [0xC2, 0x9B], [0xC2], [0xE2, 0x80, 0xAE], [0xF0, 0x9F, 0x91], [0xA9], [0x07], [0x0D], [0x0A],
            [0x50], [0x5C], [0x38, 0x3B], [0x6D], Array("word ".utf8), [0xFF], [0x00], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80],
        ]
        for _ in 0..<1_500 {
            let bytes = (0..<Int.random(in: 1...20, using: &dice)).flatMap { _ in
                Bool.random(using: &dice) ? pieces.randomElement(using: &dice)! : [UInt8.random(in: 0...255, using: &dice)]
            }
            var whole = Neutraliser()
            let expected = whole.add(bytes) + whole.finish()
            for scalar in expected.unicodeScalars {
                #expect(scalar.value == 0x0A || scalar.value == 0x09 || (scalar.value >= 0x20 && !(0x7F...0x9F).contains(scalar.value)))
                #expect(!(0x202A...0x202E).contains(scalar.value) && !(0x2066...0x2069).contains(scalar.value))
            }
            var cut = Neutraliser()
            var text = ""
            var rest = bytes[...]
            while !rest.isEmpty {
                let count = Int.random(in: 1...3, using: &dice)
                text += cut.add(rest.prefix(count))
                rest = rest.dropFirst(count)
            }
            #expect(text + cut.finish() == expected)
        }
    }
}
