@_implementationOnly import CSession
import Display
import Foundation
import Lessons
import Wire

/// The session's side of the conversation with its host: it runs the cells that the host sends, one after the
/// other on one thread, tells what they show, serves questions about answers while a cell waits in `check()`, and makes
/// copies of the process, so that a cell can be undone.
final class Runtime {
    nonisolated(unsafe) static var shared: Runtime?

    private var connection = Connection(descriptor: ETUDE_SOCKET)
    private let host: etude_host
    private var uncaughtError = ""
    private var runs = 0

    init(host: etude_host) { self.host = host }

    /// Serves until the host is gone.
    func serve() -> Int32 {
        openDoors()
        begin()
        while let command = try? connection.receive(SessionCommand.self).message {
            switch command {
            case .run(let library, let entryPoint): run(library, entryPoint)
            case .answer(let query):
                host.begin_work(false)
                answer(query)
            case .copy: copy()
            case .questionDone, .proceed: break
            }
        }
        return 0
    }

    private func begin() { send(.ready(version: wireVersion, process: getpid())) }

    /// Makes a copy of the process. In the copy, this returns into the same loop, with a conversation of its own.
    private func copy() {
        let threads = host.count_threads()
        guard threads == 1 else {
            send(.hasThreads(Int(threads)))
            return
        }
        send(.copying)
        var failure: Int32 = 0
        switch host.fork(&failure) {
        case ETUDE_CHILD:
            connection = Connection(descriptor: ETUDE_SOCKET)
            runs = 0
            begin()
        case ETUDE_PARENT: send(.copied(failure: nil))
        default: send(.copied(failure: failure))
        }
    }

    /// Sends the cells' `display`, `save` and mistakes to the host.
    private func openDoors() {
        Door.show = { [unowned self] value, identifier in sendInOrder(.display(value, identifier: identifier)) }
        Door.save = { [unowned self] value, path in sendInOrder(.save(value, path: path)) }
        Door.mistake = { [unowned self] sentence in
            send(.mistake(sentence))
            host.end_with_frames()
            _exit(134)
        }
        QuestionDoor.ask = { [unowned self] request in ask(request) }
    }

    private func run(_ library: String, _ entryPoint: String) {
        var code: Int32 = 0
        uncaughtError = ""
        runs += 1
        host.begin_work(true)
        let end = host.run(library, entryPoint, &code)
        OneThread.shared.runJobs()
        let word: CellEnd =
            switch end {
            case ETUDE_COMPLETED: .completed
            case ETUDE_THREW: .threw(uncaughtError.bounded(to: 1 << 14))
            case ETUDE_EXITED: .exited(code)
            case ETUDE_WAITS_FOR_EVER: .waitsForever
            default: .unloadable(dlerror().map { String(cString: $0) } ?? "its entry point is missing")
            }
        send(.finished(word, run: runs))
    }

    func uncaught(_ error: any Error) { uncaughtError = describe(error) }

    /// Hands a question over to the host and serves its queries until it is done.
    private func ask(_ request: QuestionRequest) {
        send(.question(request))
        while let command = try? connection.receive(SessionCommand.self).message {
            switch command {
            case .answer(let query): answer(query)
            case .questionDone: return
            case .run, .proceed, .copy: leave()
            }
        }
        _exit(0)
    }

    /// The host takes the cell that is still at work for finished, because the cell said so in its stead: tells which.
    private func leave() -> Never {
        send(.finished(.completed, run: runs))
        _exit(0)
    }

    private func answer(_ query: AnswerQuery) {
        let answer = AnswerBinding.answer(query)
        if let excess = send(.answer(answer.reply), attachment: answer.attachment) {
            send(.answer(.threw("The answer is too large to be checked: \(excess).")))
        }
    }

    /// Sends something to be shown, and waits until the host has taken in all that was printed before.
    private func sendInOrder(_ report: SessionReport) {
        if let excess = send(report) { send(.display(.text("This is too large to be shown: \(excess)."), identifier: nil)) }
        guard let command = try? connection.receive(SessionCommand.self).message else { _exit(0) }
        guard case .proceed = command else { leave() }
    }

    /// What was printed goes first, so that text and displayed values keep their order.
    /// - Returns: by how much it is longer than what the host would take; then it was not sent.
    @discardableResult
    private func send(_ report: SessionReport, attachment: [UInt8] = []) -> String? {
        fflush(nil)
        do {
            try connection.send(report, attachment: attachment)
            return nil
        } catch WireError.tooLong(_, let length, let limit) {
            return "it takes \((length >> 20) + 1) MB, and \(limit >> 20) MB is the most"
        } catch { _exit(0) }
    }
}

nonisolated(unsafe) private var runtimeTable = etude_runtime(
    serve: { host in
        guard let host else { return 70 }
        OneThread.install()
        let runtime = Runtime(host: host.pointee)
        Runtime.shared = runtime
        return runtime.serve()
    },
    uncaught: { pointer in
        guard let pointer else { return }
        Runtime.shared?.uncaught(unsafeBitCast(pointer, to: (any Error).self))
    },
    run_jobs: { OneThread.shared.runJobs() })

/// What the session's executable looks up in libEtude.
@_cdecl("etude_session_runtime")
public func sessionRuntime() -> UnsafeRawPointer { withUnsafePointer(to: &runtimeTable) { UnsafeRawPointer($0) } }
