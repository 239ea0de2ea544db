import ArgumentParser
import Courses

struct List: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List the courses and their exercises.",
        discussion: "Example:\n  etude list")

    @Flag(help: "One JSON object a line, for scripts.") var json = false

    private struct Row: Encodable {
        var course, exercise, title, file: String
        var minutes: Int?
        var hasQuestions: Bool
    }

    func run() throws {
        let studio = try Studio()
        for problem in studio.catalog.problems { Output.warn(problem) }
        for course in studio.catalog.courses {
            if !json { print("\(course.name) · \(course.description.title)\n") }
            for exercise in course.exercises {
                if json {
                    try Output.json(Row(
                        course: course.name, exercise: exercise.name, title: exercise.title, file: exercise.starterFile,
                        minutes: exercise.entry.minutes, hasQuestions: exercise.checker != nil))
                } else {
                    let minutes = "  \(exercise.entry.minutes) min"
                    print("  \(exercise.name)  \(exercise.title)\(minutes)")
                }
            }
            if !json { print("\nBegin: \(Invocation.name) start \(course.name)") }
        }
    }
}
