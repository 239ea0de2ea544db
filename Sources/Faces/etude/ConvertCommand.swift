import ArgumentParser
import Foundation
import Notebook

struct Convert: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Convert a notebook between a percent-format script and .ipynb.",
        discussion: "Examples:\n  etude convert exercise.swift exercise.ipynb\n  etude convert exercise.ipynb exercise.swift")

    @Argument(help: "The notebook to read: .swift or .ipynb.") var source: String
    @Argument(help: "The file to write: .swift or .ipynb.") var target: String
    @Flag(help: "Replace the target when it exists.") var force = false

    func run() throws {
        if FileManager.default.fileExists(atPath: target) && !force {
            throw ValidationSentence("\(target) is there already; nothing was changed. Say --force to replace it.")
        }
        let notebook = try Notebook(contentsOf: source)
        for loss in try notebook.write(to: target) { Output.warn(loss.description) }
        print("\(target): \(notebook.cells.count) \(notebook.cells.count == 1 ? "cell" : "cells")")
    }
}
