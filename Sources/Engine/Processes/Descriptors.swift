import CProcesses
import Glibc

/// A file descriptor that closes itself.
public final class Descriptor {
    public let number: Int32
    private var isOpen = true

    public init(_ number: Int32) { self.number = number }

    public func close() {
        if isOpen { _ = Glibc.close(number) }
        isOpen = false
    }

    deinit { close() }

    /// A pipe whose ends are not passed on to other processes.
    public static func pipe() throws -> (reading: Descriptor, writing: Descriptor) {
        var ends: [Int32] = [0, 0]
        guard pipe2(&ends, O_CLOEXEC) == 0 else { throw ProcessError(executable: "pipe", code: errno) }
        return (Descriptor(ends[0]), Descriptor(ends[1]))
    }

    /// Two connected Unix sockets, not passed on to other processes.
    public static func socketPair() throws -> (Descriptor, Descriptor) {
        var ends: [Int32] = [0, 0]
        let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, type, 0, &ends) == 0 else { throw ProcessError(executable: "socketpair", code: errno) }
        return (Descriptor(ends[0]), Descriptor(ends[1]))
    }

    /// What can be read now, at most `limit` bytes; empty at the end of the stream.
    /// - Returns: nil when nothing is there yet (for a descriptor that does not block).
    public func read(atMost limit: Int = 1 << 16) -> [UInt8]? {
        var atEnd = false
        let bytes = [UInt8](unsafeUninitializedCapacity: limit) { buffer, count in
            while true {
                let result = Glibc.read(number, buffer.baseAddress, limit)
                if result < 0 && errno == EINTR { continue }
                atEnd = result == 0 || (result < 0 && errno != EAGAIN)
                count = max(0, result)
                return
            }
        }
        return bytes.isEmpty && !atEnd ? nil : bytes
    }

    /// Writes all bytes.
    /// - Parameter patience: how long the other side may take nothing (for a descriptor that does not block).
    /// - Returns: false when the other side is gone, or takes nothing any more.
    @discardableResult
    public func write(_ bytes: some Collection<UInt8>, patience: Duration? = nil) -> Bool {
        Array(bytes).withUnsafeBytes { buffer in
            var offset = 0
            while offset < buffer.count {
                let count = send(buffer.baseAddress! + offset, buffer.count - offset)
                if count < 0 {
                    if errno == EINTR { continue }
                    if errno == EAGAIN {
                        let ready = waitForDescriptors([(number, Int16(POLLOUT))], until: patience.map { .now + $0 })
                        if ready[0] == 0 { return false }
                        continue
                    }
                    return false
                }
                offset += count
            }
            return true
        }
    }

    /// `send` on a socket (no SIGPIPE), `write` elsewhere.
    private func send(_ bytes: UnsafeRawPointer, _ count: Int) -> Int {
        let sent = Glibc.send(number, bytes, count, Int32(MSG_NOSIGNAL))
        return sent < 0 && errno == ENOTSOCK ? Glibc.write(number, bytes, count) : sent
    }

    /// Hands descriptors over to the process at the other end of a Unix socket, with one byte.
    /// - Returns: false when it is gone, or does not read.
    public func send(_ descriptors: [Descriptor]) -> Bool {
        let numbers = descriptors.map(\.number)
        return etude_send_descriptors(number, numbers, Int32(numbers.count)) == 0
    }

    public func setNonBlocking() { _ = fcntl(number, F_SETFL, fcntl(number, F_GETFL) | O_NONBLOCK) }
}

/// Waits until one of the descriptors is ready, or the instant has come.
/// - Returns: the events of each descriptor, 0 where nothing happened.
@discardableResult
public func waitForDescriptors(
    _ descriptors: [(number: Int32, events: Int16)], until deadline: ContinuousClock.Instant?
) -> [Int16] {
    var entries = descriptors.map { pollfd(fd: $0.number, events: $0.events, revents: 0) }
    while true {
        var milliseconds: Int32 = -1
        if let deadline {
            let left = ContinuousClock.now.duration(to: deadline).components
            milliseconds = Int32(clamping: max(0, left.seconds * 1_000 + (left.attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000))
        }
        let count = Glibc.poll(&entries, nfds_t(entries.count), milliseconds)
        if count < 0 && errno == EINTR { continue }
        return entries.map(\.revents)
    }
}

/// A person's wish to stop, which long work looks for: Ctrl-C in a terminal, a stop button.
///
/// `request()` may be called from a signal handler and from any thread.
public final class Interruption: @unchecked Sendable {
    private let reading: Descriptor
    private let writing: Descriptor

    public init() throws {
        (reading, writing) = try Descriptor.pipe()
        reading.setNonBlocking()
        writing.setNonBlocking()
    }

    /// Becomes readable when an interruption was asked for.
    public var descriptor: Int32 { reading.number }

    public func request() {
        var byte: UInt8 = 1
        _ = Glibc.write(writing.number, &byte, 1)
    }

    /// Whether an interruption was asked for since the last `clear()`.
    public var isRequested: Bool {
        waitForDescriptors([(reading.number, Int16(POLLIN))], until: .now)[0] != 0
    }

    /// Forgets what was asked for, once it was served.
    public func clear() { while let bytes = reading.read(), !bytes.isEmpty {} }
}
