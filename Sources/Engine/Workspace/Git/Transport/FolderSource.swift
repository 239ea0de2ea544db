internal import CGit2
import Foundation
import Glibc

/// A repository of this machine. Nothing of it is executed, and another user's is only read: so it needs no
/// `safe.directory`.
struct FolderSource: ReferenceSource {
    let attempt: String
    private let repository: Repository
    private let ours: Repository
    private let transfer: Transfer

    init(_ path: String, _ ours: Repository, _ transfer: Transfer, _ attempt: String) throws {
        (self.ours, self.transfer, self.attempt) = (ours, transfer, attempt)
        let path = realPath(path)
        // A folder of a repository is none itself. A working tree's `.git` may be a file that says where the repository is.
        guard let folder = try Repository.folder(containing: path), realPath(folder) == path || FileManager.default.fileExists(atPath: path + "/.git") else {
            let exists = FileManager.default.fileExists(atPath: path)
            throw GitError(attempt, code: .notFound, message: exists ? "this folder is not a git repository" : "there is no such folder")
        }
        var status = stat()
        let isOwn = stat(folder, &status) == 0 && status.st_uid == geteuid()
        repository = try Repository(gitFolder: folder, trust: isOwn ? .own : .stranger)
    }

    func heads() throws -> [AdvertisedHead] {
        var heads: [AdvertisedHead] = []
        for name in try Reference.names(under: "refs", in: repository) {
            // One that is damaged is no reason not to get another.
            if let id = try? Reference(name: name, repository: repository).target() { heads.append(.init(name: name, id: id)) }
        }
        var head: OpaquePointer?
        guard git_reference_lookup(&head, repository.pointer, "HEAD") == 0 else { return heads }
        defer { git_reference_free(head) }
        if let target = git_reference_symbolic_target(head).map({ String(cString: $0) }) {
            if let id = heads.first(where: { $0.name == target })?.id { heads.append(.init(name: "HEAD", id: id, target: target)) }
        } else if let id = git_reference_target(head) {
            heads.append(.init(name: "HEAD", id: ObjectID(id.pointee)))
        }
        return heads
    }

    func download(_ heads: [AdvertisedHead]) throws {
        // A reference may stand for anything; one for a folder or a file is for the caller to miss.
        let tips = heads.map(\.id).filter { id in
            ![.tree, .blob].contains { (try? repository.objects.read(id, $0, limit: transfer.greatestObject) { _ in }) != nil }
        }
        try Self.copy(tips, from: repository, to: ours, transfer, attempt)
    }

    func push(_ name: String, _ id: ObjectID) throws {
        guard repository.trust == .own else {
            throw GitError(attempt, code: .denied, message: "it belongs to another user of this machine", advice: "Send it over ssh, or as a bundle.")
        }
        try Self.copy([id], from: ours, to: repository, transfer, attempt)
        try Reference(name: name, repository: repository).move(to: id, from: nil, note: "push")
    }

    private static func copy(_ tips: [ObjectID], from source: Repository, to destination: Repository, _ transfer: Transfer, _ attempt: String) throws {
        let objects = try ObjectWalk(repository: source, transfer: transfer, attempt: attempt).objects(of: tips, except: destination.objects.contains)
        guard !objects.isEmpty else { return }
        let builder = try PackBuilder(in: source)
        for object in objects { try builder.add(object.id, name: object.name) }
        let indexer = try PackIndexer(into: destination, transfer, attempt)
        try builder.forEachPiece(indexer.add)
        try indexer.finish()
        let boundary = try source.shallowCommits().intersection(objects.map(\.id))
        if !boundary.isEmpty { try destination.addShallowCommits(boundary) }
    }
}
