import Figures
import Display
import Testing

@testable import Terminal

private let plain = TerminalStyle(width: 60, unicode: true)
private let live = TerminalStyle(width: 60, color: true, trueColor: true, unicode: true, isTerminal: true)

@Suite struct CellOutputTests {
    @Test("Printed lines are indented, also when they come in pieces")
    func printed() {
        var output = CellOutput(plain)
        let text = output.printed("one\ntw".utf8) + output.printed("o\n\nthr".utf8) + output.printed("ee".utf8) + output.finish()
        #expect(text == "  one\n  two\n\n  three\n")
    }

    @Test("What is shown begins on a line of its own")
    func shown() {
        var output = CellOutput(plain)
        #expect(output.printed("text".utf8) + output.shown(.text("value")) + output.finish() == "  text\n  value\n")
    }

    @Test("Off a terminal a bar is its finished line alone")
    func quiet() {
        var output = CellOutput(plain)
        var text = output.shown(.progress(.init(label: "Epoch 1/2", fraction: 0.5, detail: "loss 1")))
        text += output.shown(.progress(.init(label: "Epoch 2/2", fraction: 1, detail: "loss 0.5", isFinished: true)))
        #expect(text + output.finish() == "  Epoch 2/2  loss 0.5\n")
    }

    @Test("On a terminal a bar is written over, and makes room for text")
    func overwritten() {
        var output = CellOutput(live)
        let first = output.shown(.progress(.init(label: "Epoch 1/2", fraction: 0.5)))
        #expect(first.hasPrefix("\r\u{1B}[K"))
        #expect(!first.contains("\n"))
        #expect(columnWidth(bare(first)) < 60)
        #expect(output.printed("hello\n".utf8) == "\r\u{1B}[K  hello\n")
        #expect(output.shown(.progress(.init(label: "Epoch 2/2", fraction: 1, isFinished: true))).hasSuffix("\n"))
        #expect(output.finish() == "")
    }

    @Test("A full bar is as wide as an empty one, in ASCII too and in the narrowest window", arguments: [true, false])
    func fullBars(unicode: Bool) {
        let style = TerminalStyle(width: 60, unicode: unicode, isTerminal: true)
        let widths = Set([0, 0.5, 0.99, 1].map { columnWidth(bar($0, width: 24, style, Palette.color(0))) })
        #expect(widths.count == 1)
        let outcome = QuestionOutcome(part: "part1", outcome: .correct, points: (1, 1))
        #expect(summaryText([outcome], TerminalStyle(width: 20, unicode: unicode)).contains("1 of 1 point"))
    }

    @Test("A finished bar gives its room to the words, and they go on in the next line rather than be cut off")
    func narrowBars() {
        let words = "loss 0.6396 · mae 0.6064 · val_loss 0.7662 · val_mae 0.6720 · 8 epochs in 0.1 s"
        let finished = DisplayedProgress(label: "Epoch 8/8", fraction: 1, detail: words, isFinished: true)
        var output = CellOutput(live)
        let lines = bare(output.shown(.progress(finished))).split(separator: "\n").map(String.init)
        #expect(lines.count == 2 && lines.allSatisfy { $0.hasPrefix("  ") && columnWidth($0) < 60 })
        #expect(lines.joined().split(separator: " ").joined(separator: " ") == "Epoch 8/8 " + words)
        #expect(output.finish() == "")
    }

    @Test("Code too long for a line goes on in the next behind a space, with nothing lost")
    func longCode() {
        let source = "let movieBias = Flatten()(Embedding(inputDimension: movieCount, outputDimension: 1)(movieID))"
        let lines = cellSource(source, plain).split(separator: "\n").map { $0.dropFirst(4) }
        #expect(lines.count == 2 && lines.joined() == source && lines.first?.last == " ", "\(lines)")
    }

    @Test("A bar with odd numbers or hostile words stays a bar")
    func oddBars() {
        for fraction in [Double.nan, .infinity, -3, 7, nil] {
            let text = progressText(.init(label: "a\u{1B}[2J\nb", fraction: fraction, detail: String(repeating: "x", count: 500)), live)
            #expect(columnWidth(bare(text)) < 60)
            #expect(!bare(text).contains("\u{1B}") && !text.contains("\n"))
        }
    }
}

