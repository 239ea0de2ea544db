import Foundation
import Notebook
import Testing
import Tiers

@testable import Courses

/// A learner's file in a folder of its own, which goes with it.
private final class Desk {
    let folder = Workshop.newFolder("desk")
    var state: String { folder + "-state" }
    let path: String
    static let script = "// %% [markdown] id=\"title\"\n// # Title\n\n// %% id=\"one\"\nlet a = 1\n\n// %% id=\"two\"\nlet b = 2 // ü\n"

    init(_ text: String = Desk.script, name: String = "exercise.swift") throws {
        path = "\(folder)/\(name)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try save(text)
    }
    deinit { for path in [folder, state] { try? FileManager.default.removeItem(atPath: path) } }

    var file: LearnerFile { LearnerFile(path, stateFolder: state) }
    var text: String { get throws { String(decoding: try Data(contentsOf: URL(fileURLWithPath: path)), as: UTF8.self) } }
    var names: [String] { get throws { try FileManager.default.contentsOfDirectory(atPath: folder).sorted() } }

    /// As an editor that writes in place.
    func save(_ text: String) throws { try Data(text.utf8).write(to: URL(fileURLWithPath: path)) }

    func kept(_ file: LearnerFile) throws -> [String] { try file.versions().map { String(decoding: try file.history.contents(of: $0), as: UTF8.self) } }
}

@Suite("A learner's file") struct LearnerFileTests {
    @Test("changes in one cell and in no other byte, and keeps its permissions", arguments: ["\n", "\r\n"])
    func oneCell(ending: String) throws {
        let script = Desk.script.replacingOccurrences(of: "\n", with: ending)
        let desk = try Desk(script)
        chmod(desk.path, 0o640)
        let file = desk.file
        let notebook = try file.read()
        let after = try file.replace(cell: "one", with: "let a = 4\nlet c = 5")
        #expect(try desk.text == script.replacingOccurrences(of: "let a = 1", with: "let a = 4\(ending)let c = 5"))
        #expect(after.cell(id: "one")?.source == "let a = 4\nlet c = 5" && notebook.cell(id: "two") == after.cell(id: "two"))
        var status = stat()
        #expect(stat(desk.path, &status) == 0 && status.st_mode & 0o777 == 0o640)
        #expect(try desk.names == ["exercise.swift"] && desk.kept(file) == [desk.text, script])
    }

    @Test("may be a Jupyter notebook")
    func ipynb() throws {
        let text = String(decoding: try Notebook(script: Desk.script).ipynb(), as: UTF8.self)
        let desk = try Desk(text, name: "exercise.ipynb"), file = desk.file
        try file.replace(cell: "two", with: "let b = 7")
        #expect(try desk.text == text.replacingOccurrences(of: "let b = 2 // ü", with: "let b = 7"))
        #expect(file.versions().first?.path.hasSuffix(".ipynb") == true)
    }

    @Test("takes a change beside another cell's edit, and refuses one to a cell that was edited")
    func conflicts() throws {
        let desk = try Desk(), file = desk.file
        try file.read()
        let edited = Desk.script.replacingOccurrences(of: "let b = 2", with: "let b = 22")
        try desk.save(edited)
        #expect(throws: LearnerFileError.cellChanged(path: desk.path, cell: "two")) { try file.replace(cell: "two", with: "lost") }
        #expect(try desk.text == edited && file.versions().isEmpty)
        try file.replace(cell: "one", with: "let a = 11")
        let both = edited.replacingOccurrences(of: "let a = 1", with: "let a = 11")
        #expect(try desk.text == both)
        try desk.save("// %% id=\"other\"\n1\n")
        #expect(throws: LearnerFileError.cellGone(path: desk.path, cell: "two")) { try file.replace(cell: "two", with: "lost") }
        #expect(throws: NotebookError.self) { try file.replace(cell: "unknown", with: "lost") }
        try desk.save("// %% id=\"not allowed\"\n")
        #expect(throws: NotebookError.self) { try file.replace(cell: "two", with: "lost") }
        #expect(try desk.text == "// %% id=\"not allowed\"\n")
    }

