internal import CGit2
import Foundation

/// Where a repository is, as a person types it: `https://example.org/course.git`, `ssh://git@example.org/course.git`,
/// `git@example.org:course.git`, `file:///srv/course.git` or a path; after a `#`, a branch or a tag.
public struct GitURL: Hashable, Sendable, CustomStringConvertible {
    public enum Place: Hashable, Sendable {
        /// A folder of this machine, by its absolute path.
        case folder(String)
        /// `address` is the whole of it, with the user where one is given, and without a password.
        case https(address: String)
        case ssh(user: String?, host: String, port: Int?, path: String)
    }

    public let place: Place
    /// A branch or a tag; nil for the one that the other side checks out.
    public let branch: String?

    /// Whether a text can be nothing else: it begins as an address does, or as a path.
    public static func isMeant(by text: String) -> Bool {
        text.contains("://") || text.contains("::") || ["/", "./", "../"].contains(where: text.hasPrefix) || isShortSSH(text)
    }

    /// - Parameter folder: what a relative path counts from.
    /// - Throws: ``GitError`` with a sentence that says what to write instead.
    public init(_ text: String, relativeTo folder: String = FileManager.default.currentDirectoryPath) throws {
        func refused(_ message: String, _ advice: String = "Write it as https://HOST/PATH, ssh://USER@HOST/PATH, USER@HOST:PATH or the path of a folder.") -> GitError {
            GitError("use the address \(Self.withoutSecrets(text).debugDescription)", code: .refused, message: message, advice: advice)
        }
        guard text.utf8.count <= 2_048, text.unicodeScalars.allSatisfy({ ![.control, .format, .lineSeparator, .paragraphSeparator].contains($0.properties.generalCategory) }) else {
            throw refused("it is too long, or has characters that can't be seen")
        }
        // A folder may have a # in its name.
        let isFolder = !text.contains("://") && FileManager.default.fileExists(atPath: Self.absolute(text, folder))
        let parts = isFolder ? [text] : text.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let address = parts[0]
        branch = parts.count == 2 ? parts[1] : nil
        if let branch, branch.isEmpty || branch.hasPrefix("-") || !Reference.isValid("refs/heads/\(branch)") { throw refused("what follows the # is not the name of a branch or a tag") }
        guard !address.isEmpty, !address.hasPrefix("-") else { throw refused("it is not an address") }

        guard let colon = address.range(of: "://") else {
            if address.contains("::") { throw refused("it names a program to be run") }
            place = try Self.isShortSSH(address) ? Self.shortSSH(address, refused) : .folder(Self.absolute(address, folder))
            return
        }
        let scheme = address[..<colon.lowerBound].lowercased(), rest = String(address[colon.upperBound...])
        switch scheme {
        case "https": place = try Self.https(rest, refused)
        case "ssh", "git+ssh", "ssh+git": place = try Self.ssh(rest, refused)
        case "file": place = try Self.file(rest, refused)
        case "http", "git": throw refused("what comes over \(scheme):// can be changed on its way", "Write https:// instead, if the host has it.")
        default: throw refused("Etude does not know \(scheme.debugDescription)")
        }
    }

    /// As git takes it.
    public var description: String {
        let address = switch place {
        case .folder(let path): path
        case .https(let address): address
        // From the user's home on, which only the short form can say.
        case .ssh(let user, let host, nil, let path) where !path.hasPrefix("/"): "\(user.map { $0 + "@" } ?? "")\(host):\(path)"
        case .ssh(let user, let host, let port, let path):
            "ssh://\(user.map { $0 + "@" } ?? "")\(host)\(port.map { ":\($0)" } ?? "")\(path.hasPrefix("/") ? "" : "/")\(path.replacing("%", with: "%25"))"
        }
        return address + (branch.map { "#\($0)" } ?? "")
    }

    /// The same place, with another branch or tag.
    public func at(branch: String?) -> GitURL { GitURL(place: place, branch: branch) }
    private init(place: Place, branch: String?) { (self.place, self.branch) = (place, branch) }

    // MARK: Reading

    /// Makes an error of what is wrong and what to write instead.
    private typealias Refusal = (String, String) -> GitError

    private static func https(_ rest: String, _ refused: Refusal) throws -> Place {
        guard let (user, host, port, path) = split(rest), path.count > 1 else { throw refused("it has no host, or no path", "For example: https://example.org/course.git") }
        if let user {
            // What forges give out as a key begins so, and is often put where the user's name goes.
            let isSecret = (user.removingPercentEncoding ?? user).contains(":") || user.utf8.count > 39 || ["ghp_", "gho_", "ghs_", "github_pat_", "glpat-"].contains(where: user.hasPrefix)
            if isSecret { throw refused("it holds a password or a token, which would be kept with the course", "Leave it out: git's credential helper is asked for it (git help credentials).") }
        }
        guard !path.contains("?") else { throw refused("it has a ?, after which there is often a token", "Leave out the ? and what follows.") }
        return .https(address: "https://\(user.map { $0 + "@" } ?? "")\(host)\(port.map { ":\($0)" } ?? "")\(path)")
    }

