internal import CGit2

/// The name of an object in a git repository: the SHA-1 of what it holds.
public struct ObjectID: Hashable, Sendable, CustomStringConvertible, Comparable {
    private let first: UInt64
    private let second: UInt64
    private let third: UInt32

    /// - Returns: nil unless the text is 40 lower-case hexadecimal digits.
    public init?(_ text: some StringProtocol) { self.init(hexadecimal: text.utf8) }

    init?(hexadecimal digits: some Collection<UInt8>) {
        guard digits.count == 40 else { return nil }
        var values = (UInt64(0), UInt64(0), UInt32(0)), index = 0
        for digit in digits {
            let value: UInt8
            switch digit {
            case 0x30...0x39: value = digit - 0x30
            case 0x61...0x66: value = digit - 0x61 + 10
            default: return nil
            }
            switch index {
            case 0..<16: values.0 = values.0 << 4 | UInt64(value)
            case 16..<32: values.1 = values.1 << 4 | UInt64(value)
            default: values.2 = values.2 << 4 | UInt32(value)
            }
            index += 1
        }
        (first, second, third) = values
    }

    init(_ id: git_oid) {
        (first, second, third) = withUnsafeBytes(of: id) {
            (UInt64(bigEndian: $0.loadUnaligned(as: UInt64.self)), UInt64(bigEndian: $0.loadUnaligned(fromByteOffset: 8, as: UInt64.self)),
             UInt32(bigEndian: $0.loadUnaligned(fromByteOffset: 16, as: UInt32.self)))
        }
    }

    var git: git_oid {
        var id = git_oid()
        withUnsafeMutableBytes(of: &id) {
            $0.storeBytes(of: first.bigEndian, as: UInt64.self)
            $0.storeBytes(of: second.bigEndian, toByteOffset: 8, as: UInt64.self)
            $0.storeBytes(of: third.bigEndian, toByteOffset: 16, as: UInt32.self)
        }
        return id
    }

    /// 40 hexadecimal digits.
    public var description: String {
        func digits(_ value: some FixedWidthInteger, _ count: Int) -> String {
            let text = String(value, radix: 16)
            return String(repeating: "0", count: count - text.count) + text
        }
        return digits(first, 16) + digits(second, 16) + digits(third, 8)
    }

    public static func < (a: Self, b: Self) -> Bool { (a.first, a.second, a.third) < (b.first, b.second, b.third) }
}
