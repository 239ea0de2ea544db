import ArgumentParser
import Courses
import Foundation
import Terminal
import Workspace

struct Progress: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "How far you are: each exercise of your courses, its points and questions, the hints and solutions that you have seen.",
        discussion: """
            A question counts as it came out when it was checked last.

            Examples:
              etude progress
              etude progress embeddings
            """)

    @Argument(help: "Only this course. Default: all that you have begun.") var course: String?
    @Flag(help: "One JSON object a line, for scripts.") var json = false

    func run() throws {
        let states = LearnerStateStore(folder: LearnerStateStore.defaultFolder())
        let courses = Self.courses(states).filter { course == nil || $0.course.name == course }
        for problem in courses.flatMap(\.problems) { Output.warn(neutralised(problem)) }
        guard !courses.isEmpty else {
            if json { return }
            throw ValidationSentence("You have not begun \(course.map { "the course \"\($0)\"" } ?? "a course") yet. Begin: \(Invocation.name) start \(course ?? "COURSE")")
        }
        if json {
            for course in courses { for exercise in course.exercises { try Output.json(ProgressRow(exercise, of: course)) } }
            return
        }
        let style = TerminalStyle.of(fileDescriptor: 1, environment: ProcessInfo.processInfo.environment)
        let texts = courses.map { progressText(course: $0.course.title, place: shortened($0.folder), $0.exercises.map(ExerciseStanding.init), style) }
        Output.write(texts.joined(separator: "\n"))
    }

    /// The folders that a learner has worked in, the last first, and the one that they stand in.
    private static func courses(_ states: LearnerStateStore) -> [CourseProgress] {
        let here = URL(fileURLWithPath: ".").resolvingSymlinksInPath().path + "/course.json"
        var folders: Set<String> = [], found: [CourseProgress] = []
        for file in [here] + states.places.map(\.file) {
            guard folders.insert((file as NSString).deletingLastPathComponent).inserted, let progress = CourseProgress(around: file, states),
                !found.contains(where: { $0.folder == progress.folder }) else { continue }
            found.append(progress)
        }
        return found
    }
}

extension ExerciseStanding {
    fileprivate init(_ progress: ExerciseProgress) {
        func some(_ count: Int, _ word: String) -> String? { count == 0 ? nil : "\(count) \(word)\(count == 1 ? "" : "s")" }
        let seen = [some(progress.questions.reduce(0) { $0 + $1.hints }, "hint"), some(progress.questions.filter(\.hasSeenSolution).count, "solution")].compactMap { $0 }
        let remarks = [
            some(progress.attempts, "attempt"), progress.lastWorked.map { "last worked on \($0.clockForPerson.dropLast(3))" },
            seen.isEmpty ? nil : seen.joined(separator: " and ") + " seen",
        ]
        self.init(
            name: progress.name, title: progress.title,
            questions: progress.questions.map { .init(part: $0.problem, outcome: $0.outcome?.shown, wasCorrect: $0.wasCorrect) },
            reached: progress.points, possible: progress.maximum, remark: remarks.compactMap { $0 }.joined(separator: ", "))
    }
}

/// An exercise's standing, for scripts.
private struct ProgressRow: Encodable {
    struct Question: Encodable {
        var problem: String
        var outcome: String?
        var wasCorrect: Bool
        var points, maximum: Double
        var hints: Int
        var hasSeenSolution: Bool
    }

    var course, exercise, title, file: String
    var points, maximum: Double
    var questions: [Question]
    var attempts: Int
    var lastWorked: String?

    init(_ progress: ExerciseProgress, of course: CourseProgress) {
        (self.course, exercise, title, file) = (course.course.name, progress.name, progress.title, progress.file)
        (points, maximum, attempts, lastWorked) = (progress.points, progress.maximum, progress.attempts, progress.lastWorked?.exact)
        questions = progress.questions.map {
            Question(
                problem: $0.problem, outcome: $0.outcome?.rawValue, wasCorrect: $0.wasCorrect, points: $0.points, maximum: $0.isThought ? 0 : $0.maximum,
                hints: $0.hints, hasSeenSolution: $0.hasSeenSolution)
        }
    }
}
