import CProcesses
import Glibc

/// How a process ended.
public enum Termination: Equatable, Sendable {
    case exited(Int32)
    case signalled(Int32)
    /// It was ended because its time was up.
    case deadlinePassed
    /// It was ended because a person asked for it.
    case interrupted

    /// What `wait` told of a process.
    public init(waitStatus status: Int32) {
        let signal = status & 0x7f
        self = signal == 0 ? .exited((status >> 8) & 0xff) : .signalled(signal)
    }
}

/// A process could not be started.
public struct ProcessError: Error, CustomStringConvertible, Sendable {
    public let executable: String
    public let code: Int32
    public var description: String {
        "\(executable) could not be started: \(String(cString: strerror(code)))."
    }
}

/// A running process in a process group of its own, so that a Ctrl-C meant for the host does not reach it.
///
/// The process is ended and reaped when the object goes. What it started in its group ends with it.
public final class ChildProcess {
    public let identifier: pid_t
    /// Becomes readable when the process has ended, whoever still holds its pipes; nil on a system without such.
    public let ending: Descriptor?
    private var termination: Termination?

    /// Starts a process.
    ///
    /// - Parameters:
    ///   - executable: a path; no shell and no search along PATH is involved.
    ///   - environment: the whole environment; nil passes on the host's.
    ///   - descriptors: which of the host's descriptors the process gets, by the number it gets them under.
    ///     Standard streams that are not named read from or write to nothing.
    ///   - endsWithThread: whether the system ends the process should the thread that starts it end, as when the host is
    ///     killed. For one that outlives the call in which it is started, the thread may end long before the host does.
    /// - Throws: ``ProcessError``.
    public init(
        _ executable: String, _ arguments: [String] = [], environment: [String: String]? = nil,
        workingDirectory: String? = nil, descriptors: [Int32: Int32] = [:], endsWithThread: Bool = false
    ) throws {
        let numbers = (0...max(2, descriptors.keys.max() ?? 2)).map { descriptors[$0] ?? -1 }
        var pid = pid_t()
        func start(_ argv: CStrings, _ envp: CStrings) -> Int32 {
            executable.withCString { path in
                withOptionalCString(workingDirectory) { folder in
                    numbers.withUnsafeBufferPointer { numbers in
                        var program = etude_program(
                            path: path, arguments: argv, environment: envp, working_directory: folder,
                            descriptors: numbers.baseAddress, count: Int32(numbers.count), ends_with_thread: endsWithThread ? 1 : 0)
                        return etude_start(&program, &pid)
                    }
                }
            }
        }
        let code = withCStrings([executable] + arguments) { argv in
            guard let environment else { return start(argv, environ) }
            return withCStrings(environment.map { "\($0.key)=\($0.value)" }) { start(argv, $0) }
        }
        guard code == 0 else { throw ProcessError(executable: executable, code: code) }
        identifier = pid
        let end = pidfd_open(pid, 0)
        ending = end >= 0 ? Descriptor(end) : nil
    }

    /// Whether the process still runs.
    public var isRunning: Bool { poll() == nil }

    /// Sends a signal to the process and to all that it started in its group.
    public func signalGroup(_ signal: Int32) {
        guard termination == nil else { return }
        kill(-identifier, signal)
    }

    /// How the process ended; nil while it runs.
    public func poll() -> Termination? { reap(WNOHANG) }

    /// Waits for the end.
    @discardableResult
    public func wait() -> Termination {
        while true { if let end = reap(0) { return end } }
    }

    /// Waits for the end until an instant; nil when the process still runs then.
    public func wait(until deadline: ContinuousClock.Instant) -> Termination? {
        var pause: UInt32 = 100
        while true {
            if let end = poll() { return end }
            if ContinuousClock.now >= deadline { return nil }
            usleep(pause)
            pause = min(pause * 2, 5_000)
        }
    }

    /// Ends the process, and all in its group, at once, and reaps it.
    @discardableResult
    public func end() -> Termination {
        signalGroup(SIGKILL)
        return wait()
    }

    private func reap(_ options: Int32) -> Termination? {
        if let termination { return termination }
        // Its group first: once it is reaped, the group's number may be another's.
        var ended = siginfo_t()
        if waitid(P_PID, id_t(identifier), &ended, WEXITED | WNOWAIT | options) == 0 {
            guard ended.si_signo == SIGCHLD else { return nil }
            kill(-identifier, SIGKILL)
        } else if errno == EINTR {
            return nil
        }
        var status: Int32 = 0
        let result = waitpid(identifier, &status, options)
        if result == 0 { return nil }
        if result < 0 {
            if errno == EINTR { return nil }
            termination = .exited(-1)
            return termination
        }
        termination = Termination(waitStatus: status)
        return termination
    }

    deinit { if termination == nil { end() } }
}

private typealias CStrings = UnsafePointer<UnsafeMutablePointer<CChar>?>

/// Calls `body` with a null-terminated array of C strings.
private func withCStrings<Result>(_ strings: [String], _ body: (CStrings) -> Result) -> Result {
    var pointers: [UnsafeMutablePointer<CChar>?] = strings.map { strdup($0) }
    pointers.append(nil)
    defer { for pointer in pointers { free(pointer) } }
    return pointers.withUnsafeBufferPointer { body($0.baseAddress!) }
}

private func withOptionalCString<Result>(_ string: String?, _ body: (UnsafePointer<CChar>?) -> Result) -> Result {
    guard let string else { return body(nil) }
    return string.withCString(body)
}
