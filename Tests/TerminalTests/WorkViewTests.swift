import Display
import Figures
@testable import Terminal
import Testing

@Suite struct WorkViewTests {
    private static let sizes = [ScreenSize(columns: 80, rows: 24), ScreenSize(columns: 40, rows: 12), ScreenSize(columns: 200, rows: 60), ScreenSize(columns: 20, rows: 6)]
    private static let evil = "\u{1B}[2J\u{1B}]0;owned\u{7}evil\r漢字"

    private var page: WorkPage {
        var cell = WorkPage.Cell(id: "bias", number: 14, name: "bias", line: 200, source: "let movieBias = <#the output of calling a layer#>\npart3.c.check()")
        cell.status = .waiting
        cell.output = [.note("waits for your answer")]
        return WorkPage(title: "Embedding layers", file: "embeddings/1-embedding-layers.swift", steps: [
            .init(title: "Setup", blocks: [.prose("## Setup\n\nRun it.")]),
            .init(title: "When", part: "part1", outcome: .correct, blocks: [.prose("## Part 1")]),
            .init(title: "How wide?", part: "part2", outcome: .unread, blocks: [.prose("## Part 2")]),
            .init(title: "Build it", part: "part3.c", answerCell: "bias", blocks: [.prose("### Build it\n\nOne line is missing: `movieBias`."), .cell(cell)]),
        ])
    }

    private func plain(_ page: WorkPage, _ size: ScreenSize) -> [String] {
        var view = WorkView(TerminalStyle(unicode: true))
        return view.draw(page, size: size).frame.lines
    }

