import Foundation

/// `.etude/workspace.json`: which course a learner's folder of exercises belongs to, of which version, and where the
/// course came from.
public struct WorkspaceDescription: Equatable, Sendable {
    static let version = 1
    /// Where it lies in the folder.
    public static let path = ".etude/workspace.json"
    private static let greatestSize = 64 << 10

    public var course: String
    public var courseVersion: String
    /// nil where it is not known.
    public var source: CourseSource?

    public init(course: String, courseVersion: String, source: CourseSource? = nil) {
        (self.course, self.courseVersion, self.source) = (course, courseVersion, source)
    }

    private struct File: Codable {
        var version: Int
        var course: String
        var courseVersion: String
        var source: CourseSource?
    }

    public func json() throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(File(version: Self.version, course: course, courseVersion: courseVersion, source: source)) + Data("\n".utf8)
    }

    /// - Returns: nil where the folder has none.
    /// - Throws: ``CourseError`` for one that can't be read.
    public init?(in folder: String) throws {
        let path = "\(folder)/\(Self.path)"
        var status = stat()
        guard lstat(path, &status) == 0 else { return nil }
        func refused(_ sentence: String) -> CourseError { CourseError("\(sentence). docs/formats/workspace.md says what it holds.", file: path) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw refused("This is not a file") }
        guard status.st_size <= Self.greatestSize else { throw refused("It has \(status.st_size) bytes, and at most \(Self.greatestSize) are read") }
        guard let data = FileManager.default.contents(atPath: path) else { throw refused("It can't be opened") }
        struct Versioned: Decodable { var version: Int }
        guard let version = (try? JSONDecoder().decode(Versioned.self, from: data))?.version else { throw refused("It is not JSON with a version") }
        guard version == Self.version else { throw refused("Its version is \(version), and this Etude reads version \(Self.version)") }
        guard let file = try? JSONDecoder().decode(File.self, from: data) else { throw refused("\"course\" and \"courseVersion\" should be texts, and \"source\" as Etude writes it") }
        guard CourseDescription.isName(file.course) else { throw refused("\"\(file.course)\" is not a course's name") }
        (course, courseVersion, source) = (file.course, file.courseVersion, file.source)
    }

    /// That of the folder that a file or folder lies in, or of one above it.
    /// - Throws: ``CourseError`` for one that can't be read.
    public static func containing(_ path: String) throws -> WorkspaceDescription? { try folder(containing: path).flatMap(WorkspaceDescription.init) }

    /// The folder that has one, and that a file or folder lies in.
    static func folder(containing path: String) -> String? {
        var place = URL(fileURLWithPath: path).resolvingSymlinksInPath(), status = stat()
        while lstat("\(place.path)/\(Self.path)", &status) != 0 {
            if place.path == "/" { return nil }
            place.deleteLastPathComponent()
        }
        return place.path
    }
}
