import Grading
import Wire

/// The checker's side of the talk with its host: it waits for commands and serves one after the other.
struct Conversation {
    let connection: Connection
    /// The course's exercises, or why there are none.
    let registry: Result<Registry, LibraryError>

    /// Serves until the host is gone.
    func run() throws {
        try connection.send(CheckerReport.ready(version: wireVersion))
        while true {
            let (command, _) = try connection.receive(CheckerCommand.self)
            try connection.send(try report(on: command))
        }
    }

    private func report(on command: CheckerCommand) throws -> CheckerReport {
        let exercises: [Exercise]
        switch registry {
        case .failure(let error): return .failed(error.description)
        case .success(let registry):
            let faults = registry.faults
            guard faults.isEmpty else { return .failed(faults.joined(separator: "\n")) }
            exercises = registry.exercises
        }
        switch command {
        case .describe: return .outlines(exercises.map(\.outline))
        case .answer: return .failed("An answer came that no checker has asked for.")
        case .judge(let name, let problem):
            guard let exercise = exercises.first(where: { $0.name == name }) else {
                return .failed("There are no checkers for an exercise named \(name).")
            }
            do { return .verdict(try exercise.judge(problem, Answers(ask: ask))) } catch let error as UnknownProblem {
                return .failed(error.description)
            }
        }
    }

    private func ask(_ query: AnswerQuery) throws -> LearnerAnswer {
        try connection.send(CheckerReport.query(query))
        let (command, attachment) = try connection.receive(CheckerCommand.self)
        guard case .answer(let reply) = command else { throw UnexpectedCommand() }
        return LearnerAnswer(reply, attachment: attachment)
    }
}

/// The host gave another command where an answer was due: it has given this judgement up.
struct UnexpectedCommand: Error, CustomStringConvertible {
    var description: String { "A command came in place of the answer that a checker waits for." }
}
