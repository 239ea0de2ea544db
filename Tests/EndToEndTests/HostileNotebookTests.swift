import Foundation
import Processes
import Testing

/// Hostile cells through the whole program, as a person sees them.
@Suite struct HostileNotebookTests {
    private static let frames = """
        import Foundation
        import Display
        func frame(_ json: String) {
            let header = Array(json.utf8)
            let bytes = (0..<4).map { UInt8(truncatingIfNeeded: header.count >> (8 * $0)) } + [0, 0, 0, 0] + header
            _ = bytes.withUnsafeBytes { write(3, $0.baseAddress, $0.count) }
        }
        """

    private static let notebook = """
        // %% id="tools"
        \(frames)
        let evil = "\\u{1B}[2J\\u{1B}]0;title\\u{07}\\u{9B}31m\\u{202E}evil\\r\\u{08}"
        // %% id="prints"
        print(evil, evil)
        fputs(evil + "\\n", stderr)
        // %% id="shows"
        display(evil)
        display(DisplayValue.markdown("# \\(evil)\\n[\\(evil)](http://x/\\(evil)) `\\(evil)` <b>\\(evil)</b> &#27;[31m\\n\\n" + String(repeating: "> ", count: 3_000) + String(repeating: "*a ", count: 3_000)))
        display(DisplayValue.table(DisplayedTable(columns: [.init(name: evil, type: evil, alignment: .trailing)], rows: [[evil], [], [nil, evil]], cutAfter: -1, rowCount: -7, caption: evil)))
        display(DisplayValue.chart(DisplayedChart(title: evil, xLabel: evil, yLabel: evil, categories: [evil], series: [.init(name: evil, mark: .bar, color: Int.min, x: [0], y: [1])])))
        display(DisplayValue.chart(DisplayedChart(series: [.init(mark: .line, opacity: .nan, x: [.nan], y: [.infinity])])))
        display(DisplayValue.chart(DisplayedChart(size: [-1, .infinity], xRange: [1, 0], series: [])))
        display(DisplayValue.diagram(DisplayedDiagram(title: evil, nodes: [.init(title: evil, detail: evil), .init(title: "b", detail: "")], edges: [[0, 1], [0, 1]])))
        display(DisplayValue.diagram(DisplayedDiagram(title: evil, nodes: [.init(title: evil, detail: evil)], edges: [[0, 0]])))
        display(DisplayValue.progress(DisplayedProgress(label: evil, fraction: 1, detail: evil)))
        display(DisplayValue.progress(DisplayedProgress(label: evil, fraction: -.infinity, detail: evil, isFinished: true)))
        // %% id="saves"
        Door.save(.text("x"), "\\(evil)\\n/x.svg")
        Door.save(.chart(DisplayedChart(series: [])), "/nonexistent/\\(evil)\\n.svg")
        Door.save(.diagram(DisplayedDiagram(title: "", nodes: [], edges: [])), String(repeating: "x", count: 100_000) + ".png")
        // %% id="throws"
        struct Evil: Error, CustomStringConvertible { var description: String { evil } }
        throw Evil()
        // %% id="traps"
        fatalError(evil)
        // %% id="mistakes"
        learnerMistake(evil)
        // %% id="forges"
        frame(#"{"question":{"_0":{"problem":"\\u001b[2Jpart1","action":{"hint":{"_0":-9223372036854775808}}}}}"#)
        // %% id="last"
        print("the end")

        """

    @Test("No control sequence of a cell reaches the terminal, and every cell comes to a word")
    func plainText() throws {
        let etude = try EtudeProgram()
        let result = try etude("run", "--figures", "figures", etude.write("evil.swift", Self.notebook))
        #expect(result.status == 1, "\(result.status) \(result.errorOutput)")
        #expect(result.output.contains("the end"), "\(result.output.suffix(2_000))")
        let harmful = result.output.unicodeScalars.filter {
            $0.value < 0x20 && $0 != "\n" && $0 != "\t" || (0x7F...0x9F).contains($0.value) || (0x202A...0x202E).contains($0.value)
        }
        #expect(harmful.isEmpty)
    }

    @Test("As JSON every line is an object of its own, whatever a cell sends")
    func jsonLines() throws {
        let etude = try EtudeProgram()
        let result = try etude("run", "--json", etude.write("evil.swift", Self.notebook))
        let events = try result.objects()
        #expect(events.last?["event"] as? String == "summary")
        #expect(events.filter { $0["event"] as? String == "cell-ended" }.count == 9)
        #expect(!result.output.contains("\u{1B}"))
    }

    @Test("In a locale without Unicode and a narrow window nothing traps")
    func narrow() throws {
        let etude = try EtudeProgram()
        let file = try etude.write("evil.swift", Self.notebook)
        // script(1) gives the program a terminal.
        let result = try run(
            "/usr/bin/script", ["-qec", "\(EtudeProgram.program) run \(file)", "/dev/null"],
            environment: etude.environment.merging(["LANG": "C", "TERM": "xterm", "COLUMNS": "21"]) { $1 }, workingDirectory: etude.home,
            deadline: .seconds(120))
        #expect(result.termination == .exited(1))
        let text = String(decoding: result.output, as: UTF8.self)
        #expect(text.contains("the end") && !text.contains("\u{1B}[2J") && !text.contains("\u{1B}]0;"))
    }

    @Test("A reader that goes away ends the program quietly")
    func brokenPipe() throws {
        let etude = try EtudeProgram()
        let file = try etude.write("long.swift", "// %%\nfor i in 0..<100_000 { print(i) }\n")
        let result = try run(
            "/bin/sh", ["-c", "\(EtudeProgram.program) run \(file) | head -n 3; \(EtudeProgram.program) run --json \(file) | head -n 1"],
            environment: etude.environment, workingDirectory: etude.home, deadline: .seconds(120))
        #expect(result.termination == .exited(0) && !result.errorText.contains("Fatal"), "\(result.errorText)")
    }

    @Test("A cell can't talk itself into a pass: what it prints, sends and claims is no verdict")
    func noForgedPass() throws {
        let etude = try EtudeProgram()
        let folder = try etude.startedCourse()
        let text = try String(contentsOfFile: folder, encoding: .utf8)
        let answer = try #require(text.range(of: "problem=\"part1\"")).upperBound
        let line = try #require(text[answer...].firstIndex(of: "\n"))
        let attack = """

            \(Self.frames)
            print("  ✓ Correct  part1")
            part1.hint(Int.min)
            part1.hint(Int.max)
            frame(#"{"verdict":{"_0":{"problem":"part1","outcome":"correct","feedback":"","points":1,"maximum":1,"parts":[]}}}"#)
            """
        let file = try etude.write("forged.swift", String(text[..<line]) + attack + String(text[line...]))
        let events = try etude("run", "--json", file).objects()
        #expect(!events.isEmpty)
        let summary = try #require(events.last?["verdicts"] as? [[String: Any]])
        let part1 = try #require(summary.first { $0["problem"] as? String == "part1" })
        #expect(part1["outcome"] as? String == "error", "\(part1)")
        #expect((part1["points"] as? Double) == 0)
    }
}
