import Foundation
import Testing

@testable import Courses

@Suite("course.json") struct CourseDescriptionTests {
    static let example = """
        {
          "version": 1, "name": "embeddings", "title": "Embeddings", "summary": "Meet embedding layers.",
          "exercises": [
            {"number": 0, "file": "0-tutorial.swift", "title": "A first model", "minutes": 15},
            {"number": 1, "file": "1-embedding-layers.swift", "title": "Embedding layers", "checker": "EmbeddingLayers", "minutes": 45}
          ],
          "data": [{"name": "ratings.csv"}],
          "dataSource": {"folder": "data/small", "prepare": "data/prepare.swift", "licence": "CC BY 4.0"},
          "links": {"forum": "https://example.org/forum"}
        }
        """

    private func read(_ json: String) throws -> CourseDescription { try CourseDescription(json: Data(json.utf8)) }

    @Test("says the exercises in order, the data and the links, and is written as it is read")
    func example() throws {
        let course = try read(Self.example)
        #expect(course.name == "embeddings" && course.exercises.map(\.number) == [0, 1])
        #expect(course.exercise(1)?.checker == "EmbeddingLayers" && course.exercise(0)?.checker == nil && course.exercise(2) == nil)
        #expect(course.data.map(\.name) == ["ratings.csv"] && course.dataSource?.prepare == "data/prepare.swift")
        #expect(course.links == ["forum": "https://example.org/forum"])
        #expect(try CourseDescription(json: JSONEncoder().encode(course)) == course)
    }

    @Test("that is wrong is refused with the key's path", arguments: [
        ("\"version\": 1", "\"version\": 2", "course.json: version: The version is 2; this Etude reads version 1. Look for another Etude."),
        ("\"version\": 1, ", "", "course.json: version: This key is missing."),
        (", \"minutes\": 45", "", "course.json: exercises[1].minutes: This key is missing."),
        ("\"minutes\": 45", "\"minutes\": \"long\"", "course.json: exercises[1].minutes: Expected a whole number."),
        ("\"minutes\": 45", "\"minutes\": 0", "course.json: exercises[1].minutes: An exercise takes at least 1 minute; this is 0."),
        ("\"minutes\": 45", "\"minuets\": 45", "course.json: exercises[1].minuets: This key is not known here; the keys are number, file, title, checker, minutes, renamedQuestions."),
        ("\"title\": \"Embeddings\"", "\"title\": null", "course.json: title: Expected a string, found null."),
        ("\"links\":", "\"link\":", "course.json: link: This key is not known here; the keys are version, name, title, summary, exercises, data, dataSource, links."),
        ("\"number\": 1", "\"number\": 0", "course.json: exercises[1].number: exercises[0] has the number 0 too."),
        ("1-embedding-layers.swift", "0-tutorial.swift", "course.json: exercises[1].file: exercises[0] has the file \"0-tutorial.swift\" too."),
        ("\"1-embedding", "\"../1-embedding", "course.json: exercises[1].file: \"../1-embedding-layers.swift\" leads out of the course's folder; write a path without \"..\"."),
        ("\"1-embedding", "\"/1-embedding", "course.json: exercises[1].file: \"/1-embedding-layers.swift\" is absolute; write the path from the course's folder."),
        ("\"data/small\"", "\"data/../../x\"", "course.json: dataSource.folder: \"data/../../x\" leads out of the course's folder; write a path without \"..\"."),
        ("\"ratings.csv\"", "\"a\\\\b.csv\"", "course.json: data[0].name: \"a\\b.csv\" is not a plain path, such as \"data/ratings.csv\"."),
        ("\"embeddings\"", "\"Embeddings!\"", "course.json: name: A course's name has at most 64 lower-case letters, digits and hyphens; this is \"Embeddings!\"."),
        ("\"EmbeddingLayers\"", "\"Embedding Layers\"", "course.json: exercises[1].checker: A checker's name is a Swift name, such as EmbeddingLayers; this is \"Embedding Layers\"."),
        ("\"minutes\": 45", "\"minutes\": 45, \"renamedQuestions\": {\"part1\": \"1\"}", "course.json: exercises[1].renamedQuestions.part1: A question's name is like part1 or part3.c; this is \"1\"."),
        ("\"minutes\": 45", "\"minutes\": 45, \"renamedQuestions\": {\"part1\": 1}", "course.json: exercises[1].renamedQuestions.part1: Expected a string."),
        ("\"summary\":", "\"title\":", "course.json:2:62: This is not JSON. The key \"title\" stands twice in one object; keep one of them."),
    ])
    func errors(old: String, new: String, sentence: String) {
        let error = #expect(throws: CourseError.self) { try read(Self.example.replacingOccurrences(of: old, with: new)) }
        #expect(error?.description == sentence)
    }

    @Test("names files that are there, inside the course's folder")
    func files() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("course-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        try FileManager.default.createDirectory(at: folder.appendingPathComponent("data/small"), withIntermediateDirectories: true)
        func sentence() -> String? {
            let error = #expect(throws: CourseError.self) { try CourseDescription(contentsOfCourseFolder: folder.path) }
            return error?.description.replacingOccurrences(of: folder.path + "/", with: "")
        }
        #expect(sentence() == "course.json: A course's folder holds a file course.json; here is none that can be read.")
        func write(_ name: String, _ text: String = "") throws {
            try text.write(to: folder.appendingPathComponent(name), atomically: true, encoding: .utf8)
        }
        try write("course.json", Self.example)
        try write("0-tutorial.swift")
        #expect(sentence() == "course.json: exercises[1].file: There is no file \"1-embedding-layers.swift\" in the course's folder.")
        try FileManager.default.createSymbolicLink(
            atPath: folder.appendingPathComponent("1-embedding-layers.swift").path, withDestinationPath: "/etc/passwd")
        #expect(sentence() == "course.json: exercises[1].file: \"1-embedding-layers.swift\" is a link that leads out of the course's folder.")
        try FileManager.default.removeItem(at: folder.appendingPathComponent("1-embedding-layers.swift"))
        try write("1-embedding-layers.swift")
        #expect(sentence() == "course.json: dataSource.prepare: There is no file \"data/prepare.swift\" in the course's folder.")
        try write("data/prepare.swift")
        #expect(try CourseDescription(contentsOfCourseFolder: folder.path).title == "Embeddings")
    }

    @Test("damaged anywhere is a course or an error, never a crash")
    func damage() {
        let original = Array(Self.example.utf8)
        for index in original.indices {
            for byte in [UInt8(ascii: "\""), UInt8(ascii: "9"), UInt8(ascii: "}"), 0xFF] {
                var bytes = original
                bytes[index] = byte
                do { _ = try CourseDescription(json: Data(bytes)) } catch { #expect(error is CourseError) }
            }
        }
    }
}
