import CellCompiler
import Display
import Foundation
import Processes
import Sessions
import Wire

/// A notebook session with everything real, that notes what it is shown.
final class Lab: SessionObserver {
    /// One cache for all tests of this process, so that equal cells compile once.
    static let cache: String = {
        let folder = NSTemporaryDirectory() + "etude-sessions-tests-\(getpid())"
        atexit { try? FileManager.default.removeItem(atPath: NSTemporaryDirectory() + "etude-sessions-tests-\(getpid())") }
        return folder
    }()

    let session: NotebookSession
    /// What was printed and shown, in order.
    var log: [String] = []
    /// The values that were shown.
    var shown: [DisplayValue] = []
    var saved: [String] = []
    var answers: [AnswerReply] = []
    var attachments: [[UInt8]] = []
    /// What the checker asks when a cell calls `check()`.
    var queries: [AnswerQuery] = []
    private var count = 0
    /// In the environment of every process that a cell of this lab starts.
    private let mark = "ETUDE_LAB=\(UUID().uuidString)"

    init(
        limits: SessionLimits = .learner, answers: Set<String> = [], environment: [String: String] = [:], interruption: Interruption? = nil
    ) throws {
        let mark = ["ETUDE_LAB": String(self.mark.dropFirst(10))]
        let installation = try Installation()
        let compiler = try CellCompiler(
            toolchain: Toolchain(), moduleSearchPaths: [installation.learnerModuleFolder(in: Lab.cache)], cacheFolder: Lab.cache)
        session = NotebookSession(
            .init(
                installation: installation, limits: limits, answers: answers,
                environment: ProcessInfo.processInfo.environment.merging(environment.merging(mark) { $1 }) { $1 }, workingDirectory: NSTemporaryDirectory()),
            compiler: compiler, interruption: interruption)
    }

    deinit { session.end() }

    /// Runs a cell of its own id, `c1`, `c2`, …
    @discardableResult
    func run(_ text: String) throws -> CellResult {
        count += 1
        return try session.run(CellSource(id: "c\(count)", text: text, name: "cell \(count)"), observer: self)
    }

    /// Runs a cell again, with another text.
    func rerun(_ id: String, _ text: String) throws -> CellResult {
        try session.run(CellSource(id: id, text: text, name: "cell \(id.dropFirst())"), observer: self)
    }

    /// The session's processes, and all that its cells have started.
    func processes() -> [String] {
        let mark = Data(mark.utf8)
        return (try? FileManager.default.contentsOfDirectory(atPath: "/proc"))!.filter { process in
            guard Int(process) != nil, let environment = FileManager.default.contents(atPath: "/proc/\(process)/environ") else { return false }
            return environment.range(of: mark) != nil
        }
    }

    /// The command lines of those that are still there after a while.
    func processesLeft(within patience: Duration, allowing most: Int = 0) -> [String] {
        let end = ContinuousClock.now + patience
        var left = processes()
        while left.count > most, .now < end {
            usleep(20_000)
            left = processes()
        }
        return left.map { process in
            let words = FileManager.default.contents(atPath: "/proc/\(process)/cmdline") ?? Data()
            return "\(process) " + String(decoding: words, as: UTF8.self).replacingOccurrences(of: "\0", with: " ")
        }
    }

    /// The log as one text, and forgets it.
    func take() -> String {
        defer { log = [] }
        return log.joined()
    }

    func sessionPrinted(_ bytes: [UInt8], isError: Bool) {
        log.append((isError ? "!" : "") + String(decoding: bytes, as: UTF8.self))
    }

    func sessionDisplayed(_ value: DisplayValue, identifier: Int?) {
        shown.append(value)
        log.append("[\(value.plainText ?? "\(value)")]")
    }

    func sessionSaves(_ value: DisplayValue, path: String) { saved.append(path) }

    func sessionAsks(_ request: QuestionRequest, answers source: any AnswerSource) {
        log.append("<\(request.problem) \(request.action)>")
        for query in queries {
            let (reply, attachment) = source.answer(to: query)
            answers.append(reply)
            attachments.append(attachment)
        }
    }
}

extension CellResult {
    /// The outcome in a word, with its place, for expectations.
    var word: String {
        let place = self.place.map { " at \($0.cell):\($0.line)" } ?? ""
        switch outcome {
        case .completed: return "completed"
        case .waiting(let gaps): return "waiting for \(gaps.map { "\($0.text)@\($0.line)" }.joined(separator: ","))"
        case .skipped(let needs): return "skipped for \(needs.map { "\($0.name)@\($0.cell)" }.joined(separator: ","))"
        case .doesNotCompile(let diagnostics): return "does not compile: \(diagnostics.map { "\($0.line):\($0.message)" }.joined(separator: " | "))"
        case .threw(let sentence, _): return "threw \(sentence)\(place)"
        case .exited(let code, _): return "exited \(code)\(place)"
        case .waitsForever: return "waits forever"
        case .died(let sentence, _): return "died: \(sentence)\(place)"
        case .interrupted: return "interrupted\(place)"
        }
    }
}
