import Courses
import Foundation
import Processes
import Testing
import Tiers
@testable import Workspace

@Suite("Killed while updating")
struct KilledUpdateTests {
    @Test("Whenever an update or its taking back is killed, the folder is as before or as after once it is opened again, and git finds nothing wrong")
    func killed() throws {
        let some = (0..<15).map { ("part\($0 % 3)/\($0).txt", String(repeating: "\($0)\n", count: 3_000)) }
        var files = UpdatedCourse.first.merging(some) { $1 }
        let course = try UpdatedCourse(files: files)
        try course.edit("1-a.swift", "<#x#>", "42")
        files = UpdatedCourse.second.merging(some.map { ($0.0, $0.1 + "more\n") }) { $1 }
        let newer = try course.folder(of: files)
        let old = try course.contents()
        try course.open().update(to: UpdatedCourse.release("two", files))
        let new = try course.contents()
        try course.open().undoUpdate()

        var isNew = false, outcomes: [Bool: Int] = [:], unfinished = 0
        let count = rounds(100)
        for round in 0..<count {
            let arguments = isNew ? ["--undo", course.folder] : ["--update", course.folder, "two", newer]
            let child = try ChildProcess(Recorder.program, arguments, descriptors: [:])
            // From before it starts to after it ends, evenly.
            _ = child.wait(until: .now + .microseconds(5_000 + round * 1_000 * 140 / count))
            _ = child.end()
            if FileManager.default.fileExists(atPath: course.folder + "/.git/etude/update.json") { unfinished += 1 }
            _ = try course.open()
            let contents = try course.contents()
            let isWhole = contents == old || contents == new
            #expect(isWhole, "round \(round): \(contents.filter { old[$0.key] != $0.value && new[$0.key] != $0.value }.keys)")
            guard isWhole else { break }
            outcomes[(contents == new) != isNew, default: 0] += 1
            isNew = contents == new
        }
        #expect(outcomes[true, default: 0] > 0 && outcomes[false, default: 0] > 0 && unfinished > 0, "\(outcomes) \(unfinished)")
        #expect(try course.place.complaints(in: "w") == "")
        if isNew { try course.open().undoUpdate() }
        #expect(try course.contents() == old)
    }

    @Test("On a full disk an update says so, and is finished when there is room", .enabled(if: getuid() == 0, "only root can make a small disk"))
    func fullDisk() throws {
        let place = try TestRepository("true")
        let disk = place.folder + "/disk"
        try FileManager.default.createDirectory(atPath: disk, withIntermediateDirectories: true)
        guard mount("none", disk, "tmpfs", 0, "size=1m") == 0 else { return withKnownIssue { Issue.record("This machine lets nobody mount a disk.") } }
        defer { umount2(disk, 2 /* when nobody uses it any more */) }
        let folder = disk + "/w"
        _ = try Workspace.create(at: folder, of: WorkspaceDescription(course: "small", courseVersion: "one"), files: UpdatedCourse.first.mapValues { Data($0.utf8) })
        var states: Set<String> = []
        // Each time a little less is left.
        for room in stride(from: 200, to: 0, by: -8) {
            try place.shell("rm -f disk/filler; head -c 2000000 /dev/zero > disk/filler 2> /dev/null || true; truncate -s -\(room)K disk/filler")
            do { try Workspace.open(containing: folder)?.update(to: UpdatedCourse.release()) } catch {
                #expect("\(error)".contains("No space left") || "\(error)".contains("no space left"), "\(error)")
            }
            try place.shell("rm -f disk/filler")
            let workspace = try #require(try Workspace.open(containing: folder)), version = try #require(try WorkspaceDescription(in: folder)?.courseVersion)
            states.insert(version)
            let files = version == "one" ? UpdatedCourse.first : UpdatedCourse.second
            for (path, text) in files { #expect(try String(contentsOfFile: "\(folder)/\(path)", encoding: .utf8) == text) }
            if version == "two" { try workspace.undoUpdate() }
        }
        #expect(states == ["one", "two"])
        #expect(try place.complaints(in: "disk/w") == "")
    }
}
