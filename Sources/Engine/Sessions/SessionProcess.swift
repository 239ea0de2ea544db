import Display
import Foundation
import Processes
import Wire

/// How a cell's run ended.
enum RunEnd {
    case ended(CellEnd, frames: DeathReport)
    case died(DeathReport)
}

/// What became of the wish for a copy of a process.
enum CopyOutcome {
    case copied(SessionProcess)
    /// It has threads of its own, which would be missing in a copy.
    case hasThreads(Int)
    /// The system made none: too many processes, or no memory.
    case refused(String)
    /// The process asked is gone, or is not what it said to be.
    case died(DeathReport)
}

/// A process in which cells live. All that it sends is untrusted: bounded and decoded strictly; what can't be
/// understood ends the process.
final class SessionProcess: AnswerSource {
    private let family: SessionFamily
    /// The system's number, as the process itself told: the keeper touches none that is not its child.
    private(set) var number: Int32 = 0
    private let socket: Descriptor
    private var output: PrintedStream
    private var errorOutput: PrintedStream
    private let frames: Descriptor
    private var reader = FrameReader()
    /// The process has ended; what it sent before may still wait in `reader`.
    private var hasEnded = false
    /// How many cells were run: the process says which of them has finished, so that none ends for another.
    private var runs = 0
    private let limits: SessionLimits
    private let interruption: Interruption?
    private var heedsInterruption = true

    private var observer: (any SessionObserver)?
    private var death = DeathReport()
    private var printed = 0
    private var shown = 0
    private var deadline: ContinuousClock.Instant?

    /// Starts a session and waits until its first process is ready.
    static func first(_ start: SessionStart, limits: SessionLimits, interruption: Interruption?) throws -> SessionProcess {
        let channel = try SessionChannel()
        let family = try SessionFamily(start, channel: channel)
        let process = SessionProcess(family, channel, limits: limits, interruption: interruption)
        guard process.isReady(within: .seconds(60)) else {
            family.end()
            throw process.death.wasInterrupted ? SessionError.interrupted : SessionError.didNotStart(process.death.errorText)
        }
        return process
    }

    private init(_ family: SessionFamily, _ channel: SessionChannel, limits: SessionLimits, interruption: Interruption?) {
        self.family = family
        (socket, frames) = (channel.socket, channel.frames)
        (output, errorOutput) = (PrintedStream(channel.output), PrintedStream(channel.errorOutput))
        (self.limits, self.interruption) = (limits, interruption)
        for end in channel.theirs { end.close() }
    }

    deinit { family.forget(number) }

    private func isReady(within patience: Duration) -> Bool {
        deadline = .now + patience
        guard case .ready(version: wireVersion, process: let number)? = receive()?.report else { return false }
        self.number = number
        family.follow(number)
        return true
    }

    /// Makes a copy of the process, in which the next cell can run while this one stays as it is.
    func copy() -> CopyOutcome {
        // First of all, since a process that is asked for a copy waits for these.
        guard let channel = try? SessionChannel() else { return .refused("Etude has too many files open") }
        death = DeathReport()
        deadline = .now + .seconds(10)
        // A wish to stop that comes now is for the cell: it shall not cost the state before it.
        heedsInterruption = false
        defer { heedsInterruption = true }
        family.forgetStrangers()
        family.wake(number)
        send(.copy)
        switch receive()?.report {
        case .copying: break
        case .hasThreads(let count): return .hasThreads(count)
        case .finished(_, run: let run):
            // A cell had said so before it was.
            death.lateRun = run
            endForNonsense()
            return .died(death)
        case .some:
            endForNonsense()
            return .died(death)
        case nil: return .died(death)
        }
        guard socket.send(channel.theirs) else {
            endForNonsense()
            return .died(death)
        }
        let copy = SessionProcess(family, channel, limits: limits, interruption: interruption)
        let failure: Int32?
        switch receive()?.report {
        case .copied(let reason): failure = reason
        case .some:
            endForNonsense()
            return .died(death)
        case nil: return .died(death)
        }
        if let failure { return .refused(String(cString: strerror(failure))) }
        copy.heedsInterruption = false
        defer { copy.heedsInterruption = true }
        return copy.isReady(within: .seconds(10)) ? .copied(copy) : .refused("the copy did not start")
    }

