import Foundation
import Notebook
import Testing

@testable import Courses

@Suite("The list of a file's versions") struct VersionListTests {
    private let folder = Workshop.newFolder("versions")
    private var path: String { folder + "/n.swift" }
    private var file: LearnerFile { LearnerFile(path, stateFolder: folder + "/state") }

    init() throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        for text in ["// %% id=\"a\"\n1\n// %%\n2\n", "// %% id=\"a\"\n1\n// %%\n3\n// %% id=\"c\"\n4\n", "// %% id=\"c\"\n4\n// %% Title [markdown]\n// x\n"] {
            try Data(text.utf8).write(to: URL(fileURLWithPath: path))
            try file.remember()
        }
    }

    @Test("counts from the newest, and names the cells that are other than in the version before")
    func changes() throws {
        let list = try VersionList(of: file)
        #expect(list.items.map(\.number) == [1, 2, 3] && list.items.map(\.isCurrent) == [true, false, false] && list.unkept == nil)
        #expect(list.items[2].changes == .oldest)
        #expect(list.items.allSatisfy { abs($0.version.date.timeIntervalSinceNow) < 60 })
        #expect(list.items[1].changes == .cells(changed: ["cell 2", "c"], gone: ["cell 2"]))
        #expect(list.items[0].changes == .cells(changed: ["Title"], gone: ["a", "cell 2"]))
        try Data("// %% id=\"c\"\n5\n// %% Title [markdown]\n// x\n".utf8).write(to: URL(fileURLWithPath: path))
        #expect(try VersionList(of: file).unkept == .cells(changed: ["c"], gone: []))
        try Data("// %% id=\"c\"\n4\n// %% id=\"c\"\n".utf8).write(to: URL(fileURLWithPath: path))
        #expect(try VersionList(of: file).unkept == .unreadable)
        unlink(path)
        #expect(try VersionList(of: file).unkept == nil && VersionList(of: file).items.count == 3)
    }

    @Test("finds a version by its number, and by a time as the newest of then")
    func names() throws {
        let zone = try #require(TimeZone(identifier: "Europe/Berlin"))
        let day = try #require(ISO8601DateFormatter().date(from: "2026-03-01T13:00:00Z"))
        for name in try FileManager.default.contentsOfDirectory(atPath: file.history.folder) where name.hasSuffix(".swift") { unlink("\(file.history.folder)/\(name)") }
        for (seconds, text) in [(0.25, "1"), (59.5, "2"), (60.125, "3")] {
            let name = String(format: "%013ld-0000.swift", Int((day.timeIntervalSince1970 + seconds) * 1_000))
            try Data("// %%\n\(text)\n".utf8).write(to: URL(fileURLWithPath: "\(file.history.folder)/\(name)"))
        }
        let list = try VersionList(of: file)
        func number(_ name: String) throws -> Int { try list.item(named: name, now: day, timeZone: zone).number }
        #expect(try number("1") == 1 && number("3") == 3)
        #expect(try number("14:00") == 2 && number("14:01") == 1 && number("14:00:58") == 3 && number("14:00:59") == 2 && number("23:59") == 1)
        #expect(try number("2026-03-01 14:00") == 2 && number("2026-03-01T14:01:00") == 1 && number("2026-03-02 00:00") == 1)
        #expect(try number("2026-03-01T13:00:59Z") == 2 && number("2026-03-01T13:00:59.500Z") == 2 && number("2026-03-01T13:00:59.499Z") == 3)
        for name in ["0", "4", "-1", "13:59", "2026-02-28 23:00", "yesterday", "25:00", ""] { #expect(throws: VersionError.self, "\(name)") { try number(name) } }
        #expect(throws: VersionError.self) { try VersionList(of: LearnerFile(folder + "/other.swift", stateFolder: folder)).item(named: "1") }
    }
}
