import ArgumentParser
import Courses
import Foundation
import Workspace

struct Start: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Make a folder of your own to work on a course in.",
        discussion: """
            The folder becomes a git repository, where each check keeps your notebook as it was. In a repository that is
            there already, the course's files are added and nothing else is changed.

            Examples:
              etude start embeddings                   into ./embeddings
              etude start embeddings ~/learning
              etude start ../my-courses --course knitting
              etude start https://example.org/courses.git#autumn
              etude start git@example.org:courses.git
            """)

    @Argument(help: "The course's name, as `etude list` shows it, its folder, or the address of its git repository (#BRANCH for another than the main one).") var course: String
    @Argument(help: "The folder to make. Default: the course's name, here.") var folder: String?
    @Option(name: .customLong("course"), help: "Which course, where there are several.") var name: String?

    func run() throws {
        let studio = try Studio()
        Interrupts.send(to: studio.interruption)
        let (course, source) = try CourseFinder(studio, "Fetching the course").course(course, named: name)
        let target = folder ?? course.name
        _ = try Workspace.start(course, from: source, keptIn: studio.store, at: target)
        if let exercise = course.exercises.first {
            let file = URL(fileURLWithPath: "\(target)/\(exercise.entry.file)").resolvingSymlinksInPath().path
            studio.states.remember(LearnerPlace(file: file, exercise: exercise.name))
        }
        print("\(course.description.title) is yours to work on in \(shortened(target)).\n")
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
}

/// A sentence about what a person asked for, for exit status 2.
struct ValidationSentence: Error, CustomStringConvertible {
    let description: String
    init(_ sentence: String) { description = sentence }
}
