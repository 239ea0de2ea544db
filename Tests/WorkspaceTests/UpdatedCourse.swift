import Courses
import Foundation
import Processes
import Testing
@testable import Workspace

/// A learner's workspace whose course gets a new version.
final class UpdatedCourse {
    let place: TestRepository
    let name: String
    var folder: String { "\(place.folder)/\(name)" }

    /// - Parameters:
    ///   - setUp: lines for a shell, before the workspace is made in the folder `name`.
    init(_ setUp: String = "true", name: String = "w", files: [String: String] = UpdatedCourse.first) throws {
        (place, self.name) = (try TestRepository(setUp), name)
        _ = try Workspace.create(at: folder, of: WorkspaceDescription(course: "small", courseVersion: "one"), files: files.mapValues { Data($0.utf8) })
    }

    static func description(_ exercises: String...) -> String {
        "{\"version\": 1, \"name\": \"small\", \"title\": \"T\", \"summary\": \"S\", \"exercises\": [\(exercises.joined(separator: ", "))]}\n"
    }

    static let first = [
        "course.json": description(#"{"number": 1, "file": "1-a.swift", "title": "A", "minutes": 1}"#, #"{"number": 2, "file": "2-b.swift", "title": "B", "minutes": 1}"#),
        "1-a.swift": "// %% [markdown] id=\"text\"\n// Words.\n\n// %% id=\"answer\" problem=\"part1\"\nlet answer = <#x#>\npart1.check()\n",
        "2-b.swift": "// %% id=\"b\"\nlet b = 1\n",
        "images/a.svg": "<svg/>", "notes.txt": "Notes.\n", "old.txt": "Old.\n",
    ]

    static let second = [
        "course.json": description(
            #"{"number": 1, "file": "1-a.swift", "title": "A", "minutes": 1, "renamedQuestions": {"part1": "first"}}"#,
            #"{"number": 2, "file": "2-better.swift", "title": "B", "minutes": 1}"#),
        "1-a.swift": "// %% [markdown] id=\"text\"\n// New words.\n\n// %% id=\"answer\" problem=\"first\"\nlet answer = <#x#>\nfirst.check()\n\n// %% id=\"more\"\nlet more = 1\n",
        "2-better.swift": "// %% id=\"b\"\nlet b = 2\n",
        "images/a.svg": "<svg>new</svg>", "images/b.svg": "<svg/>", "notes.txt": "New notes.\n",
    ]

    static func release(_ version: String = "two", _ files: [String: String] = second) -> CourseRelease {
        CourseRelease(version: version, files: files.mapValues { Data($0.utf8) })
    }

    /// A folder with a version's files, for another process.
    func folder(of files: [String: String]) throws -> String {
        let folder = place.folder + "/version"
        for (path, text) in files {
            try FileManager.default.createDirectory(atPath: ("\(folder)/\(path)" as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
            try Data(text.utf8).write(to: URL(fileURLWithPath: "\(folder)/\(path)"))
        }
        return folder
    }

    func open() throws -> Workspace { try #require(try Workspace.open(containing: folder)) }

    func write(_ path: String, _ text: String) throws {
        try FileManager.default.createDirectory(atPath: ("\(folder)/\(path)" as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
        try Data(text.utf8).write(to: URL(fileURLWithPath: "\(folder)/\(path)"))
    }

    func edit(_ path: String, _ old: String, _ new: String) throws {
        let text = try read(path)
        try #require(text.contains(old))
        try write(path, text.replacingOccurrences(of: old, with: new))
    }

    func read(_ path: String) throws -> String { try String(contentsOfFile: "\(folder)/\(path)", encoding: .utf8) }

    /// The learner's files with their texts, and the version that the folder is pinned to.
    func contents() throws -> [String: String] {
        var contents: [String: String] = [:]
        for path in FileManager.default.enumerator(atPath: folder)?.compactMap({ $0 as? String }) ?? [] where !path.hasPrefix(".git/") && path != ".git" {
            var isFolder: ObjCBool = false
            if FileManager.default.fileExists(atPath: "\(folder)/\(path)", isDirectory: &isFolder), !isFolder.boolValue { contents[path] = try read(path) }
        }
        return contents
    }

    func version() throws -> String? { try WorkspaceDescription(in: folder)?.courseVersion }
}
