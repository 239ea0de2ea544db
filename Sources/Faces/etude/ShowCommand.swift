import ArgumentParser
import Courses
import Foundation
import Notebook
import Terminal

struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Read an exercise in the terminal, its prose rendered and its code colored.",
        discussion: "Examples:\n  etude show embeddings/0\n  etude show my-notebook.swift | less -R")

    @Argument(help: "A notebook's file, or an exercise's name such as embeddings/1.") var notebook: String
    @Flag(help: "Color even where the output is not a terminal, for example before `less -R`.") var color = false

    func run() throws {
        let notebook = try FileManager.default.fileExists(atPath: notebook) ? Notebook(contentsOf: notebook) : OpenedNotebook(notebook, Studio()).notebook
        var style = TerminalStyle.of(fileDescriptor: 1, environment: ProcessInfo.processInfo.environment)
        if color { style.color = true }
        for (index, cell) in notebook.cells.enumerated() {
            switch cell.kind {
            case .markdown: Output.write(markdownText(cell.source, style) + "\n")
            case .code:
                Output.write(cellHeader(number: index + 1, name: cell.hasDerivedID ? cell.title : cell.id, style) + cellSource(cell.source, style) + "\n")
            case .raw: Output.write(neutralised(cell.source) + "\n\n")
            }
        }
    }
}
