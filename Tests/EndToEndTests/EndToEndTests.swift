import Foundation
import Processes
import Testing

@Suite struct CommandLineTests {
    @Test(
        "Every command explains itself with an example",
        arguments: ["work", "list", "start", "show", "run", "check", "hint", "solution", "history", "diff", "restore", "reset", "progress", "convert", "data movielens", "editor", "verify", "doctor"])
    func help(command: String) throws {
        let etude = try EtudeProgram()
        let result = try run(EtudeProgram.program, command.split(separator: " ").map(String.init) + ["--help"], environment: etude.environment)
        let text = String(decoding: result.output, as: UTF8.self)
        #expect(result.succeeded)
        #expect(text.contains("Example") && text.contains("etude \(command)"), "\(text)")
    }

    @Test("Without arguments it says what can be done next")
    func noArguments() throws {
        let result = try EtudeProgram()()
        #expect(result.status == 0 && result.output.contains("start embeddings"))
    }

    @Test("What can't run is a sentence on standard error and exit status 2")
    func refusals() throws {
        let etude = try EtudeProgram()
        for (arguments, words) in [
            (["run", "no-such.swift"], "There is no file no-such.swift."),
            (["run", "embeddings/7"], "There is no exercise \"embeddings/7\". There are: embeddings/0, embeddings/1."),
            (["start", "knitting"], "There is no course \"knitting\". There are: embeddings."),
            (["hint", "embeddings/1", "part9"], "There is no question \"part9\". There are: part1, part2, part3"),
            (["check", "embeddings/0"], "no questions"),
            (["run"], "Missing expected argument"),
            (["frobnicate"], "There is no subcommand \"frobnicate\". There are: work, list, start, "),
            (["chek", "embeddings/1"], "There is no subcommand \"chek\". Did you mean: etude check embeddings/1"),
            (["data", "movilens"], "There is no subcommand \"movilens\". Did you mean: etude data movielens"),
            (["embeddings/1"], "To run embeddings/1: etude run embeddings/1"),
            (["check", "--jsn", "x"], "Did you mean '--json'?"),
        ] {
            let result = try run(EtudeProgram.program, arguments, environment: etude.environment, workingDirectory: etude.home)
            #expect(result.termination == .exited(2), "\(arguments)")
            #expect(result.output.isEmpty)
            #expect(result.errorText.contains(words), "\(result.errorText)")
        }
    }

    @Test("A folder that can't be made is named in the sentence about it")
    func unusableTargets() throws {
        let etude = try EtudeProgram()
        _ = try etude.write("taken", "mine")
        let taken = try etude("start", "embeddings", "taken")
        #expect(taken.status == 2 && taken.errorOutput.contains("taken is a file"), "\(taken.errorOutput)")
        let impossible = try etude("start", "embeddings", "/proc/embeddings")
        #expect(impossible.status == 2 && impossible.errorOutput.contains("/proc/embeddings"), "\(impossible.errorOutput)")
        #expect(try etude.read("taken") == "mine")
    }

    @Test("When nobody reads the output any more, or it can't be written, the program ends without a crash", arguments: [
        (" | head -n 1", "141", ""), (" > /dev/full", "2", "the output could not be written"),
    ])
    func unreadOutput(redirection: String, status: String, words: String) throws {
        let etude = try EtudeProgram()
        let file = try etude.write("long.swift", "for i in 0..<100_000 { print(i) }\n")
        let result = try run(
            "/bin/bash", ["-c", "\"$0\" run \"$1\"\(redirection); echo \"${PIPESTATUS[0]}\" >&2", EtudeProgram.program, file],
            environment: etude.environment, workingDirectory: etude.home)
        let errors = result.errorText
        #expect(errors.split(separator: "\n").last.map(String.init) == status && (words.isEmpty || errors.contains(words)) && !errors.contains("crash"), "\(errors)")
    }

