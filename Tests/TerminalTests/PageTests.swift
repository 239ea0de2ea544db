import Foundation
import Testing

@testable import Terminal

/// Text without colours and links, to measure it.
func bare(_ text: String) -> String {
    text.replacing(#/\u{1B}\[[0-9;]*[A-Za-z]/#, with: "").replacing(#/\u{1B}\]8;;[^\u{1B}]*\u{1B}\\/#, with: "")
        .replacing("\r", with: "")
}

@Suite struct PageTests {
    @Test("Everything fits the window", arguments: [40, 60, 80, 120, 200], [true, false])
    func width(width: Int, color: Bool) throws {
        let style = TerminalStyle(width: width, color: color, trueColor: true, unicode: true, isTerminal: false)
        let page = Samples.page(style)
        for line in bare(page).split(separator: "\n") { #expect(columnWidth(line) <= width, "\(line)") }
        if let folder = ProcessInfo.processInfo.environment["ETUDE_PICTURES"] {
            try Data(page.utf8).write(to: URL(fileURLWithPath: folder).appendingPathComponent("page-\(width)\(color ? "-color" : "").txt"))
        }
    }

    @Test("Colours change nothing but colours")
    func colors() {
        let page = Samples.page(TerminalStyle(width: 80, color: false, unicode: true))
        #expect(!page.contains("\u{1B}"))
    }

    @Test("Where there is only ASCII, everything of ours is ASCII")
    func ascii() throws {
        let style = TerminalStyle(width: 70, color: false, unicode: false)
        var page = chartText(Samples.curves, style) + chartText(Samples.scatter, style) + chartText(Samples.bars, style)
        page += diagramText(Samples.model, style) + cellHeader(number: 1, name: "a", style) + diagnosticText(Samples.diagnostic, style)
        page += summaryText(Samples.questions, style) + verdictText(.incorrect, "No. `x` - **y**", style)
        page += markdownText("# a\n- b\n\n> c\n\n- [ ] d\n\n---\n\n| a |\n|---|\n| b |\n\n![x](y)", style)
        #expect(page.unicodeScalars.allSatisfy { $0.isASCII }, "\(page.unicodeScalars.filter { !$0.isASCII })")
        if let folder = ProcessInfo.processInfo.environment["ETUDE_PICTURES"] {
            try Data(page.utf8).write(to: URL(fileURLWithPath: folder).appendingPathComponent("page-ascii.txt"))
        }
    }
}
