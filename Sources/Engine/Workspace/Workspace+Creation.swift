internal import CGit2
import CellCompiler
import Courses
import Foundation
import Glibc

extension Workspace {
    /// Makes a workspace of a folder, in one step: whatever happens, the folder is as before, or is a workspace.
    ///
    /// A new or empty folder gets the files and a repository with them as its first commit. A folder that has files but
    /// lies in no repository keeps them: files that are missing are added, and the first commit holds the course's own, so
    /// that git shows what the learner changed. A repository is left as it is: files that are missing are added, no more.
    ///
    /// - Parameters:
    ///   - description: which course the files are of, kept in `.etude/workspace.json`.
    ///   - files: by their paths in the folder, with `/`.
    ///   - isApart: whether the folder gets a repository of its own even where it lies in another.
    /// - Throws: ``GitError``; among others for a path that some system reads otherwise.
    public static func create(at folder: String, of description: WorkspaceDescription, files: [String: Data], isApart: Bool = false) throws -> Workspace {
        let doing = "make a workspace at \(folder)"
        var contents = try paths(of: files, doing)
        contents[PortablePath(WorkspaceDescription.path)!] = try description.json()

        let folder = realPath(folder)
        let gitFolder = try Repository.folder(containing: folder)
        if let gitFolder, !isApart || (gitFolder as NSString).deletingLastPathComponent == folder {
            try createFolder(folder, doing)
            try keepCourseFiles(contents, of: description, in: Repository(gitFolder: gitFolder, trust: .own))
            try withNeighbour(of: folder + "/x", doing) { try add(contents, to: folder, by: $0, doing) }
        } else {
            let present = try? FileManager.default.contentsOfDirectory(atPath: folder)
            if present == nil || present!.isEmpty {
                try createFolder((folder as NSString).deletingLastPathComponent, doing)
                try withNeighbour(of: folder, doing) { place in
                    let made = "\(place)/made"
                    for (path, data) in contents { try write(data, to: path, in: made, doing) }
                    try makeRepository(at: made, contents, description, doing)
                    try durablyRename(made, folder, doing)
                }
            } else {
                try withNeighbour(of: folder + "/x", doing) { place in
                    try makeRepository(at: "\(place)/made", contents, description, doing)
                    try add(contents, to: folder, by: place, doing)
                    try durablyRename("\(place)/made/.git", "\(folder)/.git", doing)
                }
            }
        }
        guard let workspace = try open(containing: folder) else {
            throw GitError(doing, code: .notFound, message: "the folder lies in a repository without files of its own")
        }
        return workspace
    }

    static func paths(of files: [String: Data], _ doing: String) throws -> [PortablePath: Data] {
        var contents: [PortablePath: Data] = [:], folders: Set<String> = [], keys: Set<String> = []
        for (text, data) in files {
            guard let path = PortablePath(text), path.parts[0].lowercased() != ".etude" else {
                throw GitError(doing, code: .refused, message: "the course has a file \"\(text)\", a name that can't be used on every system or is Etude's own")
            }
            guard keys.insert(path.foldedKey).inserted else {
                throw GitError(doing, code: .refused, message: "the course has two files \"\(text)\" that differ in nothing but upper and lower case")
            }
            for count in 1..<max(1, path.parts.count) { folders.insert(PortablePath(path.parts.prefix(count).joined(separator: "/"))!.foldedKey) }
            contents[path] = data
        }
        if let both = keys.first(where: folders.contains) { throw GitError(doing, code: .refused, message: "the course has \"\(both)\" both as a file and as a folder") }
        return contents
    }

    // MARK: Files

    /// Lends a folder on the same file system that is removed afterwards; should this process be killed, by the next that
    /// makes one there.
    private static func withNeighbour(of path: String, _ doing: String, _ body: (String) throws -> Void) throws {
        let folder = (path as NSString).deletingLastPathComponent
        removeLeftovers(in: folder)
        while true {
            var template = Array("\(folder)/\(leftoverPrefix)XXXXXX".utf8CString)
            guard mkdtemp(&template) != nil else { throw system(doing, "a folder can't be made in \(folder)") }
            let place = String(cString: template)
            defer { try? FileManager.default.removeItem(atPath: place) }
            // Between the two, another may have taken it for a leftover.
            guard let descriptor = held(place) else { continue }
            defer { close(descriptor) }
            return try body(place)
        }
    }

    private static let leftoverPrefix = ".etude-new-"