    @Test("A broken notebook is a sentence with its line")
    func brokenNotebook() throws {
        let etude = try EtudeProgram()
        let file = try etude.write("broken.ipynb", "{\"cells\": [,]}")
        let result = try etude("run", file)
        #expect(result.status == 2 && result.errorOutput.contains("broken.ipynb") && result.errorOutput.contains("1:"), "\(result.errorOutput)")
    }

    @Test("The courses are listed, for people and for scripts")
    func lists() throws {
        let etude = try EtudeProgram()
        #expect(try etude("list").output.contains("embeddings/1"))
        let rows = try etude("list", "--json").objects()
        #expect(rows.compactMap { $0["exercise"] as? String } == ["embeddings/0", "embeddings/1"])
        #expect(rows.compactMap { $0["hasQuestions"] as? Bool } == [false, true])
    }

    @Test("A folder to work in holds exercises and pictures, no data and no solutions, in a clean repository, and is never written over")
    func starts() throws {
        let etude = try EtudeProgram()
        #expect(try etude("start", "embeddings").status == 0)
        let names = try FileManager.default.subpathsOfDirectory(atPath: etude.home + "/embeddings")
        #expect(Set(names).isSuperset(of: ["0-tutorial.swift", "1-embedding-layers.swift", "course.json", "images", ".git", ".etude/workspace.json"]))
        #expect(!names.contains { $0.hasPrefix("data") || $0.contains("solution") || $0.contains("checker") })
        let git = try run("/usr/bin/git", ["status", "--porcelain"], environment: etude.environment, workingDirectory: etude.home + "/embeddings")
        #expect(git.succeeded && git.output.isEmpty)
        _ = try etude.write("embeddings/0-tutorial.swift", "mine")
        let again = try etude("start", "embeddings")
        #expect(again.status == 2 && again.errorOutput.contains("your workspace of this course already"))
        _ = try etude.write("mine.txt", "mine")
        let taken = try etude("start", "embeddings", ".")
        #expect(taken.status == 2 && taken.errorOutput.contains("not empty"))
        #expect(try etude.read("embeddings/0-tutorial.swift") == "mine")
    }

    @Test("A copy of a course that is no workspace becomes one, and keeps what was written; so does a repository")
    func startsOnTop() throws {
        let etude = try EtudeProgram(), place = etude.home + "/embeddings"
        #expect(try etude("start", "embeddings").status == 0)
        for path in [".git", ".etude", "layers.md"] { try FileManager.default.removeItem(atPath: "\(place)/\(path)") }
        _ = try etude.write("embeddings/0-tutorial.swift", "mine")
        #expect(try etude("start", "embeddings").status == 0)
        #expect(try etude.read("embeddings/0-tutorial.swift") == "mine" && FileManager.default.fileExists(atPath: place + "/layers.md"))
        func git(_ arguments: String...) throws -> String {
            String(decoding: try run("/usr/bin/git", arguments, environment: etude.environment, workingDirectory: etude.home).output, as: UTF8.self)
        }
        #expect(try git("-C", "embeddings", "status", "--porcelain") == " M 0-tutorial.swift\n")
        _ = try git("init", "-q", "own")
        #expect(try etude("start", "embeddings", "own/course").status == 0)
        #expect(try git("-C", "own", "status", "--porcelain") == "?? course/\n")
        #expect(try git("-C", "own", "for-each-ref", "--format=%(refname)") == "refs/etude/courses/embeddings\n")
    }

    @Test("The doctor looks at the repository of a folder to work in, and repairs it")
    func repairs() throws {
        let etude = try EtudeProgram()
        #expect(try etude("start", "embeddings").status == 0)
        #expect(try etude("doctor", "--repair").errorOutput.contains("nothing to repair"))
        #expect(try etude("doctor", "--repair", "embeddings").status == 0)
        try FileManager.default.removeItem(atPath: etude.home + "/embeddings/.git/HEAD")
        let damaged = try etude("doctor", "--json", "embeddings").objects().first { $0["item"] as? String == "HEAD" }
        #expect(damaged?["isWell"] as? Bool == false && damaged?["remedy"] as? String == "etude doctor --repair")
        #expect(try etude("doctor", "--repair", "embeddings").output.contains("✓ HEAD: git does not know any more which branch you are on; repaired"))
        #expect(try run("/usr/bin/git", ["fsck", "--strict"], environment: etude.environment, workingDirectory: etude.home + "/embeddings").succeeded)
    }

