internal import CGit2

/// The objects that lie in packs, of a repository and of those that lend it theirs.
final class PackedObjects {
    private let pointer: OpaquePointer

    /// - Parameter folders: each named `objects`.
    init(in folders: [String]) throws {
        let attempt = "open the repository's packs"
        var pointer: OpaquePointer?
        try check(git_odb_new(&pointer), attempt)
        self.pointer = pointer!
        for (index, folder) in folders.enumerated() {
            var packs: UnsafeMutablePointer<git_odb_backend>?
            try check(git_odb_backend_pack(&packs, folder), attempt)
            try check(git_odb_add_backend(pointer, packs, Int32(folders.count - index)), attempt)
        }
    }

    deinit { git_odb_free(pointer) }

    /// - Parameter looksAgain: whether packs count that were written after this was opened.
    func contains(_ id: ObjectID, looksAgain: Bool = true) -> Bool {
        var id = id.git
        return git_odb_exists_ext(pointer, &id, looksAgain ? 0 : UInt32(GIT_ODB_LOOKUP_NO_REFRESH.rawValue)) == 1
    }

    func all() throws -> Set<ObjectID> {
        final class Names { var found: Set<ObjectID> = [] }
        let names = Names()
        let collect: git_odb_foreach_cb = { id, names in
            Unmanaged<Names>.fromOpaque(names!).takeUnretainedValue().found.insert(ObjectID(id!.pointee))
            return 0
        }
        try check(git_odb_foreach(pointer, collect, Unmanaged.passUnretained(names).toOpaque()), "list the repository's packs")
        return names.found
    }

    /// Lends an object's bytes, which were checked against its name.
    /// - Parameter looksAhead: whether one that has more than `limit` is not even taken into memory, which costs as much as
    ///   reading it.
    func read<T>(
        _ id: ObjectID, _ kind: ObjectDatabase.Kind, limit: Int, looksAhead: Bool, _ body: (UnsafeRawBufferPointer) throws -> T
    ) throws -> T {
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

    /// What libgit2 has no better code for than "error" is an object that it can't make sense of.
    private func damaged(_ code: Int32, _ attempt: @autoclosure () -> String) throws {
        if code >= 0 { return }
        do { try check(code, attempt()) } catch let error as GitError where error.code == .other(-1) {
            throw GitError(attempt(), code: .damaged, message: error.message)
        }
    }
}
