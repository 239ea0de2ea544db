import Courses
import Foundation
import Glibc
import Notebook

/// What an update that has begun is to write into a learner's folder: whoever comes after a process that was killed finishes
/// it, so that the folder is as before the update or as after it, and never in between.
///
/// It lies in the git folder of the working tree, comes there in one step when all that it names is in the repository, and
/// goes when all is written.
struct UpdateJournal: Codable {
    private static let currentVersion = 1
    private static let greatestSize = 32 << 20

    private struct Entry: Codable {
        var path: String
        /// The names of what the repository holds; nil for nothing.
        var before, after: String?
    }

    private var version = UpdateJournal.currentVersion
    /// The learner's folder in the working tree, empty for all of it.
    private var folder: String
    private var files: [Entry]

    private static func folder(_ repository: Repository) -> String { "\(repository.gitFolder)/etude" }
    private static func file(_ repository: Repository) -> String { file(repository.gitFolder) }
    private static func file(_ gitFolder: String) -> String { "\(gitFolder)/etude/update.json" }

    /// Whether an update was begun in a working tree and is not finished.
    static func isThere(in gitFolder: String) -> Bool {
        var status = stat()
        return lstat(file(gitFolder), &status) == 0
    }

    // MARK: One at a time

    /// Does something while no other process updates this working tree.
    /// - Throws: ``GitError``, with the code `locked`, when another one does for longer than that takes.
    static func holding<T>(_ repository: Repository, _ work: () throws -> T) throws -> T {
        let folder = folder(repository)
        mkdir(folder, 0o777)
        let descriptor = open("\(folder)/update.lock", O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o666)
        guard descriptor >= 0 else {
            throw GitError("update the course", code: .other(Int(errno)), message: "\(folder)/update.lock can't be opened (\(String(cString: strerror(errno))))")
        }
        defer { close(descriptor) }
        let end = ContinuousClock.now + .seconds(20)
        while flock(descriptor, LOCK_EX | LOCK_NB) != 0, errno == EWOULDBLOCK || errno == EINTR {
            guard .now < end else { throw GitError("update the course", code: .locked, message: "another update of it is under way") }
            usleep(5_000)
        }
        return try work()
    }

    /// Finishes what a process left that was killed.
    /// - Throws: ``GitError`` or `NotebookError`; it is finished another time then.
    static func finish(in repository: Repository) throws {
        guard isThere(in: repository.gitFolder) else { return }
        try holding(repository) { try finishHeld(in: repository) }
    }

    /// As ``finish(in:)``, by who holds the lock.
    static func finishHeld(in repository: Repository) throws {
        WholeFile.removeLeftovers(of: file(repository))
        try read(in: repository)?.carryOut(in: repository, after: .death)
    }

    // MARK: Writing

    /// Writes a folder's files, as one.
    /// - Throws: ``GitError`` or `NotebookError`; nothing is written then, or the rest will be by who comes next.
    static func carryOut(_ writes: [FileWrite], in folder: String, of repository: Repository) throws {
        func store(_ data: Data?) throws -> String? { try data.map { try repository.objects.writeBlob($0).description } }
        let entries = try writes.map { Entry(path: $0.path.text, before: try store($0.before), after: try store($0.after)) }
        let journal = UpdateJournal(folder: folder, files: entries)
        try WholeFile.replace(file(repository), with: JSONEncoder().encode(journal), called: "What is to be updated")
        try journal.carryOut(in: repository, after: .writing)
    }

    /// What came before the carrying out.
    private enum Moment { case writing, death }

    private init(folder: String, files: [Entry]) { (self.folder, self.files) = (folder, files) }

    private func carryOut(in repository: Repository, after moment: Moment) throws {
        let refused = GitError(
            "finish the update of the course", code: .damaged, message: "\(Self.file(repository)) is not as Etude wrote it",
            advice: "Move that file away, and look at your files with: git status")
        guard let root = repository.workingFolder, folder.isEmpty || PortablePath(folder) != nil else { throw refused }
        func read(_ name: String?) throws -> Data? {
            guard let name else { return nil }
            guard let id = ObjectID(name) else { throw refused }
            return try repository.objects.read(id, .blob, limit: FolderFile.greatestSize) { Data($0) }
        }
        let place = realPath(root) + (folder.isEmpty ? "" : "/\(folder)")
        let writes = try files.map { entry in
            guard let path = PortablePath(entry.path) else { throw refused }
            return FileWrite(path: path, before: try read(entry.before), after: try read(entry.after))
        }
        for write in writes {
            let file = FolderFile(folder: place, path: write.path)
            if moment == .death { file.removeLeftovers([write.before, write.after]) }
            try Self.carryOut(write, at: file)
        }
        unlink(Self.file(repository))
        WholeFile.syncFolder(of: Self.file(repository))
    }

    private static func carryOut(_ write: FileWrite, at file: FolderFile) throws {
        // Another program may save in between once or twice; after that it would be a race.
        for _ in 0..<20 {
            let present: Data?
            switch try file.read() {
            case .blocked: return
            case .nothing: present = nil
            case .file(let data): present = data
            }
            if present == write.after { return }
            var wanted = write.after
            if let present, present != write.before {
                // Saved since the update was planned: that counts as the learner's.
                guard let merged = UpdatePlanner.merged(write, with: present), merged != present else { return }
                wanted = merged
            } else if present == nil, write.before != nil {
                return
            }
            if try file.replace(present, with: wanted) { return }
        }
        throw NotebookError("Another program is writing this file all the time. The update goes on with your next command.", file: write.path.text)
    }

    private static func read(in repository: Repository) throws -> UpdateJournal? {
        let file = file(repository)
        guard isThere(in: repository.gitFolder) else { return nil }
        let data = try WholeFile.bytes(of: file, atMost: greatestSize)
        guard let journal = try? JSONDecoder().decode(UpdateJournal.self, from: data), journal.version == currentVersion else {
            throw GitError(
                "finish the update of the course", code: .refused, message: "\(file) is not what this version of Etude writes",
                advice: "A newer Etude may have begun the update: finish it with that.")
        }
        return journal
    }
}
