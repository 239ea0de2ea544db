import Display
import Foundation
import Processes
import Wire

/// What a session's process does that someone shall see or answer, while a cell runs.
public protocol SessionObserver: AnyObject {
    /// Text that the cell printed; `isError` for standard error.
    func sessionPrinted(_ bytes: [UInt8], isError: Bool)
    /// A displayed value; values with one identifier replace each other.
    func sessionDisplayed(_ value: DisplayValue, identifier: Int?)
    /// A value to be drawn into a file.
    func sessionSaves(_ value: DisplayValue, path: String)
    /// `check()`, `hint()` or `solution()`: the cell waits until this returns.
    func sessionAsks(_ request: QuestionRequest, answers: any AnswerSource)
}

/// Where a checker's queries about a learner's answers go.
public protocol AnswerSource: AnyObject {
    /// The reply, with the archive of a model, layer or table.
    func answer(to query: AnswerQuery) -> (reply: AnswerReply, attachment: [UInt8])
}

/// How a cell's run ended.
enum RunEnd {
    case ended(CellEnd, frames: DeathReport)
    case died(DeathReport)
}

/// A process in which cells live. All that it sends is untrusted: bounded and decoded strictly; what can't be
/// understood ends the process.
final class Session: AnswerSource {
    private let child: ChildProcess
    private let socket: Descriptor
    private let output: Descriptor
    private let errorOutput: Descriptor
    private let frames: Descriptor
    private var reader = FrameReader()
    private let limits: SessionLimits
    private let interruption: Interruption?

    private var observer: (any SessionObserver)?
    private var death = DeathReport()
    private var printed = 0
    private var deadline: ContinuousClock.Instant?

    /// Starts a session and waits until it is ready.
    /// - Parameter libraries: what cells may import, libEtude among it.
    init(
        _ installation: Installation, libraries: [String], limits: SessionLimits, environment: [String: String],
        workingDirectory: String, interruption: Interruption?
    ) throws {
        let (ours, theirs) = try Descriptor.socketPair()
        let outputPipe = try Descriptor.pipe(), errorPipe = try Descriptor.pipe(), framesPipe = try Descriptor.pipe()
        child = try ChildProcess(
            installation.session, [String(limits.memory)] + libraries, environment: environment,
            workingDirectory: workingDirectory,
            descriptors: [1: outputPipe.writing.number, 2: errorPipe.writing.number, 3: theirs.number, 4: framesPipe.writing.number])
        (socket, output, errorOutput, frames) = (ours, outputPipe.reading, errorPipe.reading, framesPipe.reading)
        (self.limits, self.interruption) = (limits, interruption)
        for descriptor in [output, errorOutput, frames] { descriptor.setNonBlocking() }
        for end in [theirs, outputPipe.writing, errorPipe.writing, framesPipe.writing] { end.close() }
        deadline = .now + .seconds(60)
        guard case .ready(version: wireVersion)? = receive()?.report else {
            child.end()
            throw death.wasInterrupted ? SessionError.interrupted : SessionError.didNotStart(death.errorText)
        }
    }

    /// Runs a compiled cell to its end.
    func run(library: String, entryPoint: String, observer: any SessionObserver) -> RunEnd {
        begin(observer)
        defer { self.observer = nil }
        send(.run(library: library, entryPoint: entryPoint))
        while let (report, _) = receive() {
            switch report {
            case .finished(let end):
                collectFrames()
                return .ended(end, frames: death)
            case .display(let value, let identifier):
                send(.proceed)
                observer.sessionDisplayed(value, identifier: identifier)
            case .save(let value, let path):
                send(.proceed)
                observer.sessionSaves(value, path: path)
            case .mistake(let sentence): death.mistake = sentence
            case .question(let request):
                observer.sessionAsks(request, answers: self)
                send(.questionDone)
            case .answer, .ready, .loaded: endForNonsense()
            }
        }
        return .died(death)
    }

    /// Asks for an answer while no cell runs.
    func answer(to query: AnswerQuery, observer: any SessionObserver) -> (reply: AnswerReply, attachment: [UInt8], death: DeathReport) {
        begin(observer)
        defer { self.observer = nil }
        let answer = answer(to: query)
        return (answer.reply, answer.attachment, death)
    }

