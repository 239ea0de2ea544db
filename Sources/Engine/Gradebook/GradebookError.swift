import Foundation

/// Why something could not be done with a gradebook: what was tried, what came instead, and what to do next.
public struct GradebookError: Error, LocalizedError, CustomStringConvertible, Sendable, Equatable {
    /// The kinds of reasons that a program may act on.
    public enum Code: Sendable, Equatable {
        /// The file is no gradebook, or not as it was written.
        case damaged
        /// A later Etude made it.
        case newer
        /// Other programs kept it locked for as long as was waited.
        case busy
        /// The disk is full, or can't be read or written.
        case disk
        /// The file can't be opened or written by this person.
        case denied
        /// What was asked for can't be.
        case refused
    }

    public var code: Code
    public var description: String

    init(_ code: Code, _ sentence: String) { (self.code, description) = (code, sentence) }

    public var errorDescription: String? { description }
}
