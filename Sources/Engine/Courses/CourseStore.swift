import CellCompiler
import Foundation

/// Whole versions of courses, with their solutions and checkers, kept where neither an author's edit nor a new Etude
/// changes them under a learner.
///
/// A version is named after what it holds, and lies in `<course>/<version>`, laid out as courses are. It comes whole or
/// not at all, and never changes. To delete one is safe where its course can be had again.
public struct CourseStore: Sendable {
    public let folder: String

    public init(folder: String) { self.folder = folder }

    /// `$XDG_DATA_HOME/etude/courses`, or `~/.local/share/etude/courses`.
    public static func defaultFolder(environment: [String: String] = ProcessInfo.processInfo.environment) -> String {
        let home = environment["HOME"] ?? NSTemporaryDirectory()
        return (environment["XDG_DATA_HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil } ?? "\(home)/.local/share") + "/etude/courses"
    }

    /// - Returns: nil when that version is not kept.
    public func course(named name: String, version: String) -> Course? {
        guard CourseDescription.isName(name), version.utf8.count == 16, version.allSatisfy(\.isHexDigit) else { return nil }
        return try? Course(name: name, root: "\(folder)/\(name)/\(version)", version: version)
    }

    /// Keeps a course as it is now.
    /// - Returns: the course as it is kept.
    /// - Throws: ``CourseError``; nothing has changed then.
    @discardableResult
    public func keep(_ course: Course) throws -> Course {
        if course.version != nil { return course }
        do {
            let place = "\(folder)/\(course.name)"
            try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
            removeLeftovers(in: place)
            let staging = "\(place)/\(Self.stagingPrefix)\(UUID().uuidString)"
            defer { try? FileManager.default.removeItem(atPath: staging) }
            let version = try copy(course, to: staging)
            if let kept = self.course(named: course.name, version: version) { return kept }
            // One that was damaged gives way.
            try? FileManager.default.removeItem(atPath: "\(place)/\(version)")
            if rename(staging, "\(place)/\(version)") != 0, errno != ENOTEMPTY, errno != EEXIST {
                throw CourseError("The course can't be kept here: \(String(cString: strerror(errno))).", file: place)
            }
            return try Course(name: course.name, root: "\(place)/\(version)", version: version)
        } catch let error as CourseError { throw error } catch {
            throw CourseError("The course can't be kept here: \(fileReason(error)).", file: folder)
        }
    }

    private static let stagingPrefix = ".new-"

    /// - Returns: the version, told from the very bytes that were written.
    private func copy(_ course: Course, to target: String) throws -> String {
        try ContentKey.of(course.files().flatMap { path in
            let data = try Data(contentsOf: URL(fileURLWithPath: "\(course.root)/\(path)"), options: .mappedIfSafe)
            try FileManager.default.createDirectory(atPath: ("\(target)/\(path)" as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
            try data.write(to: URL(fileURLWithPath: "\(target)/\(path)"))
            return [path, ContentKey.of(pieces: [data])]
        })
    }

    private func removeLeftovers(in place: String) {
        for name in (try? FileManager.default.contentsOfDirectory(atPath: place)) ?? [] where name.hasPrefix(Self.stagingPrefix) {
            // One that is being written is younger.
            if let age = FileMark("\(place)/\(name)")?.age, age > .seconds(86_400) { try? FileManager.default.removeItem(atPath: "\(place)/\(name)") }
        }
    }
}
