/// The name of a question in its exercise: `part1`, or `part3.c` for a part of a part.
public struct ProblemPath: Hashable, Comparable, Sendable, LosslessStringConvertible {
    /// The names from the outermost: `["part3", "c"]`.
    public let parts: [String]

    /// The path that `description` writes; nil when a part is not a Swift name of ASCII letters, digits and `_`.
    public init?(_ description: String) {
        let parts = description.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        let areNames = parts.allSatisfy { part in
            part.first.map { !(0x30...0x39).contains($0) } == true && part.allSatisfy(Self.isNameByte)
        }
        guard areNames else { return nil }
        self.parts = parts.map { String(Substring($0)) }
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "_"): true
        default: false
        }
    }

    public var description: String { parts.joined(separator: ".") }

    public static func < (a: ProblemPath, b: ProblemPath) -> Bool { a.parts.lexicographicallyPrecedes(b.parts) }
}
