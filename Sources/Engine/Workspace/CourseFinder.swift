import Courses
import Foundation

/// Finds the course that a person means: by its name, the folder that it lies in, or the address of its repository.
public struct CourseFinder {
    private let catalog: CourseCatalog

    public init(_ catalog: CourseCatalog) { self.catalog = catalog }

    /// - Parameters:
    ///   - text: what the person says.
    ///   - name: which course of several in one folder or repository.
    /// - Throws: `ExerciseError` or `CourseError`, a sentence about what there is.
    public func course(_ text: String, named name: String? = nil) throws -> (course: Course, source: CourseSource) {
        if let course = catalog.courses.first(where: { $0.name == text }) { return (course, .shipped) }
        var isFolder: ObjCBool = false
        guard text.contains("/") || text.hasPrefix("."), FileManager.default.fileExists(atPath: text, isDirectory: &isFolder), isFolder.boolValue else {
            return (try catalog.course(named: text), .shipped)
        }
        let (root, inner) = Self.root(of: realPath(text))
        return (try course(in: root, named: name ?? inner, at: text), .folder(root))
    }

    /// A source's course as it is now.
    public func course(of description: WorkspaceDescription) throws -> Course {
        switch description.source ?? .shipped {
        case .shipped: try catalog.course(named: description.course)
        case .folder(let folder): try course(in: folder, named: description.course, at: folder)
        case .git(let url, _): throw CourseError("A course from \(url) can't be brought up to date yet.", file: url)
        }
    }

    /// A folder of courses; of a course's own folder, such as `exercises/embeddings`, the one that holds all three rooms.
    private static func root(of folder: String) -> (root: String, course: String?) {
        guard FileManager.default.fileExists(atPath: folder + "/course.json") else { return (folder, nil) }
        let url = URL(fileURLWithPath: folder)
        return (url.deletingLastPathComponent().deletingLastPathComponent().path, url.lastPathComponent)
    }

    private func course(in root: String, named name: String?, at place: String) throws -> Course {
        let found = CourseCatalog(roots: [root])
        if let name { return try found.course(named: name) }
        guard found.courses.count > 1 else {
            guard let only = found.courses.first else { throw CourseError("There is no course here. " + found.problems.joined(separator: " "), file: place) }
            return only
        }
        throw CourseError("There are several courses here: \(found.courses.map(\.name).joined(separator: ", ")). Say which: --course \(found.courses[0].name)", file: place)
    }
}
