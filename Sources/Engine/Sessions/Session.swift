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
    private var output: PrintedStream
    private var errorOutput: PrintedStream
    private let frames: Descriptor
    private var reader = FrameReader()
    /// The process has ended; what it sent before may still wait in `reader`.
    private var hasEnded = false
    /// How many cells were run: the session says which of them has finished, so that none ends for another.
    private var runs = 0
    private let limits: SessionLimits
    private let interruption: Interruption?

    private var observer: (any SessionObserver)?
    private var death = DeathReport()
    private var printed = 0
    private var shown = 0
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
        (socket, frames) = (ours, framesPipe.reading)
        (output, errorOutput) = (PrintedStream(outputPipe.reading), PrintedStream(errorPipe.reading))
        (self.limits, self.interruption) = (limits, interruption)
        for descriptor in [socket, outputPipe.reading, errorPipe.reading, frames] { descriptor.setNonBlocking() }
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
        runs += 1
        send(.run(library: library, entryPoint: entryPoint))
        while let (report, _) = receive() {
            switch report {
            case .finished(let end, run: runs):
                collectFrames()
                finishText()
                return .ended(end.bounded, frames: death)
            case .question(let request):
                observer.sessionAsks(request.bounded, answers: self)
                send(.questionDone)
            case .display, .save, .mistake: show(report)
            case .finished(_, run: let run):
                death.lateRun = run
                endForNonsense()
            case .answer, .ready, .loaded: endForNonsense()
            }
        }
        finishText()
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
        (printed, shown) = (0, 0)
        deadline = limits.cellDuration.map { .now + $0 }
    }

    /// Asks for an answer; what the learner's code prints or shows meanwhile is shown as ever.
    func answer(to query: AnswerQuery) -> (reply: AnswerReply, attachment: [UInt8]) {
        // Between cells a question has the time of a cell.
        if observer == nil { deadline = limits.cellDuration.map { .now + $0 } }
        send(.answer(query))
        while let (report, attachment) = receive() {
            switch report {
            case .answer(let reply): return (reply, attachment)
            case .display, .save, .mistake: show(report)
            // A function that is called by a checker asks no questions of its own.
            case .question: send(.questionDone)
            case .finished, .ready, .loaded: endForNonsense()
            }
        }
        return (.ended(death.mistake ?? death.fatalMessage ?? ""), [])
    }

    /// Hands on what a cell shows, made fit for any face.
    private func show(_ report: SessionReport) {
        switch report {
        case .mistake(let sentence): death.mistake = sentence.bounded(to: Limit.sentence)
        case .display(let value, let identifier):
            send(.proceed)
            if isWithinLimits(value) { observer?.sessionDisplayed(value.sound, identifier: identifier) }
        case .save(let value, let path):
            send(.proceed)
            if isWithinLimits(value) { observer?.sessionSaves(value.sound, path: path.bounded(to: Limit.name)) }
        default: break
        }
    }

    /// Counts what is shown. Progress is free: each bar takes the place of the one before.
    private func isWithinLimits(_ value: DisplayValue) -> Bool {
        if case .progress = value { return true }
        let limit = 4 * limits.output
        defer { shown += frameSize }
        if shown <= limit && shown + frameSize > limit {
            notice("The cell showed more than \(limit >> 20) MB; the rest is left out.")
        }
        return shown + frameSize <= limit
    }

    private func notice(_ sentence: String) { observer?.sessionPrinted(Array("\n[\(sentence)]\n".utf8), isError: false) }

    var isRunning: Bool { child.isRunning }

    func end() { child.end() }

    private func send(_ command: SessionCommand) {
        guard let bytes = try? Frame(command).bytes, !hasEnded else { return }
        // One that does not listen is ended, however much it has to say.
        if !socket.write(bytes, patience: .seconds(10)), child.isRunning { endForNonsense() }
    }

    /// The bytes of the message that came last.
    private var frameSize = 0

    /// The next report; nil once the process is gone, with `death` telling what is known.
    private func receive() -> (report: SessionReport, attachment: [UInt8])? {
        while true {
            do {
                if let frame = try reader.next() {
                    frameSize = frame.header.count
                    return (try frame.message(), frame.attachment)
                }
            } catch {
                endForNonsense()
            }
            if hasEnded { return gone() }
            // The process itself is watched too: one that it has forked may hold its socket for ever.
            let watched = [socket.number, output.number, errorOutput.number, frames.number, child.ending?.number ?? -1, interruption?.descriptor ?? -1]
            let events = waitForDescriptors(watched.map { ($0, Int16(POLLIN)) }, until: deadline)
            if events[5] != 0 {
                interruption?.clear()
                death.wasInterrupted = true
                stop()
                return gone()
            }
            if let deadline, ContinuousClock.now >= deadline {
                death.passedDeadline = limits.cellDuration
                stop()
                return gone()
            }
            if events[4] != 0 {
                takeLastMessages()
                continue
            }
            // What was printed before a message was sent is shown before the message.
            let bytes = events[0] != 0 ? socket.read() : nil
            drain()
            // The dying process must not wait for room in the pipe of frames.
            if events[3] != 0 { collectFrames() }
            if let bytes {
                if bytes.isEmpty { return gone() }
                reader.append(bytes)
            }
        }
    }

    /// Asks the process to end where it is, so that it can tell its line; it has a second for that.
    private func stop() {
        child.signalGroup(SIGINT)
        if child.wait(until: .now + .seconds(1)) == nil { child.end() }
    }

    /// What the process sent before it ended. Bounded, since one that it has forked may go on sending.
    private func takeLastMessages() {
        _ = child.poll()
        hasEnded = true
        for _ in 0..<1_024 {
            guard let bytes = socket.read(), !bytes.isEmpty else { break }
            reader.append(bytes)
        }
        drain()
    }

    /// A pipe holds at most this when a message arrives, so that more need not be read to keep the order; a process
    /// that prints without end shall not keep the host from its other work.
    private static let mostInPipe = 1 << 20

    private func drain() {
        for isError in [false, true] {
            var left = Self.mostInPipe
            while left > 0, let bytes = isError ? errorOutput.read() : output.read() {
                left -= max(1, bytes.count)
                print(bytes, isError: isError)
            }
        }
    }

    private func print(_ bytes: [UInt8], isError: Bool) {
        if bytes.isEmpty { return }
        if isError { death.appendErrorOutput(bytes) }
        let allowed = max(0, limits.output - printed)
        printed += bytes.count
        if allowed > 0 { observer?.sessionPrinted(Array(bytes.prefix(allowed)), isError: isError) }
        if printed > limits.output && printed - bytes.count <= limits.output {
            notice("The cell printed more than \(limits.output >> 20) MB; the rest is left out.")
        }
    }

    /// Hands on characters that were cut off by the end of the cell.
    private func finishText() {
        print(output.finish(), isError: false)
        print(errorOutput.finish(), isError: true)
    }

    private func collectFrames() {
        for _ in 0..<16 {
            guard let bytes = frames.read(), !bytes.isEmpty else { return }
            death.appendFrames(bytes)
        }
    }

    /// The process is gone, or on its way: takes in what it left.
    private func gone() -> (SessionReport, [UInt8])? {
        hasEnded = true
        if let end = child.wait(until: .now + .seconds(2)) {
            death.termination = end
        } else {
            death.hungUp = true
            death.termination = child.end()
        }
        drain()
        collectFrames()
        return nil
    }

    private func endForNonsense() {
        death.spokeNonsense = true
        hasEnded = true
        reader = FrameReader()
        child.end()
    }
}

