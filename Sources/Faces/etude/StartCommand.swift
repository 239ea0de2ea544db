import ArgumentParser
import Courses
import Foundation

struct Start: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Make a copy of a course to work in.",
        discussion: "Example:\n  etude start embeddings            into ./embeddings\n  etude start embeddings ~/learning")

    @Argument(help: "The course's name, as `etude list` shows it.") var course: String
    @Argument(help: "The folder to make. Default: the course's name, here.") var folder: String?

    func run() throws {
        let studio = try Studio()
        Interrupts.send(to: studio.interruption)
        let course = try studio.catalog.course(named: course)
        let target = folder ?? course.name
        try Self.copy(course, to: target)
        if let exercise = course.exercises.first {
            let file = URL(fileURLWithPath: "\(target)/\(exercise.entry.file)").resolvingSymlinksInPath().path
            studio.states.remember(LearnerPlace(file: file, exercise: exercise.name))
        }
        print("\(course.description.title) is yours to work on in \(target).\n")
        for exercise in course.exercises {
            let file = "\(target)/\(exercise.entry.file)"
            print("  \(exercise.title)\n      work   \(Invocation.name) work \(file)\n      read   \(Invocation.name) show \(file)\n      run    \(Invocation.name) run \(file)")
        }
        if let exercise = course.exercises.first(where: { $0.checker != nil }) {
            print("\nOpen a file in your editor, change a cell, and ask:\n      check  \(Invocation.name) check \(target)/\(exercise.entry.file)")
        }
        let editor = try studio.setUpEditor(in: target)
        print("\nVS Code and Neovim complete and explain what you write. How to set them up:\n      \(Invocation.name) editor \(target)")
        for problem in editor.problems { Output.warn(problem) }
    }

    /// - Throws: a sentence when something is there already, or the copy can't be made.
    static func copy(_ course: Course, to target: String) throws {
        let copy = CourseCopy(of: course, to: target)
        switch copy.ground {
        case .file: throw ValidationSentence("\(target) is a file; nothing was changed. Name a folder: \(Invocation.name) start \(course.name) FOLDER")
        case .taken:
            throw ValidationSentence("\(target) is there already and not empty; nothing was changed. Name another folder: \(Invocation.name) start \(course.name) FOLDER")
        case .free, .emptyFolder, .cutOff: try copy.make()
        }
    }
}

/// A sentence about what a person asked for, for exit status 2.
struct ValidationSentence: Error, CustomStringConvertible {
    let description: String
    init(_ sentence: String) { description = sentence }
}
