import Foundation
import Processes
import Testing

@testable import Courses

@Suite("A course's data") struct CourseDataTests {
    private func course(_ prepare: String, data: String = "{\"name\": \"out.txt\"}") throws -> SmallCourse {
        try SmallCourse(description: """
            {"version": 1, "name": "small", "title": "T", "summary": "S", "data": [\(data)],
             "dataSource": {"folder": "data/raw", "prepare": "data/prepare.swift", "licence": "Ours."},
             "exercises": [{"number": 1, "file": "1-small.swift", "title": "T", "minutes": 1}]}
            """, files: ["exercises/small/data/prepare.swift": prepare, "exercises/small/data/raw/in.txt": "shipped"])
    }

    private static let copies = """
        import Foundation
        let text = try String(contentsOfFile: sourceFolder + "/in.txt", encoding: .utf8)
        try (text + "!").write(toFile: outputFolder + "/out.txt", atomically: true, encoding: .utf8)
        """

    private func text(_ folder: String?) throws -> String { try String(contentsOfFile: #require(folder) + "/out.txt", encoding: .utf8) }

    @Test("are prepared once, again when their source changes, from the learner's choice, and from the course's own after that")
    func chooses() throws {
        let small = try course(Self.copies), course = try small.course(), data = try Workshop.studio().data
        var announced: [String] = []
        func prepared() throws -> String { try text(data.prepared(for: course, announce: { announced.append($0) })) }
        #expect(try prepared() == "shipped!")
        #expect(try prepared() == "shipped!")
        #expect(announced == ["Preparing the data of small"])
        try small.write("exercises/small/data/raw/in.txt", "changed, and longer")
        #expect(try prepared() == "changed, and longer!")

        try small.write("mine \"\\(own)/in.txt", "mine")
        let own = small.root + "/mine \"\\(own)"
        #expect(try text(data.prepared(for: course, from: own)) == "mine!")
        #expect(try prepared() == "changed, and longer!")
        try data.choose(own, for: course)
        #expect(try prepared() == "mine!")
        try FileManager.default.removeItem(atPath: own)
        #expect(try prepared() == "changed, and longer!")
        #expect(announced.last == "The data that you chose for small, \(own), are gone: its own are used")
        try data.choose(nil, for: course)
        #expect(try prepared() == "changed, and longer!")
        #expect(announced.count == 3)
    }

    @Test("are none for a course without, and lie in its folder where nothing prepares them")
    func plain() throws {
        let data = try Workshop.studio().data
        #expect(try data.prepared(for: SmallCourse().course()) == nil)
        let small = try SmallCourse(description: """
            {"version": 1, "name": "small", "title": "T", "summary": "S", "data": [{"name": "a.csv"}],
             "exercises": [{"number": 1, "file": "1-small.swift", "title": "T", "minutes": 1}]}
            """, files: ["exercises/small/data/a.csv": "x\n1\n"])
        #expect(try data.prepared(for: small.course()) == small.root + "/exercises/small/data")
    }

    @Test("that can't be prepared say why, and leave nothing behind", arguments: [
        ("struct E: Error, CustomStringConvertible { let description = \"in.txt is empty.\" }\nthrow E()", "data/prepare.swift could not prepare the data from SOURCE: in.txt is empty."),
        ("let x = 1", "data/prepare.swift ran, but did not write out.txt, which course.json promises."),
        ("let x: Int = sourceFolder", "could not prepare the data from SOURCE: line 1: "),
        ("let a = [1]\nprint(a[sourceFolder.count])", "could not prepare the data from SOURCE: Index out of range. (line 2)"),
        ("import Foundation\nprint(\"No rows.\")\nexit(3)", "could not prepare the data from SOURCE: it called exit(3) (line 3). No rows."),
    ])
    func fails(program: String, sentence: String) throws {
        let small = try course(program), data = try Workshop.studio().data
        let error = #expect(throws: ExerciseError.self) { try data.prepared(for: small.course()) }
        let expected = sentence.replacingOccurrences(of: "SOURCE", with: small.root + "/exercises/small/data/raw")
        #expect(error?.description.contains(expected) == true, "\(error?.description ?? "")")
        let left = try FileManager.default.contentsOfDirectory(atPath: Workshop.folder + "/etude/data").filter { $0.contains(small.root) }
        #expect(left.isEmpty)
    }

    @Test("that several prepare at the same time are whole for all of them")
    func together() throws {
        let small = try course(Self.copies + "\nusleep(200_000)"), course = try small.course()
        let results = LockedList<String>()
        DispatchQueue.concurrentPerform(iterations: 3) { _ in
            do { results.append(try text(Workshop.studio().data.prepared(for: course))) } catch { results.append("\(error)") }
        }
        #expect(results.values == ["shipped!", "shipped!", "shipped!"])
    }

    @Test("stop being prepared at Ctrl-C")
    func interrupted() throws {
        let small = try course("while true {}"), studio = try Workshop.studio()
        studio.interruption.request()
        #expect(throws: ExerciseError.interrupted) { try studio.data.prepared(for: small.course(), interruption: studio.interruption) }
    }
}

final class LockedList<Element>: @unchecked Sendable {
    private let lock = NSLock()
    private var list: [Element] = []
    func append(_ element: Element) { lock.withLock { list.append(element) } }
    var values: [Element] { lock.withLock { list } }
}
