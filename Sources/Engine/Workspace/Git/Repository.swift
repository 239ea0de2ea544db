internal import CGit2
import Foundation

/// A git repository that is open. For one thread at a time.
///
/// Nothing in it is ever executed: no hook, no filter, no program that a setting names. What comes out of it is bounded,
/// and a repository that is not sound gives a ``GitError``.
public final class Repository {
    /// Whose repository it is.
    public enum Trust: Sendable {
        /// The learner's own: its settings count as they do for git, which asks that its owner be oneself.
        case own
        /// Somebody else's, to be read: its settings are not even looked at, and it must lie in its folder in full.
        case stranger
    }

    /// The folder with what belongs to this working tree alone: `HEAD`, the index.
    public let gitFolder: String
    /// The folder with what all working trees share: objects, references. Mostly ``gitFolder``.
    public let commonFolder: String
    /// Where the files lie; nil for a bare repository, and for a stranger's.
    public let workingFolder: String?
    public let trust: Trust
    let pointer: OpaquePointer
    let objects: ObjectDatabase

    /// Opens the repository that a file or folder lies in.
    /// - Throws: ``GitError``, with the code `notFound` when there is none.
    public convenience init(containing path: String, trust: Trust = .own) throws {
        guard let folder = try Self.folder(containing: path) else {
            throw GitError("find a git repository", code: .notFound, message: "\(path) lies in none")
        }
        try self.init(gitFolder: folder, trust: trust)
    }

    /// - Parameter gitFolder: `.git`, or a bare repository.
    convenience init(gitFolder: String, trust: Trust) throws {
        let attempt = "open the repository at \(gitFolder)"
        try Library.start()
        try RepositoryScreening(gitFolder: gitFolder, attempt: attempt).screen(for: trust)
        let pointer = try trust == .own ? Self.openOwn(gitFolder, attempt) : Self.openStrangers(gitFolder, attempt)
        try self.init(pointer, trust: trust)
    }

    /// Takes over what libgit2 has opened.
    init(_ pointer: OpaquePointer, trust: Trust) throws {
        let commonFolder = String(cString: git_repository_commondir(pointer)).withoutFinalSlash
        do { objects = try ObjectDatabase(of: pointer, folder: commonFolder + "/objects") } catch {
            git_repository_free(pointer)
            throw error
        }
        (self.pointer, self.trust, self.commonFolder) = (pointer, trust, commonFolder)
        gitFolder = String(cString: git_repository_path(pointer)).withoutFinalSlash
        workingFolder = trust == .stranger ? nil : git_repository_workdir(pointer).map { String(cString: $0).withoutFinalSlash }
    }

    deinit { git_repository_free(pointer) }

    /// The git folder of the repository that a file or folder lies in; nil when it lies in none.
    ///
    /// As with git, a folder on another file system than its parent is not looked for in the parent.
    public static func folder(containing path: String) throws -> String? {
        try Library.start()
        var place = URL(fileURLWithPath: path).standardizedFileURL
        var isFolder: ObjCBool = false
        while !FileManager.default.fileExists(atPath: place.path, isDirectory: &isFolder) || !isFolder.boolValue, place.path != "/" {
            place.deleteLastPathComponent()
        }
        var found = git_buf()
        defer { git_buf_dispose(&found) }
        let code = git_repository_discover(&found, place.path, 0, nil)
        if code == GIT_ENOTFOUND.rawValue { return nil }
        try check(code, "look for the repository of \(path)")
        return String(cString: found.ptr).withoutFinalSlash
    }

    private static func openOwn(_ gitFolder: String, _ attempt: String) throws -> OpaquePointer {
        var pointer: OpaquePointer?
        let flags = GIT_REPOSITORY_OPEN_NO_SEARCH.rawValue | GIT_REPOSITORY_OPEN_NO_DOTGIT.rawValue
        func open() -> Int32 { git_repository_open_ext(&pointer, gitFolder, flags, nil) }
        try ownerValidation.withLock {
            do { try check(open(), attempt) } catch let error as GitError {
                // Where no settings trust anybody, libgit2 has no better word than that it found none.
                guard error.code == .otherOwner || error.code == .notFound && error.message.contains("safe.directory") else { throw error }
                guard try Configuration.ofLearner().trustsOwner(of: gitFolder) else {
                    throw GitError(attempt, code: .otherOwner, message: "it belongs to another user of this machine")
                }
                try check(etude_git_set_owner_validation(0), attempt)
                defer { etude_git_set_owner_validation(1) }
                try check(open(), attempt)
            }
        }
        return pointer!
    }

    /// Without its settings, and whoever owns it.
    private static func openStrangers(_ gitFolder: String, _ attempt: String) throws -> OpaquePointer {
        let nothing = try Configuration()
        var pointer: OpaquePointer?
        try check(git_repository_open_bare(&pointer, gitFolder), attempt)
        git_repository_set_config(pointer, nothing.pointer)
        return pointer!
    }

    /// Held while owners may be unlooked at, which libgit2 can only do for the whole process.
    private static let ownerValidation = NSLock()

    /// Whether the history was cut off when it was fetched, so that some commits' parents are missing rightly.
    public var isShallow: Bool { git_repository_is_shallow(pointer) == 1 }
}

extension String {
    var withoutFinalSlash: String { count > 1 && hasSuffix("/") ? String(dropLast()) : self }
}
