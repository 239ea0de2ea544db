/// What a person asked for is not there, or a course could not give it.
public enum ExerciseError: Error, CustomStringConvertible {
    case unknownCourse(String, known: [String], problems: [String])
    case unknownExercise(String, known: [String])
    case unknownProblem(String, known: [String])
    case noQuestions(String)
    case checkersDoNotCompile(course: String, messages: [String])
    case checkerFailed(String)
    case data(String)

    public var description: String {
        switch self {
        case .unknownCourse(let name, let known, let problems):
            "There is no course \"\(name)\". " + (known.isEmpty ? "No course was found." : "There are: \(known.joined(separator: ", ")).")
                + problems.map { " \($0)" }.joined()
        case .unknownExercise(let name, let known):
            "There is no exercise \"\(name)\". There are: \(known.joined(separator: ", "))."
        case .unknownProblem(let name, let known):
            "There is no question \"\(name)\". There are: \(known.joined(separator: ", "))."
        case .noQuestions(let name): "\(name) has no questions to check."
        case .checkersDoNotCompile(let course, let messages):
            "The checkers of the course \"\(course)\" do not compile:\n" + messages.joined(separator: "\n")
        case .checkerFailed(let reason): "The checker failed: \(reason)"
        case .data(let sentence): sentence
        }
    }
}