/// What a process prints, in pieces that hold whole characters.
private struct PrintedStream {
    private let descriptor: Descriptor
    private var isOpen = true
    private var tail: [UInt8] = []

    init(_ descriptor: Descriptor) { self.descriptor = descriptor }

    /// What to wait for; -1 once the stream has ended, which would else be news for ever.
    var number: Int32 { isOpen ? descriptor.number : -1 }

    /// nil when nothing is there; empty when only part of a character is.
    mutating func read() -> [UInt8]? {
        guard isOpen, let new = descriptor.read() else { return nil }
        if new.isEmpty {
            isOpen = false
            return nil
        }
        let bytes = tail + new
        let whole = bytes.count - incompleteTail(bytes)
        tail = Array(bytes[whole...])
        return Array(bytes[..<whole])
    }

    mutating func finish() -> [UInt8] {
        defer { tail = [] }
        return tail
    }

    /// How many bytes at the end begin a character that is not whole yet.
    private func incompleteTail(_ bytes: [UInt8]) -> Int {
        for length in 1...3 where bytes.count >= length {
            let byte = bytes[bytes.count - length]
            if byte & 0xC0 == 0x80 { continue }
            let expected = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : byte >= 0xC2 ? 2 : 1
            return expected > length ? length : 0
        }
        return 0
    }
}

private enum Limit {
    /// Bytes of a sentence to a person: more is no sentence.
    static let sentence = 1 << 14
    /// Bytes of a problem's or a file's name.
    static let name = 1_024
}

extension CellEnd {
    fileprivate var bounded: CellEnd {
        switch self {
        case .threw(let text): .threw(text.bounded(to: Limit.sentence))
        case .unloadable(let text): .unloadable(text.bounded(to: Limit.sentence))
        case .completed, .exited, .waitsForever: self
        }
    }
}

extension QuestionRequest {
    fileprivate var bounded: QuestionRequest { QuestionRequest(problem: problem.bounded(to: Limit.name), action: action) }
}

public enum SessionError: Error, CustomStringConvertible, Equatable {
    case didNotStart(String)
    /// A cell that ran before did not when its session had to be started anew.
    case couldNotRepeat(cell: String, reason: String)
    /// A person asked to stop while the session was started.
    case interrupted

    /// Whether a cell is the cause, and the next session can do without it.
    var isOfACell: Bool { if case .couldNotRepeat = self { true } else { false } }

    public var description: String {
        switch self {
        case .didNotStart(let reason): "The session in which cells run could not start: \(reason)"
        case .couldNotRepeat(let cell, let reason):
            "The session was started anew, but \(cell), which ran before, failed this time: \(reason) Run it again, then this one."
        case .interrupted: "Interrupted while the session was being started."
        }
    }
}
