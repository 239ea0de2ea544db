import Foundation
import Glibc
import Testing

@Suite struct WorkTests {
    private let etude: EtudeProgram

    init() throws { etude = try EtudeProgram() }

    /// Swift's own report of a crash would ask for a key.
    private func window(_ arguments: String..., terminal: String = "tmux-256color", columns: Int = 80, rows: Int = 24) throws -> TerminalWindow {
        let environment = etude.environment.merging(["TERM": terminal, "SWIFT_BACKTRACE": "enable=no"]) { $1 }
        return try TerminalWindow(EtudeProgram.program, arguments, environment: environment, folder: etude.home, columns: columns, rows: rows)
    }

    private let notebook = """
        // %% [markdown]
        // # Numbers
        // %% id="start"
        let start = 40
        // %% id="sum"
        print("the sum is", start + 2)

        """

    @Test("The window shows the notebook and its keys, and quitting gives the terminal back as it was")
    func opensAndQuits() throws {
        let window = try window("work", etude.write("numbers.swift", notebook))
        let cooked = window.modes
        #expect(window.shows("Numbers", "let start = 40", "r run", "q quit", "Edit numbers.swift"), "\(window.text)")
        #expect(window.modes != cooked && window.grid.modes.contains(1049) && !window.grid.modes.contains(25))
        window.press("q")
        #expect(window.end() == 0)
        #expect(window.modes == cooked && window.grid.modes == [7, 25])
    }

    @Test("A signal that asks it to end, a hang-up, a crash: the terminal is given back", arguments: [SIGTERM, SIGHUP, SIGSEGV])
    func endsBySignal(signal: Int32) throws {
        let window = try window("work", etude.write("numbers.swift", notebook))
        let cooked = window.modes
        #expect(window.shows("Edit numbers.swift"), "\(window.text)")
        kill(window.process, signal)
        // Whoever started it learns of the crash too.
        #expect(window.end() == (signal == SIGSEGV ? signal : (128 + signal) << 8))
        #expect(window.modes == cooked && window.grid.modes == [7, 25])
    }

    @Test("Where no shell could let it go on, Ctrl-Z leaves the window as it is")
    func survivesStopping() throws {
        let window = try window("work", etude.write("numbers.swift", notebook))
        #expect(window.shows("Edit numbers.swift"))
        window.press("\u{1A}?")
        #expect(window.shows("scroll by a line"), "\(window.text)")
        #expect(window.grid.modes.contains(1049))
    }

    @Test("When the file is saved, what changed runs, with what it needs")
    func followsTheFile() throws {
        let file = try etude.write("numbers.swift", notebook)
        let window = try window("work", file)
        #expect(window.shows("Edit numbers.swift") && !window.text.contains("the sum is 42"), "\(window.text)")
        _ = try etude.write("numbers.swift", notebook.replacingOccurrences(of: "start + 2", with: "start + 3"))
        #expect(window.shows("the sum is 43"), "\(window.text)")
        // As editors do it: another file takes the name.
        _ = try etude.write("new", notebook.replacingOccurrences(of: "start + 2", with: "start + 4"))
        rename("\(etude.home)/new", file)
        #expect(window.shows("the sum is 44"), "\(window.text)")
        _ = try etude.write("numbers.swift", notebook.replacingOccurrences(of: "start + 2", with: "strt + 4"))
        #expect(window.shows("strt", "failed"), "\(window.text)")
    }

    @Test("Ctrl-C interrupts the running cell and not the program; what was computed before it is kept")
    func interrupts() throws {
        let endless = notebook + "// %% id=\"endless\"\nprint(\"begun\")\nwhile true {}\n// %%\nprint(\"after\", start)\n"
        let window = try window("work", etude.write("numbers.swift", endless), rows: 40)
        #expect(window.shows("Edit numbers.swift"))
        window.press("a")
        #expect(window.shows("\n  begun ", "running", "Ctrl-C stop"), "\(window.text)")
        window.press("\u{3}")
        #expect(window.shows("Interrupted. What the cells above gave is kept.", "9 │ while true {}"), "\(window.text)")
        // A cell that runs without an end is given up as soon as its text is another.
        window.press("a")
        #expect(window.shows("running"), "\(window.text)")
        _ = try etude.write("numbers.swift", endless.replacingOccurrences(of: "while true {}", with: "print(\"ended\", start)"))
        #expect(window.shows("ended 40"), "\(window.text)")
        window.press("q")
        #expect(window.end() == 0)
    }

