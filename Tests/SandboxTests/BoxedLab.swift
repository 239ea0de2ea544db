import CellCompiler
import Display
import Foundation
import Processes
import Sandbox
import Sessions
import Wire

/// A notebook session with everything real, in a box or without one, that notes what it is shown.
final class BoxedLab: SessionObserver {
    /// One cache for all tests of this process: Swift's own modules are compiled once.
    static let cache: String = {
        let folder = NSTemporaryDirectory() + "etude-sandbox-tests-\(getpid())"
        atexit { try? FileManager.default.removeItem(atPath: NSTemporaryDirectory() + "etude-sandbox-tests-\(getpid())") }
        return folder
    }()

    static let limits = SessionLimits(memory: 1 << 30, cellDuration: .seconds(20), output: 1 << 20)

    let session: NotebookSession
    let compiler: CellCompiler
    private(set) var log = ""
    private var count = 0

    init(
        isBoxed: Bool = true, limits: SessionLimits = BoxedLab.limits, boxLimits: SandboxLimits = .session, data: String? = nil, deadline: Duration = .seconds(60),
        environment: [String: String] = [:]
    ) throws {
        let installation = try Installation(), sandbox = try Arena.sandbox.get()
        compiler = try CellCompiler(
            toolchain: Toolchain(), moduleSearchPaths: [installation.learnerModuleFolder(in: Self.cache)], cacheFolder: Self.cache, deadline: deadline,
            strangers: isBoxed ? StrangersTools(sandbox: sandbox, reader: installation.reader) : nil)
        session = NotebookSession(
            .init(
                installation: installation, limits: limits, environment: ProcessInfo.processInfo.environment.merging(environment) { $1 },
                workingDirectory: NSTemporaryDirectory(), box: isBoxed ? SessionBox(sandbox, limits: boxLimits, data: data) : nil),
            compiler: compiler)
    }

    deinit { session.end() }

    @discardableResult
    func run(_ text: String) throws -> CellResult {
        count += 1
        return try session.run(CellSource(id: "c\(count)", text: text, name: "cell \(count)"), observer: self)
    }

    /// What was printed and shown, and forgets it.
    func take() -> String {
        defer { log = "" }
        return log
    }

    func sessionPrinted(_ bytes: [UInt8], isError: Bool) { log += String(decoding: bytes, as: UTF8.self) }
    func sessionDisplayed(_ value: DisplayValue, identifier: Int?) { log += "[\(value.plainText ?? "")]" }
    func sessionSaves(_ value: DisplayValue, path: String) { log += "<saved \(path)>" }
    func sessionAsks(_ request: QuestionRequest, answers: any AnswerSource) { log += "<asked \(request.problem)>" }
}