    /// What runs from here on has its own output, time and end.
    private func begin(_ observer: any SessionObserver) {
        self.observer = observer
        death = DeathReport()
        printed = 0
        deadline = limits.cellDuration.map { .now + $0 }
    }

    /// Asks for an answer; what the learner's code prints or shows meanwhile is shown as ever.
    func answer(to query: AnswerQuery) -> (reply: AnswerReply, attachment: [UInt8]) {
        send(.answer(query))
        while let (report, attachment) = receive() {
            switch report {
            case .answer(let reply): return (reply, attachment)
            case .display(let value, let identifier):
                send(.proceed)
                observer?.sessionDisplayed(value, identifier: identifier)
            case .save(let value, let path):
                send(.proceed)
                observer?.sessionSaves(value, path: path)
            case .mistake(let sentence): death.mistake = sentence
            // A function that is called by a checker asks no questions of its own.
            case .question: send(.questionDone)
            case .finished, .ready, .loaded: endForNonsense()
            }
        }
        return (.ended(death.mistake ?? death.fatalMessage ?? ""), [])
    }

    var isRunning: Bool { child.isRunning }

    func end() { child.end() }

    private func send(_ command: SessionCommand) {
        if let bytes = try? Frame(command).bytes { socket.write(bytes) }
    }

    /// The next report; nil once the process is gone, with `death` telling what is known.
    private func receive() -> (report: SessionReport, attachment: [UInt8])? {
        while true {
            do {
                if let frame = try reader.next() { return (try frame.message(), frame.attachment) }
            } catch {
                endForNonsense()
                return nil
            }
            let watched = [socket, output, errorOutput].map { ($0.number, Int16(POLLIN)) }
            let events = waitForDescriptors(watched + [(interruption?.descriptor ?? -1, Int16(POLLIN))], until: deadline)
            if events[3] != 0 {
                interruption?.clear()
                death.wasInterrupted = true
                child.signalGroup(SIGINT)
                if child.wait(until: .now + .seconds(1)) == nil { child.end() }
                return gone()
            }
            if let deadline, ContinuousClock.now >= deadline {
                death.passedDeadline = limits.cellDuration
                child.signalGroup(SIGINT)
                if child.wait(until: .now + .seconds(1)) == nil { child.end() }
                return gone()
            }
            // What was printed before a message was sent is shown before the message.
            let bytes = events[0] != 0 ? socket.read() : nil
            drain()
            if let bytes {
                if bytes.isEmpty { return gone() }
                reader.append(bytes)
            }
        }
    }

    private func drain() {
        for (descriptor, isError) in [(output, false), (errorOutput, true)] {
            while let bytes = descriptor.read(), !bytes.isEmpty {
                if isError { death.appendErrorOutput(bytes) }
                let allowed = max(0, limits.output - printed)
                printed += bytes.count
                if allowed > 0 { observer?.sessionPrinted(Array(bytes.prefix(allowed)), isError: isError) }
                if printed > limits.output && printed - bytes.count <= limits.output {
                    let notice = "\n[The cell printed more than \(limits.output >> 20) MB; the rest is left out.]\n"
                    observer?.sessionPrinted(Array(notice.utf8), isError: false)
                }
            }
        }
    }

    private func collectFrames() {
        while let bytes = frames.read(), !bytes.isEmpty { death.appendFrames(bytes) }
    }

    /// The process is gone, or on its way: takes in what it left.
    private func gone() -> (SessionReport, [UInt8])? {
        death.termination = child.wait(until: .now + .seconds(5)) ?? child.end()
        drain()
        collectFrames()
        return nil
    }

    private func endForNonsense() {
        death.spokeNonsense = true
        child.end()
        _ = gone()
    }
}

public enum SessionError: Error, CustomStringConvertible, Equatable {
    case didNotStart(String)
    /// A cell that ran before did not when its session had to be started anew.
    case couldNotRepeat(cell: String, reason: String)
    /// A person asked to stop while the session was started.
    case interrupted

    public var description: String {
        switch self {
        case .didNotStart(let reason): "The session in which cells run could not start: \(reason)"
        case .couldNotRepeat(let cell, let reason):
            "The session was started anew, but the cell \"\(cell)\", which ran before, ended this time: \(reason)"
        case .interrupted: "Interrupted while the session was being started."
        }
    }
}
