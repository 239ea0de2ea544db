import Foundation

/// `collection.json`: what an instructor has collected, where it came from, and what is wrong with it.
public struct CollectionRecord: Codable, Equatable, Sendable {
    static let currentVersion = 1
    /// The file's name.
    public static let file = "collection.json"
    private static let greatestSize = 256 << 20

    var version = Self.currentVersion
    /// In the order of learners and exercises, of each the newest first.
    public var submissions: [CollectedSubmission] = []
    /// What could not be read when it was last tried.
    public var refused: [RefusedSource] = []

    init() {}

    /// - Returns: an empty one where the folder has none.
    /// - Throws: ``SubmissionError`` where it has one that can't be read: it shall not be replaced.
    public init(in folder: String) throws {
        let path = "\(folder)/\(Self.file)"
        guard FileManager.default.fileExists(atPath: path) else { return }
        struct Versioned: Decodable { var version: Int }
        guard let data = FileManager.default.contents(atPath: path), data.count <= Self.greatestSize,
            let version = try? JSONDecoder().decode(Versioned.self, from: data).version else {
            throw SubmissionError("\(path) can't be read, and so nothing was changed. Mend it, or name another folder.")
        }
        guard version == Self.currentVersion else {
            throw SubmissionError("\(path) has the version \(version), and this Etude reads version \(Self.currentVersion). Nothing was changed; name another folder.")
        }
        do { self = try JSONDecoder().decode(Self.self, from: data) } catch {
            throw SubmissionError("\(path) is not as Etude writes it, and so nothing was changed. Mend it, or name another folder.")
        }
        for submission in submissions {
            guard PortablePath(submission.folder) != nil, PortablePath.isPortable(submission.file) else {
                throw SubmissionError("\(path) names a folder that can't be one, and so nothing was changed. Mend it, or name another folder.")
            }
        }
    }

    func json() throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(self) + Data("\n".utf8)
    }
}

/// A submission among those that were collected.
public struct CollectedSubmission: Codable, Equatable, Sendable {
    /// How far it can be trusted that this is what the learner handed in.
    public enum Trust: String, Codable, Sendable {
        /// The learner's git has signed it, and the signature is known and good.
        case signed
        /// The notebook is the one that its manifest speaks of.
        case hashesMatch
        /// A notebook without a manifest.
        case plain
    }

    /// The learner's folder.
    public var learner: String
    /// As the manifest has them.
    public var name, email: String?
    /// What the place it was found in calls its sender.
    public var owner: String?
    public var exercise: String
    public var courseVersion: String?
    /// The notebook's name.
    public var file: String
    /// Where it lies, below the collection's folder.
    public var folder: String
    /// Of the notebook.
    public var sha256: FileHash
    /// Of notebook and manifest: the same submission has the same, wherever it comes from.
    public var id: FileHash
    public var number: Int?
    /// ISO 8601, UTC.
    public var time: String
    public var trust: Trust
    public var sources: [String]
    /// Whether it is the one that counts: the learner's newest of the exercise.
    public var counts: Bool
    public var problems: [String]
}

/// A source that could not be read.
public struct RefusedSource: Codable, Equatable, Sendable {
    public var source: String
    public var sentence: String
}
