import Courses
import Foundation
import Workspace

/// Finds the file to work on: the one that a person names, their copy of an exercise, or where they were last; makes a
/// copy when there is none and they want one.
struct WorkPlace {
    private let studio: Studio
    private let places: [LearnerPlace]
    /// Whether there is a person to ask.
    private let isAsked: Bool

    init(_ studio: Studio, isAsked: Bool) { (self.studio, self.isAsked, places) = (studio, isAsked, studio.states.places(from: ".")) }

    /// - Returns: the file's path from the root; nil when the person wants none.
    /// - Throws: a sentence when there is no such file or exercise, or nobody to ask.
    func file(for name: String?) throws -> String? {
        guard let name else {
            if let place = places.first { return place.file }
            return try choice().flatMap(copy)
        }
        if name.hasSuffix(".swift") || name.hasSuffix(".ipynb") {
            guard FileManager.default.fileExists(atPath: name) else { throw ValidationSentence("There is no file \(name).") }
            let path = absolute(name)
            if studio.catalog.courses.contains(where: { path.hasPrefix(absolute($0.exercisesFolder) + "/") }) {
                throw ValidationSentence("\(name) is the course's own copy, which stays as it is. Work on yours: \(Invocation.name) work EXERCISE, for example \(studio.catalog.courses[0].exercises.first?.name ?? "embeddings/1").")
            }
            return path
        }
        if let course = studio.catalog.courses.first(where: { $0.name == name }) {
            if let place = places.first(where: { $0.exercise?.hasPrefix(course.name + "/") ?? false }) { return place.file }
            return try course.exercises.first.flatMap(copy)
        }
        return try copy(of: studio.catalog.exercise(named: name))
    }

    /// The learner's copy of an exercise: where they worked on it, or where `etude start` puts it from here.
    private func copy(of exercise: Exercise) throws -> String? {
        if let place = places.first(where: { $0.exercise == exercise.name }) { return place.file }
        let course = exercise.course, file = exercise.entry.file
        let target = target(for: course)
        // Beside the exercise of the course that they worked on last, here, or where a copy would be made.
        let candidates = places.filter { $0.exercise?.hasPrefix(course.name + "/") ?? false }.map { "\(($0.file as NSString).deletingLastPathComponent)/\(file)" }
            + ["\(course.name)/\(file)"] + (FileManager.default.fileExists(atPath: "course.json") ? [file] : []) + ["\(target)/\(file)"]
        for path in candidates.map(absolute) where FileManager.default.fileExists(atPath: path) && !path.hasPrefix(absolute(course.exercisesFolder) + "/") {
            return path
        }
        guard isAsked else {
            throw ValidationSentence("There is no copy of \(exercise.name) to work on here. Make one: \(Invocation.name) start \(course.name)")
        }
        guard agrees("\(course.description.title): make a folder to work in, \(shortened(target))? [Y/n] ") else { return nil }
        _ = try Workspace.start(course, from: .shipped, keptIn: studio.store, at: target)
        // Without it the exercise can be worked on all the same.
        _ = try? studio.setUpEditor(in: target)
        return absolute("\(target)/\(file)")
    }

    /// Where a copy goes: here, but not among a repository's own files.
    private func target(for course: Course) -> String {
        let here = absolute("."), isAmongCourses = absolute(course.exercisesFolder).hasPrefix(here + "/")
        return "\(isAmongCourses ? homeFolder : here)/\(course.name)"
    }

    /// The exercise to begin with.
    private func choice() throws -> Exercise? {
        let exercises = studio.catalog.courses.flatMap(\.exercises)
        guard !exercises.isEmpty else { throw ValidationSentence("No course was found. \(studio.catalog.problems.joined(separator: " "))") }
        guard isAsked else { throw ValidationSentence("Name an exercise: \(exercises.map(\.name).joined(separator: ", ")).") }
        print("Welcome to Etude. What do you want to work on?\n")
        for (index, exercise) in exercises.enumerated() {
            print("  \(index + 1)  \(exercise.title)  (\(exercise.name), \(exercise.entry.minutes) min)")
        }
        print("")
        while let answer = ask("Number [1], or q: ") {
            if answer.isEmpty { return exercises[0] }
            if let number = Int(answer), exercises.indices.contains(number - 1) { return exercises[number - 1] }
            if let exercise = exercises.first(where: { $0.name == answer }) { return exercise }
            if answer.lowercased().hasPrefix("q") { return nil }
        }
        return nil
    }

    /// Offers to make a workspace of a copy of a course that is none, as long as nobody said no.
    func offerWorkspace(for file: String, of exercise: Exercise?) {
        let folder = (file as NSString).deletingLastPathComponent
        guard isAsked, let course = exercise?.course, Workspace.isCopy(folder, of: course.name), !studio.states.isDeclined(folder) else { return }
        guard agrees("Keep each attempt of yours, so that you can go back to it, in a git repository in \(shortened(folder))? [Y/n] ") else {
            return studio.states.decline(folder)
        }
        do { _ = try Workspace.start(course, from: .shipped, keptIn: studio.store, at: folder) } catch { Output.warn(sentence(for: error)) }
    }

    private func agrees(_ question: String) -> Bool { ask(question).map { ["", "y", "yes"].contains($0.lowercased()) } ?? false }

    private func ask(_ question: String) -> String? {
        Output.write(question)
        return readLine().map { $0.trimmingCharacters(in: .whitespaces) }
    }

    private func absolute(_ path: String) -> String { URL(fileURLWithPath: path).resolvingSymlinksInPath().path }
}
