internal import CGit2

/// A folder as it was.
struct Tree {
    /// The most bytes that are read of one.
    static let greatestSize = 1 << 20

    struct Entry {
        enum Kind { case file, folder, link, repository }

        let name: String
        let id: ObjectID
        let kind: Kind
        var isFile: Bool { kind == .file }
    }

    let entries: [Entry]

    init(_ id: ObjectID, in repository: Repository) throws {
        try repository.objects.read(id, .tree, limit: Self.greatestSize) { _ in }
        var name = id.git, tree: OpaquePointer?
        try check(git_tree_lookup(&tree, repository.pointer, &name), "read the folder \(id)")
        defer { git_tree_free(tree) }
        entries = (0..<git_tree_entrycount(tree)).map { index in
            let entry = git_tree_entry_byindex(tree, index)
            let kind: Entry.Kind = switch git_tree_entry_filemode(entry) {
            case GIT_FILEMODE_TREE: .folder
            case GIT_FILEMODE_LINK: .link
            case GIT_FILEMODE_COMMIT: .repository
            default: .file
            }
            return Entry(name: String(cString: git_tree_entry_name(entry)), id: ObjectID(git_tree_entry_id(entry).pointee), kind: kind)
        }
    }
}

/// Puts a folder together.
final class TreeBuilder {
    private let pointer: OpaquePointer

    init(in repository: Repository) throws {
        var pointer: OpaquePointer?
        try check(git_treebuilder_new(&pointer, repository.pointer, nil), "store a folder in the repository")
        self.pointer = pointer!
    }

    deinit { git_treebuilder_free(pointer) }

    func add(file name: String, _ id: ObjectID) throws { try add(name, id, GIT_FILEMODE_BLOB) }
    func add(folder name: String, _ id: ObjectID) throws { try add(name, id, GIT_FILEMODE_TREE) }

    private func add(_ name: String, _ id: ObjectID, _ mode: git_filemode_t) throws {
        var id = id.git
        try check(git_treebuilder_insert(nil, pointer, name, &id, mode), "store \(name) in the repository")
    }

    func write() throws -> ObjectID {
        var id = git_oid()
        try check(git_treebuilder_write(&id, pointer), "store a folder in the repository")
        return ObjectID(id)
    }
}