    /// Runs a compiled cell to its end.
    func run(library: String, entryPoint: String, observer: any SessionObserver) -> RunEnd {
        begin(observer)
        defer { self.observer = nil }
        runs += 1
        guard let library = family.path(ofLibrary: library) else {
            death.boxIsFull = true
            return .died(death)
        }
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
            case .answer, .ready, .copying, .hasThreads, .copied: endForNonsense()
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
            case .finished, .ready, .copying, .hasThreads, .copied: endForNonsense()
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

    /// The folder in which the system tells of the process.
    var systemFolder: String { "\(family.processes)/\(number)" }

    var isRunning: Bool { !hasEnded && !family.hasEnded && family.termination(of: number) == nil && !hasHungUp }

    /// Whether nobody holds the other end of the conversation: the keeper's word can be lost where a cell has left more
    /// dead processes than it could tell of.
    private var hasHungUp: Bool { waitForDescriptors([(socket.number, 0)], until: .now)[0] & Int16(POLLHUP) != 0 }

    /// Ends the process and what its cells started.
    func end() {
        hasEnded = true
        family.end(number)
    }

    /// Ends the process; what its cells started goes on, since later cells may need it.
    func release() {
        hasEnded = true
        family.release(number)
    }

    /// Ends the session: this process, all others, and what their cells started.
    func endFamily() {
        hasEnded = true
        family.end()
    }

    private func send(_ command: SessionCommand) {
        guard let bytes = try? Frame(command).bytes, !hasEnded else { return }
        // One that does not listen is ended, however much it has to say. For leave to proceed it has asked: where that
        // finds no room, it has asked a hundred times without listening.
        if !socket.write(bytes, patience: command == .proceed ? .zero : .seconds(10)), isRunning { endForNonsense() }
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
            let watched = [socket.number, output.number, errorOutput.number, frames.number, family.news, heedsInterruption ? interruption?.descriptor ?? -1 : -1]
            let events = waitForDescriptors(watched.map { ($0, Int16(POLLIN)) }, until: deadline)
            if events[5] != 0 {
                interruption?.clear()
                death.wasInterrupted = true
                stop()
                return gone()
            }
            if let deadline, ContinuousClock.now >= deadline {
                // While a copy is made, it is not the cell that takes its time.
                if heedsInterruption { death.passedDeadline = limits.cellDuration } else { death.wasSilent = true }
                stop()
                return gone()
            }
            if events[4] != 0, !isRunning {
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
            if death.isToldInFull { takeLastMessages() }
        }
    }

    /// Asks the process to end where it is, so that it can tell its line; it has three seconds for that.
    private func stop() {
        // One that is not ready yet has no line to tell.
        guard number != 0 else { return }
        family.interrupt(number)
        waitForEnd(within: .seconds(3))
    }

    /// Waits until the process has ended, or has told all of its end that it will.
    /// - Returns: false when it has not in time.
    @discardableResult
    private func waitForEnd(within patience: Duration) -> Bool {
        family.wakeKeeper()
        let deadline = ContinuousClock.now + patience
        while true {
            collectFrames()
            if let end = family.termination(of: number) {
                death.termination = end
                return true
            }
            if death.isToldInFull || family.hasEnded { return true }
            if ContinuousClock.now >= deadline { return false }
            // What it printed must not keep it from telling where it was.
            waitForDescriptors([family.news, frames.number, output.number, errorOutput.number].map { ($0, Int16(POLLIN)) }, until: deadline)
            drain()
        }
    }

    /// What the process sent before it ended. Bounded, since one that it has forked may go on sending.
    private func takeLastMessages() {
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

    /// The process is gone, or on its way: takes in what it left, and ends what its cells started.
    private func gone() -> (SessionReport, [UInt8])? {
        hasEnded = true
        let isStopped = death.wasInterrupted || death.passedDeadline != nil || death.wasSilent
        death.hungUp = !waitForEnd(within: isStopped || number == 0 ? .zero : .seconds(2)) && !isStopped
        death.endedWithFamily = family.hasEnded && death.termination == nil && !death.isToldInFull
        if family.hasEnded { death.box = family.boxEnd }
        family.end(number)
        drain()
        collectFrames()
        return nil
    }

    private func endForNonsense() {
        death.spokeNonsense = true
        hasEnded = true
        reader = FrameReader()
        family.end(number)
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

