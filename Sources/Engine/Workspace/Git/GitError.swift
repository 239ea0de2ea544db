import Foundation

/// Why something could not be done with a git repository: what was tried, what came instead, and what to do next.
///
/// For example: "Can't record the attempt: failed to create locked file. Another program works in this repository…"
public struct GitError: Error, LocalizedError, CustomStringConvertible, Sendable, Equatable {
    /// The kinds of reasons that a program may act on.
    public enum Code: Sendable, Equatable {
        case notFound, exists
        /// Another program holds what was to be changed.
        case locked
        /// Another program changed it in the meantime.
        case modified
        /// The repository belongs to another user of the machine.
        case otherOwner
        /// What is stored is not what was written.
        case damaged
        /// It is larger than Etude reads.
        case tooLarge
        /// It is of a kind that could do harm, or that Etude does not know.
        case refused
        /// The person who waited for it stopped it.
        case cancelled
        /// The other side does not let this person in, or does not take what it was sent.
        case denied
        /// The other side can't be reached, broke off, or can't show that it is who it should be.
        case unreachable
        /// Any other code of libgit2's.
        case other(Int)
    }

    /// What was tried, to go on from "Can't".
    public var attempt: String
    public var code: Code
    /// The reason, in libgit2's words where it is libgit2 that gave it. It may quote a stranger's repository.
    public var message: String
    /// What a person can do about it; empty where nothing is known.
    public var advice: String

    init(_ attempt: String, code: Code, message: String, advice: String? = nil) {
        (self.attempt, self.code, self.message) = (attempt, code, message)
        self.advice = advice ?? code.advice
    }

    public var description: String {
        let reason = message.hasSuffix(".") ? String(message.dropLast()) : message
        return "Can't \(attempt): \(reason)." + (advice.isEmpty ? "" : " \(advice)")
    }

    public var errorDescription: String? { description }
}

extension GitError.Code {
    fileprivate var advice: String {
        switch self {
        case .locked, .modified: "Another program works in this repository; try again when it is done."
        case .otherOwner: "If you trust its owner, say so: git config --global --add safe.directory PATH"
        case .damaged: "See what is wrong with: git fsck --full"
        default: ""
        }
    }
}