@Suite struct VerdictTests {
    @Test("A label is a sign, a word and a colour", arguments: [
        (VerdictLabel.correct, "✓ Correct", "38;2;51;204;51"), (.incorrect, "✗ Incorrect", "38;2;204;51;51"), (.check, "… Check", "38;2;204;170;51"),
        (.hint(nil), "➜ Hint", "38;2;51;102;204"), (.hint(2), "➜ Hint 2", "38;2;51;102;204"), (.solution, "◆ Solution", "38;2;51;204;153"),
    ])
    func labels(label: VerdictLabel, words: String, color: String) {
        #expect(verdictText(label, "", plain) == words + "\n")
        #expect(verdictText(label, "*Well*.", plain) == words + ": Well.\n")
        #expect(verdictText(label, "", live).contains("\u{1B}[1;" + color + "m" + words))
    }

    @Test("Without 24-bit colours the nearest of 256 is taken")
    func nearest() {
        #expect(verdictText(.correct, "", TerminalStyle(color: true)).contains("38;5;77m"))
    }

    @Test("A solution that begins with code stands below its label")
    func code() {
        #expect(verdictText(.solution, "```swift\nlet a = 1\n```", plain) == "◆ Solution: \n  │ let a = 1\n".replacing(": \n", with: ":\n"))
    }

    @Test("An author's own word is plain text of one line")
    func word() { #expect(verdictText(.correct, "", word: "Bravo\u{1B}[2J\n!", plain) == "✓ Bravo [2J !\n") }
}

@Suite struct DiagnosticTests {
    @Test("The learner's line is marked where the message points")
    func excerpt() {
        #expect(
            diagnosticText(Samples.diagnostic, plain, indent: 0) == """
                ✗ error: cannot find 'movieBia' in scope
                  cell 4, line 2
                  2 │     out = Add()(out, movieBia)
                    │                      ^~~~~~~~
                  → Did you mean `movieBias`? It was made in cell 3.
                  · note: 'movieBias' declared here

                """)
    }

    @Test("A mark beside wide characters, past the end or far to the right is still in the window", arguments: [
        ("let 日本 = x", 14..<15), ("short", 100..<200), (String(repeating: "a + ", count: 100) + "here", 401..<405), ("", 1..<1), ("x", 0..<0),
        (String(repeating: "a", count: 90), 91..<92),
    ])
    func odd(line: String, columns: Range<Int>) {
        let text = diagnosticText(.init(message: "m", place: .init(name: "", lineNumber: 1, line: line, columns: columns)), plain)
        let lines = text.split(separator: "\n")
        #expect(lines.allSatisfy { columnWidth($0) <= 60 })
        #expect(text.contains("^"))
        if line.hasSuffix("here") { #expect(text.contains("here") && text.contains("^~~~")) }
        if line.hasPrefix("let") {
            let code = lines[1], mark = lines[2]
            #expect(columnWidth(code.prefix { $0 != "x" }) == columnWidth(mark.prefix { $0 != "^" }))
        }
    }
}

@Suite struct TableAndSummaryTests {
    @Test("Columns are aligned, a missing value is nil, and a cut is seen")
    func table() {
        let table = DisplayedTable(
            columns: [.init(name: "title", type: "String", alignment: .leading), .init(name: "n", type: "Int", alignment: .trailing)],
            rows: [["七人", "1"], [nil, "12"]], cutAfter: 1, rowCount: 9, caption: "9 rows × 2 columns")
        #expect(tableText(table, plain) == "title   n\n─────────\n七人    1\n⋮       ⋮\nnil    12\n9 rows × 2 columns\n")
    }

    @Test("Where the window is narrow, columns are left out from the middle, and a line names them")
    func narrow() {
        let text = tableText(Samples.table, TerminalStyle(width: 40))
        #expect(text.contains("2 columns left out") || text.contains("3 columns left out"))
        #expect(text.contains("title") && text.contains("bias"))
    }

    @Test("Ragged, empty and enormous tables do no harm")
    func ragged() {
        #expect(tableText(.init(columns: [], rows: [["a"]], rowCount: 1), plain) == "")
        let odd = DisplayedTable(
            columns: [.init(name: "a", type: "Int", alignment: .trailing), .init(name: "b", type: "Int", alignment: .leading)],
            rows: [[], ["1"], ["1", "2", "3"], [String(repeating: "x\u{1B}[2J\n", count: 1_000), nil]], cutAfter: 99, rowCount: 4)
        let text = tableText(odd, plain)
        #expect(text.split(separator: "\n").allSatisfy { columnWidth($0) <= 60 })
        #expect(!text.contains("\u{1B}"))
    }