    @Test("An exercise reads well in a terminal without color: prose rendered, code framed, no escape sequences")
    func shows() throws {
        let result = try EtudeProgram()("show", "embeddings/1")
        #expect(result.status == 0)
        #expect(result.output.contains("When to use an embedding layer") && result.output.contains("embeddingVariables"))
        #expect(!result.output.contains("\u{1B}") && !result.output.contains("## "))
        #expect(result.output.split(separator: "\n").allSatisfy { $0.count <= 130 })
    }

    @Test("A script becomes a notebook and comes back byte for byte in its cells")
    func converts() throws {
        let etude = try EtudeProgram()
        let source = EtudeProgram.repository + "/exercises/embeddings/1-embedding-layers.swift"
        #expect(try etude("convert", source, "one.ipynb").status == 0)
        #expect(try etude("convert", "one.ipynb", "back.swift").status == 0)
        #expect(try etude.read("back.swift") == String(contentsOfFile: source, encoding: .utf8))
        #expect(try etude("convert", source, "one.ipynb").status == 2)
        #expect(try etude("convert", "--force", source, "one.ipynb").status == 0)
    }

    @Test("The doctor finds this machine well, or says what to do")
    func doctor() throws {
        let result = try EtudeProgram()("doctor", "--json")
        let findings = try result.objects()
        #expect(Set(findings.compactMap { $0["item"] as? String }) == ["toolchain", "installation", "gnuplot", "courses", "a cell"])
        #expect(result.status == 0, "\(result.output)")
    }
}

@Suite struct RunTests {
    @Test("A run shows output and values in order, carries on past a failure, and exits with 1")
    func runsThrough() throws {
        let etude = try EtudeProgram()
        let file = try etude.write("mine.swift", """
            // %% id="a"
            let a = 1
            print("from a")
            a + 1
            // %% id="b"
            let b: Int = "five"
            // %% id="c"
            print(b)
            // %% id="d"
            print("\\u{1B}[31mred\\u{1B}[0m still runs")

            """)
        let result = try etude("run", file)
        #expect(result.status == 1)
        let text = result.output
        let places = ["from a", "  2\n", "let b: Int = \"five\"", "it needs `b`", "red still runs"].map { text.range(of: $0)?.lowerBound }
        #expect(places.allSatisfy { $0 != nil } && places.compactMap { $0 } == places.compactMap { $0 }.sorted(), "\(text)")
        #expect(!text.contains("\u{1B}") && !text.contains("Cell_") && !text.contains(EtudeProgram.cache))
        #expect(try etude("run", "--stop", file).output.contains("still runs") == false)
    }

    @Test("Pictures go where the person is who asked for them, or a sentence says why not")
    func drawsFigures() throws {
        let etude = try EtudeProgram()
        try FileManager.default.createDirectory(atPath: etude.home + "/notes", withIntermediateDirectories: true)
        let file = try etude.write("notes/chart.swift", """
            import Plotting
            let chart = Chart(["x": [1.0, 2], "y": [1.0, 2]], x: "x", y: "y")
            chart.save("nowhere/chart.svg")
            chart

            """)
        let result = try etude("run", file, "--figures", "figures")
        #expect(result.output.contains("drawn as figures/figure-1.svg") && result.output.contains("not saved:"), "\(result.output)")
        #expect(!result.output.contains("NSFilePath"))
        #expect(FileManager.default.fileExists(atPath: etude.home + "/figures/figure-1.svg"))
    }

    @Test("A forgotten import is named")
    func namesImports() throws {
        let etude = try EtudeProgram()
        let result = try etude("run", etude.write("mine.swift", "let layer = Dense(1)\n"))
        #expect(result.output.contains("write `import Training` first"), "\(result.output)")
    }

