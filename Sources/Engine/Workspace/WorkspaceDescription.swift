import Foundation

/// `.etude/workspace.json`: which course a folder of exercises belongs to, and of which version.
public struct WorkspaceDescription: Equatable, Sendable {
    static let version = 1
    static let path = ".etude/workspace.json"
    private static let greatestSize = 64 << 10

    public var course: String
    public var courseVersion: String

    init(course: String, courseVersion: String) { (self.course, self.courseVersion) = (course, courseVersion) }

    private struct File: Codable {
        var version: Int
        var course: String
        var courseVersion: String
    }

    func json() throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(File(version: Self.version, course: course, courseVersion: courseVersion)) + Data("\n".utf8)
    }

    /// - Returns: nil where the folder has none.
    /// - Throws: ``GitError`` for one that can't be read.
    init?(in folder: String) throws {
        let path = "\(folder)/\(Self.path)", attempt = "read \(path)"
        var status = stat()
        guard lstat(path, &status) == 0 else { return nil }
        func refused(_ message: String) -> GitError { GitError(attempt, code: .refused, message: message, advice: "docs/formats/workspace.md says what it holds.") }
        guard status.st_mode & S_IFMT == S_IFREG else { throw refused("it is not a file") }
        guard status.st_size <= Self.greatestSize else { throw refused("it has \(status.st_size) bytes") }
        guard let data = FileManager.default.contents(atPath: path) else { throw refused("it can't be opened") }
        struct Versioned: Decodable { var version: Int }
        guard let version = (try? JSONDecoder().decode(Versioned.self, from: data))?.version else { throw refused("it is not JSON with a version") }
        guard version == Self.version else { throw refused("its version is \(version), and this Etude reads version \(Self.version)") }
        guard let file = try? JSONDecoder().decode(File.self, from: data) else { throw refused("\"course\" and \"courseVersion\" should be texts") }
        guard ExerciseName.isPlain(file.course) else { throw refused("\"\(file.course)\" is not a course's name") }
        (course, courseVersion) = (file.course, file.courseVersion)
    }
}
