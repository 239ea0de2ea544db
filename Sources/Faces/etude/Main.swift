import ArgumentParser
import CellCompiler
import Courses
import Foundation
import Processes
import Sessions
import Terminal

/// The command line: `etude SUBCOMMAND …`. Exit status 0: all well; 1: answers wrong or incomplete; 2: it could not run.
struct Etude: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "etude",
        abstract: "Learn machine learning by doing, in Swift: notebooks whose cells are native code, with questions that answer back.",
        discussion: """
            Examples:
              etude                                      work where you were last
              etude list                                 the courses and their exercises
              etude start embeddings                     a copy of a course to work in
              etude run embeddings/1-embedding-layers.swift
              etude check embeddings/1-embedding-layers.swift part1
              etude hint embeddings/1 part3.c
              etude submit embeddings/1                  hand it in

            Exit status: 0 all well, 1 answers wrong or incomplete, 2 it could not run.
            """,
        version: "0.1.0",
        subcommands: [
            Work.self, List.self, Start.self, Show.self, Run.self, Check.self, Hint.self, Solution.self, History.self, Diff.self,
            Restore.self, Reset.self, Progress.self, Update.self, Submit.self, Collect.self, Convert.self,
            DataCommand.self, Editor.self, Verify.self, Doctor.self,
        ])

    func run() throws {
        // A person at a terminal wants to learn, not to read about commands.
        if RawTerminal(environment: ProcessInfo.processInfo.environment) != nil { return try Work.parse([]).run() }
        let studio = try Studio()
        let command = Invocation.name
        print(
            """
            Etude runs exercises in Swift, cell by cell, and checks your answers.

              \(command) work                    work on an exercise in a window that follows your file
              \(command) list                    what there is to learn
              \(command) start embeddings        a copy of a course to work in
              \(command) show embeddings/0       read its tutorial here
              \(command) run FILE                run an exercise from the top
              \(command) check FILE part1        check one answer
              \(command) --help                  everything else

            Courses here: \(studio.catalog.courses.map { "\($0.name) (\($0.description.title))" }.joined(separator: ", ")).
            """)
    }
}

@main
enum Main {
    static func main() {
        ignoreBrokenPipes()
        do {
            var command = try Etude.parseAsRoot()
            try command.run()
        } catch let code as ExitCode {
            exit(code.rawValue)
        } catch ExerciseError.interrupted, CellCompilerError.interrupted, SessionError.interrupted {
            Output.warn("\(ExerciseError.interrupted)")
            exit(130)
        } catch {
            if Etude.exitCode(for: error) == .success { Etude.exit(withError: error) }
            let isUsage = Etude.exitCode(for: error) == .validationFailure
            let unknown = isUsage ? UnknownSubcommand.sentence(for: Array(CommandLine.arguments.dropFirst()), of: Etude.self) : nil
            let message = isUsage && unknown == nil ? Etude.fullMessage(for: error) : "etude: \(unknown ?? sentence(for: error))"
            Output.note(message)
            exit(2)
        }
    }
}

/// How this program was called.
enum Invocation {
    /// What a person types to get here: the script's path where a script started it.
    static let name = ProcessInfo.processInfo.environment["ETUDE_COMMAND"] ?? "etude"
}