    @Test("A cell that prints without end leaves the window usable")
    func survivesFloods() throws {
        let window = try window("work", etude.write("flood.swift", "// %%\nwhile true { print(\"flood \\u{1B}[2J\") }\n"))
        #expect(window.shows("Edit flood.swift"))
        window.press("r")
        #expect(window.shows("flood", "Ctrl-C stop"), "\(window.text)")
        window.press("?")
        #expect(window.shows("scroll by a line"), "\(window.text)")
        window.press("\u{1B}")
        #expect(window.waits { !$0.text.contains("scroll by a line") })
        window.press("\u{3}")
        #expect(window.shows("Interrupted."), "\(window.text)")
    }

    @Test("A terminal that draws pictures gets a chart as one, in the place of its drawing in text")
    func drawsPictures() throws {
        let file = try etude.write("chart.swift", "// %%\nimport Plotting\nlet mark = 7\nChart(x: [1, 2, 3], y: [1, 4, 9])\n")
        let window = try window("work", file, terminal: "xterm-kitty", rows: 40)
        #expect(window.shows("Edit chart.swift"), "\(window.text)")
        window.press("r")
        #expect(window.waits { window in String(decoding: window.sent, as: UTF8.self).contains("\u{1B}_Ga=T,f=100") }, "\(window.text)")
        #expect(window.waits { !$0.text.contains("┤") }, "\(window.text)")
        window.press("q")
        #expect(window.end() == 0)
    }

    @Test("The window's new size is followed")
    func resizes() throws {
        let window = try window("work", etude.write("numbers.swift", notebook))
        #expect(window.shows("Edit numbers.swift"))
        window.resize(columns: 40, rows: 12)
        #expect(window.waits { $0.grid.lines[11].contains("q quit") && $0.grid.lines[0].contains("Numbers") }, "\(window.text)")
        window.resize(columns: 100, rows: 30)
        #expect(window.waits { $0.grid.lines[29].contains("q quit") && $0.grid.lines[0].contains("Numbers") }, "\(window.text)")
    }

    @Test("Checks, hints and solutions come to the question's step; the next visit begins where this one ended")
    func asksQuestions() throws {
        let file = try etude.startedCourse()
        let window = try window("work", file)
        #expect(window.shows("0 of 7", "Edit"), "\(window.text)")
        window.press("nn")
        #expect(window.shows("c check", "x reset"), "\(window.text)")
        window.press("c")
        #expect(window.shows("Check  part1: The cell is still as you got it."), "\(window.text)")
        let text = try String(contentsOfFile: file, encoding: .utf8)
        let names = ["stream_id", "timestamp", "song_duration", "explicit", "user_country"]
        let answered = text.split(separator: "\n", omittingEmptySubsequences: false).filter { line in !names.contains { line == "    \"\($0)\"," } }.joined(separator: "\n")
        try Data(answered.utf8).write(to: URL(fileURLWithPath: file), options: .atomic)
        #expect(window.shows("✓ Correct  part1", "1 of 7"), "\(window.text)")
        window.press("nnnn")
        #expect(window.shows("movieBias"), "\(window.text)")
        window.press("h")
        #expect(window.shows("Hint 1", "another hint: press h again"), "\(window.text)")
        window.press("hhhh")
        #expect(window.shows("Hint 2", "There is no further hint"), "\(window.text)")
        window.press("s")
        #expect(window.shows("Solution"), "\(window.text)")
        window.press("n")
        #expect(window.shows("Train it"), "\(window.text)")
        window.press("q")
        #expect(window.end() == 0)
        let again = try self.window("work")
        #expect(again.shows("Train it", "1 of 7"), "\(again.text)")
        again.press("ppppp")
        #expect(again.shows("x reset", "✓ part1"), "\(again.text)")
        again.press("x")
        #expect(again.shows("y yes  n no"), "\(again.text)")
        again.press("n")
        #expect(again.shows("Nothing was changed."), "\(again.text)")
        again.press("xy")
        #expect(again.waits { _ in (try? String(contentsOfFile: file, encoding: .utf8)) == text }, "\(again.text)")
        again.press("q")
        #expect(again.end() == 0)
    }

    @Test("Return runs one cell after the other, r all of the step; the window follows them, up to one that ends early")
    func runsStepwise() throws {
        func cell(_ number: Int, _ line: String) -> String {
            "// %%\n\(line)\n" + (1...20).map { "print(\"\(number) prints \($0)\")\n" }.joined() + "print(\"end of \(number)\")\n"
        }
        let text = cell(1, "let one = 1") + cell(2, "print(one)") + "// %%\nprint([one][one])\n" + cell(4, "let four = 4")
        let window = try window("work", etude.write("steps.swift", text))
        #expect(window.shows("Edit steps.swift"))
        for number in 1...2 {
            window.press("\r")
            #expect(window.shows("end of \(number)", "Ran "), "\(window.text)")
            #expect(!window.text.contains("end of \(number + 1)"), "\(window.text)")
        }
        window.press("r")
        #expect(window.shows("Index out of range.", "A cell ended early. What those above it gave is kept."), "\(window.text)")
        _ = try etude.write("steps.swift", text.replacingOccurrences(of: "let one = 1", with: "let one = 0"))
        #expect(window.shows("end of 1", "Out of date now: cell 2, cell 3."), "\(window.text)")
        window.press("r")
        #expect(window.shows("end of 4", "Ran "), "\(window.text)")
        #expect(!window.text.contains("Out of date"), "\(window.text)")
    }

