import Foundation

/// What one gets from other repositories, and gives to them: over ssh, https, and from folders of this machine.
///
/// The other side is asked for what is missing; nothing of what comes is ever executed, and submodules are not fetched.
/// Whatever happens, the repository here is as before, or has all of it.
///
///     let mirror = try Repository.openBare(at: folder)
///     let course = try Remote.fetchBranch(of: GitURL("https://example.org/course.git"), into: mirror)
///     let files = try mirror.files(at: course.commit)
public enum Remote {
    /// A reference of the other side's.
    public struct Head: Equatable, Sendable {
        /// As the other side has it, for example `refs/heads/main`.
        public let name: String
        public let commit: ObjectID
    }

    /// Fetches the branch or tag that an address names, or else the one that the other side checks out.
    ///
    /// - Parameter repository: afterwards has a reference of the same name, for the same commit.
    /// - Throws: ``GitError``.
    public static func fetchBranch(of url: GitURL, into repository: Repository, _ transfer: Transfer = .init()) throws -> Head {
        let source = try source(url, .fetch, repository, transfer)
        let heads = try source.heads()
        let wanted: AdvertisedHead?
        if let branch = url.branch {
            wanted = ["refs/heads/", "refs/tags/"].lazy.compactMap { folder in heads.first { $0.name == folder + branch } }.first
            if wanted == nil { throw GitError(source.attempt, code: .notFound, message: "it has no branch and no tag \(branch)", advice: suggestions(heads)) }
        } else {
            let head = heads.first { $0.name == "HEAD" }
            wanted = head.flatMap { head in heads.first { $0.name == head.target } ?? heads.first { $0.name.hasPrefix("refs/heads/") && $0.id == head.id } }
            if wanted == nil {
                let isEmpty = !heads.contains { $0.name.hasPrefix("refs/heads/") }
                throw GitError(source.attempt, code: .notFound, message: isEmpty ? "it has no commits yet" : "it does not say which branch is the main one", advice: suggestions(heads))
            }
        }
        return try fetch([wanted!], from: source, into: repository, transfer)[0]
    }

    /// Fetches all references that begin with a folder, for example `refs/etude/submissions`.
    ///
    /// - Returns: those that stand for commits, in the order of their names; none when there are none.
    /// - Throws: ``GitError``.
    public static func fetchReferences(under folder: String, of url: GitURL, into repository: Repository, _ transfer: Transfer = .init()) throws -> [Head] {
        let source = try source(url, .fetch, repository, transfer)
        let heads = try source.heads().filter { $0.name.hasPrefix(folder + "/") && !$0.name.hasSuffix("^{}") }
        return try fetch(heads, from: source, into: repository, transfer)
    }

    /// Gives a reference with its commit to another repository, for good: what is there under its name is not replaced.
    ///
    /// - Throws: ``GitError``: `exists` where the other side has another commit of this name, `denied` where it does not
    ///   take it, with its reason. Where nothing is thrown, the other side has said that it has it.
    public static func push(_ name: String, of repository: Repository, to url: GitURL, _ transfer: Transfer = .init()) throws {
        let source = try source(url, .push, repository, transfer)
        guard let id = try Reference(name: name, repository: repository).target() else { throw GitError(source.attempt, code: .notFound, message: "there is no \(name) here") }
        if let there = try source.heads().first(where: { $0.name == name }) {
            if there.id == id { return }
            throw GitError(source.attempt, code: .exists, message: "it has another \(name) already", advice: "It stays as it is; nothing was sent.")
        }
        try source.push(name, id)
    }

    private static func fetch(_ heads: [AdvertisedHead], from source: any ReferenceSource, into repository: Repository, _ transfer: Transfer) throws -> [Head] {
        guard heads.count <= 10_000 else { throw GitError(source.attempt, code: .tooLarge, message: "it has \(heads.count) references of this kind, and Etude takes at most 10000") }
        for head in heads where !Reference.isValid(head.name) { throw GitError(source.attempt, code: .refused, message: "it has a reference with the name \(head.name.debugDescription)") }
        repository.objects.loose.removeLeftovers()
        let missing = heads.filter { !repository.objects.contains($0.id) }
        if !missing.isEmpty { try source.download(missing) }
        return try heads.compactMap { head in
            // A tag may be put on anything.
            guard let commit = try? repository.commit(behind: head.id).commit else {
                if heads.count == 1 { throw GitError(source.attempt, code: .refused, message: "\(head.name) stands for something else than a commit") }
                return nil
            }
            let reference = Reference(name: head.name, repository: repository)
            let known = try reference.target()
            if known != commit { try reference.move(to: commit, from: known, note: "fetch") }
            return Head(name: head.name, commit: commit)
        }
    }

    private static func source(_ url: GitURL, _ purpose: RemotePurpose, _ repository: Repository, _ transfer: Transfer) throws -> any ReferenceSource {
        let attempt = purpose == .fetch ? "fetch from \(url)" : "send it to \(url)"
        try transfer.allow(.init(), attempt)
        switch url.place {
        case .folder(let path): return try FolderSource(path, repository, transfer, attempt)
        case .ssh(let user, let host, let port, let path):
            return try ServerSource(.ssh(SSHAddress(user: user, host: host, port: port, path: path)), purpose, repository, transfer, attempt)
        case .https(let address): return try ServerSource(.https(address), purpose, repository, transfer, attempt)
        }
    }

    private static func suggestions(_ heads: [AdvertisedHead]) -> String {
        let names = heads.filter { $0.name.hasPrefix("refs/heads/") }.map { String($0.name.dropFirst("refs/heads/".count)) }
        return names.isEmpty ? "" : "Name one after a #: its branches are \(names.prefix(10).joined(separator: ", "))\(names.count > 10 ? " and others" : "")."
    }
}

enum RemotePurpose { case fetch, push }

/// A reference as the other side tells of it.
struct AdvertisedHead {
    let name: String
    let id: ObjectID
    /// The reference that it stands for, where it is `HEAD`.
    var target: String?
}

/// Another repository, from which ours gets objects, or to which it gives some.
protocol ReferenceSource {
    /// What is tried, to go on from "Can't".
    var attempt: String { get }
    func heads() throws -> [AdvertisedHead]
    /// Adds what some of its references consist of to ours, where no reference moves.
    func download(_ heads: [AdvertisedHead]) throws
    /// Makes a reference there, which has none of this name.
    func push(_ name: String, _ id: ObjectID) throws
}
