import Foundation

/// The files of a commit, read into memory, with what can't be a file on every system left out.
///
/// For example: `try repository.files(at: commit, under: "exercises/embeddings").files["1-embedding-layers.swift"]`.
public struct CommitFiles: Sendable {
    /// What is read at most.
    public struct Limits: Sendable {
        public var count = 20_000
        /// Bytes in all, and of one file.
        public var size = 1 << 30
        public var fileSize = 512 << 20
        public var depth = 32

        public init() {}
    }

    /// Why something is no file of these.
    public enum Reason: Sendable, Equatable {
        case link
        /// A submodule.
        case repository
        /// Git LFS keeps the file elsewhere.
        case pointer
        /// No name for a file on every system.
        case name
        /// Another one in the same folder has this name on some systems, where upper and lower case are the same.
        case twice
    }

    public struct LeftOut: Sendable, Equatable, CustomStringConvertible {
        /// As the repository has it: a stranger's text.
        public let path: String
        public let reason: Reason

        /// A sentence for the person whose course it is.
        public var description: String {
            switch reason {
            case .link: "\(path) is a link, which Etude does not follow; put the file itself there."
            case .repository: "\(path) is a submodule, which Etude does not fetch; put its files there."
            case .pointer: "\(path) is kept by Git LFS, and the repository has only a pointer to it; put the file itself there (git lfs migrate export), or start from a folder in which git lfs pull was done."
            case .name: "\(path.debugDescription) is not a name for a file on every system; rename it."
            case .twice: "\(path) has the same name as another one where upper and lower case are the same; rename one of them."
            }
        }
    }

    /// By their paths, with `/`; each is portable, and no two are one file on some system.
    public internal(set) var files: [String: Data] = [:]
    public internal(set) var leftOut: [LeftOut] = []
}

extension Repository {
    /// Reads the files of a commit, without filters and attributes; whether one can be executed does not count.
    ///
    /// - Parameter folder: reads only what lies in it, with paths from there on.
    /// - Throws: ``GitError``: `notFound` where there is no such commit or folder; `tooLarge`; `damaged`.
    public func files(at commit: ObjectID, under folder: String? = nil, limits: CommitFiles.Limits = .init()) throws -> CommitFiles {
        let attempt = "read the files of \(commit)"
        var tree = try Commit(commit, in: self).tree
        for name in folder?.split(separator: "/") ?? [] {
            guard let entry = try Tree(tree, in: self).entries.first(where: { $0.name == name && $0.kind == .folder }) else {
                throw GitError(attempt, code: .notFound, message: "it has no folder \(folder!)")
            }
            tree = entry.id
        }
        var result = CommitFiles(), size = 0, count = 0
        try add(tree, at: "", depth: 0)
        return result

        func add(_ tree: ObjectID, at path: String, depth: Int) throws {
            func tooLarge(_ message: String) -> GitError { GitError(attempt, code: .tooLarge, message: message) }
            guard depth <= limits.depth else { throw tooLarge("its folders lie deeper than \(limits.depth) in each other") }
            let entries = try Tree(tree, in: self).entries
            let names = Dictionary(grouping: entries) { PortablePath.foldedKey(of: $0.name) }
            for entry in entries {
                // A few folders in each other, each of which holds the next one many times, are more than any disk holds.
                count += 1
                guard count <= limits.count else { throw tooLarge("it has more than \(limits.count) files and folders") }
                let place = path + entry.name
                func leaveOut(_ reason: CommitFiles.Reason) { result.leftOut.append(.init(path: place, reason: reason)) }
                // Bytes that are no text become this character.
                guard PortablePath(place) != nil, !entry.name.contains("\u{FFFD}") else { leaveOut(.name); continue }
                guard names[PortablePath.foldedKey(of: entry.name)]?.count == 1 else { leaveOut(.twice); continue }
                switch entry.kind {
                case .link: leaveOut(.link)
                case .repository: leaveOut(.repository)
                case .folder: try add(entry.id, at: place + "/", depth: depth + 1)
                case .file:
                    let data = try objects.read(entry.id, .blob, limit: min(limits.fileSize, limits.size - size)) { Data($0) }
                    if data.isLargeFilePointer { leaveOut(.pointer); continue }
                    size += data.count
                    result.files[place] = data
                }
            }
        }
    }
}

extension Data {
    /// Whether this is what Git LFS leaves in place of a file.
    fileprivate var isLargeFilePointer: Bool { count < 1_024 && starts(with: "version https://git-lfs.github.com/spec/".utf8) }
}
