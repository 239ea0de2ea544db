import Foundation

/// Everything that some commits consist of: they, tags on them, what they came from, and their files.
///
/// Each object was read in full, so that libgit2, which never ends with one that is cut off, can be asked to pack them.
struct ObjectWalk {
    struct Found {
        let id: ObjectID
        let kind: ObjectDatabase.Kind
        var name: String?
    }

    let repository: Repository
    let transfer: Transfer
    let attempt: String

    /// - Parameter isThere: whether the other side has an object, and with it all that it consists of.
    /// - Returns: tags, then commits, folders and files, as a pack wants them.
    func objects(of tips: some Sequence<ObjectID>, except isThere: (ObjectID) -> Bool) throws -> [Found] {
        var tags: [Found] = [], commits: [Found] = [], folders: [Found] = [], files: [Found] = []
        var seen: Set<ObjectID> = [], bytes = 0
        let boundary = try repository.shallowCommits()
        func isNew(_ id: ObjectID) throws -> Bool {
            guard seen.insert(id).inserted, !isThere(id) else { return false }
            if seen.count % 1_000 == 0 { try transfer.allow(.init(objects: 0, total: 0, bytes: bytes), attempt) }
            guard seen.count <= transfer.greatestCount else { throw GitError(attempt, code: .tooLarge, message: "it has more than the \(transfer.greatestCount) objects that Etude takes") }
            return true
        }
        var waiting: [ObjectID] = [], trees: [(ObjectID, String?)] = []
        for tip in tips {
            let (commit, ofTip) = try repository.commit(behind: tip)
            tags += try ofTip.filter(isNew).map { Found(id: $0, kind: .tag) }
            if try isNew(commit) { waiting.append(commit) }
        }
        while let id = waiting.popLast() {
            let commit = try Commit(id, in: repository)
            commits.append(Found(id: id, kind: .commit))
            if try isNew(commit.tree) { trees.append((commit.tree, nil)) }
            if !boundary.contains(id) { waiting += try commit.parents.filter(isNew) }
        }
        while let (id, name) = trees.popLast() {
            folders.append(Found(id: id, kind: .tree, name: name))
            for entry in try Tree(id, in: repository).entries {
                switch entry.kind {
                case .folder: if try isNew(entry.id) { trees.append((entry.id, entry.name)) }
                case .file, .link:
                    guard try isNew(entry.id) else { continue }
                    bytes += try repository.objects.read(entry.id, .blob, limit: transfer.greatestObject) { $0.count }
                    files.append(Found(id: entry.id, kind: .blob, name: entry.name))
                // What it stands for lies in another repository.
                case .repository: continue
                }
            }
        }
        return tags + commits + folders + files
    }
}

extension Repository {
    /// The commits whose parents were cut off when the history was fetched.
    func shallowCommits() throws -> Set<ObjectID> {
        guard let data = FileManager.default.contents(atPath: commonFolder + "/shallow") else { return [] }
        return Set(String(decoding: data, as: UTF8.self).split(separator: "\n").compactMap { ObjectID($0) })
    }

    /// Notes commits whose parents are rightly missing.
    func addShallowCommits(_ commits: Set<ObjectID>) throws {
        let text = try shallowCommits().union(commits).sorted().map { "\($0)\n" }.joined()
        do { try Data(text.utf8).write(to: URL(fileURLWithPath: commonFolder + "/shallow"), options: .atomic) } catch {
            throw GitError("note where the history was cut off", code: .other(0), message: error.localizedDescription)
        }
    }
}
