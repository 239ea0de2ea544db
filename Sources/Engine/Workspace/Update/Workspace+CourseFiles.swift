import Courses
import Foundation

/// The course's files as the learner got them: a commit for each version on `refs/etude/courses/<course>`.
extension Workspace {
    private static let greatestFile = 256 << 20
    private static let greatestCount = 50_000

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
            let commit = try Commit(id, in: repository)
            if try version == nil || self.version(ofTree: commit.tree, in: repository) == version {
                return try files(ofTree: commit.tree, in: repository, limit: greatestFile)
            }
            next = commit.parents.first
        }
        return nil
    }

    private static func version(ofTree tree: ObjectID, in repository: Repository) throws -> String? {
        guard let folder = try Tree(tree, in: repository).entries.first(where: { $0.name == ".etude" && $0.isFolder }),
            let file = try Tree(folder.id, in: repository).entries.first(where: { $0.name == "workspace.json" && $0.isFile }) else { return nil }
        struct Pinned: Decodable { var courseVersion: String }
        let data = try repository.objects.read(file.id, .blob, limit: 64 << 10) { Data($0) }
        return (try? JSONDecoder().decode(Pinned.self, from: data))?.courseVersion
    }

    /// Keeps the files of a version, unless they are kept.
    func keepCourseFiles(_ files: [String: Data], of description: WorkspaceDescription) throws {
        if try courseFiles(ofVersion: description.courseVersion) != nil { return }
        var contents = try Self.paths(of: files, "update the course")
        contents[PortablePath(WorkspaceDescription.path)!] = try description.json()
        try Self.keepCourseFiles(contents, of: description, in: repository)
    }

    /// The files below a tree by their paths; links and submodules are left out.
    static func files(ofTree tree: ObjectID, in repository: Repository, limit: Int) throws -> [String: Data] {
        var files: [String: Data] = [:]
        func read(_ tree: ObjectID, _ folder: String, _ depth: Int) throws {
            guard depth < 100, files.count < greatestCount else { throw GitError("read the course's files", code: .tooLarge, message: "there are more than \(greatestCount), or folders in folders without end") }
            for entry in try Tree(tree, in: repository).entries {
                if entry.isFile {
                    files[folder + entry.name] = try repository.objects.read(entry.id, .blob, limit: limit) { Data($0) }
                } else if entry.isFolder {
                    try read(entry.id, "\(folder)\(entry.name)/", depth + 1)
                }
            }
        }
        try read(tree, "", 0)
        return files
    }
}
