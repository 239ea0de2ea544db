import Glibc
import Processes

/// A terminal's window, taken over whole: each key comes at once, what is painted does not scroll, and the shell's own
/// text is back when the program goes, in whatever way it goes.
///
/// For example:
///
///     guard let terminal = RawTerminal() else { … }   // a pipe or a file
///     terminal.enter()
///     defer { terminal.leave() }
///     terminal.write(painter.paint(frame, size: terminal.size))
public final class RawTerminal {
    public let input: Int32
    public let output: Int32

    /// - Returns: nil unless both descriptors lead to a terminal that can be painted on.
    public init?(input: Int32 = 0, output: Int32 = 1, environment: [String: String]) {
        let kind = environment["TERM"] ?? "dumb"
        guard isatty(input) == 1, isatty(output) == 1, kind != "dumb", !kind.isEmpty else { return nil }
        (self.input, self.output) = (input, output)
    }

    /// Takes the window over.
    public func enter() {
        guard !restoration.isDue else { return }
        var modes = termios()
        guard tcgetattr(input, &modes) == 0 else { return }
        restoration.modes = modes
        restoration.input = input
        restoration.output = output
        cfmakeraw(&modes)
        restoration.isDue = true
        tcsetattr(input, TCSADRAIN, &modes)
        guardWaysOut()
        // The other screen, empty; no cursor, no wrapping at the last column; pasted text is marked as such.
        write("\u{1B}[?1049h\u{1B}[2J\u{1B}[H\u{1B}[?25l\u{1B}[?7l\u{1B}[?2004h")
    }

    /// Gives the window back as it was.
    public func leave() { restore() }

    /// The window's size now; 80 × 24 when it does not say.
    public var size: ScreenSize {
        var window = winsize()
        guard ioctl(output, UInt(TIOCGWINSZ), &window) == 0, window.ws_col > 0, window.ws_row > 0 else { return ScreenSize(columns: 80, rows: 24) }
        return ScreenSize(columns: min(1_000, Int(window.ws_col)), rows: min(1_000, Int(window.ws_row)))
    }

    /// The pixels of one character's cell; nil when the terminal does not say.
    public var cellPixels: (width: Int, height: Int)? {
        var window = winsize()
        guard ioctl(output, UInt(TIOCGWINSZ), &window) == 0, window.ws_col > 0, window.ws_row > 0, window.ws_xpixel > 0, window.ws_ypixel > 0 else { return nil }
        return (Int(window.ws_xpixel / window.ws_col), Int(window.ws_ypixel / window.ws_row))
    }

    /// Writes all of a text; nothing when the terminal is gone.
    public func write(_ text: String) {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(output, $0.baseAddress, $0.count) }
            if count >= 0 { rest = rest.dropFirst(count); continue }
            if errno == EAGAIN { waitForDescriptors([(output, Int16(POLLOUT))], until: nil) } else if errno != EINTR { return }
        }
    }

    /// The bytes of keys that were pressed; empty when the terminal is gone.
    public func read() -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 4_096)
        while true {
            let count = Glibc.read(input, &bytes, bytes.count)
            if count < 0, errno == EINTR { continue }
            return Array(bytes.prefix(max(0, count)))
        }
    }

    /// The pictures that this terminal draws: what its environment promises, else what it answers within a moment.
    /// Call it after ``enter()``.
    /// - Returns: the protocol, and all bytes that were read: keys may be among them.
    public func findPictureProtocol(
        environment: [String: String], patience: Duration = .milliseconds(200)
    ) -> (found: PictureProtocol?, bytes: [UInt8]) {
        if let promised = PictureProtocol(environment: environment) { return (promised, []) }
        // Linux's console would show the question.
        if PictureProtocol.isMultiplexed(environment) || environment["TERM"] == "linux" { return (nil, []) }
        write(PictureProtocol.query)
        var reply: [UInt8] = []
        let deadline = ContinuousClock.now + patience
        while reply.count < 4_096, ContinuousClock.now < deadline {
            guard waitForDescriptors([(input, Int16(POLLIN))], until: deadline)[0] != 0 else { break }
            let bytes = read()
            if bytes.isEmpty { break }
            reply += bytes
            let (found, isWhole) = PictureProtocol.reading(reply: reply)
            if isWhole { return (found, reply) }
        }
        return (nil, reply)
    }
}

/// What the ways out need to know. They may run in a signal handler, at any instant: all that they touch is here,
/// made beforehand.
private struct Restoration {
    var isDue = false
    var isGuarded = false
    var modes = termios()
    var input: Int32 = 0
    var output: Int32 = 1
    let sequence: UnsafeMutableBufferPointer<UInt8> = {
        // Also ends an update that was cut short.
        let bytes = Array("\u{1B}[?2026l\u{1B}[?2004l\u{1B}[0m\u{1B}[?7h\u{1B}[?25h\u{1B}[?1049l".utf8)
        let buffer = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: bytes.count)
        _ = buffer.initialize(from: bytes)
        return buffer
    }()
    /// What a crash did before, as the Swift runtime's own report.
    let previous = UnsafeMutablePointer<sigaction>.allocate(capacity: 65)
}

nonisolated(unsafe) private var restoration = Restoration()

private func restore() {
    guard restoration.isDue else { return }
    restoration.isDue = false
    _ = Glibc.write(restoration.output, restoration.sequence.baseAddress, restoration.sequence.count)
    // At once: a window that nobody reads any more would never drain.
    tcsetattr(restoration.input, TCSANOW, &restoration.modes)
}

/// Has the window given back by `exit` and by a crash. Signals that ask the program to end are ``TerminalSignals``'.
private func guardWaysOut() {
    if restoration.isGuarded { return }
    restoration.isGuarded = true
    atexit { restore() }
    for number in [SIGSEGV, SIGBUS, SIGILL, SIGTRAP, SIGFPE, SIGABRT] {
        var action = sigaction()
        action.__sigaction_handler.sa_handler = { number in
            restore()
            sigaction(number, restoration.previous + Int(number), nil)
            raise(number)
        }
        sigaction(number, &action, restoration.previous + Int(number))
    }
}
