import Foundation

/// Why something is no submission that can be taken: a sentence, and what to ask its sender for.
public struct SubmissionError: Error, LocalizedError, CustomStringConvertible, Sendable, Equatable {
    public let description: String
    init(_ sentence: String) { description = sentence }
    public var errorDescription: String? { description }
}
