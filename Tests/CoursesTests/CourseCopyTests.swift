import Foundation
import Testing

@testable import Courses

@Suite("A copy of a course") struct CourseCopyTests {
    private let small: SmallCourse
    private let folder = Workshop.newFolder("copies")
    private let files = FileManager.default

    init() throws {
        small = try SmallCourse(starter: "// %%\n1\n", files: ["exercises/small/data/big.csv": "x", "exercises/small/images/a/b.txt": "b", "exercises/small/.hidden": ""])
        try files.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    private func copy(_ name: String) throws -> CourseCopy { CourseCopy(of: try small.course(), to: "\(folder)/\(name)") }
    private func contents(_ name: String) throws -> [String] { try files.subpathsOfDirectory(atPath: "\(folder)/\(name)").sorted() }
    private let whole = ["1-small.swift", "course.json", "images", "images/a", "images/a/b.txt"]

    @Test("holds all but the data, in a new folder or an empty one, and leaves nothing else")
    func copies() throws {
        try copy("deep/new").make()
        try files.createDirectory(atPath: "\(folder)/empty", withIntermediateDirectories: true)
        try copy("empty").make()
        #expect(try contents("deep/new") == whole && contents("empty") == whole)
        #expect(try contents("").filter { $0.contains("etude") } == [])
    }

    @Test("does not touch what is there")
    func spares() throws {
        try files.createDirectory(atPath: "\(folder)/mine", withIntermediateDirectories: true)
        try Data().write(to: URL(fileURLWithPath: "\(folder)/mine/a"))
        #expect(try copy("mine").ground == .taken && copy("mine/a").ground == .file && copy("none").ground == .free)
        for name in ["mine", "mine/a"] { #expect(throws: CourseCopyError.taken("\(folder)/\(name)")) { try copy(name).make() } }
        #expect(try contents("mine") == ["a"])
    }

    @Test("that was cut off is made anew, or gone on with in a folder that was there; what has come is not touched")
    func resumes() throws {
        for staging in [".etude-start-new", "here/.etude-start-small"] {
            try files.createDirectory(atPath: "\(folder)/\(staging)/images", withIntermediateDirectories: true)
            for name in ["course.json", "junk"] { try Data("half".utf8).write(to: URL(fileURLWithPath: "\(folder)/\(staging)/\(name)")) }
        }
        try Data("edited".utf8).write(to: URL(fileURLWithPath: "\(folder)/here/1-small.swift"))
        #expect(try copy("here").ground == .cutOff)
        try copy("new").make()
        try copy("here").make()
        #expect(try contents("new") == whole && contents("here") == whole)
        #expect(try String(contentsOfFile: "\(folder)/here/1-small.swift", encoding: .utf8) == "edited")
        #expect(try String(contentsOfFile: "\(folder)/here/course.json", encoding: .utf8).contains("version"))
        #expect(try files.contentsOfDirectory(atPath: folder).sorted() == ["here", "new"])
    }

    @Test("is made by one program at a time")
    func oneAtATime() throws {
        let staging = "\(folder)/.etude-start-busy"
        try files.createDirectory(atPath: staging, withIntermediateDirectories: true)
        let descriptor = open(staging, O_RDONLY | O_DIRECTORY)
        #expect(flock(descriptor, LOCK_EX | LOCK_NB) == 0)
        #expect(throws: CourseCopyError.busy("\(folder)/busy")) { try copy("busy").make() }
        close(descriptor)
        try copy("busy").make()
        #expect(try contents("busy") == whole)
    }
}
