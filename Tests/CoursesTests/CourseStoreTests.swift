import Foundation
import Testing

@testable import Courses

@Suite("A store of courses") struct CourseStoreTests {
    private let folder = Workshop.newFolder("store")
    private var store: CourseStore { CourseStore(folder: folder) }
    private let files = FileManager.default

    @Test("keeps a course whole, under a name that tells what it holds")
    func keeps() throws {
        let small = try SmallCourse(starter: "// %%\n1\n", files: ["exercises/small/data/big.csv": "x", "exercises/small/.hidden": ""])
        let kept = try store.keep(small.course())
        let version = try #require(kept.version)
        #expect(version.count == 16)
        #expect(try store.keep(small.course()).root == kept.root)
        #expect(store.course(named: "small", version: version)?.root == kept.root)
        #expect(try kept.files() == small.course().files() && kept.files().contains("exercises/small/data/big.csv"))
        #expect(try kept.starterText() == small.course().starterText())
        #expect(try Set(kept.learnerFiles().keys) == ["1-small.swift", "course.json"])
        #expect(try files.contentsOfDirectory(atPath: "\(folder)/small") == [version])
        try Data("// %%\n2\n".utf8).write(to: URL(fileURLWithPath: small.course().exercises[0].starterFile))
        #expect(try store.keep(small.course()).version != version)
        #expect(try kept.starterText() == "// %%\n1\n")
    }

    @Test("finds nothing under a name that is none of a version", arguments: ["", "..", "../../small/x", "0123456789abcdeF0", "0123456789abcdeg"])
    func refuses(_ version: String) { #expect(store.course(named: "small", version: version) == nil) }

    @Test("refuses a course with a link to a folder, and a pipe")
    func strange() throws {
        let small = try SmallCourse(starter: "// %%\n1\n")
        let course = try small.course()
        try files.createSymbolicLink(atPath: course.exercisesFolder + "/link", withDestinationPath: "/tmp")
        #expect { try store.keep(course) } throws: { "\($0)".contains("a link to a folder") }
        try files.removeItem(atPath: course.exercisesFolder + "/link")
        mkfifo(course.exercisesFolder + "/pipe", 0o600)
        #expect { try store.keep(course) } throws: { "\($0)".contains("neither a file nor a folder") }
        #expect(try files.contentsOfDirectory(atPath: "\(folder)/small") == [])
    }
}

extension Course {
    fileprivate func starterText() throws -> String { try String(contentsOfFile: exercises[0].starterFile, encoding: .utf8) }
}
