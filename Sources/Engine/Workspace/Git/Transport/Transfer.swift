import Foundation

/// How objects come from one repository to another: how many at most, who is told of it, and who may stop it.
public struct Transfer {
    /// How far it has come.
    public struct Progress: Equatable, Sendable {
        /// The objects that are here.
        public var objects = 0
        /// How many there will be; 0 while the other side has not said so.
        public var total = 0
        public var bytes = 0
    }

    public var greatestCount = 1_000_000
    /// The most bytes as they are sent.
    public var greatestSize = 2 << 30
    /// The most bytes of one object, and of all, when they are unpacked.
    public var greatestObject = 512 << 20
    public var greatestUnpackedSize = 8 << 30
    /// How long the other side may be silent.
    public var patience: Duration = .seconds(120)
    /// Called often.
    public var progress: (Progress) -> Void = { _ in }
    /// Asked often; whether to stop.
    public var isCancelled: () -> Bool = { false }
    /// Asks the person for a user's name, or for a password, which is not to be seen; nil where there is no person.
    public var ask: ((_ question: String, _ isSecret: Bool) -> String?)?
    /// Where `ssh`, git's credential helpers and settings are looked for.
    public var environment = ProcessInfo.processInfo.environment

    public init() {}

    /// - Throws: ``GitError`` where this is too much, or is to stop.
    func allow(_ progress: Progress, _ attempt: String) throws {
        self.progress(progress)
        if isCancelled() { throw GitError(attempt, code: .cancelled, message: "it was stopped", advice: "Nothing was changed; start it again to go on.") }
        if max(progress.objects, progress.total) > greatestCount {
            throw GitError(attempt, code: .tooLarge, message: "it has \(max(progress.objects, progress.total)) objects, and Etude takes at most \(greatestCount)")
        }
        if progress.bytes > greatestSize { throw GitError(attempt, code: .tooLarge, message: "it has more than the \(greatestSize) bytes that Etude takes") }
    }
}