    private static func ssh(_ rest: String, _ refused: Refusal) throws -> Place {
        guard let (user, host, port, path) = split(rest), path.count > 1 else { throw refused("it has no host, or no path", "For example: ssh://git@example.org/course.git") }
        if let user, user.contains(":") { throw refused("it holds a password", "Leave it out: the ssh agent is asked for a key.") }
        guard let path = path.removingPercentEncoding else { throw refused("its path has a % that stands for nothing", "Write %25 for a %.") }
        return try .ssh(user: user, host: host, port: port, path: sshPath(path.hasPrefix("/~") ? String(path.dropFirst()) : path, refused))
    }

    private static func shortSSH(_ address: String, _ refused: Refusal) throws -> Place {
        let colon = address.firstIndex(of: ":")!
        let path = String(address[address.index(after: colon)...])
        guard let (user, host, port, rest) = split(String(address[..<colon])), port == nil, rest.isEmpty, !path.isEmpty else {
            throw refused("it has no host, or no path", "For example: git@example.org:course.git")
        }
        return try .ssh(user: user, host: host, port: nil, path: sshPath(path, refused))
    }

    /// The other side's shell reads it in single quotes.
    private static func sshPath(_ path: String, _ refused: Refusal) throws -> String {
        let isPlain = path.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control && !"'\\\"`$!".unicodeScalars.contains($0) }
        guard isPlain, !path.hasPrefix("-") else { throw refused("its path has a character that a shell could read otherwise", "Ask for another path, without quotes and the like.") }
        return path
    }

    private static func file(_ rest: String, _ refused: Refusal) throws -> Place {
        let path = rest.hasPrefix("localhost/") ? String(rest.dropFirst("localhost".count)) : rest
        guard path.hasPrefix("/"), let decoded = path.removingPercentEncoding, !decoded.utf8.contains(0) else {
            throw refused("after file:// comes an absolute path", "For example: file:///srv/course.git")
        }
        return .folder(URL(fileURLWithPath: decoded).standardizedFileURL.path)
    }

    private static func absolute(_ path: String, _ folder: String) -> String {
        URL(fileURLWithPath: path, relativeTo: URL(fileURLWithPath: folder, isDirectory: true)).standardizedFileURL.path
    }

    /// `user@host:path`; as with git, a slash before the colon makes it a path of this machine.
    private static func isShortSSH(_ text: String) -> Bool {
        guard let colon = text.firstIndex(of: ":"), !text.contains("::") else { return false }
        return !text[..<colon].contains("/") && !text[colon...].hasPrefix("://")
    }

    /// `user@host:port/path`.
    private static func split(_ text: String) -> (user: String?, host: String, port: Int?, path: String)? {
        let slash = text.firstIndex(of: "/") ?? text.endIndex
        var place = String(text[..<slash]), user: String?, port: Int?
        if let at = place.lastIndex(of: "@") {
            user = String(place[..<at])
            place = String(place[place.index(after: at)...])
        }
        let isBracketed = place.hasPrefix("[")
        if let colon = place.lastIndex(of: ":"), !isBracketed || place[..<colon].hasSuffix("]") {
            guard let number = Int(place[place.index(after: colon)...]), (1...65_535).contains(number) else { return nil }
            port = number
            place = String(place[..<colon])
        }
        func isPlain(_ text: some StringProtocol, _ others: String) -> Bool {
            !text.isEmpty && !text.hasPrefix("-") && text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x7A).contains($0 | 0x20) && $0 >= 0x41 || others.utf8.contains($0) }
        }
        guard isBracketed ? place.hasSuffix("]") && isPlain(place.dropFirst().dropLast(), ":.") : isPlain(place, "-._") else { return nil }
        if let user, !isPlain(user, "-._+%:") { return nil }
        return (user, place, port, String(text[slash...]))
    }

    /// What may be shown of it.
    private static func withoutSecrets(_ text: String) -> String {
        guard let start = text.range(of: "://")?.upperBound else { return text }
        let rest = text[start...].split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        let shown = rest[0] + (rest.count > 1 ? "?…" : "")
        guard let at = shown.prefix(while: { $0 != "/" }).lastIndex(of: "@") else { return "\(text[..<start])\(shown)" }
        return "\(text[..<start])…\(shown[at...])"
    }
}