    @Test("A cell that was left out for want of a name has not run, once the name is there")
    func offersWhatWaited() throws {
        let text = "// %%\nlet answer = <#yours#>\n// %%\nprint(\"the answer is\", answer)\n// %%\nlet other = 1\n"
        let window = try window("work", etude.write("gap.swift", text), rows: 40)
        #expect(window.shows("Edit gap.swift"))
        window.press("r")
        #expect(window.shows("(line 2)", "not run: it needs `answer`", "A cell waits", "✓ at once"), "\(window.text)")
        _ = try etude.write("gap.swift", text.replacingOccurrences(of: "<#yours#>", with: "42"))
        #expect(window.shows("Ran ") && window.waits { !$0.text.contains("it needs `answer`") }, "\(window.text)")
        #expect(window.text.contains("not run ") && !window.text.contains("out of date"), "\(window.text)")
        window.press("\r")
        #expect(window.shows("the answer is 42"), "\(window.text)")
    }

    @Test("A copy that was made elsewhere is gone on with")
    func findsCopies() throws {
        let made = try etude("start", "embeddings", "mine")
        #expect(made.status == 0 && made.output.contains("work mine/1-embedding-layers.swift"), "\(made)")
        let window = try window("work", "embeddings/1")
        #expect(window.shows("Edit mine/1-embedding-layers.swift"), "\(window.text)")
    }

    @Test("Without a place to go on from, it offers the exercises and makes a copy")
    func offersExercises() throws {
        let window = try window()
        #expect(window.shows("What do you want to work on?", "embeddings/1"), "\(window.text)")
        window.press("2\n")
        #expect(window.shows("make a folder to work in"), "\(window.text)")
        window.press("\n")
        #expect(window.shows("Edit embeddings/1-embedding-layers.swift"), "\(window.text)")
        window.press("q")
        #expect(window.end() == 0)
        let declined = try self.window("work", "embeddings/0")
        #expect(declined.shows("Edit embeddings/0-tutorial.swift"), "The copy is there: \(declined.text)")
    }

    @Test("To a copy of a course that is no workspace it offers to become one, once")
    func offersWorkspace() throws {
        let files = FileManager.default
        #expect(try etude("start", "embeddings").status == 0)
        let repository = etude.home + "/embeddings/.git"
        for path in [repository, etude.home + "/embeddings/.etude"] { try files.removeItem(atPath: path) }
        let declining = try window("work", "embeddings/1")
        #expect(declining.shows("Keep each attempt of yours"), "\(declining.text)")
        declining.press("n\n")
        #expect(declining.shows("Edit embeddings/1-embedding-layers.swift"), "\(declining.text)")
        declining.press("q")
        #expect(declining.end() == 0 && !files.fileExists(atPath: repository))
        let again = try window("work", "embeddings/1")
        #expect(again.shows("Edit embeddings/1-embedding-layers.swift"), "\(again.text)")
        again.press("q")
        #expect(again.end() == 0)
        try files.removeItem(atPath: etude.home + "/state/etude/places.json")
        let accepting = try window("work", "embeddings/1")
        #expect(accepting.shows("Keep each attempt of yours"), "\(accepting.text)")
        accepting.press("\n")
        #expect(accepting.shows("Edit embeddings/1-embedding-layers.swift"), "\(accepting.text)")
        accepting.press("q")
        #expect(accepting.end() == 0 && files.fileExists(atPath: repository))
    }

    @Test("Where the output is no terminal, it prints lines, and ends with its input")
    func printsLines() throws {
        let result = try etude("work", etude.write("numbers.swift", notebook))
        #expect(result.status == 0 && result.output.contains("the sum is 42") && !result.output.contains("\u{1B}"), "\(result)")
        #expect(try etude("work").output.contains("the sum is 42") == false)
    }

    @Test("The course's own copy is not worked on")
    func sparesStarters() throws {
        let result = try etude("work", EtudeProgram.repository + "/exercises/embeddings/1-embedding-layers.swift")
        #expect(result.status == 2 && result.errorOutput.contains("the course's own copy"), "\(result)")
    }
}
