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
    /// Ends where the commit does.
    let message: Substring.UTF8View

    init(_ id: ObjectID, in repository: Repository) throws {
        let commit = try repository.objects.read(id, .commit, limit: Self.greatestSize) { Self(String(decoding: $0, as: UTF8.self)) }
        guard let commit else { throw GitError("read the commit \(id)", code: .damaged, message: "it is not as git writes commits") }
        self = commit
    }

    /// - Returns: nil for text that is no commit.
    private init?(_ text: String) {
        var rest = text[...].utf8
        func line() -> Substring.UTF8View? {
            guard let end = rest.firstIndex(of: UInt8(ascii: "\n")) else { return nil }
            defer { rest = rest[rest.index(after: end)...] }
            return rest[..<end]
        }
        func value(_ line: Substring.UTF8View, after key: StaticString) -> Substring.UTF8View? {
            line.count > key.utf8CodeUnitCount && line.starts(with: UnsafeBufferPointer(start: key.utf8Start, count: key.utf8CodeUnitCount))
                ? line.dropFirst(key.utf8CodeUnitCount) : nil
        }
        guard let tree = line().flatMap({ value($0, after: "tree ") }).flatMap({ ObjectID(hexadecimal: $0) }) else { return nil }
        var parents: [ObjectID] = [], date: Date?
        while let header = line() {
            if header.isEmpty {
                guard let date else { return nil }
                (self.tree, self.parents, self.date, message) = (tree, parents, date, rest)
                return
            }
            if let parent = value(header, after: "parent ") {
                guard let id = ObjectID(hexadecimal: parent) else { return nil }
                parents.append(id)
            } else if date == nil, let committer = value(header, after: "committer ") {
                // "Name <address> seconds zone"
                let words = committer.split(separator: UInt8(ascii: " "))
                guard words.count >= 2, let seconds = Int64(Substring(words[words.count - 2])) else { return nil }
                date = Date(timeIntervalSince1970: TimeInterval(seconds))
            }
        }
        return nil
    }
}

extension Repository {
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
}
