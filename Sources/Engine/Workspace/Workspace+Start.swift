import Courses
import Foundation

extension Workspace {
    /// Makes a learner's workspace of a course, pinned to the course as it is now, which the store keeps.
    ///
    /// A folder that is not there or empty is filled; in a git repository, and in a copy of the course that is no
    /// workspace yet, what is there stays.
    ///
    /// - Throws: ``StartError``, ``GitError``, `CourseError`; the folder is then as it was.
    public static func start(_ course: Course, from source: CourseSource, keptIn store: CourseStore, at folder: String) throws -> Workspace {
        let folder = realPath(folder)
        try examine(folder, for: course)
        let kept = try store.keep(course)
        let description = WorkspaceDescription(course: course.name, courseVersion: kept.version ?? "", source: source)
        return try create(at: folder, of: description, files: kept.learnerFiles(), isApart: isAmongCourses(folder, course))
    }

    private static func examine(_ folder: String, for course: Course) throws {
        var isFolder: ObjCBool = false
        let isThere = FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder)
        if isThere, !isFolder.boolValue { throw StartError.file(folder) }
        if let present = try WorkspaceDescription.containing(folder) {
            throw present.course == course.name ? StartError.started(folder) : StartError.other(folder, course: present.course)
        }
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        if !isThere || names.isEmpty || isCopy(folder, of: course.name) { return }
        guard try Repository.folder(containing: folder) != nil, !isAmongCourses(folder, course) else { throw StartError.taken(folder) }
    }

    /// Whether a folder is a copy of a course's exercises, and no workspace.
    public static func isCopy(_ folder: String, of course: String) -> Bool {
        guard let data = FileManager.default.contents(atPath: "\(folder)/course.json"), let description = try? CourseDescription(json: data) else { return false }
        return description.name == course && !FileManager.default.fileExists(atPath: "\(folder)/\(WorkspaceDescription.path)")
    }

    /// Whether a folder lies in the repository that the course itself comes from: a learner's work is no part of that.
    private static func isAmongCourses(_ folder: String, _ course: Course) -> Bool {
        guard let outer = try? Repository.folder(containing: folder) else { return false }
        return outer == (try? Repository.folder(containing: realPath(course.root)))
    }
}

/// Why a folder can't become a workspace.
public enum StartError: Error, CustomStringConvertible, Equatable {
    case file(String)
    case taken(String)
    /// It is one already.
    case started(String)
    case other(String, course: String)

    public var description: String {
        switch self {
        case .file(let folder): "\(folder) is a file; nothing was changed. Name a folder."
        case .taken(let folder): "\(folder) is there already and not empty; nothing was changed. Name another folder."
        case .started(let folder): "\(folder) is your workspace of this course already, or in it; nothing was changed. A new version of the course comes with `etude update`."
        case .other(let folder, let course): "\(folder) is your workspace of the course \(course), or in it; nothing was changed. Name another folder."
        }
    }
}
