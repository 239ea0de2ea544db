internal import CGit2

extension Repository {
    /// Makes the index hold what a folder held, and nothing else.
    func setIndex(to tree: ObjectID) throws {
        let attempt = "write the index"
        var index: OpaquePointer?, id = tree.git, object: OpaquePointer?
        try check(git_repository_index(&index, pointer), attempt)
        defer { git_index_free(index) }
        try check(git_tree_lookup(&object, pointer, &id), attempt)
        defer { git_tree_free(object) }
        try check(git_index_read_tree(index, object), attempt)
        try check(git_index_write(index), attempt)
    }

    /// Whether the index is as git writes it; so is one that is not there.
    var canReadIndex: Bool {
        var index: OpaquePointer?
        defer { git_index_free(index) }
        return git_index_open(&index, "\(gitFolder)/index") == 0
    }

    /// The folder that the checked out commit holds; nil where there is no commit yet.
    func headTree() throws -> ObjectID? {
        var head: OpaquePointer?
        let code = git_repository_head(&head, pointer), attempt = "read the commit that is checked out"
        if code == GIT_EUNBORNBRANCH.rawValue || code == GIT_ENOTFOUND.rawValue { return nil }
        try check(code, attempt)
        defer { git_reference_free(head) }
        guard let target = git_reference_target(head) else { return nil }
        return try Commit(ObjectID(target.pointee), in: self).tree
    }
}
