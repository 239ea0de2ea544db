import Foundation
import Glibc

/// Where the commands write.
enum Output {
    /// One JSON object on a line of standard output.
    static func json(_ value: some Encodable) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.nonConformingFloatEncodingStrategy = .convertToString(positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        write(String(decoding: try encoder.encode(value), as: UTF8.self) + "\n")
    }

    /// Writes to standard output. When nobody reads it any more, as behind `| head`, there is nothing left to do, and the
    /// program ends as one does that a broken pipe ends.
    static func write(_ text: String, to descriptor: Int32 = 1) {
        switch failure(ofWriting: text, to: descriptor) {
        case nil: return
        case EPIPE: exit(128 + SIGPIPE)
        case let reason?:
            warn("the output could not be written: \(String(cString: strerror(reason))).")
            exit(2)
        }
    }

    static func warn(_ sentence: String) { note("etude: \(sentence)") }

    /// A line on standard error. When that fails, there is no one left to tell.
    static func note(_ line: String) { _ = failure(ofWriting: line + "\n", to: 2) }

    /// Foundation's `FileHandle` would trap where the system refuses the bytes.
    /// - Returns: the system's reason, when not all could be written.
    private static func failure(ofWriting text: String, to descriptor: Int32) -> Int32? {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count >= 0 { rest = rest.dropFirst(count); continue }
            switch errno {
            case EINTR: continue
            case EAGAIN:
                var output = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                poll(&output, 1, -1)
            case let reason: return reason
            }
        }
        return nil
    }
}
