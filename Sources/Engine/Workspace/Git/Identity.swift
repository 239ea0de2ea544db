internal import CGit2
import Foundation

/// Who made a commit.
public struct Identity: Equatable, Sendable {
    public let name: String
    public let email: String

    /// Whom git is not told of. The address is one that can't exist.
    public static let unknown = Identity(name: "Learner", email: "learner@etude.invalid")!

    /// - Returns: nil where nothing is left of the name or the address without the characters that a commit can't hold.
    public init?(name: String, email: String) {
        func clean(_ text: String) -> String {
            var scalars = String.UnicodeScalarView()
            for scalar in text.unicodeScalars.prefix(200) where scalar != "<" && scalar != ">" {
                scalars.append(scalar.properties.generalCategory == .control ? " " : scalar)
            }
            // Git takes these off both ends, and would be left with nothing.
            return String(scalars).trimmingCharacters(in: CharacterSet(charactersIn: " .,:;<>\"\\'"))
        }
        (self.name, self.email) = (clean(name), clean(email))
        if self.name.isEmpty || self.email.isEmpty { return nil }
    }

    /// As the learner's git has it, or ``unknown``.
    init(ofLearnerIn repository: Repository) throws {
        let settings = try Configuration.ofLearner(in: repository)
        self = settings.string("user.name").flatMap { name in settings.string("user.email").flatMap { Identity(name: name, email: $0) } } ?? .unknown
    }

    /// Lends the two to libgit2, with a time.
    func withSignature<T>(at date: Date, _ body: (UnsafePointer<git_signature>) throws -> T) throws -> T {
        var signature: UnsafeMutablePointer<git_signature>?
        let offset = Int32(TimeZone.current.secondsFromGMT(for: date) / 60)
        try check(git_signature_new(&signature, name, email, git_time_t(date.timeIntervalSince1970.rounded(.down)), offset), "sign a commit")
        defer { git_signature_free(signature) }
        return try body(signature!)
    }
}
