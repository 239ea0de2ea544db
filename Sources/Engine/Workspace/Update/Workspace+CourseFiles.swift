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

    /// What one of those versions says of itself.
    func courseDescription(ofVersion version: String) throws -> CourseDescription? {
        guard let course = description?.course, let commit = try Self.commit(of: Self.courseReference(course), version, in: repository),
            let entry = try Tree(Commit(commit, in: repository).tree, in: repository).entries.first(where: { $0.name == "course.json" && $0.isFile }) else { return nil }
        return try? CourseDescription(json: try repository.objects.read(entry.id, .blob, limit: 1 << 20) { Data($0) })
    }

    /// - Parameter version: nil for the newest.
    static func filesOfCourse(_ reference: String, version: String? = nil, in repository: Repository) throws -> [String: Data]? {
        try commit(of: reference, version, in: repository).map { try repository.files(at: $0).files }
    }

    private static func commit(of reference: String, _ version: String?, in repository: Repository) throws -> ObjectID? {
        var next = try Reference(name: reference, repository: repository).target()
        while let id = next {
            if try version == nil || pinned(at: id, in: repository) == version { return id }
            next = try Commit(id, in: repository).parents.first
        }
        return nil
    }

    /// Whether the learner had one version before another.
    func isVersion(_ version: String, before other: String) throws -> Bool {
        guard let course = description?.course, version != other else { return false }
        var next = try Reference(name: Self.courseReference(course), repository: repository).target()
        while let id = next {
            switch try Self.pinned(at: id, in: repository) {
            case version: return false
            case other: return try courseDescription(ofVersion: version) != nil
            default: next = try Commit(id, in: repository).parents.first
            }
        }
        return false
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
