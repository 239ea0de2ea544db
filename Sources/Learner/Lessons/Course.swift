import Foundation

/// What the course that an exercise belongs to has to offer its cells.
public struct Course: Sendable {
    private let folder: String?

    /// - Parameter folder: where the prepared data lie; nil outside a session.
    public init(dataFolder folder: String? = ProcessInfo.processInfo.environment["ETUDE_COURSE_DATA"]) {
        self.folder = folder
    }

    /// The path of one of the course's data files, for example `course.data("ratings.csv")`.
    ///
    /// - Throws: ``CourseError`` with the names that there are, when there is no file of that name.
    public func data(_ name: String) throws -> String {
        guard let folder else { throw CourseError(name: name, available: []) }
        let available = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).filter { !$0.hasPrefix(".") }.sorted()
        guard available.contains(name) else { throw CourseError(name: name, available: available) }
        return folder + "/" + name
    }
}

/// The data of the course that the exercise belongs to.
public let course = Course()

/// A data file that the course does not have.
public struct CourseError: Error, LocalizedError, CustomStringConvertible {
    public let name: String
    public let available: [String]
    public var description: String {
        let known = available.isEmpty ? "This session has no data." : "There are: \(available.joined(separator: ", "))."
        return "The course has no data file named \"\(name)\". \(known)"
    }
    public var errorDescription: String? { description }
}