    @Test("A summary has a line a question and the sum of the points")
    func summary() {
        let text = summaryText(Samples.questions, plain)
        #expect(text.contains("  ✓ part1    correct          1/1\n"))
        #expect(text.contains("  … part3.d  not attempted  0/0.5\n"))
        #expect(text.hasSuffix("1 of 2.5 points\n"))
        #expect(summaryText([.init(part: "a", outcome: .read)], plain) == "  ◆ a  read\n")
    }

    @Test("A header names the cell and fills the line")
    func header() {
        let text = cellHeader(number: 4, name: "bias", plain)
        #expect(text.hasPrefix("── cell 4 · bias ──"))
        #expect(columnWidth(text.dropLast()) == 60)
    }
}

@Suite struct TerminalStyleTests {
    @Test("A pipe has no colour, whatever the environment says")
    func pipe() {
        let style = TerminalStyle.of(fileDescriptor: 1_000, environment: ["TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "en_GB.UTF-8"])
        #expect(!style.color && !style.isTerminal && style.width == 80 && style.unicode)
    }

    @Test("The locale decides on Unicode; the first that is set counts")
    func locale() {
        #expect(!TerminalStyle.of(fileDescriptor: 1_000, environment: [:]).unicode)
        #expect(!TerminalStyle.of(fileDescriptor: 1_000, environment: ["LC_ALL": "C", "LANG": "C.UTF-8"]).unicode)
        #expect(TerminalStyle.of(fileDescriptor: 1_000, environment: ["LC_ALL": "", "LANG": "C.utf8"]).unicode)
    }
}

@Suite struct ChartTextTests {
    @Test("A chart that breaks a rule is a sentence")
    func malformed() {
        #expect(chartText(.init(series: [.init(mark: .line, x: [0], y: [.nan])]), plain).contains("finite numbers"))
        #expect(diagramText(.init(title: "", nodes: [], edges: [[0, 1]]), plain).contains("arrow"))
    }

    @Test("A rising line rises from the left bottom to the right top")
    func rising() {
        let text = chartText(.init(series: [.init(mark: .line, x: [0, 1], y: [0, 1])]), TerminalStyle(width: 40, unicode: false))
        let columns = text.split(separator: "\n").compactMap { line in line.contains("|") || line.contains("+ ") ? line.firstIndex(of: "*").map { line.distance(from: line.startIndex, to: $0) } : nil }
        #expect(columns.count > 5)
        #expect(columns == columns.sorted(by: >))
    }

    @Test("Without colour, series carry signs that the legend explains")
    func signs() {
        let text = chartText(Samples.curves, plain)
        #expect(text.contains("●") && text.contains("▲"))
        #expect(!chartText(Samples.curves, live).contains("▲"))
    }

    @Test("Random charts keep to the window and never trap")
    func fuzz() {
        var dice = Dice(21)
        for _ in 0..<150 {
            let marks: [DisplayedChart.Mark] = [.line, .point, .bar]
            let series = (0..<Int.random(in: 0...4, using: &dice)).map { index -> DisplayedChart.Series in
                let count = Int.random(in: 0...20, using: &dice)
                let scale = [1e-90, 1e-3, 1, 1e6, 1e99].randomElement(using: &dice)!
                return .init(
                    name: Bool.random(using: &dice) ? "series 日本 \(index)" : nil, mark: marks.randomElement(using: &dice)!,
                    stroke: Bool.random(using: &dice) ? .dashed : .solid, color: Int.random(in: -9...9, using: &dice),
                    x: (0..<count).map { _ in Double.random(in: -1...1, using: &dice) * scale },
                    y: (0..<count).map { _ in Double.random(in: -1...1, using: &dice) * scale })
            }
            var chart = DisplayedChart(title: "t", xLabel: "x", yLabel: "y", size: [Double.random(in: 1...50, using: &dice), 5], series: series)
            if Bool.random(using: &dice) { chart.categories = (0..<Int.random(in: 0...40, using: &dice)).map { "name \($0)" } }
            if Bool.random(using: &dice) { chart.yRange = [[-0.5, 0.25], [0, 1e-199], [-1e100, 1e100]].randomElement(using: &dice)! }
            if Bool.random(using: &dice) { chart.xRange = [[-0.5, 0.25], [0, 1e-199], [-1e100, 1e100]].randomElement(using: &dice)! }
            for style in [TerminalStyle(width: 20), TerminalStyle(width: 72, unicode: false), live] {
                for line in bare(chartText(chart, style)).split(separator: "\n") { #expect(columnWidth(line) <= style.width, "\(line)") }
            }
        }
    }
}
