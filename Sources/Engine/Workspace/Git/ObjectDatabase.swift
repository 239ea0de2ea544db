internal import CGit2
import Foundation

/// Where a repository keeps its objects: what they hold, by name.
final class ObjectDatabase {
    enum Kind: CaseIterable { case commit, tree, blob, tag }

    /// Those with a file of their own.
    let loose: LooseObjects
    private let lent: [LooseObjects]
    private let packed: PackedObjects
    private let pointer: OpaquePointer

    /// - Parameter folder: `objects` of the repository.
    init(of repository: OpaquePointer, folder: String) throws {
        loose = LooseObjects(folder: folder)
        let lenders = Self.lenders(of: folder)
        for place in [folder] + lenders { try PackIndexScreening.screen(place) }
        lent = lenders.map { LooseObjects(folder: $0) }
        packed = try PackedObjects(in: [folder] + lenders)
        var pointer: OpaquePointer?
        try check(git_repository_odb(&pointer, repository), "open the repository's objects")
        self.pointer = pointer!
    }

    deinit { git_odb_free(pointer) }

    func contains(_ id: ObjectID) -> Bool {
        packed.contains(id) || ([loose] + lent).contains { access($0.path(of: id), F_OK) == 0 }
    }

    /// Lends an object's bytes, which were checked against its name.
    /// - Parameters:
    ///   - limit: the most bytes that it may have.
    ///   - looksAhead: whether one that has more is not even taken into memory where it lies in a pack.
    /// - Throws: ``GitError``: `notFound`; `damaged` where it is of another kind, or is not what its name says; `tooLarge`.
    func read<T>(_ id: ObjectID, _ kind: Kind, limit: Int, looksAhead: Bool = true, _ body: (UnsafeRawBufferPointer) throws -> T) throws -> T {
        if !packed.contains(id, looksAgain: false) {
            for place in [loose] + lent {
                if let bytes = try place.read(id, kind, limit: limit) { return try bytes.withUnsafeBytes(body) }
            }
        }
        return try packed.read(id, kind, limit: limit, looksAhead: looksAhead, body)
    }

    /// Stores bytes. Where they are stored already, and damaged, they are stored anew.
    func writeBlob(_ data: Data) throws -> ObjectID {
        var id = git_oid()
        func write() throws {
            let code = data.withUnsafeBytes { git_odb_write(&id, pointer, $0.baseAddress, $0.count, GIT_OBJECT_BLOB) }
            try check(code, "store a file in the repository")
        }
        try write()
        do { _ = try loose.read(ObjectID(id), .blob, limit: data.count) } catch {
            loose.remove(ObjectID(id))
            try write()
        }
        return ObjectID(id)
    }

    /// The names of all objects, whole or not.
    func all() throws -> Set<ObjectID> { try ([loose] + lent).reduce(into: packed.all()) { $0.formUnion($1.all()) } }

    /// The folders of objects that a repository borrows from, and those that they borrow from.
    private static func lenders(of folder: String, depth: Int = 0) -> [String] {
        guard depth < 5, let data = FileManager.default.contents(atPath: folder + "/info/alternates"), data.count <= RepositoryScreening.greatestSettings
        else { return [] }
        return String(decoding: data, as: UTF8.self).split(separator: "\n").filter { !$0.hasPrefix("#") }.flatMap { line -> [String] in
            let lender = line.hasPrefix("/") ? String(line) : "\(folder)/\(line)"
            return [lender] + lenders(of: lender, depth: depth + 1)
        }
    }
}

extension ObjectDatabase.Kind {
    var git: git_object_t {
        switch self {
        case .commit: GIT_OBJECT_COMMIT
        case .tree: GIT_OBJECT_TREE
        case .blob: GIT_OBJECT_BLOB
        case .tag: GIT_OBJECT_TAG
        }
    }
}
