import Foundation

/// Looks at a repository's files before libgit2 does: what could make it wait for ever, fill the memory or read elsewhere
/// is refused.
struct RepositoryScreening {
    /// The most bytes of a file that is read whole, such as `config`.
    static let greatestSettings = 1 << 20
    static let greatestPackedReferences = 64 << 20
    /// A stranger's repository in all.
    static let greatestFiles = 200_000
    static let greatestSize = 1 << 30

    let gitFolder: String
    let attempt: String

    func screen(for trust: Repository.Trust) throws {
        for name in ["HEAD", "config", "commondir", "gitdir", "shallow", "objects/info/alternates", "info/grafts"] {
            try checkFile(name, greatestSize: Self.greatestSettings)
        }
        try checkFile("packed-refs", greatestSize: Self.greatestPackedReferences)
        if trust == .stranger { try checkStranger() }
    }

    /// A name that is missing is right, too: libgit2 says what it needs.
    private func checkFile(_ name: String, greatestSize: Int) throws {
        var status = stat()
        guard stat("\(gitFolder)/\(name)", &status) == 0 else { return }
        guard status.st_mode & S_IFMT == S_IFREG else { throw refused("\(name) is not a file") }
        guard status.st_size <= greatestSize else { throw tooLarge("\(name) has \(status.st_size) bytes, and at most \(greatestSize) are read") }
    }

    private func checkStranger() throws {
        // Each of these makes git read what lies outside the repository's own folder.
        for name in ["commondir", "gitdir", "objects/info/alternates", "objects/info/http-alternates"] {
            var status = stat()
            if lstat("\(gitFolder)/\(name)", &status) == 0 { throw refused("its file \(name) points to another place") }
        }
        // An index of several packs, which nobody has looked at.
        var index = stat()
        if lstat("\(gitFolder)/objects/pack/multi-pack-index", &index) == 0 { throw refused("it has an index of several packs") }
        let names = FileManager.default.enumerator(atPath: gitFolder)
        var files = 0, size = 0
        while let name = names?.nextObject() as? String {
            var status = stat()
            guard lstat("\(gitFolder)/\(name)", &status) == 0 else { continue }
            let kind = status.st_mode & S_IFMT
            guard kind == S_IFREG || kind == S_IFDIR else { throw refused("\(name) in it is neither a file nor a folder") }
            files += 1
            size += kind == S_IFREG ? Int(status.st_size) : 0
            guard files <= Self.greatestFiles else { throw tooLarge("it has more than \(Self.greatestFiles) files") }
            guard size <= Self.greatestSize else { throw tooLarge("it has more than \(Self.greatestSize) bytes") }
        }
    }

    /// Looks at the file of a reference, and the folders on the way to it: what is read or written under this name must
    /// lie in the repository.
    func screen(reference name: String) throws {
        var path = gitFolder, status = stat()
        let parts = name.split(separator: "/")
        for (index, part) in parts.enumerated() {
            path += "/\(part)"
            guard lstat(path, &status) == 0 else { return }
            let kind = status.st_mode & S_IFMT
            guard kind == S_IFDIR || kind == S_IFREG && index == parts.count - 1 else {
                throw refused("\(parts[...index].joined(separator: "/")) in it is neither a file nor a folder that git makes")
            }
        }
        if status.st_mode & S_IFMT == S_IFREG, status.st_size > 4_096 { throw tooLarge("\(name) has \(status.st_size) bytes") }
    }

    private func refused(_ message: String) -> GitError { GitError(attempt, code: .refused, message: message) }
    private func tooLarge(_ message: String) -> GitError { GitError(attempt, code: .tooLarge, message: message) }
}
