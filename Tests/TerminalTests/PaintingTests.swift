import Foundation
import Figures
@testable import Terminal
import Testing

@Suite struct PaintingTests {
    private let size = ScreenSize(columns: 10, rows: 4)

    @Test("Only lines that changed are written, and all at once")
    func writesChanges() {
        var painter = Painter()
        let first = painter.paint(Frame(lines: ["one", "two", "three"]), size: size)
        #expect(first.hasPrefix("\u{1B}[?2026h") && first.hasSuffix("\u{1B}[?2026l") && first.contains("\u{1B}[2J") && first.contains("three"))
        #expect(painter.paint(Frame(lines: ["one", "two", "three"]), size: size) == "")
        let second = painter.paint(Frame(lines: ["one", "2", "three"]), size: size)
        #expect(second == "\u{1B}[?2026h\u{1B}[2;1H\u{1B}[0m\u{1B}[K2\u{1B}[?2026l")
        #expect(painter.paint(Frame(lines: ["one", "2"]), size: size).contains("\u{1B}[3;1H\u{1B}[0m\u{1B}[K\u{1B}"), "A line that is gone is erased.")
    }

    @Test("A window of another size, or one that another program wrote into, is painted whole")
    func paintsWhole() {
        var painter = Painter()
        _ = painter.paint(Frame(lines: ["one"]), size: size)
        #expect(painter.paint(Frame(lines: ["one"]), size: ScreenSize(columns: 20, rows: 4)).contains("one"))
        painter.forget()
        #expect(painter.paint(Frame(lines: ["one"]), size: ScreenSize(columns: 20, rows: 4)).contains("one"))
    }

    @Test("Lines are cut to the window by what they look like, and lines below it are left out")
    func cutsLines() {
        #expect(cutPainted("abcdef", to: 3) == "abc")
        #expect(cutPainted("漢字漢字", to: 5) == "漢字")
        #expect(cutPainted("\u{1B}[31mabcdef\u{1B}[0m", to: 3) == "\u{1B}[31mabc\u{1B}[0m")
        #expect(cutPainted("\u{1B}[31mab\u{1B}[0mcd", to: 3) == "\u{1B}[31mab\u{1B}[0mc")
        let link = "\u{1B}]8;;https://swift.org\u{1B}\\Swift\u{1B}]8;;\u{1B}\\"
        #expect(cutPainted(link, to: 10) == link)
        #expect(cutPainted(link, to: 2) == "\u{1B}]8;;https://swift.org\u{1B}\\Sw\u{1B}]8;;\u{1B}\\")
        #expect(paintedWidth("\u{1B}[1;31m漢b\u{1B}[0m") == 3)
        var painter = Painter()
        #expect(!painter.paint(Frame(lines: ["1", "2", "3", "4", "hidden"]), size: size).contains("hidden"))
    }

    @Test("No line can steer the terminal", arguments: ["\u{1B}[2Jx", "\u{1B}]0;title\u{7}x", "\u{1B}]52;c;AAAA\u{1B}\\x", "\u{1B}cx", "\r\n\u{8}x", "\u{1B}[?1049lx", "x\u{1B}["])
    func neutralisesLines(line: String) { #expect(cutPainted(line, to: 10) == "x") }

    @Test("Any text, cut to any width, stays within it and holds nothing but paint")
    func cutsAnything() {
        let pieces = ["a", "漢", "\u{1B}", "[", "31m", "]8;;", "\\", "\u{7}", "é", "\u{301}", "\u{0}", "\n", "🙂", "\u{9B}"]
        var dice = Dice(6)
        for _ in 0..<3_000 {
            let line = (0..<Int.random(in: 1...12, using: &dice)).map { _ in pieces.randomElement(using: &dice)! }.joined()
            let width = Int.random(in: 0...6, using: &dice)
            let result = cutPainted(line, to: width)
            #expect(paintedWidth(result) <= width, "\(line.debugDescription)")
            #expect(cutPainted(result, to: width) == result, "\(line.debugDescription)")
        }
    }
}

@Suite struct PictureProtocolTests {
    private let picture = PlacedPicture(identifier: 7, row: 2, column: 3, columns: 40, rows: 12, bytes: Array(repeating: 0xAB, count: 7_000))

