import Terminal
import Testing

@Suite struct KeyTests {
    private func keys(_ text: String) -> [Key] {
        var decoder = KeyDecoder()
        return decoder.decode(text.utf8) + decoder.timeOut()
    }

    @Test("Letters, arrows and editing keys are told by what terminals send for them", arguments: [
        ("q", [Key.character("q")]), ("é漢🙂", [.character("é"), .character("漢"), .character("🙂")]),
        ("\r", [.enter]), ("\t", [.tab]), ("\u{7F}", [.backspace]), ("\u{03}", [.control("c")]), ("\u{1A}", [.control("z")]),
        ("\u{1B}[A\u{1B}[B\u{1B}[C\u{1B}[D", [.up, .down, .right, .left]), ("\u{1B}OA\u{1B}OH", [.up, .home]),
        ("\u{1B}[5~\u{1B}[6~\u{1B}[3~", [.pageUp, .pageDown, .delete]), ("\u{1B}[H\u{1B}[1~\u{1B}[F\u{1B}[4~", [.home, .home, .end, .end]),
        ("\u{1B}[1;5A", [.up]), ("\u{1B}", [.escape]), ("\u{1B}\u{1B}[A", [.escape, .up]),
    ])
    func namesKeys(sent: String, expected: [Key]) { #expect(keys(sent) == expected) }

    @Test("What is no key gives none", arguments: [
        "\u{1B}[?62;4;22c", "\u{1B}_Gi=31;OK\u{1B}\\", "\u{1B}]11;rgb:0000/0000/0000\u{7}", "\u{1B}[>0;276;0c", "\u{1B}[15~", "\u{1B}OP",
        "\u{1B}[200~qqq\rrm -rf\u{1B}[A\u{1B}[201~", "\u{1B}q",
    ])
    func ignoresOthers(sent: String) { #expect(keys(sent + "x") == [.character("x")]) }

    @Test("Ctrl-C ends a paste or a reply that never ends", arguments: ["\u{1B}[200~qqq", "\u{1B}]0;title"])
    func interruptsEndlessText(sent: String) { #expect(keys(sent + "\u{3}q") == [.control("c"), .character("q")]) }

    @Test("An Escape alone waits until nothing follows")
    func waitsForTheRest() {
        var decoder = KeyDecoder()
        #expect(decoder.decode([0x1B]) == [] && decoder.isWaiting)
        #expect(decoder.timeOut() == [.escape] && !decoder.isWaiting)
        #expect(decoder.decode([0x1B]) == [])
        #expect(decoder.decode("[A".utf8) == [.up])
    }

    @Test("Any bytes, cut anywhere, give the same keys")
    func isTheSameHoweverCut() {
        let pieces: [[UInt8]] = ["\u{1B}[200~", "\u{1B}[201~", "\u{1B}[A", "\u{1B}O", "\u{1B}]", "\u{1B}\\", "é", "🙂", "\u{3}", "q"].map { Array($0.utf8) }
        var generator = Dice(5)
        for _ in 0..<3_000 {
            var bytes: [UInt8] = []
            for _ in 0..<Int.random(in: 1...12, using: &generator) {
                bytes += Bool.random(using: &generator) ? pieces.randomElement(using: &generator)! : [UInt8.random(in: 0...255, using: &generator)]
            }
            var whole = KeyDecoder()
            let expected = whole.decode(bytes)
            var cut = KeyDecoder()
            var keys: [Key] = []
            var rest = bytes[...]
            while !rest.isEmpty {
                let piece = rest.prefix(Int.random(in: 1...4, using: &generator))
                keys += cut.decode(piece)
                rest = rest.dropFirst(piece.count)
            }
            #expect(keys == expected && whole.isWaiting == cut.isWaiting && whole.timeOut() == cut.timeOut(), "\(bytes)")
        }
    }
}
