import ArgumentParser
import Courses
import Foundation
import Notebook
import Terminal

struct Work: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Work on an exercise: edit its file in any editor, and see what changed run when you save it.",
        discussion: """
            The window shows the question that you are at, its cells and what they show, and what there is to do at the
            bottom. Where the output is no terminal, what runs is printed line by line, until the input ends.

            Examples:
              etude work                        where you were last
              etude work embeddings/1           your copy of an exercise; makes one when there is none
              etude work embeddings/1-embedding-layers.swift
            """)

    @Argument(help: "An exercise (embeddings/1), a course, or a notebook's file. Default: where you were last.") var exercise: String?

    func run() throws {
        let studio = try Studio()
        let environment = ProcessInfo.processInfo.environment
        let terminal = RawTerminal(environment: environment)
        let place = WorkPlace(studio, isAsked: terminal != nil)
        guard let file = try place.file(for: exercise) else { throw ExitCode(0) }
        let opened = try OpenedNotebook(file, studio)
        place.offerWorkspace(for: file, of: opened.exercise)
        guard let terminal else { return try WorkLines(studio, opened, file: file).run() }
        var style = TerminalStyle.of(fileDescriptor: 1, environment: environment)
        style.isTerminal = true
        let status = try WorkProgram(studio, opened, file: file, terminal: terminal, style: style).run()
        print("Your work is in \(shortened(file)). Come back with: \(Invocation.name) work")
        if status != 0 { throw ExitCode(status) }
    }
}
