import Foundation
import Processes
import Sessions
import Wire

/// A checker process: it judges answers that come to it as data, and never loads a line of the learner's code.
/// A checker that crashes or hangs is replaced by a new one; its verdict is an apology.
public final class Judge {
    private let installation: Installation
    private let library: String
    private let exercise: String
    private let patience: Duration
    private var process: Conversation?

    /// - Parameters:
    ///   - library: the course's compiled checkers.
    ///   - patience: how long a checker may take between two of its messages.
    public init(_ installation: Installation, library: String, exercise: String, patience: Duration = .seconds(60)) {
        (self.installation, self.library, self.exercise, self.patience) = (installation, library, exercise, patience)
    }

    /// The exercises that the checkers declare.
    public static func outlines(_ installation: Installation, library: String) throws -> [ExerciseOutline] {
        let conversation = try Conversation(installation, library: library, patience: .seconds(60))
        switch try conversation.ask(.describe, attachment: []) {
        case .outlines(let outlines): return outlines
        case .failed(let reason): throw ExerciseError.checkerFailed(reason)
        default: throw ExerciseError.checkerFailed("it did not say which questions it has.")
        }
    }

    /// Judges one problem that has no parts.
    public func verdict(on problem: ProblemOutline, answers: any AnswerSource) -> Verdict {
        do {
            let conversation = try process ?? Conversation(installation, library: library, patience: patience)
            process = conversation
            var command = CheckerCommand.judge(exercise: exercise, problem: problem.path)
            var attachment: [UInt8] = []
            while true {
                switch try conversation.ask(command, attachment: attachment) {
                case .query(let query):
                    let answer = answers.answer(to: query)
                    (command, attachment) = (.answer(answer.reply), answer.attachment)
                case .verdict(let verdict): return verdict
                case .failed(let reason): return apology(problem, reason)
                case .ready, .outlines: return apology(problem, "it answered something else than a verdict.")
                }
            }
        } catch {
            process = nil
            return apology(problem, "\(error)")
        }
    }

    private func apology(_ problem: ProblemOutline, _ reason: String) -> Verdict {
        Verdict(
            problem: problem.path, outcome: .checkerFailed,
            feedback: "The checker of \(problem.path) failed, which is no fault of yours: \(reason) Please tell the course's author.",
            maximum: problem.points)
    }
}

/// Messages to and from one checker process.
private final class Conversation {
    private let child: ChildProcess
    private let socket: Descriptor
    private let output: Descriptor
    private let patience: Duration
    private var reader = FrameReader()
    private var printed: [UInt8] = []

    init(_ installation: Installation, library: String, patience: Duration) throws {
        let (ours, theirs) = try Descriptor.socketPair()
        let outputPipe = try Descriptor.pipe()
        child = try ChildProcess(
            installation.checker, [library], environment: ["SWIFT_BACKTRACE": "enable=no", "LANG": "C.UTF-8"],
            workingDirectory: "/", descriptors: [1: outputPipe.writing.number, 2: outputPipe.writing.number, 3: theirs.number])
        (socket, output, self.patience) = (ours, outputPipe.reading, patience)
        output.setNonBlocking()
        ours.setNonBlocking()
        theirs.close()
        outputPipe.writing.close()
        guard case .ready(version: wireVersion) = try receive() else { throw ExerciseError.checkerFailed("it did not start.") }
    }

    func ask(_ command: CheckerCommand, attachment: [UInt8]) throws -> CheckerReport {
        guard socket.write(try Frame(command, attachment: attachment).bytes, patience: patience) else {
            throw ExerciseError.checkerFailed(lastWords)
        }
        return try receive()
    }

    private func receive() throws -> CheckerReport {
        let deadline = ContinuousClock.now + patience
        while true {
            if let frame = try reader.next() { return try frame.message() }
            let events = waitForDescriptors([(socket.number, Int16(POLLIN)), (output.number, Int16(POLLIN))], until: deadline)
            if ContinuousClock.now >= deadline {
                child.end()
                throw ExerciseError.checkerFailed("it took longer than \(patience).")
            }
            if events[1] != 0, let bytes = output.read() { printed = (printed + bytes).suffix(1 << 16) }
            if events[0] != 0, let bytes = socket.read() {
                if bytes.isEmpty { throw ExerciseError.checkerFailed(lastWords) }
                reader.append(bytes)
            }
        }
    }

    /// What a checker that died said last.
    private var lastWords: String {
        while let bytes = output.read(), !bytes.isEmpty { printed = (printed + bytes).suffix(1 << 16) }
        child.end()
        let line = String(decoding: printed, as: UTF8.self).split(separator: "\n").first { $0.contains("Fatal error") || $0.contains("error") }
        return line.map { "it crashed (\($0))." } ?? "it crashed."
    }
}
