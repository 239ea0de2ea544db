import Foundation
import Processes
import Sandbox

/// The compiler and the linker, as processes, with the flags that cells and modules are built with.
struct Frontend: Sendable {
    let toolchain: Toolchain
    let cacheFolder: String
    let moduleSearchPaths: [String]
    let deadline: Duration
    /// What strangers' cells are compiled in; nil for a learner's own.
    var boxed: BoxedTools?

    /// What a text of a learner's means: the same for the compiler here and for the one in their editor.
    var languageFlags: [String] {
        [
            // Each conformance that a later cell declares would be "retroactive" otherwise.
            "-package-name", "etude",
            "-enable-bare-slash-regex",
            "-swift-version", "5", "-target", Toolchain.target,
            "-module-cache-path", cacheFolder + "/clang",
        ]
    }

    /// Ends every message with the diagnostic's name in brackets; part of each cache key.
    var commonFlags: [String] {
        languageFlags + [
            "-in-process-plugin-server-path", toolchain.hostLibraries + "/libSwiftInProcPluginServer.so",
            "-plugin-path", toolchain.hostLibraries + "/plugins",
            "-debug-diagnostic-names", "-diagnostic-style", "llvm",
        ]
    }

    /// Keeps the messages and lines of preconditions in optimised code. And keeps every check of an index where it
    /// stands: Swift 6.3 moves those of a loop over `0...array.count` out of the loop and loses the last one, so that
    /// a beginner's commonest mistake would read memory behind the array.
    static let optimisationFlags = ["-O", "-assert-config", "Debug", "-Xllvm", "-enable-abc-hoisting=false"]

    private static let environment: [String: String] = {
        var environment = ["LC_ALL": "C.UTF-8"]
        for name in ["HOME", "TMPDIR"] { environment[name] = ProcessInfo.processInfo.environment[name] }
        return environment
    }()

    enum Result {
        /// Whether the compiler had something to say, which is then in the diagnostics file.
        case success(hasMessages: Bool)
        /// The compiler said no; what it said is in the diagnostics file.
        case failure
        case deadlinePassed
        /// The compiler itself came to a bad end, with the last lines it wrote.
        case crashed(String)
    }

    /// - Parameters:
    ///   - inputs: the files that are read beside the toolchain's and the search paths': in a box there are no others.
    ///   - outputs: the folder of all that is written.
    func compile(
        _ arguments: [String], inputs: @autoclosure () -> [String], outputs: String, searchPaths: [String], interruption: Interruption?
    ) throws -> Result {
        let search = searchPaths.flatMap { ["-I", $0] }
        if let boxed {
            let result = try boxed.run(
                toolchain.frontend, ["-frontend"] + arguments + commonFlags + search, inputs: inputs(), outputs: outputs,
                searchPaths: searchPaths, interruption: interruption)
            if result.wasInterrupted { throw CellCompilerError.interrupted }
            switch result.end.reason {
            case .exited(0): return .success(hasMessages: !result.errorOutput.isEmpty || !result.output.isEmpty)
            case .exited(1): return .failure
            case .exited: return .crashed(lastLines(result.errorText))
            case .outOfTime, .outOfProcessorTime: return .deadlinePassed
            case .outOfMemory: return .crashed("it took more memory than it may")
            case .ended: return .crashed("it wrote without end")
            }
        }
        let result = try run(
            toolchain.frontend, ["-frontend"] + arguments + commonFlags + search, environment: Frontend.environment,
            deadline: deadline, outputLimit: 8 << 20, interruption: interruption)
        switch result.termination {
        case .exited(0): return .success(hasMessages: !result.errorOutput.isEmpty || !result.output.isEmpty)
        case .exited: return .failure
        case .signalled: return .crashed(lastLines(result.errorText))
        case .deadlinePassed: return .deadlinePassed
        case .interrupted: throw CellCompilerError.interrupted
        }
    }

    /// Names no library: what is undefined is found among those that the session has loaded.
    func link(_ object: String, to library: String, interruption: Interruption?) throws {
        let arguments = ["--threads=1", "-shared", "--build-id=none", object, toolchain.registration, "-o", library]
        if let boxed {
            let result = try boxed.run(
                toolchain.linker, arguments, inputs: [object], outputs: (library as NSString).deletingLastPathComponent, interruption: interruption)
            if result.wasInterrupted { throw CellCompilerError.interrupted }
            guard result.succeeded else { throw CellCompilerError.linkerFailed(lastLines(result.errorText)) }
            return
        }
        let result = try run(
            toolchain.linker, arguments, environment: Frontend.environment, deadline: deadline, interruption: interruption)
        if result.termination == .interrupted { throw CellCompilerError.interrupted }
        guard result.succeeded else { throw CellCompilerError.linkerFailed(lastLines(result.errorText)) }
    }

    private func lastLines(_ text: String) -> String {
        text.split(separator: "\n").suffix(5).joined(separator: "\n")
    }
}

/// Why a cell could not be compiled, where the reason is not in the cell.
public enum CellCompilerError: Error, CustomStringConvertible, LocalizedError, Equatable {
    case interrupted
    case linkerFailed(String)
    /// Swift's own modules, in a box.
    case modulesNotCompiled(String)
    case cacheNotWritable(folder: String, reason: String)
    case diagnosticsUnreadable(path: String)

    public var description: String {
        switch self {
        case .interrupted:
            "The compiler was stopped before it had finished the cell. Run the cell again to compile it."
        case .linkerFailed(let words):
            "The cell's library could not be linked: \(words)"
        case .modulesNotCompiled(let words):
            "Swift's own modules could not be compiled in a box: \(words.suffix(2_000))"
        case .cacheNotWritable(let folder, let reason):
            "Compiled cells can't be kept in \(folder): \(reason). Make the folder writable, or set XDG_CACHE_HOME to another."
        case .diagnosticsUnreadable(let path):
            "The compiler's messages could not be read from \(path). The toolchain may be damaged: install it again."
        }
    }
    public var errorDescription: String? { description }
}
