internal import CGit2
import Foundation

/// Where a repository keeps its objects: what they hold, by name.
final class ObjectDatabase {
    enum Kind { case commit, tree, blob }

    let pointer: OpaquePointer

    init(of repository: OpaquePointer) throws {
        var pointer: OpaquePointer?
        try check(git_repository_odb(&pointer, repository), "open the repository's objects")
        self.pointer = pointer!
    }

    /// Knows only what lies in packs, not what has a file of its own.
    init(packsIn folder: String) throws {
        var pointer: OpaquePointer?, packs: UnsafeMutablePointer<git_odb_backend>?
        try check(git_odb_new(&pointer), "open the repository's packs")
        self.pointer = pointer!
        try check(git_odb_backend_pack(&packs, folder), "open the repository's packs")
        try check(git_odb_add_backend(pointer, packs, 1), "open the repository's packs")
    }

    deinit { git_odb_free(pointer) }

    func contains(_ id: ObjectID) -> Bool {
        var id = id.git
        return git_odb_exists(pointer, &id) == 1
    }

    /// Lends an object's bytes.
    /// - Parameters:
    ///   - limit: the most bytes that it may have.
    ///   - looksAhead: whether one that has more is not even taken into memory. In a pack that costs as much as reading it.
    /// - Throws: ``GitError``: `notFound`; `damaged` where it is of another kind, or is not what its name says; `tooLarge`.
    func read<T>(_ id: ObjectID, _ kind: Kind, limit: Int, looksAhead: Bool = true, _ body: (UnsafeRawBufferPointer) throws -> T) throws -> T {
        var attempt: String { "read \(id) from the repository" }
        var name = id.git, size = 0, type = GIT_OBJECT_INVALID
        func expect(_ type: git_object_t, _ size: Int) throws {
            guard type == kind.git else { throw GitError(attempt, code: .damaged, message: "it should be a \(kind), and is not") }
            guard size <= limit else { throw GitError(attempt, code: .tooLarge, message: "it has \(size) bytes, and Etude reads at most \(limit)") }
        }
        if looksAhead {
            try damaged(git_odb_read_header(&size, &type, pointer, &name), attempt)
            try expect(type, size)
        }
        var object: OpaquePointer?
        try damaged(git_odb_read(&object, pointer, &name), attempt)
        defer { git_odb_object_free(object) }
        // A header may have promised something else.
        try expect(git_odb_object_type(object), git_odb_object_size(object))
        return try body(UnsafeRawBufferPointer(start: git_odb_object_data(object), count: git_odb_object_size(object)))
    }

    func writeBlob(_ data: Data) throws -> ObjectID {
        var id = git_oid()
        try check(data.withUnsafeBytes { git_odb_write(&id, pointer, $0.baseAddress, $0.count, GIT_OBJECT_BLOB) }, "store a file in the repository")
        return ObjectID(id)
    }

    /// What libgit2 has no better code for than "error" is an object that it can't make sense of.
    private func damaged(_ code: Int32, _ attempt: @autoclosure () -> String) throws {
        if code >= 0 { return }
        do { try check(code, attempt()) } catch var error as GitError where error.code == .other(-1) {
            error = GitError(attempt(), code: .damaged, message: error.message)
            throw error
        }
    }
}

extension ObjectDatabase.Kind {
    fileprivate var git: git_object_t {
        switch self {
        case .commit: GIT_OBJECT_COMMIT
        case .tree: GIT_OBJECT_TREE
        case .blob: GIT_OBJECT_BLOB
        }
    }
}
