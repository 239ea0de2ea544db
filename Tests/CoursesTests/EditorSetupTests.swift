import Foundation
import Testing

@testable import Courses

@Suite("What a learner's editor is told") struct EditorSetupTests {
    private let folder = Workshop.newFolder("exercises")
    private var database: String { folder + "/compile_commands.json" }

    init() throws { try write("notes.swift", "import Training\nlet a = 1\n") }

    private func write(_ name: String, _ text: String) throws {
        let url = URL(fileURLWithPath: "\(folder)/\(name)")
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: url)
    }

    private func read(_ path: String) throws -> String { try String(contentsOfFile: path, encoding: .utf8) }

    @Test("is written once, and then left as it is")
    func idempotent() throws {
        let studio = try Workshop.studio()
        #expect(try Set(studio.setUpEditor(in: folder).files.values) == [.written])
        let before = try FileManager.default.attributesOfItem(atPath: database)[.systemFileNumber] as? Int
        #expect(try Set(studio.setUpEditor(in: folder).files.values) == [.current])
        studio.refreshEditor(for: folder + "/notes.swift", of: nil)
        #expect(try FileManager.default.attributesOfItem(atPath: database)[.systemFileNumber] as? Int == before)
    }

    @Test("is left alone where the learner has a file of that name")
    func ownFiles() throws {
        let own = ["compile_commands.json": "[]", ".vscode/settings.json": "{}", ".vscode/extensions.json": "// mine\n{}"]
        for (name, text) in own { try write(name, text) }
        let studio = try Workshop.studio()
        #expect(try Set(studio.setUpEditor(in: folder).files.values) == [.leftAlone])
        studio.refreshEditor(for: folder + "/notes.swift", of: nil)
        for (name, text) in own { #expect(try read("\(folder)/\(name)") == text) }
    }

    @Test("follows the folder, the cache and the notebooks when they change", arguments: ["moved", "cache", "new"])
    func refresh(change: String) throws {
        var studio = try Workshop.studio(), folder = folder
        _ = try studio.setUpEditor(in: folder)
        switch change {
        case "moved":
            let other = Workshop.newFolder("moved")
            try FileManager.default.moveItem(atPath: folder, toPath: other)
            folder = other
        case "cache": studio = try Studio(environment: Workshop.environment.merging(["XDG_CACHE_HOME": Workshop.newFolder("cache")]) { $1 })
        default: try write("more.swift", "let b = 2\n")
        }
        studio.refreshEditor(for: "\(folder)/\(change == "new" ? "more" : "notes").swift", of: nil)
        let text = try read(folder + "/compile_commands.json")
        #expect(text.contains("\"\(folder)\"") && text.contains(studio.cacheFolder) && text.contains("more.swift") == (change == "new"), "\(text)")
        #expect(try Set(studio.setUpEditor(in: folder).files.values) == [.current])
    }

    @Test("does without the questions of an exercise whose checkers do not compile, and says so")
    func brokenCheckers() throws {
        let course = try SmallCourse("broken", starter: "import Small\n", checkers: "let nothing: Int = \"\"\n")
        try write("1-small.swift", "import Small\nlet a = 1\n")
        let setup = try Workshop.studio(course.root).setUpEditor(in: folder)
        #expect(setup.problems.count == 1 && setup.problems[0].hasPrefix("1-small.swift: "), "\(setup.problems)")
        #expect(try read(database).contains("1-small.swift"))
    }

    @Test("is nothing in a folder without notebooks, and a sentence says so")
    func noNotebooks() throws {
        let empty = Workshop.newFolder("empty")
        try FileManager.default.createDirectory(atPath: empty, withIntermediateDirectories: true)
        let studio = try Workshop.studio()
        #expect(throws: EditorSetupError.noNotebooks(folder: empty)) { try studio.setUpEditor(in: empty) }
        #expect(try FileManager.default.contentsOfDirectory(atPath: empty).isEmpty)
    }
}
