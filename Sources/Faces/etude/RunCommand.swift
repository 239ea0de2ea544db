import ArgumentParser
import Courses
import Foundation
import Notebook
import Wire

struct Run: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run a notebook's cells from the top, with all that they print and show.",
        discussion: """
            A cell that fails, or waits for your answer, takes with it only those that need its names.
            Ctrl-C interrupts the running cell and ends the run.

            Examples:
              etude run embeddings/1-embedding-layers.swift
              etude run embeddings/1                     the course's own copy, as it comes
              etude run --stop my-notebook.swift         end at the first cell that fails
            """)

    @Argument(help: "A notebook's file (.swift or .ipynb), or an exercise's name such as embeddings/1.") var notebook: String
    @Flag(help: "End at the first cell that does not run to its end.") var stop = false
    @Flag(help: "Show the prose between the cells too.") var prose = false
    @Option(help: ArgumentHelp("Where charts are drawn as SVG files.", valueName: "folder")) var figures: String?
    @Flag(help: "One JSON object a line, for scripts.") var json = false

    func run() throws {
        let studio = try Studio()
        Interrupts.send(to: studio.interruption)
        let opened = try OpenedNotebook(notebook, studio)
        if opened.notebook.cells.isEmpty { Output.warn("\(notebook) has no cells yet.") }
        let presenter: any RunPresenter = json ? JSONPresenter() : TerminalPresenter(
            opened.notebook, showsProse: prose, figures: figures, workingDirectory: opened.folder)
        let run = try studio.run(
            opened.notebook, as: opened.exercise, workingDirectory: opened.folder, audience: presenter, announce: presenter.announce)
        defer { run.end() }
        var finished = try run.run(stopsAtFirst: stop)
        var verdicts: [Verdict] = []
        do { if finished { verdicts = try run.verdicts() } } catch ExerciseError.interrupted { finished = false }
        let keeper = opened.keepAttempt(run.takeVerdicts(), studio.states)
        presenter.finish(verdicts: verdicts, wasInterrupted: !finished)
        keeper?.tidyUp()
        guard finished else { throw ExitCode(130) }
        let isAllWell = presenter.failures == 0 && verdicts.allSatisfy { [.correct, .read, .unread].contains($0.outcome) }
        if !isAllWell { throw ExitCode(1) }
    }
}

/// Shows a run as it goes.
protocol RunPresenter: RunAudience {
    /// How many cells failed so far.
    var failures: Int { get }
    func announce(_ sentence: String)
    func finish(verdicts: [Verdict], wasInterrupted: Bool)
}