    @Test("takes a cell over from the exercise as it was given, and puts one back that is gone; all else keeps its bytes")
    func takesOver() throws {
        let desk = try Desk(Desk.script.replacingOccurrences(of: "1", with: "9").replacingOccurrences(of: "2", with: "8")), file = desk.file
        let starter = try Notebook(script: Desk.script)
        try file.takeOver(cells: ["one"], from: starter)
        #expect(try file.read().cell(id: "one")?.source == "let a = 1")
        #expect(try desk.text.contains("let b = 8"))
        #expect(throws: LearnerFileError.notInStarter(path: desk.path, cell: "two")) { try file.takeOver(cells: ["two"], from: Notebook(script: "")) }
        for gone in ["one", "two"] {
            var short = starter
            short.cells.removeAll { $0.id == gone }
            try desk.save(short.script())
            try file.takeOver(cells: [gone], from: starter)
            #expect(try desk.text == Desk.script, "\(gone)")
        }
    }

    @Test("is written where a symbolic link leads")
    func links() throws {
        let desk = try Desk()
        let link = desk.folder + "/link.swift"
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "exercise.swift")
        let file = LearnerFile(link, stateFolder: desk.state)
        try file.replace(cell: "one", with: "let a = 3")
        #expect(try desk.text.contains("let a = 3"))
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == "exercise.swift")
        // Both names have one history.
        #expect(desk.file.versions().count == 2)
        let circle = desk.folder + "/circle.swift"
        try FileManager.default.createSymbolicLink(atPath: circle, withDestinationPath: "circle.swift")
        #expect(throws: NotebookError.self) { try LearnerFile(circle, stateFolder: desk.state).read() }
    }

    @Test("remembers each version once, gives it back, and thins out the older ones beyond a bound")
    func versions() throws {
        let desk = try Desk(), file = desk.file
        try file.remember()
        try file.remember()
        #expect(try desk.kept(file) == [Desk.script])
        let slip = "// %% id=\"one\"\noops\n"
        try desk.save(slip)
        try file.replaceAll(with: file.history.contents(of: file.versions()[0]))
        #expect(try desk.text == Desk.script && desk.kept(file) == [Desk.script, slip, Desk.script])
        unlink(desk.path)
        try file.replaceAll(with: file.history.contents(of: file.versions()[1]))
        #expect(try desk.text == slip)

        let small = FileHistory(of: desk.path, stateFolder: desk.state + "/small", greatestCount: 6, greatestSize: 1_000)
        for number in 0..<20 { try small.keep(Data("version \(number)".utf8)) }
        let kept = try small.versions().map { String(decoding: try small.contents(of: $0), as: UTF8.self) }
        #expect(kept.count == 6 && kept.prefix(3) == ["version 19", "version 18", "version 17"] && kept.last == "version 0")
        try small.keep(Data(count: 2_000))
        #expect(small.versions().map(\.size) == [2_000])
        var status = stat()
        #expect(stat(small.versions()[0].path, &status) == 0 && status.st_mode & 0o777 == 0o600)
        try? FileManager.default.removeItem(atPath: desk.state)
    }

    @Test("is left alone where the replaced version can't be kept")
    func noHistory() throws {
        let desk = try Desk()
        #expect(throws: NotebookError.self) { try LearnerFile(desk.path, stateFolder: "/dev/null").replace(cell: "one", with: "lost") }
        #expect(try desk.text == Desk.script)
    }

    @Test("is whole and alone in its folder when the disk is full", .enabled(if: getuid() == 0, "only root can make a small disk"))
    func fullDisk() throws {
        let desk = try Desk(), disk = desk.folder + "/disk"
        try FileManager.default.createDirectory(atPath: disk, withIntermediateDirectories: true)
        guard mount("none", disk, "tmpfs", 0, "size=64k") == 0 else { return withKnownIssue { Issue.record("This machine lets nobody mount a disk.") } }
        defer { umount2(disk, 2) }
        let path = disk + "/exercise.swift"
        try Data(Desk.script.utf8).write(to: URL(fileURLWithPath: path))
        let file = LearnerFile(path, stateFolder: desk.state)
        let error = #expect(throws: NotebookError.self) { try file.replace(cell: "one", with: String(repeating: "x", count: 100_000)) }
        #expect(error?.sentence == "The notebook can't be written: No space left on device. Make room and try again: what was there is unchanged.")
        #expect(try String(contentsOfFile: path, encoding: .utf8) == Desk.script)
        #expect(try FileManager.default.contentsOfDirectory(atPath: disk) == ["exercise.swift"])
        // The history's disk, too.
        let other = LearnerFile(desk.path, stateFolder: disk)
        try desk.save(Desk.script + String(repeating: "// x\n", count: 20_000))
        let before = try desk.text
        #expect(throws: NotebookError.self) { try other.replace(cell: "one", with: "let a = 2") }
        #expect(try desk.text == before)
        #expect(mount("none", disk, "", 32 | 1, "") == 0)
        let readOnly = #expect(throws: NotebookError.self) { try file.replace(cell: "one", with: "let a = 2") }
        #expect(readOnly?.sentence.contains("Read-only file system") == true)
    }

    @Test("loses nothing when editors save at the same time, by renames and in place", arguments: [true, false])
    func concurrentEditor(renames: Bool) throws {
        let desk = try Desk(), path = desk.path
        let saves = rounds(12)
        let done = Locked(false), texts = Locked([String]())
        let editor = Thread {
            for number in 1...saves {
                // It has the file open for a while, as a person has, and overwrites what others did: that is in the history.
                let text = Desk.script.replacingOccurrences(of: "let b = 2", with: "let b = \(1_000 + number)")
                texts.set { $0.append(text) }
                if renames {
                    try? Data(text.utf8).write(to: URL(fileURLWithPath: path + "~"))
                    rename(path + "~", path)
                } else {
                    let descriptor = open(path, O_WRONLY | O_TRUNC | O_CREAT, 0o644)
                    usleep(5_000)
                    let bytes = Array(text.utf8)
                    _ = write(descriptor, bytes, 60)
                    usleep(5_000)
                    _ = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress! + 60, bytes.count - 60) }
                    close(descriptor)
                }
                usleep(UInt32.random(in: 60_000...110_000))
            }
            done.set { $0 = true }
        }
        editor.start()
        let file = LearnerFile(path, history: FileHistory(of: path, stateFolder: desk.state, greatestCount: 100_000))
        var ours: [String] = [], number = 0
        while !done.value {
            number += 1
            do {
                try file.read()
                try file.replace(cell: "one", with: "let a = \(2_000 + number)")
                ours.append("let a = \(2_000 + number)")
            } catch is LearnerFileError {} catch let error as NotebookError { Issue.record("\(error)") }
        }
        try file.remember()
        let versions = try desk.kept(file)
        #expect(!ours.isEmpty && texts.value.count == saves)
        for change in ours { #expect(versions.contains { $0.contains(change) }, "\(change)") }
        // What the editor saved last was taken over by a change of ours or stands in the file; what it overwrote itself is its own affair.
        #expect(try desk.text.contains("let b = \(1_000 + saves)"))
        // No version is a mixture: but for the two lines that were changed it is the script.
        let whole = try Regex("// %% \\[markdown\\] id=\"title\"\n// # Title\n\n// %% id=\"one\"\nlet a = [0-9]+\n\n// %% id=\"two\"\nlet b = [0-9]+ // ü\n")
        for version in versions { #expect(version.wholeMatch(of: whole) != nil, "\(version)") }
        #expect(try desk.names == ["exercise.swift"])
    }

    @Test("takes the changes of several programs at once, each after the other")
    func severalPrograms() throws {
        let desk = try Desk((0..<6).map { "// %% id=\"c\($0)\"\n0\n" }.joined())
        DispatchQueue.concurrentPerform(iterations: 6) { index in
            let file = desk.file
            for number in 1...5 { _ = try? file.replace(cell: "c\(index)", with: "\(number)") }
        }
        #expect(try Notebook(contentsOf: desk.path).cells.map(\.source) == Array(repeating: "5", count: 6))
        #expect(try Set(desk.kept(desk.file)).count == 31)
    }

    /// A writer keeps what it replaces and what it writes, puts this beside the file, and swaps the two.
    @Test("is taken up where a writer was killed, and no save of an editor's is lost that came in between")
    func takesUp() throws {
        let base = Desk.script, written = base.replacingOccurrences(of: "let a = 1", with: "let a = 4")
        let saved = base.replacingOccurrences(of: "let b = 2", with: "let b = 3"), later = saved + "// later\n"
        // What lies aside, what the file holds; what it is to hold then.
        let undone = "// %% id=\"old\"\n"
        let cases = [
            (written, base, base), (base, written, written), (saved, written, saved), (saved, later, later), (written, later, later), (undone, written, undone),
        ]
        for (aside, present, wanted) in cases {
            let desk = try Desk(present), file = desk.file
            for version in [undone, base, written] { try file.history.keep(Data(version.utf8)) }
            try Data(aside.utf8).write(to: URL(fileURLWithPath: desk.folder + "/" + WholeFile.temporaryName(WholeFile.swapPrefix, of: desk.path)))
            try Data("half".utf8).write(to: URL(fileURLWithPath: desk.folder + "/" + WholeFile.temporaryName(WholeFile.temporaryPrefix, of: desk.path)))
            // That of another file is not ours to judge.
            let other = WholeFile.temporaryName(WholeFile.swapPrefix, of: desk.folder + "/other.swift")
            try Data("other".utf8).write(to: URL(fileURLWithPath: desk.folder + "/" + other))
            #expect(try file.read() == Notebook(script: wanted))
            #expect(try desk.text == wanted && desk.names == [other, "exercise.swift"])
            try file.remember()
            #expect(try Set(desk.kept(file)) == Set([undone, base, written, aside, wanted]))
        }
    }

    @Test("is left as it is, and so is what lies aside, where that can't be kept")
    func takesUpLater() throws {
        let desk = try Desk()
        let aside = desk.folder + "/" + WholeFile.temporaryName(WholeFile.swapPrefix, of: desk.path)
        try Data("saved".utf8).write(to: URL(fileURLWithPath: aside))
        try LearnerFile(desk.path, stateFolder: "/dev/null").read()
        #expect(try desk.text == Desk.script && String(contentsOfFile: aside, encoding: .utf8) == "saved")
    }

    @Test("holds an editor's last save whenever the other writer is killed")
    func killedBesideAnEditor() async throws {
        let desk = try Desk("// %% id=\"one\"\n0\n// %% id=\"two\"\n0\n"), path = desk.path
        setenv("ETUDE_TEST_DESK_OF_TWO", desk.folder, 1)
        for round in 1...rounds(5) {
            let isOver = Locked(false), last = Locked("0")
            let editor = Thread {
                var number = 0
                while !isOver.value {
                    number += 1
                    usleep(.random(in: 30_000...90_000))
                    try? Data("// %% id=\"one\"\n0\n// %% id=\"two\"\n\(round).\(number)\n".utf8).write(to: URL(fileURLWithPath: path + "~"))
                    rename(path + "~", path)
                    last.set { $0 = "\(round).\(number)" }
                }
                isOver.set { $0 = false }
            }
            editor.start()
            await #expect(processExitsWith: .signal(SIGKILL)) {
                let folder = String(cString: getenv("ETUDE_TEST_DESK_OF_TWO"))
                let file = LearnerFile(folder + "/exercise.swift", stateFolder: folder + "-state")
                Thread { usleep(.random(in: 100_000...400_000)); kill(getpid(), SIGKILL) }.start()
                while true {
                    _ = try? file.read()
                    _ = try? file.replace(cell: "one", with: "\(UInt64.random(in: 1...(.max)))")
                }
            }
            isOver.set { $0 = true }
            while isOver.value { usleep(1_000) }
            #expect(try desk.file.read().cell(id: "two")?.source == last.value)
            #expect(try desk.names == ["exercise.swift"])
        }
    }

    @Test("is one of its whole versions whenever its writer is killed")
    func killed() async throws {
        let desk = try Desk("// %% id=\"one\"\n0\n// %% id=\"rest\"\n" + String(repeating: "let x = 1\n", count: 3_000))
        setenv("ETUDE_TEST_DESK", desk.folder, 1)
        let whole = try desk.text.split(separator: "\n", maxSplits: 2, omittingEmptySubsequences: false)
        for _ in 0..<rounds(6) {
            await #expect(processExitsWith: .signal(SIGKILL)) {
                let folder = String(cString: getenv("ETUDE_TEST_DESK"))
                let file = LearnerFile(folder + "/exercise.swift", stateFolder: folder + "-state")
                try file.read()
                Thread { usleep(.random(in: 1_000...60_000)); kill(getpid(), SIGKILL) }.start()
                while true { try file.replace(cell: "one", with: "\(UInt64.random(in: 0...(.max)))") }
            }
            let lines = try desk.text.split(separator: "\n", maxSplits: 2, omittingEmptySubsequences: false)
            #expect(lines[0] == whole[0] && UInt64(lines[1]) != nil && lines[2] == whole[2])
        }
        try desk.file.remember()
        #expect(try desk.names == ["exercise.swift"])
        let size = try desk.text.utf8.count
        #expect(try desk.kept(desk.file).allSatisfy { $0.utf8.count > size - 25 }, "Each version is whole.")
        #expect(try !FileManager.default.contentsOfDirectory(atPath: desk.file.history.folder).contains { $0.hasPrefix(".") })
    }
}

/// A value that several threads share.
final class Locked<Value>: @unchecked Sendable {
    private let lock = NSLock()
    private var held: Value
    init(_ value: Value) { held = value }
    var value: Value { lock.withLock { held } }
    func set(_ change: (inout Value) -> Void) { lock.withLock { change(&held) } }
}
