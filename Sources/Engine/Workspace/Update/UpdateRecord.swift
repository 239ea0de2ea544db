import Foundation

/// An update as it is kept in the repository: a commit on `refs/etude/updates/<course>` with the files as they were before,
/// as they were meant to be after, and what it was.
///
/// It is kept before the update begins, so that one which was never carried out may be among them.
struct UpdateRecord: Codable, Equatable {
    static let currentVersion = 1
    var version = UpdateRecord.currentVersion
    var course: String
    var from: String
    var to: String
    /// Which of the repository's working trees it was in: its name, empty for the first.
    var worktree: String
    /// The learner's folder in that, empty for all of it.
    var folder: String
    /// The name of the update that this one takes back.
    var undoes: String?
    var time: Int64

    private static let greatestSize = 64 << 10
    private static let file = "update.json"

    static func reference(_ course: String) -> String { "refs/etude/updates/\(course)" }

    /// Keeps it with the files that it changes.
    func keep(_ writes: [FileWrite], in repository: Repository) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        var files: [(ArraySlice<String>, Data)] = [([Self.file], try encoder.encode(self) + Data("\n".utf8))]
        for write in writes {
            if let before = write.before { files.append(([["before"], write.path.parts].flatMap { $0 }[...], before)) }
            if let after = write.after { files.append(([["after"], write.path.parts].flatMap { $0 }[...], after)) }
        }
        let reference = Reference(name: Self.reference(course), repository: repository)
        try RecordingLock(commonFolder: repository.commonFolder).holding(reference.name) {
            let last = try reference.target(), tree = try Workspace.write(files, in: repository)
            let message = "\(course): \(undoes == nil ? "from version" : "back from version") \(from) to \(to)\n"
            let date = Date(timeIntervalSince1970: Double(time) / 1_000)
            let commit = try repository.writeCommit(tree: tree, parent: last, message: message, by: Identity(ofLearnerIn: repository), at: date)
            try reference.move(to: commit, from: last, note: "update")
        }
    }

    /// One that is in the repository.
    struct Kept {
        let record: UpdateRecord
        let id: ObjectID
        let parent: ObjectID?

        /// The files that it changed, as they were before and after.
        func files(in repository: Repository) throws -> (before: [String: Data], after: [String: Data]) {
            (try files("before", in: repository), try files("after", in: repository))
        }

        private func files(_ folder: String, in repository: Repository) throws -> [String: Data] {
            let found = try repository.files(at: id, under: folder)
            // To take an update back without one of its files would take that away.
            if let first = found.leftOut.first { throw GitError("take the update back", code: .damaged, message: first.description) }
            return found.files
        }
    }

    /// - Returns: nil for a commit that holds none, or one of another version.
    private static func read(_ id: ObjectID, in repository: Repository) throws -> Kept? {
        let commit = try Commit(id, in: repository)
        guard let entry = try Tree(commit.tree, in: repository).entries.first(where: { $0.name == file && $0.isFile }) else { return nil }
        let data = try repository.objects.read(entry.id, .blob, limit: greatestSize) { Data($0) }
        guard let record = try? JSONDecoder().decode(UpdateRecord.self, from: data), record.version == currentVersion else { return nil }
        return Kept(record: record, id: id, parent: commit.parents.first)
    }

    /// The update that brought a folder to the version that it has, and was not taken back.
    ///
    /// - Parameter pinned: that version.
    /// - Returns: nil where there is none.
    static func last(of course: String, pinned: String, worktree: String, folder: String, in repository: Repository) throws -> Kept? {
        var next = try Reference(name: reference(course), repository: repository).target(), left = 10_000
        while let id = next, left > 0 {
            left -= 1
            guard let kept = try read(id, in: repository) else { return nil }
            next = kept.parent
            let record = kept.record
            // Another folder's, or never carried out.
            guard record.worktree == worktree, record.folder == folder, record.to == pinned else { continue }
            guard let undone = record.undoes else { return kept }
            next = try ObjectID(undone).flatMap { try read($0, in: repository) }?.parent
        }
        return nil
    }
}