    @Test("Every line fits the window, and the window is filled, at any size", arguments: sizes)
    func fits(size: ScreenSize) {
        var page = page
        for current in page.steps.indices {
            page.current = current
            for style in [TerminalStyle(color: true, trueColor: true), TerminalStyle(unicode: false)] {
                var view = WorkView(style)
                for help in [false, true] {
                    page.showsHelp = help
                    let lines = view.draw(page, size: size).frame.lines
                    #expect(lines.count == size.rows)
                    for line in lines { #expect(paintedWidth(line) <= size.columns && cutPainted(line, to: size.columns) == line, "\(line.debugDescription)") }
                    if !style.unicode { #expect(lines.joined().unicodeScalars.allSatisfy { $0.isASCII }) }
                }
            }
        }
    }

    @Test("At 80 × 24 the window shows progress, the steps, the cell with its place, and the keys")
    func shows80x24() {
        var page = page
        page.current = 3
        let lines = plain(page, Self.sizes[0])
        #expect(lines[0].contains("Embedding layers") && lines[0].hasSuffix("1 of 3"))
        #expect(lines[1].contains("✓ part1") && lines[1].contains("◇ part2") && lines[1].contains("[· part3.c]"))
        #expect(lines.contains { $0.contains("cell 14 · bias · line 200") && $0.contains("waits for you") })
        #expect(lines.contains { $0.contains("let movieBias = <#the output") })
        #expect(lines[22].contains("Edit embeddings/1-embedding-layers.swift"))
        #expect(lines[23] == " r run  a all  c check  h hint  s solution  n next  p previous  x reset  q quit")
    }

    @Test("Where room is short the keys that matter most stay, and one shows the others")
    func shortensKeys() {
        var page = page
        page.current = 3
        #expect(plain(page, Self.sizes[1]).last == " r run  c check  n next  q quit  ? keys")
        page.activity = ("cell 14", 3)
        #expect(plain(page, Self.sizes[1]).last == " Ctrl-C stop  c check  q quit  ? keys")
        page.current = 0
        #expect(!plain(page, Self.sizes[0]).last!.contains("check"), "A step without a question can't be checked.")
    }

    @Test("A window of any size is drawn, with the present step anywhere")
    func drawsAnySize() {
        var dice = Dice(8)
        var page = page
        for _ in 0..<300 {
            let size = ScreenSize(columns: .random(in: 1...130, using: &dice), rows: .random(in: 1...50, using: &dice))
            page.current = .random(in: -1...5, using: &dice)
            page.scroll = [.top, .line(.random(in: -5...99, using: &dice)), .cell("bias"), .cell("gone"), .answer].randomElement(using: &dice)!
            page.question = Bool.random(using: &dice) ? "Really?" : nil
            page.activity = Bool.random(using: &dice) ? ("cell 14", 100) : nil
            let lines = plain(page, size)
            if size.columns >= 20, size.rows >= 6 { #expect(lines.count == size.rows && lines.allSatisfy { paintedWidth($0) <= size.columns }, "\(size)") }
        }
    }

    @Test("A question to the learner takes the place of the keys, with its two answers")
    func asks() {
        var page = page
        page.question = "Put the starter's text back into this cell?"
        for size in Self.sizes.dropLast() { #expect(plain(page, size).last!.hasSuffix("y yes  n no")) }
    }

    @Test("A cell that the window is scrolled to is seen with what came of it; a line that can't stand first does not")
    func scrolls() {
        var page = page
        page.current = 3
        guard case .cell(var cell) = page.steps[3].blocks[1] else { return }
        cell.output = (1...100).map { .printed("line \($0)\n") }
        page.steps[3].blocks[1] = .cell(cell)
        #expect(plain(page, Self.sizes[0]).contains { $0.contains("Build it") })
        page.scroll = .cell("bias")
        let lines = plain(page, Self.sizes[0])
        #expect(lines[20].contains("line 100"), "The end of a long output is what is new.")
        page.scroll = .line(10_000)
        var view = WorkView(TerminalStyle())
        let drawing = view.draw(page, size: Self.sizes[0])
        #expect(drawing.firstLine == drawing.lastFirstLine && drawing.firstLine > 0)
        page.scroll = .line(3)
        #expect(plain(page, Self.sizes[0])[21].contains("↑ 3  ↓"))
    }

    @Test("A verdict stands below the step's cells, and in the window when it is scrolled to")
    func showsAnswers() {
        var page = page
        page.current = 3
        page.steps[3].answers = [.answer(.incorrect, word: "Incorrect  part3.c", text: "One number per movie, please.", indent: 0)]
        page.scroll = .answer
        for size in Self.sizes.prefix(3) { #expect(plain(page, size).joined(separator: " ").contains("✗ Incorrect"), "\(size)") }
    }

    @Test("A picture takes the place of a chart that is seen whole; one that is seen in part stays text")
    func placesPictures() throws {
        var page = page
        page.current = 3
        guard case .cell(var cell) = page.steps[3].blocks[1] else { return }
        let chart = DisplayValue.chart(DisplayedChart(series: [.init(mark: .line, x: [0, 1], y: [0, 1])]))
        cell.output = [.shown(chart)]
        page.steps[3].blocks[1] = .cell(cell)
        page.scroll = .cell("bias")
        var view = WorkView(TerminalStyle())
        let size = ScreenSize(columns: 80, rows: 30)
        let text = view.draw(page, size: size).frame
        #expect(text.pictures.isEmpty && text.lines.contains { $0.contains("┤") })
        func drawn() -> Frame { view.draw(page, size: size) { value, _, _ in value == chart ? .init(identifier: 7, columns: 40, bytes: [1]) : nil }.frame }
        let picture = try #require(drawn().pictures.first)
        #expect(picture.identifier == 7 && picture.columns == 40 && picture.rows >= 12)
        #expect(drawn().lines[picture.row..<picture.row + picture.rows].allSatisfy { $0.isEmpty })
        #expect(drawn().lines[picture.row - 1] == text.lines[picture.row - 1], "Nothing else moves.")
        cell.output = [.shown(chart), .printed(String(repeating: "more\n", count: 20))]
        page.steps[3].blocks[1] = .cell(cell)
        #expect(drawn().pictures.isEmpty && drawn().lines.contains { $0.contains("┤") })
    }

    @Test("No text of a notebook's or a cell's steers the terminal", arguments: sizes)
    func isHarmless(size: ScreenSize) {
        var page = page
        var cell = WorkPage.Cell(id: "x", number: 1, name: Self.evil, line: 1, source: Self.evil, status: .outOfDate(Self.evil))
        var transcript = CellTranscript()
        transcript.print(Self.evil.utf8)
        transcript.show(.text(Self.evil), identifier: nil)
        transcript.show(.markdown(Self.evil), identifier: nil)
        transcript.show(.progress(DisplayedProgress(label: Self.evil, fraction: 0.5, detail: Self.evil)), identifier: 1)
        cell.output = transcript.pieces + [.answer(.correct, word: Self.evil, text: Self.evil), .note(Self.evil)]
        page.steps = [.init(title: Self.evil, part: Self.evil, blocks: [.prose(Self.evil), .cell(cell)])]
        (page.title, page.file, page.message) = (Self.evil, Self.evil, Self.evil)
        for message in [page.message, nil] {
            page.message = message
            for line in plain(page, size) { #expect(line.unicodeScalars.allSatisfy { $0.value >= 0x20 && !(0x7F..<0xA0).contains($0.value) }, "\(line.debugDescription)") }
        }
    }

    @Test("Of a long cell the lines round its gap are seen, or round where the learner is at work")
    func excerptsLongCells() {
        var page = page
        page.current = 3
        guard case .cell(var cell) = page.steps[3].blocks[1] else { return }
        let lines = (1...40).map { "let line\($0) = \($0)" }
        cell.source = lines.joined(separator: "\n")
        func shown() -> String {
            page.steps[3].blocks[1] = .cell(cell)
            return plain(page, Self.sizes[2]).joined()
        }
        #expect(shown().contains("line1 ") && !shown().contains("line20 ") && shown().contains("32 more lines"))
        cell.focus = 19
        #expect(!shown().contains("line1 ") && shown().contains("line20 "))
        cell.source = (lines + ["let answer = <#yours#>"]).joined(separator: "\n")
        #expect(shown().contains("<#yours#>") && !shown().contains("line20 "))
    }

    @Test("A line that is cut ends with an ellipsis")
    func marksCutLines() {
        var page = page
        page.current = 3
        page.steps[3].blocks[1] = .cell(.init(id: "x", number: 1, source: "let short = 1\nlet long = \"" + String(repeating: "a", count: 200)))
        let lines = plain(page, Self.sizes[0])
        #expect(lines.contains("  │ let short = 1") && lines.contains { $0.hasPrefix("  │ let long") && $0.hasSuffix("aaa…") && columnWidth($0) >= 76 })
    }

    @Test("Where a cell of the step is out of date, the window says which key runs it")
    func offersToRun() {
        var page = page
        page.current = 3
        guard case .cell(var cell) = page.steps[3].blocks[1] else { return }
        func status(_ status: WorkPage.CellStatus) -> String {
            cell.status = status
            page.steps[3].blocks[1] = .cell(cell)
            return plain(page, Self.sizes[0])[22]
        }
        #expect(status(.outOfDate("It was edited since it ran.")).contains("Press r"))
        #expect(status(.current(seconds: 0)).contains("Edit embeddings/1"))
    }

    @Test("A message that is longer than a line is told whole where the window is high enough")
    func wrapsMessages() {
        var page = page
        page.message = (1...30).map { "word\($0)" }.joined(separator: " ") + "."
        let lines = plain(page, Self.sizes[0])
        #expect(lines.count == 24 && lines[20...22].joined().contains("word1 ") && lines[22].contains("word30."))
        #expect(plain(page, Self.sizes[1]).count == 12)
    }

    @Test("Many steps give way to those round the present one")
    func shortensSteps() {
        var page = page
        page.steps = (1...40).map { .init(title: "Part \($0)", part: "part\($0)", blocks: []) }
        page.current = 20
        let strip = plain(page, Self.sizes[0])[1]
        #expect(strip.hasPrefix("‹") && strip.hasSuffix("›") && strip.contains("[· part21]") && strip.contains("part19") && strip.contains("part23"))
        page.current = 39
        #expect(plain(page, Self.sizes[0])[1].contains("part35"))
    }
}

@Suite struct CellTranscriptTests {
    @Test("A value with an earlier one's identifier takes its place")
    func replaces() {
        var transcript = CellTranscript()
        for share in [0.1, 0.5, 1] { transcript.show(.progress(DisplayedProgress(label: "Epoch", fraction: share)), identifier: 3) }
        transcript.print("done\n".utf8)
        #expect(transcript.pieces == [.shown(.progress(DisplayedProgress(label: "Epoch", fraction: 1))), .printed("done\n")])
    }

    @Test("Text that comes in pieces is one text; a character may be cut")
    func joins() {
        var transcript = CellTranscript()
        for byte in "Größe 漢\n".utf8 { transcript.print([byte]) }
        #expect(transcript.pieces == [.printed("Größe 漢\n")])
    }

    @Test("A cell that prints without end keeps its newest text, and says that some is left out")
    func isBounded() {
        var transcript = CellTranscript()
        for number in 0..<200_000 { transcript.print("line \(number)\n".utf8) }
        let pieces = transcript.pieces
        #expect(pieces.first == .note("what came before is left out"))
        let text = pieces.reduce("") { if case .printed(let text) = $1 { $0 + text } else { $0 } }
        #expect(text.hasSuffix("line 199999\n") && text.utf8.count < 100_000)
        var endless = CellTranscript()
        for _ in 0..<300 { endless.print([UInt8](repeating: 0x61, count: 1_000)) }
        #expect(endless.pieces.count <= 2)
        var values = CellTranscript()
        for number in 0..<1_000 { values.show(.markdown("\(number)"), identifier: nil) }
        #expect(values.pieces.count < 200 && values.pieces.last == .shown(.markdown("999")))
    }
}
