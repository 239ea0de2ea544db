import CProcesses
import Glibc
import Processes

/// A box and the program in it. It ends with the object.
///
/// First a box is only made: what the program is to find in /cells can be put there, also later. Then it is started.
public final class Box {
    /// What a box is for: it decides which system calls it allows.
    public enum Kind: Sendable {
        /// A program that becomes the box's first process.
        case session
        /// A program of the toolchain.
        case tool
    }

    let hasGroups: Bool
    /// The first process in the box, by the number that the host knows it by; 0 until it has been started.
    public private(set) var firstProcess: pid_t = 0
    /// What the program wrote into /tmp. It can still be read when the box has ended.
    public let scratch: BoxFolder
    /// What the program finds in /cells, where it can't write.
    public let cells: BoxFolder
    private let launcher: ChildProcess
    private let control: Descriptor
    private let limits: SandboxLimits
    private var end: BoxEnd?

    /// Makes a box.
    ///
    /// - Parameters:
    ///   - shows: what it shows, beside what every program needs.
    ///   - environment: the program's whole environment.
    ///   - program: a path in the box.
    ///   - descriptors: which of the host's descriptors the program gets, under numbers from 0 to 5.
    /// - Throws: ``SandboxRefusal``, ``ProcessError``.
    public init(
        _ sandbox: Sandbox, _ kind: Kind, limits: SandboxLimits, shows: [Shown] = [], environment: [String: String] = [:],
        program: String, _ arguments: [String] = [], descriptors: [Int32: Int32] = [:]
    ) throws {
        var ends: [Int32] = [0, 0]
        guard socketpair(AF_UNIX, Int32(SOCK_SEQPACKET.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0, &ends) == 0 else {
            throw SandboxRefusal("A box needs a socket, and the system gives none: \(String(cString: strerror(errno))).")
        }
        let theirs = Descriptor(ends[1])
        control = Descriptor(ends[0])
        self.limits = limits
        let (seconds, attoseconds) = limits.duration.components
        var words = ["--bubblewrap", sandbox.bubblewrap]
        let numbers: [(String, UInt64)] = [
            ("--memory", limits.memory), ("--disk", limits.disk), ("--files", UInt64(limits.files)), ("--cpu", UInt64(limits.processorSeconds)),
            ("--wall", UInt64(seconds * 1_000 + attoseconds / 1_000_000_000_000_000)), ("--processes", UInt64(limits.processes)),
        ]
        for (option, value) in numbers { words += [option, String(value)] }
        if kind == .tool { words.append("--tools") }
        let system = kind == .tool ? Shown.development : Shown.system
        for shown in [Shown(sandbox.program, as: "/etude/etude-sandbox")] + system + shows { words += ["--show", shown.host, shown.inside] }
        let fixed = ["LC_ALL": "C.UTF-8", "HOME": "/tmp", "TMPDIR": "/tmp", "TZ": "UTC"]
        for (name, value) in environment.merging(fixed, uniquingKeysWith: { $1 }) { words += ["--variable", name, value] }
        words += ["--", program] + arguments
        launcher = try ChildProcess(
            sandbox.launcher, words, environment: [:], workingDirectory: "/", descriptors: descriptors.merging([6: theirs.number]) { $1 })
        theirs.close()
        let (message, folders) = Box.receive(control, until: .now + .seconds(30))
        guard message.first == "ready", folders.count == 2 else { throw Box.refusal(message) }
        hasGroups = message.last != "none"
        (cells, scratch) = (BoxFolder(folders[0]), BoxFolder(folders[1]))
    }

    /// Starts the program.
    /// - Throws: ``SandboxRefusal`` when bubblewrap can't make the box.
    public func start() throws {
        control.write(Array("go".utf8))
        let (message, _) = Box.receive(control, until: .now + .seconds(30))
        guard message.first == "started", message.count == 2, let number = pid_t(message[1]) else { throw Box.refusal(message) }
        firstProcess = number
    }

    private static func refusal(_ message: [Substring]) -> SandboxRefusal {
        let sentence = message.first == "refused" ? message.dropFirst().joined(separator: " ") : "its launcher ended without a word"
        return SandboxRefusal("Programs of others run in a box only, and there is none: \(sentence).")
    }

    /// Lets the first process and its group go on, should one in the box have stopped them.
    public func wake() {
        // While the launcher runs, the number is the box's, or it is just being reaped.
        if firstProcess > 1, end == nil, launcher.isRunning { kill(-firstProcess, SIGCONT) }
    }

    /// Becomes readable when there is news, which is the end.
    public var news: Int32 { control.number }

    /// How the box ended; nil while it runs.
    public func poll() -> BoxEnd? {
        if end == nil, waitForDescriptors([(control.number, Int16(POLLIN))], until: .now)[0] != 0 { end = BoxEnd(Box.receive(control, until: .now).words) ?? BoxEnd(.ended) }
        return end
    }

    /// Waits for the end, which the limit of time brings at last.
    public func waitForEnd() -> BoxEnd { waitForEnd(within: limits.duration + .seconds(20)) ?? finish() }

    public func waitForEnd(within patience: Duration) -> BoxEnd? {
        if end == nil { waitForDescriptors([(control.number, Int16(POLLIN))], until: .now + patience) }
        return poll()
    }

    /// Ends the box with all that is in it.
    @discardableResult
    public func finish() -> BoxEnd {
        if let end = poll() {
            leave()
            return end
        }
        // The launcher hears that and tells its last word all the same.
        shutdown(control.number, Int32(SHUT_WR))
        let last = waitForEnd(within: .seconds(15)) ?? BoxEnd(.ended)
        end = last
        leave()
        return last
    }

    /// The launcher clears away behind the box before it goes.
    private func leave() { if launcher.wait(until: .now + .seconds(15)) == nil { launcher.end() } }

    deinit { finish() }

    private static func receive(_ control: Descriptor, until deadline: ContinuousClock.Instant) -> (words: [Substring], descriptors: [Descriptor]) {
        var text = [CChar](repeating: 0, count: 1_024), numbers: [Int32] = [-1, -1]
        guard waitForDescriptors([(control.number, Int16(POLLIN))], until: deadline)[0] != 0 else { return ([], []) }
        let count = etude_receive(control.number, &text, 1_024, &numbers)
        let message = String(decoding: text[..<max(0, Int(count))].map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return (message.split(separator: " "), numbers.filter { $0 >= 0 }.map { Descriptor($0) })
    }
}