    /// A folder that no other process holds, and none will until the descriptor is closed.
    private static func held(_ folder: String) -> Int32? {
        let descriptor = Glibc.open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { return nil }
        var (held, named) = (stat(), stat())
        // A file system without locks: nobody is told apart, and nothing is removed.
        if flock(descriptor, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK, fstat(descriptor, &held) == 0, lstat(folder, &named) == 0, held.st_ino == named.st_ino {
            return descriptor
        }
        close(descriptor)
        return nil
    }

    /// Removes what processes that were killed had begun to make.
    private static func removeLeftovers(in folder: String) {
        for name in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [] where name.hasPrefix(leftoverPrefix) {
            guard let descriptor = held("\(folder)/\(name)") else { continue }
            defer { close(descriptor) }
            if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { try? FileManager.default.removeItem(atPath: "\(folder)/\(name)") }
        }
    }

    /// Adds the files that are missing, each in one step, and never in place of another. The last is the one that makes
    /// the folder a workspace.
    private static func add(_ contents: [PortablePath: Data], to folder: String, by place: String, _ doing: String) throws {
        let last = PortablePath(WorkspaceDescription.path)!
        for (number, path) in (contents.keys.filter { $0 != last }.sorted() + [last]).enumerated() {
            let data = contents[path]!, target = "\(folder)/\(path.text)"
            var status = stat()
            if lstat(target, &status) == 0 { continue }
            // A link on the way could lead out of the folder.
            guard realPath(target) == target else { throw GitError(doing, code: .refused, message: "\(path.text) would lie elsewhere, by way of a link") }
            try write(data, to: PortablePath("\(number)")!, in: place, doing)
            try createFolder((target as NSString).deletingLastPathComponent, doing)
            if link("\(place)/\(number)", target) != 0, errno != EEXIST { throw system(doing, "\(path.text) can't be written") }
        }
    }

    private static func write(_ data: Data, to path: PortablePath, in folder: String, _ doing: String) throws {
        let file = "\(folder)/\(path.text)"
        try createFolder((file as NSString).deletingLastPathComponent, doing)
        do { try data.write(to: URL(fileURLWithPath: file), options: .withoutOverwriting) } catch { throw GitError(doing, code: .other(0), message: "\(path.text) can't be written: \(fileReason(error))") }
        flush(file)
    }

    private static func createFolder(_ folder: String, _ doing: String) throws {
        do { try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true) } catch {
            throw GitError(doing, code: .other(0), message: "the folder \(folder) can't be made: \(fileReason(error))")
        }
    }

    /// Gives what was made its name, unless there is something of this name by now that is more than an empty folder.
    private static func durablyRename(_ made: String, _ name: String, _ doing: String) throws {
        flush(made)
        guard rename(made, name) == 0 else {
            let isTaken = errno == ENOTEMPTY || errno == EEXIST || errno == ENOTDIR
            throw isTaken ? GitError(doing, code: .exists, message: "\(name) was made by another program in the meantime") : system(doing, "\(name) can't be made")
        }
        flush((name as NSString).deletingLastPathComponent)
    }

    /// Waits until the disk has a file, or a folder's names.
    private static func flush(_ path: String) {
        let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        fsync(descriptor)
        close(descriptor)
    }

    private static func system(_ doing: String, _ message: String) -> GitError {
        GitError(doing, code: .other(Int(errno)), message: "\(message) (\(String(cString: strerror(errno))))")
    }

    // MARK: Git

    /// Makes the course's files, as they are in one of its versions, the ones that its next version is compared with.
    static func keepCourseFiles(_ files: [String: Data], of description: WorkspaceDescription, in repository: Repository) throws {
        var contents = try paths(of: files, "keep the course's files")
        contents[PortablePath(WorkspaceDescription.path)!] = try description.json()
        try keepCourseFiles(contents, of: description, in: repository)
    }

    static func keepCourseFiles(_ contents: [PortablePath: Data], of description: WorkspaceDescription, in repository: Repository) throws {
        let reference = Reference(name: courseReference(description.course), repository: repository)
        try RecordingLock(commonFolder: repository.commonFolder).holding(reference.name) {
            let last = try reference.target(), tree = try write(contents.map { ($0.key.parts[...], $0.value) }, in: repository)
            if let last, (try? Commit(last, in: repository))?.tree == tree { return }
            let message = "\(description.course), version \(description.courseVersion)\n\nThe exercises as the course has them.\n"
            let commit = try repository.writeCommit(tree: tree, parent: last, message: message, by: Identity(ofLearnerIn: repository), at: Date())
            try reference.move(to: commit, from: last, note: "course")
        }
    }

    /// Makes a repository whose first commit, on the branch `main`, holds the files; they need not lie there.
    private static func makeRepository(at path: String, _ contents: [PortablePath: Data], _ description: WorkspaceDescription, _ doing: String) throws {
        try Library.start()
        var pointer: OpaquePointer?
        try check(etude_git_init(&pointer, path, "main"), doing)
        let repository = try Repository(pointer!, trust: .own)
        let tree = try write(contents.map { ($0.key.parts[...], $0.value) }, in: repository)
        let message = "Start the course\n\nThe exercises as the course has them.\n"
        let commit = try repository.writeCommit(tree: tree, parent: nil, message: message, by: Identity(ofLearnerIn: repository), at: Date())
        try Reference(name: "refs/heads/main", repository: repository).move(to: commit, from: nil, note: "commit (initial): Start the course")
        try repository.setIndex(to: tree)
        try keepCourseFiles(contents, of: description, in: repository)
        let exclude = "\(repository.commonFolder)/info/exclude"
        let ignored = "# What Etude writes for an editor is no part of the work.\n/compile_commands.json\n/.vscode/\n"
        try createFolder((exclude as NSString).deletingLastPathComponent, doing)
        do { try Data(ignored.utf8).write(to: URL(fileURLWithPath: exclude)) } catch {
            throw GitError(doing, code: .other(0), message: "info/exclude can't be written: \(fileReason(error))")
        }
    }

    static func write(_ files: [(ArraySlice<String>, Data)], in repository: Repository) throws -> ObjectID {
        let folder = try TreeBuilder(in: repository)
        for (name, entries) in Dictionary(grouping: files, by: { $0.0.first! }) {
            if entries[0].0.count == 1 {
                try folder.add(file: name, repository.objects.writeBlob(entries[0].1))
            } else {
                try folder.add(folder: name, write(entries.map { ($0.0.dropFirst(), $0.1) }, in: repository))
            }
        }
        return try folder.write()
    }
}
