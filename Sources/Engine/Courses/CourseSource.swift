import Foundation

/// Where a course comes from, and its new versions.
public enum CourseSource: Equatable, Sendable {
    /// It came with Etude, or lies where `ETUDE_COURSES` says.
    case shipped
    /// A folder that holds `exercises`, `solutions` and `checkers`.
    case folder(String)
    /// A git repository that is laid out so, and of it a branch or tag; nil for the one that it has checked out itself.
    case git(url: String, branch: String?)
}

extension CourseSource: Codable {
    private enum Kind: String, Codable { case shipped, folder, git }
    private enum CodingKeys: CodingKey { case kind, folder, url, branch }

    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        self = switch try values.decode(Kind.self, forKey: .kind) {
        case .shipped: .shipped
        case .folder: .folder(try values.decode(String.self, forKey: .folder))
        case .git: .git(url: try values.decode(String.self, forKey: .url), branch: try values.decodeIfPresent(String.self, forKey: .branch))
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        switch self {
        case .shipped: try values.encode(Kind.shipped, forKey: .kind)
        case .folder(let folder):
            try values.encode(Kind.folder, forKey: .kind)
            try values.encode(folder, forKey: .folder)
        case .git(let url, let branch):
            try values.encode(Kind.git, forKey: .kind)
            try values.encode(url, forKey: .url)
            try values.encodeIfPresent(branch, forKey: .branch)
        }
    }
}
