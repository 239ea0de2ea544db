import ArgumentParser
import Courses
import Foundation
import Notebook
import Wire

struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Check the answers in a notebook: all, or one question's.",
        discussion: """
            Only the cells that the answers need are run.

            Examples:
              etude check embeddings/1-embedding-layers.swift
              etude check embeddings/1-embedding-layers.swift part3.c
            """)

    @Argument(help: "The notebook's file.") var notebook: String
    @Argument(help: "The questions, for example part1 or part3.c. Default: all.") var parts: [String] = []
    @Flag(help: "One JSON object a line, for scripts.") var json = false

    func run() throws {
        let studio = try Studio()
        Interrupts.send(to: studio.interruption)
        let opened = try OpenedNotebook(notebook, studio)
        let desk = try opened.desk(studio)
        let problems = try parts.isEmpty ? desk.outline.problems : parts.map(desk.problem)
        let presenter: any RunPresenter = json ? JSONPresenter() : TerminalPresenter(opened.notebook, isQuiet: true)
        let run = try studio.run(
            opened.notebook, as: opened.exercise, workingDirectory: opened.folder, audience: presenter, announce: presenter.announce)
        defer { run.end() }
        guard try run.bringUpToDate(for: problems) else { throw ExitCode(130) }
        let verdicts = try run.verdicts(on: problems)
        let keeper = opened.keepAttempt(run.takeVerdicts(), studio.states)
        presenter.finish(verdicts: verdicts, wasInterrupted: false)
        keeper?.tidyUp()
        if !verdicts.allSatisfy({ [.correct, .read, .unread].contains($0.outcome) }) { throw ExitCode(1) }
    }
}

struct Hint: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show a question's next hint, or hint number N.",
        discussion: "Examples:\n  etude hint embeddings/1 part3.c\n  etude hint embeddings/1 part3.c 2")

    @Argument(help: "The exercise (embeddings/1) or your notebook's file.") var exercise: String
    @Argument(help: "The question, for example part3.c.") var part: String
    @Argument(help: "Which hint, counted from 1. Default: the next one.") var number: Int?
    @Flag(help: "One JSON object a line, for scripts.") var json = false

    func run() throws {
        let studio = try Studio()
        let desk = try OpenedNotebook(exercise, studio).desk(studio)
        desk.resumeHints()
        show([desk.hint(number, for: try desk.problem(part))], json: json)
    }
}

struct Solution: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show a question's solution, explained.",
        discussion: "Example:\n  etude solution embeddings/1 part3.c")

    @Argument(help: "The exercise (embeddings/1) or your notebook's file.") var exercise: String
    @Argument(help: "The question, for example part3.c.") var part: String
    @Flag(help: "One JSON object a line, for scripts.") var json = false

    func run() throws {
        let studio = try Studio()
        let desk = try OpenedNotebook(exercise, studio).desk(studio)
        show(desk.solution(of: try desk.problem(part)), json: json)
    }
}

private func show(_ notices: [QuestionNotice], json: Bool) {
    let presenter: any RunPresenter = json ? JSONPresenter() : TerminalPresenter(Notebook(cells: []), isQuiet: true)
    for notice in notices { presenter.questionAnswered(notice) }
}
