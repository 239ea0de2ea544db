import Foundation

/// The framing of all messages: two little-endian 32-bit lengths (header, attachment), a JSON header of a type
/// that both sides know, and raw bytes (a model's weights, a table) that would be wasteful as JSON.
public struct Frame: Equatable, Sendable {
    public var header: Data
    public var attachment: [UInt8]

    public init(header: Data, attachment: [UInt8] = []) {
        (self.header, self.attachment) = (header, attachment)
    }

    public init(_ message: some Encodable, attachment: [UInt8] = []) throws {
        let encoder = JSONEncoder()
        encoder.nonConformingFloatEncodingStrategy = .convertToString(positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        self.init(header: try encoder.encode(message), attachment: attachment)
    }

    /// Decodes the header strictly.
    /// - Throws: ``WireError/undecodable`` when it is not a message of that type.
    public func message<Message: Decodable>(_ type: Message.Type = Message.self) throws -> Message {
        let decoder = JSONDecoder()
        decoder.nonConformingFloatDecodingStrategy = .convertFromString(positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        do { return try decoder.decode(type, from: header) } catch { throw WireError.undecodable("\(type)") }
    }

    /// The frame as it travels.
    public var bytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(8 + header.count + attachment.count)
        for length in [header.count, attachment.count] {
            withUnsafeBytes(of: UInt32(length).littleEndian) { bytes += $0 }
        }
        return bytes + header + attachment
    }
}

/// How much a peer that is not trusted may send in one frame. Decoding a header can take 25 times its length of
/// memory, so that it is kept shorter than raw bytes need be.
public struct FrameLimits: Sendable {
    public var header: Int
    public var attachment: Int
    public init(header: Int = 32 << 20, attachment: Int = 256 << 20) {
        (self.header, self.attachment) = (header, attachment)
    }

    /// - Throws: ``WireError/tooLong``.
    func check(header: Int, attachment: Int) throws {
        guard header <= self.header else { throw WireError.tooLong(part: "header", length: header, limit: self.header) }
        guard attachment <= self.attachment else {
            throw WireError.tooLong(part: "attachment", length: attachment, limit: self.attachment)
        }
    }
}

public enum WireError: Error, Equatable, CustomStringConvertible, Sendable {
    case tooLong(part: String, length: Int, limit: Int)
    case undecodable(String)
    case closed

    public var description: String {
        switch self {
        case .tooLong(let part, let length, let limit):
            "A message's \(part) has \(length) bytes; at most \(limit) are allowed."
        case .undecodable(let type): "A message could not be understood as \(type)."
        case .closed: "The connection was closed in the middle of a conversation."
        }
    }
}

/// Cuts a stream of bytes, in whatever pieces they come, into frames.
public struct FrameReader: Sendable {
    private var buffer: [UInt8] = []
    private var start = 0
    private let limits: FrameLimits

    public init(limits: FrameLimits = FrameLimits()) { self.limits = limits }

    public mutating func append(_ bytes: some Sequence<UInt8>) { buffer.append(contentsOf: bytes) }

    /// The next whole frame; nil until all of it has come.
    /// - Throws: ``WireError/tooLong`` as soon as the lengths are known.
    public mutating func next() throws -> Frame? {
        guard buffer.count - start >= 8 else { return nil }
        let header = length(at: start), attachment = length(at: start + 4)
        try limits.check(header: header, attachment: attachment)
        let end = start + 8 + header + attachment
        guard buffer.count >= end else { return nil }
        let frame = Frame(
            header: Data(buffer[(start + 8)..<(start + 8 + header)]),
            attachment: Array(buffer[(start + 8 + header)..<end]))
        start = end
        if start == buffer.count || start > 1 << 20 {
            // A new array: the room of a large message is not kept.
            buffer = Array(buffer[start...])
            start = 0
        }
        return frame
    }

    private func length(at offset: Int) -> Int {
        (0..<4).reduce(0) { $0 | Int(buffer[offset + $1]) << (8 * $1) }
    }
}
