/// A mistake that training, predicting, loading or setting weights found: one sentence that says what was
/// expected, what came, where, and what to do next.
public struct TrainingError: Error, CustomStringConvertible, Equatable, Sendable {
    /// What went wrong, for code that has to tell mistakes apart.
    public enum Code: String, Sendable {
        case notCompiled, wrongInputCount, wrongShape, mismatchedLengths, identifierOutOfRange, notWholeNumbers
        case missingValue, badArgument, lossNotFinite, unreadableArchive, fileNotReadable, fileNotWritable
    }

    public var code: Code
    /// The sentence for the learner.
    public var description: String

    public init(_ code: Code, _ sentence: String) {
        (self.code, self.description) = (code, sentence)
    }
}
