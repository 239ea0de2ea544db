import Foundation
import Notebook

/// What is wrong with a course's files: a sentence to its author, and the place.
public struct CourseError: Error, LocalizedError, CustomStringConvertible, Sendable, Equatable {
    public var file: String
    /// The line, from 1.
    public var line: Int?
    /// The column, from 1.
    public var column: Int?
    /// The place in a JSON file, such as `exercises[1].minutes`.
    public var path: String?
    public var sentence: String

    public init(_ sentence: String, file: String, line: Int? = nil, column: Int? = nil, path: String? = nil) {
        self.sentence = sentence
        self.file = file
        self.line = line
        self.column = column
        self.path = path
    }

    init(_ error: NotebookError, file: String) {
        self.init(error.sentence, file: error.file ?? file, line: error.line, column: error.column)
    }

    /// `course.json: exercises[1].minutes: The sentence.` or `part.swift:12: The sentence.`
    public var description: String {
        let place = [line, column].compactMap { $0 }.map { ":\($0)" }.joined()
        return "\(file)\(place): " + (path.map { $0 + ": " } ?? "") + sentence
    }

    public var errorDescription: String? { description }
}
