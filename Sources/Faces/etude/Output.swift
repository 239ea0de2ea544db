import Foundation
import Glibc
import Processes

/// Where the commands write.
enum Output {
    /// One JSON object on a line of standard output.
    static func json(_ value: some Encodable) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.nonConformingFloatEncodingStrategy = .convertToString(positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        put(try encoder.encode(value) + Data("\n".utf8), to: 1)
    }

    static func write(_ text: String) { put(Data(text.utf8), to: 1) }
    static func warn(_ sentence: String) { put(Data("etude: \(sentence)\n".utf8), to: 2) }

    /// Writes to a standard stream. When nobody reads it any more (`etude run … | head`), the program has nothing
    /// left to do, and ends with the status that a shell gives to a broken pipe.
    private static func put(_ data: Data, to descriptor: Int32) {
        data.withUnsafeBytes { bytes in
            var offset = 0
            while offset < bytes.count {
                let count = Glibc.write(descriptor, bytes.baseAddress! + offset, bytes.count - offset)
                if count > 0 { offset += count; continue }
                if errno == EINTR { continue }
                if errno == EAGAIN { waitForDescriptors([(descriptor, Int16(POLLOUT))], until: nil); continue }
                if descriptor == 1 && errno == EPIPE { exit(128 + SIGPIPE) }
                return
            }
        }
    }
}
