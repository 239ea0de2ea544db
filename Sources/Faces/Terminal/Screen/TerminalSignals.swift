import Glibc
import Processes

/// Signals as something to wait for: a descriptor that becomes readable, so that one loop hears of keys, files and
/// signals in turn. A process has one set of handlers, so one of these is made and lives as long as the program.
public final class TerminalSignals {
    /// A window of another size, a wish to end, to stop, to go on.
    public static let watched: [Int32] = [SIGWINCH, SIGTERM, SIGHUP, SIGINT, SIGQUIT, SIGTSTP, SIGCONT]

    private let reading: Descriptor
    private let writing: Descriptor

    public init() throws {
        (reading, writing) = try Descriptor.pipe()
        reading.setNonBlocking()
        writing.setNonBlocking()
        wakeUp = writing.number
        for number in Self.watched { install(number) }
    }

    /// Becomes readable when a signal came.
    public var descriptor: Int32 { reading.number }

    /// The signals that came since the last call, in their order.
    public func caught() -> [Int32] { (reading.read() ?? []).map(Int32.init) }

    /// Stops the program as Ctrl-Z does, until a shell lets it go on.
    public func stop() {
        // A script that started this program stops with it; the program itself last, and before the next line.
        signal(SIGTSTP, SIG_IGN)
        kill(0, SIGTSTP)
        signal(SIGTSTP, SIG_DFL)
        raise(SIGTSTP)
        install(SIGTSTP)
    }

    private func install(_ number: Int32) {
        var action = sigaction()
        action.__sigaction_handler.sa_handler = { number in
            let saved = errno
            var byte = UInt8(truncatingIfNeeded: number)
            _ = Glibc.write(wakeUp, &byte, 1)
            errno = saved
        }
        action.sa_flags = SA_RESTART
        sigaction(number, &action, nil)
    }
}

/// Where the handlers write: they can't be given anything.
nonisolated(unsafe) private var wakeUp: Int32 = -1
