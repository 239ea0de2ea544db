import Courses
import Foundation

/// A learner's folder of exercises, in a git repository where every attempt is kept.
///
///     let workspace = try Workspace.open(containing: "embeddings/1-embedding-layers.swift")
///     try workspace?.attempts(at: exercise).record(attempt)
public final class Workspace {
    public let repository: Repository
    /// The folder with the exercises: where `.etude/workspace.json` lies, or else the repository's files.
    public let folder: String
    /// nil for a repository that is not a workspace of Etude's.
    public let description: WorkspaceDescription?

    /// Finds the repository that a file or folder lies in, and whether it is a workspace of Etude's.
    /// - Returns: nil where there is no repository, or only a bare one.
    /// - Throws: ``GitError`` where there is one that can't be opened.
    public static func open(containing path: String) throws -> Workspace? {
        guard let gitFolder = try Repository.folder(containing: path) else { return nil }
        let repository = try Repository(gitFolder: gitFolder, trust: .own)
        guard let root = repository.workingFolder else { return nil }
        try UpdateJournal.finish(in: repository)
        return try Workspace(repository, root: root, path: path)
    }

    /// The workspace of Etude's that a file or folder lies in.
    /// - Returns: nil for any other place; what repository that lies in is not looked at.
    /// - Throws: ``GitError`` or `CourseError` where there is one that can't be opened.
    public static func ofLearner(containing path: String) throws -> Workspace? {
        guard try WorkspaceDescription.containing(path) != nil else { return nil }
        guard let workspace = try open(containing: path), workspace.description != nil else {
            throw GitError("open the workspace of \(path)", code: .notFound, message: "its git repository is not there", advice: "See what can be done: etude doctor")
        }
        return workspace
    }

    private init(_ repository: Repository, root: String, path: String) throws {
        self.repository = repository
        // From the path up to the repository's root, both without links so that they can be compared.
        let root = realPath(root)
        var place = realPath(path)
        while place == root || place.hasPrefix(root + "/") {
            if let description = try WorkspaceDescription(in: place) {
                (folder, self.description) = (place, description)
                return
            }
            place = (place as NSString).deletingLastPathComponent
        }
        (folder, description) = (root, nil)
    }

    public func attempts(at exercise: ExerciseName) -> Attempts { Attempts(at: exercise, in: repository) }
    public func submissions(of exercise: ExerciseName) -> Submissions { Submissions(of: exercise, in: repository) }
}

/// The path without links; of what does not exist, the part that does.
func realPath(_ path: String) -> String {
    let absolute = URL(fileURLWithPath: path).standardizedFileURL.path
    if let real = realpath(absolute, nil) {
        defer { free(real) }
        return String(cString: real)
    }
    let name = (absolute as NSString).lastPathComponent
    return absolute == "/" ? "/" : (realPath((absolute as NSString).deletingLastPathComponent) as NSString).appendingPathComponent(name)
}
