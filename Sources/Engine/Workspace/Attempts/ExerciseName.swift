/// What an exercise is called, for example `embeddings/1`: a course and a part of it.
///
/// Lower-case letters, digits and hyphens only, so that it can be part of a reference's name and of a file's on any system.
public struct ExerciseName: Hashable, Sendable, CustomStringConvertible {
    public let course: String
    public let part: String

    /// - Returns: nil for any other name.
    public init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ Self.isPlain($0) }) else { return nil }
        (course, part) = (String(parts[0]), String(parts[1]))
    }

    public var description: String { "\(course)/\(part)" }

    /// Where attempts at it are kept.
    var reference: String { "\(Self.attemptsFolder)/\(course)/\(part)" }
    static let attemptsFolder = "refs/etude/attempts"

    static func isPlain(_ text: some StringProtocol) -> Bool {
        let bytes = text.utf8
        guard (1...64).contains(bytes.count), bytes.first != UInt8(ascii: "-") else { return false }
        return bytes.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == UInt8(ascii: "-") }
    }
}
