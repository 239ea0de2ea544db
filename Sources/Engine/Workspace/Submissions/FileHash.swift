internal import COpenSSL
import Foundation

/// The SHA-256 of a file's bytes, as 64 lower-case hexadecimal digits.
public struct FileHash: Hashable, Sendable, Codable, CustomStringConvertible {
    public let description: String

    public init(of data: Data) {
        var digest = [UInt8](repeating: 0, count: 32)
        data.withUnsafeBytes { _ = EVP_Digest($0.baseAddress, $0.count, &digest, nil, EVP_sha256(), nil) }
        description = digest.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    /// - Returns: nil unless the text is 64 lower-case hexadecimal digits.
    public init?(_ text: String) {
        guard text.utf8.count == 64, text.utf8.allSatisfy({ (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }) else { return nil }
        description = text
    }

    public init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer()
        guard let hash = Self(try value.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: value, debugDescription: "64 hexadecimal digits are expected")
        }
        self = hash
    }

    public func encode(to encoder: any Encoder) throws {
        var value = encoder.singleValueContainer()
        try value.encode(description)
    }
}
