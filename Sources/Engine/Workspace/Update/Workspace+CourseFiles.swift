import Courses
import Foundation

/// The course's files as the learner got them: a commit for each version on `refs/etude/courses/<course>`.
extension Workspace {
    static func courseReference(_ course: String) -> String { "refs/etude/courses/\(course)" }

    /// The files of the version that the folder is pinned to: what the next version is compared with. By their paths in
    /// the folder.
    /// - Returns: nil where they were not kept, as in a clone.
    public func courseFiles() throws -> [String: Data]? { try description.flatMap { try courseFiles(ofVersion: $0.courseVersion) } }

    /// The files of one of the versions that the learner had.
    func courseFiles(ofVersion version: String) throws -> [String: Data]? {
        guard let course = description?.course, var files = try Self.filesOfCourse(Self.courseReference(course), version: version, in: repository) else { return nil }
        files[WorkspaceDescription.path] = nil
        return files
    }

    /// - Parameter version: nil for the newest.
    static func filesOfCourse(_ reference: String, version: String? = nil, in repository: Repository) throws -> [String: Data]? {
        var next = try Reference(name: reference, repository: repository).target()
        while let id = next {
            if try version == nil || pinned(at: id, in: repository) == version { return try repository.files(at: id).files }
            next = try Commit(id, in: repository).parents.first
        }
        return nil
    }

    private static func pinned(at commit: ObjectID, in repository: Repository) throws -> String? {
        struct Pinned: Decodable { var courseVersion: String }
        let data = try repository.files(at: commit, under: (WorkspaceDescription.path as NSString).deletingLastPathComponent).files["workspace.json"]
        return data.flatMap { try? JSONDecoder().decode(Pinned.self, from: $0) }?.courseVersion
    }

    /// Keeps the files of a version, unless they are kept; a clone has none.
    public func keepCourseFiles(_ files: [String: Data], of description: WorkspaceDescription) throws {
        if try courseFiles(ofVersion: description.courseVersion) != nil { return }
        var contents = try Self.paths(of: files, "update the course")
        contents[PortablePath(WorkspaceDescription.path)!] = try description.json()
        try Self.keepCourseFiles(contents, of: description, in: repository)
    }
}