    @Test("JSON lines tell the same: cells, outputs, values, ends, summary")
    func jsonLines() throws {
        let etude = try EtudeProgram()
        let file = try etude.write("mine.swift", "// %% id=\"a\"\nprint(\"x\")\n5\n// %% id=\"b\"\nfatalError(\"words\")\n")
        let result = try etude("run", "--json", file)
        let events = try result.objects()
        #expect(events.compactMap { $0["event"] as? String } == ["cell", "output", "display", "cell-ended", "cell", "cell-ended", "summary"])
        #expect(events[5]["outcome"] as? String == "died" && events[5]["line"] as? Int == 1 && events[5]["text"] as? String == "words.")
        #expect(result.status == 1)
    }

    @Test("Running an unchanged notebook again compiles nothing")
    func cachesCells() throws {
        let etude = try EtudeProgram()
        let file = try etude.write("mine.swift", "// %% id=\"cached\"\nlet unique = \"\(UUID().uuidString)\"\n// %%\nunique.count\n")
        #expect(try etude("run", file).status == 0)
        // A library that is compiled anew is another file under its old name.
        func libraries() throws -> [String: Int] {
            let folder = EtudeProgram.cache + "/etude/"
            return try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".so") }.reduce(into: [:]) {
                $0[$1] = try FileManager.default.attributesOfItem(atPath: folder + $1)[.systemFileNumber] as? Int
            }
        }
        let before = try libraries()
        let again = try etude("run", file)
        #expect(again.status == 0 && again.output.contains("36"))
        let after = try libraries()
        for (name, file) in before { #expect(after[name] == file) }
        #expect(!before.isEmpty)
    }

    @Test("Ctrl-C interrupts the running cell, says where it was, and ends the run")
    func interrupts() throws {
        let etude = try EtudeProgram()
        let file = try etude.write("endless.swift", "// %% id=\"loop\"\nvar n = 0\nwhile true { n &+= 1; if n == 1_000_000 { print(\"begun\") } }\n// %%\nprint(\"never\")\n")
        let (reading, writing) = try Descriptor.pipe()
        let child = try ChildProcess(
            EtudeProgram.program, ["run", file], environment: etude.environment, workingDirectory: etude.home, descriptors: [1: writing.number])
        writing.close()
        var output = "", isInterrupted = false
        while let bytes = reading.read(), !bytes.isEmpty {
            output += String(decoding: bytes, as: UTF8.self)
            if output.contains("begun") && !isInterrupted {
                kill(child.identifier, SIGINT)
                isInterrupted = true
            }
        }
        #expect(child.wait() == .exited(130))
        #expect(output.contains("Interrupted") && output.contains("while true") && !output.contains("never"), "\(output)")
    }

    @Test("When the host is killed, session and checker go with it")
    func leavesNoOrphans() throws {
        let etude = try EtudeProgram()
        let file = try etude.write("endless.swift", "// %% id=\"orphan\"\nimport Foundation\nprint(\"pid\", getpid())\nwhile true { usleep(1000) }\n")
        let (reading, writing) = try Descriptor.pipe()
        let child = try ChildProcess(
            EtudeProgram.program, ["run", file], environment: etude.environment, workingDirectory: etude.home, descriptors: [1: writing.number])
        writing.close()
        var output = ""
        while !output.contains("pid "), let bytes = reading.read(), !bytes.isEmpty { output += String(decoding: bytes, as: UTF8.self) }
        let pid = try #require(output.split(separator: " ").last.flatMap { pid_t($0.trimmingCharacters(in: .whitespacesAndNewlines)) })
        #expect(kill(pid, 0) == 0)
        kill(child.identifier, SIGKILL)
        child.wait()
        let deadline = ContinuousClock.now + .seconds(1)
        while kill(pid, 0) == 0 && ContinuousClock.now < deadline { usleep(2_000) }
        #expect(kill(pid, 0) != 0)
    }
}
