import Foundation

/// What a person asked for is not there, or a course could not give it.
public enum ExerciseError: Error, CustomStringConvertible, LocalizedError, Equatable {
    case unknownCourse(String, known: [String], problems: [String])
    case unknownExercise(String, known: [String], problems: [String])
    case unknownProblem(String, known: [String])
    case noQuestions(String)
    case checkersDoNotCompile(course: String, messages: [String])
    case checkerFailed(String)
    case data(String)
    /// A person asked to stop.
    case interrupted

    public var description: String {
        switch self {
        case .unknownCourse(let name, let known, let problems):
            "There is no course \"\(name)\". " + Self.list(known, none: "No course was found.") + problems.map { " \($0)" }.joined()
        case .unknownExercise(let name, let known, let problems):
            "There is no exercise \"\(name)\". " + Self.list(known, none: "No course was found.") + problems.map { " \($0)" }.joined()
        case .unknownProblem(let name, let known):
            "There is no question \"\(name)\". " + Self.list(known, none: "The exercise has none.")
        case .noQuestions(let name): "\(name) has no questions to check."
        case .checkersDoNotCompile(let course, let messages):
            "The checkers of the course \"\(course)\" do not compile:\n" + messages.joined(separator: "\n")
        case .checkerFailed(let reason): "The checker failed: \(reason)"
        case .data(let sentence): sentence
        case .interrupted: "Interrupted."
        }
    }

    public var errorDescription: String? { description }

    private static func list(_ known: [String], none: String) -> String {
        known.isEmpty ? none : "There are: \(known.joined(separator: ", "))."
    }
}
