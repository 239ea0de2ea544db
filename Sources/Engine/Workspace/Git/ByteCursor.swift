import Glibc

/// Reads bytes piece by piece, without making text of what is not asked for: a history has thousands of messages.
///
/// Lives no longer than the bytes that it was lent.
struct ByteCursor {
    private(set) var rest: UnsafeRawBufferPointer

    init(_ bytes: UnsafeRawBufferPointer) { rest = bytes }

    var isAtEnd: Bool { rest.isEmpty }
    /// What is left, as text.
    var text: String { String(decoding: rest, as: UTF8.self) }
    var integer: Int64? { rest.count <= 20 ? Int64(text) : nil }

    /// What comes before a byte, which is passed over, too.
    /// - Returns: nil when it does not come.
    mutating func next(before byte: UInt8) -> ByteCursor? {
        guard let start = rest.baseAddress, let found = memchr(start, Int32(byte), rest.count) else { return nil }
        let length = UnsafeRawPointer(found) - start
        defer { rest = UnsafeRawBufferPointer(rebasing: rest[(length + 1)...]) }
        return ByteCursor(UnsafeRawBufferPointer(rebasing: rest[..<length]))
    }

    /// What comes before a byte, or all that is left.
    mutating func nextPiece(before byte: UInt8) -> ByteCursor {
        if let piece = next(before: byte) { return piece }
        defer { rest = UnsafeRawBufferPointer(rebasing: rest[rest.count...]) }
        return self
    }

    /// Passes over a text, if it comes next.
    mutating func skip(_ text: StaticString) -> Bool {
        let count = text.utf8CodeUnitCount
        guard rest.count >= count, let start = rest.baseAddress, memcmp(start, text.utf8Start, count) == 0 else { return false }
        rest = UnsafeRawBufferPointer(rebasing: rest[count...])
        return true
    }

    /// Whether what is left is a text, byte for byte.
    func says(_ text: String) -> Bool {
        var text = text
        return text.withUTF8 { $0.count == rest.count && (rest.isEmpty || memcmp($0.baseAddress!, rest.baseAddress!, rest.count) == 0) }
    }

    func contains(_ byte: UInt8) -> Bool { rest.baseAddress.map { memchr($0, Int32(byte), rest.count) != nil } ?? false }
}
