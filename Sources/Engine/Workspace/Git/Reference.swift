internal import CGit2

/// A name that stands for a commit, and moves.
struct Reference {
    let name: String
    let repository: Repository

    /// What a reference may stand for.
    enum Meaning { case commit(ObjectID), reference(String) }

    /// What it stands for; nil where there is no such reference.
    /// - Throws: ``GitError`` where it is unreadable, or stands for another reference instead.
    func target() throws -> ObjectID? {
        switch try meaning() {
        case .commit(let id): return id
        case .reference: throw GitError("read \(name)", code: .refused, message: "it stands for another reference instead of a commit")
        case nil: return nil
        }
    }

    /// What it stands for, be it another reference.
    /// - Throws: ``GitError`` where it is unreadable.
    func meaning() throws -> Meaning? {
        let attempt = "read \(name)"
        try RepositoryScreening(gitFolder: repository.commonFolder, attempt: attempt).screen(reference: name)
        var reference: OpaquePointer?
        let code = git_reference_lookup(&reference, repository.pointer, name)
        if code == GIT_ENOTFOUND.rawValue { return nil }
        try check(code, attempt)
        defer { git_reference_free(reference) }
        if let target = git_reference_target(reference) { return .commit(ObjectID(target.pointee)) }
        return git_reference_symbolic_target(reference).map { .reference(String(cString: $0)) }
    }

    /// Moves it, if it still stands for what it should.
    /// - Parameter known: nil where there should be no such reference yet.
    /// - Throws: ``GitError``, with the code `modified`, `exists` or `locked` when another program was faster.
    func move(to target: ObjectID, from known: ObjectID?, note: String) throws {
        let attempt = "move \(name)"
        try RepositoryScreening(gitFolder: repository.commonFolder, attempt: attempt).screen(reference: name)
        var target = target.git, expected = known?.git ?? git_oid(), reference: OpaquePointer?
        defer { git_reference_free(reference) }
        try check(
            git_reference_create_matching(&reference, repository.pointer, name, &target, known == nil ? 0 : 1, &expected, note), attempt)
    }

    /// Whether git would make a reference of this name, or it is `HEAD`.
    static func isValid(_ name: String) -> Bool {
        var isValid: Int32 = 0
        guard name == "HEAD" || name.hasPrefix("refs/"), name.utf8.count <= 1_024, name.utf8.allSatisfy({ $0 != 0 }), (try? Library.start()) != nil else { return false }
        return git_reference_name_is_valid(&isValid, name) == 0 && isValid == 1
    }

    /// The names of all references that begin with some folders.
    static func names(under folder: String, in repository: Repository) throws -> [String] {
        var iterator: OpaquePointer?
        try check(git_reference_iterator_glob_new(&iterator, repository.pointer, folder + "/*"), "list \(folder)")
        defer { git_reference_iterator_free(iterator) }
        var names: [String] = [], name: UnsafePointer<CChar>?
        while git_reference_next_name(&name, iterator) == 0, let name { names.append(String(cString: name)) }
        return names.sorted()
    }
}
