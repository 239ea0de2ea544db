import Foundation
#if canImport(Glibc)
import Glibc
#endif

/// The blocking end of a conversation, as the session and checker processes hold it.
public final class Connection {
    private let descriptor: Int32
    private var reader: FrameReader
    private let limits: FrameLimits

    public init(descriptor: Int32, limits: FrameLimits = FrameLimits()) {
        (self.descriptor, self.limits) = (descriptor, limits)
        reader = FrameReader(limits: limits)
    }

    /// - Throws: ``WireError/closed`` when the other side is gone; ``WireError/tooLong`` when it would not take as much.
    public func send(_ message: some Encodable, attachment: [UInt8] = []) throws {
        let frame = try Frame(message, attachment: attachment)
        try limits.check(header: frame.header.count, attachment: frame.attachment.count)
        let bytes = frame.bytes
        try bytes.withUnsafeBytes { buffer in
            var offset = 0
            while offset < buffer.count {
                let count = Glibc.send(descriptor, buffer.baseAddress! + offset, buffer.count - offset, Int32(MSG_NOSIGNAL))
                if count < 0 && errno == EINTR { continue }
                if count < 0 && errno == EAGAIN {
                    wait(for: POLLOUT)
                    continue
                }
                guard count > 0 else { throw WireError.closed }
                offset += count
            }
        }
    }

    /// Waits for the next message.
    /// - Throws: ``WireError``.
    public func receive<Message: Decodable>(_ type: Message.Type = Message.self) throws -> (message: Message, attachment: [UInt8]) {
        while true {
            if let frame = try reader.next() { return (try frame.message(type), frame.attachment) }
            var chunk = [UInt8](repeating: 0, count: 1 << 16)
            let count = Glibc.read(descriptor, &chunk, chunk.count)
            if count < 0 && errno == EINTR { continue }
            if count < 0 && errno == EAGAIN {
                wait(for: POLLIN)
                continue
            }
            guard count > 0 else { throw WireError.closed }
            reader.append(chunk[..<count])
        }
    }

    /// A cell may have made the socket one that does not wait.
    private func wait(for event: Int32) {
        var waiting = pollfd(fd: descriptor, events: Int16(event), revents: 0)
        poll(&waiting, 1, -1)
    }
}
