internal import CGit2
import Foundation

/// A commit: a tree of files, what it came from, and a message.
struct Commit {
    /// The most bytes that are read of one.
    static let greatestSize = 256 << 10

    let tree: ObjectID
    let parents: [ObjectID]
    /// When it was made, to the second.
    let date: Date

    /// - Parameter message: is lent the commit's message.
    init(_ id: ObjectID, in repository: Repository, message: (ByteCursor) -> Void = { _ in }) throws {
        // A learner who fills the own memory is left to it.
        let looksAhead = repository.trust == .stranger
        let commit = try repository.objects.read(id, .commit, limit: Self.greatestSize, looksAhead: looksAhead) { Self(ByteCursor($0), message) }
        guard let commit else { throw GitError("read the commit \(id)", code: .damaged, message: "it is not as git writes commits") }
        self = commit
    }

    /// - Returns: nil for bytes that are no commit.
    private init?(_ bytes: ByteCursor, _ message: (ByteCursor) -> Void) {
        var rest = bytes
        let newline = UInt8(ascii: "\n")
        guard rest.skip("tree "), let tree = rest.next(before: newline).flatMap({ ObjectID(hexadecimal: $0.rest) }) else { return nil }
        var parents: [ObjectID] = [], date: Date?
        while var header = rest.next(before: newline) {
            if header.isAtEnd {
                guard let date else { return nil }
                (self.tree, self.parents, self.date) = (tree, parents, date)
                message(rest)
                return
            }
            if header.skip("parent ") {
                guard let id = ObjectID(hexadecimal: header.rest) else { return nil }
                parents.append(id)
            } else if date == nil, header.skip("committer ") {
                // "Name <address> seconds zone"; a name has no ">".
                while header.next(before: UInt8(ascii: ">")) != nil {}
                guard header.skip(" "), let seconds = header.next(before: UInt8(ascii: " "))?.integer else { return nil }
                date = Date(timeIntervalSince1970: TimeInterval(seconds))
            }
        }
        return nil
    }
}

extension Repository {
    /// The commit that an object's name stands for: itself, or what a tag was put on.
    /// - Returns: the commit, and the tags on the way to it.
    func commit(behind id: ObjectID) throws -> (commit: ObjectID, tags: [ObjectID]) {
        var id = id, tags: [ObjectID] = []
        while tags.count < 8, let target = try target(ofTag: id) {
            tags.append(id)
            id = target
        }
        _ = try Commit(id, in: self)
        return (id, tags)
    }

    /// - Returns: nil for what is no tag.
    private func target(ofTag id: ObjectID) throws -> ObjectID? {
        do {
            return try objects.read(id, .tag, limit: Commit.greatestSize) { bytes in
                var cursor = ByteCursor(bytes)
                return cursor.skip("object ") ? cursor.next(before: UInt8(ascii: "\n")).flatMap { ObjectID(hexadecimal: $0.rest) } : nil
            }
        } catch let error as GitError where error.code == .damaged { return nil }
    }

    /// Writes a commit; no reference moves.
    func writeCommit(tree: ObjectID, parent: ObjectID?, message: String, by author: Identity, at date: Date) throws -> ObjectID {
        var id = git_oid(), treeID = tree.git
        try author.withSignature(at: date) { signature in
            let attempt = "write a commit"
            if let parent {
                var parentID = parent.git
                try withUnsafePointer(to: &parentID) { only in
                    var parents: [UnsafePointer<git_oid>?] = [only]
                    try check(git_commit_create_from_ids(&id, pointer, nil, signature, signature, nil, message, &treeID, 1, &parents), attempt)
                }
            } else {
                try check(git_commit_create_from_ids(&id, pointer, nil, signature, signature, nil, message, &treeID, 0, nil), attempt)
            }
        }
        return ObjectID(id)
    }

    /// Writes a commit, signed where the learner signs; no reference moves.
    func writeCommit(
        tree: ObjectID, parent: ObjectID?, message: String, by author: Identity, at date: Date, signedBy signer: CommitSigner?
    ) throws -> ObjectID {
        guard let signer else { return try writeCommit(tree: tree, parent: parent, message: message, by: author, at: date) }
        let attempt = "write a commit"
        var treeName = tree.git, treePointer: OpaquePointer?, parents: [OpaquePointer?] = [], contents = git_buf(), id = git_oid()
        defer {
            git_tree_free(treePointer)
            for parent in parents { git_commit_free(parent) }
            git_buf_dispose(&contents)
        }
        try check(git_tree_lookup(&treePointer, pointer, &treeName), attempt)
        if var name = parent?.git {
            parents.append(nil)
            try check(git_commit_lookup(&parents[0], pointer, &name), attempt)
        }
        try author.withSignature(at: date) {
            _ = try check(git_commit_create_buffer(&contents, pointer, $0, $0, nil, message, treePointer, parents.count, &parents), attempt)
        }
        let signature = try signer.signature(of: Array(UnsafeRawBufferPointer(start: contents.ptr, count: contents.size)), by: author)
        try check(git_commit_create_with_signature(&id, pointer, contents.ptr, signature, "gpgsig"), attempt)
        return ObjectID(id)
    }
}