    @Test("The environment promises a protocol, and a multiplexer takes the promise back")
    func readsEnvironment() {
        #expect(PictureProtocol(environment: ["TERM": "xterm-kitty"]) == .kitty)
        #expect(PictureProtocol(environment: ["TERM_PROGRAM": "iTerm.app", "TERM": "xterm-256color"]) == .iTerm)
        #expect(PictureProtocol(environment: ["TERM": "xterm-256color"]) == nil)
        #expect(PictureProtocol(environment: ["TERM": "tmux-256color", "KITTY_WINDOW_ID": "1"]) == nil)
        #expect(PictureProtocol(environment: ["TERM": "xterm-kitty", "TMUX": "/tmp/tmux-1000/default,1,0"]) == nil)
    }

    @Test("A terminal's answers say what it can draw")
    func readsReplies() {
        func reading(_ text: String) -> (found: PictureProtocol?, isWhole: Bool) { PictureProtocol.reading(reply: text.utf8) }
        #expect(reading("\u{1B}_Gi=31;OK\u{1B}\\\u{1B}[?62;c") == (.kitty, true))
        #expect(reading("\u{1B}[?62;4;22c") == (.sixel, true))
        #expect(reading("\u{1B}[?64;14c") == (nil, true))
        #expect(reading("\u{1B}_Gi=31;OK\u{1B}\\") == (nil, false))
        #expect(reading("\u{1B}[?62;4") == (nil, false))
    }

    @Test("kitty gets a picture in pieces of at most 4,096 signs, all of it")
    func writesKitty() {
        let text = PictureProtocol.kitty.text(of: picture)
        let pieces = text.components(separatedBy: "\u{1B}\\").dropLast()
        #expect(pieces.count == 3)
        #expect(pieces.first?.hasPrefix("\u{1B}_Ga=T,f=100,t=d,q=2,C=1,i=7,c=40,r=12,m=1;") == true)
        #expect(pieces.dropFirst().allSatisfy { $0.hasPrefix("\u{1B}_Gm=") } && pieces.last?.hasPrefix("\u{1B}_Gm=0;") == true)
        let payloads = pieces.map { $0.split(separator: ";", maxSplits: 1).last.map(String.init) ?? "" }
        #expect(payloads.allSatisfy { $0.count <= 4_096 && $0.count % 4 == 0 })
        #expect(payloads.joined() == base64(picture.bytes))
    }

    @Test("iTerm2 gets a picture with its size and the cells that it covers")
    func writesITerm() {
        let text = PictureProtocol.iTerm.text(of: picture)
        #expect(text.hasPrefix("\u{1B}]1337;File=inline=1;size=7000;width=40;height=12;") && text.hasSuffix(":\(base64(picture.bytes))\u{7}"))
    }

    @Test("A picture is drawn where it lies, and drawn again only when it or its place changed")
    func paintsPictures() {
        var painter = Painter(pictures: .kitty)
        let size = ScreenSize(columns: 80, rows: 24)
        #expect(painter.paint(Frame(lines: [], pictures: [picture]), size: size).contains("\u{1B}[3;4H\u{1B}_Ga=T"))
        #expect(painter.paint(Frame(lines: ["x"], pictures: [picture]), size: size) == "\u{1B}[?2026h\u{1B}[1;1H\u{1B}[0m\u{1B}[Kx\u{1B}[?2026l")
        var moved = picture
        moved.row = 1
        let text = painter.paint(Frame(lines: ["x"], pictures: [moved]), size: size)
        #expect(text.contains("\u{1B}_Ga=d,d=A,q=2\u{1B}\\") && text.contains("\u{1B}[2;4H\u{1B}_Ga=T"))
        #expect(!Painter().pictureText(picture), "Without a protocol no picture is written.")
    }
}

extension Painter {
    fileprivate func pictureText(_ picture: PlacedPicture) -> Bool {
        var painter = self
        return painter.paint(Frame(lines: [], pictures: [picture]), size: ScreenSize(columns: 80, rows: 24)).contains("\u{1B}_G")
    }
}
