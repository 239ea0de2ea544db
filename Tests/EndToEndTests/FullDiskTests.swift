import Foundation
import Processes
import Testing

/// The disk that holds the exercise and the learner's state is full.
@Suite(.enabled(if: getuid() == 0, "only root can make a small disk"))
struct FullDiskTests {
    @Test("Each command says so in a sentence, and no byte of the learner's is lost; with room again, all goes on")
    func losesNothing() throws {
        let etude = try EtudeProgram(), files = FileManager.default
        let disk = etude.home + "/disk"
        try files.createDirectory(atPath: disk, withIntermediateDirectories: true)
        guard mount("none", disk, "tmpfs", 0, "size=2m") == 0 else { return withKnownIssue { Issue.record("This machine lets nobody mount a disk.") } }
        defer { umount2(disk, 2 /* when nobody uses it any more */) }
        let life = try LearnerLife(on: disk, etude)
        try life.comeUp()
        let answered = try life.text().replacingOccurrences(of: "first = 0", with: "first = 42").replacingOccurrences(of: "print(\"second", with: """
            import Plotting
            Chart(x: [1, 2], y: [3, 4]).save("figure.svg")
            print("second
            """) + String(repeating: "// A long remark.\n", count: 300)
        try Data(answered.utf8).write(to: URL(fileURLWithPath: life.file))
        try fill(disk)
        let reason = "No space left on device"

        let check = try life.command("check", life.file, "first")
        #expect(check.status == 0 && check.output.contains("Correct"), "\(check)")
        let run = try life.command("run", life.file)
        #expect(run.output.contains("second is 43") && run.output.contains("not saved") && run.output.contains(reason), "\(run)")
        #expect(try life.command("hint", life.file, "first").output.contains("Count."))
        #expect(try life.command("history", life.file).output.contains("now "))
        let oldest = try #require(life.command("history", "--json", life.file).objects().last?["date"] as? String)
        for arguments in [["restore", life.file, oldest], ["convert", life.file, disk + "/n.ipynb"], ["start", "sums", disk + "/copy"], ["start", "sums", disk + "/a/b"]] {
            let result = try life.command(arguments)
            #expect(result.status == 2 && result.errorOutput.contains(reason), "\(arguments) \(result)")
        }

        let window = try life.opened()
        #expect(window.shows("can't be", reason), "\(window.text)")
        window.press("ppn" + "r")
        #expect(window.shows("first is 42 40"), "\(window.text)")
        window.press("c")
        #expect(window.shows("✓ Correct  first"), "\(window.text)")
        window.press("xy")
        #expect(window.shows("can't be", reason), "\(window.text)")
        #expect(try life.text() == answered)
        #expect(try files.contentsOfDirectory(atPath: disk).sorted() == ["a", "filler", "state", "sums"])
        #expect(try files.contentsOfDirectory(atPath: life.folder) == ["1-sums.swift"])

        unlink(disk + "/filler")
        window.press("xy")
        #expect(window.waits { _ in (try? life.text().contains("first = 0")) == true }, "\(window.text)")
        #expect(try life.kept().contains(answered))
        window.press("q")
        #expect(window.end() == 0)
        let before = try #require(life.command("history", "--json", life.file).objects()[1]["date"] as? String)
        #expect(try life.command("restore", life.file, before).status == 0)
        #expect(try life.text() == answered)
    }

    private func fill(_ disk: String) throws {
        let descriptor = open(disk + "/filler", O_WRONLY | O_CREAT, 0o600)
        defer { close(descriptor) }
        for size in [65_536, 512, 1] {
            let bytes = [UInt8](repeating: 0, count: size)
            while write(descriptor, bytes, size) > 0 {}
        }
        try #require(errno == ENOSPC)
    }
}
