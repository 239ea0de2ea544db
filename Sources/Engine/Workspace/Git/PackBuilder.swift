internal import CGit2

/// Puts objects into one file, each as its difference from one like it where that is shorter.
final class PackBuilder {
    private let pointer: OpaquePointer

    init(in repository: Repository) throws {
        var pointer: OpaquePointer?
        try check(git_packbuilder_new(&pointer, repository.pointer), "pack the repository")
        self.pointer = pointer!
    }

    deinit { git_packbuilder_free(pointer) }

    /// - Parameter name: the file that the object was; objects of one name are looked at for likeness first.
    func add(_ id: ObjectID, name: String? = nil) throws {
        var id = id.git
        try check(git_packbuilder_insert(pointer, &id, name), "pack the repository")
    }

    /// Writes the pack with its index among the repository's others.
    func write() throws { try check(git_packbuilder_write(pointer, nil, 0, nil, nil), "pack the repository") }
}
