@_implementationOnly import COpenSSL
import Foundation

/// A short name for what was made from some texts: the same texts give the same name, and other texts another.
public enum ContentKey {
    /// 16 hexadecimal digits of a SHA-256. Where one text ends and the next begins counts.
    public static func of(_ texts: some Sequence<String>) -> String {
        let bytes = texts.reduce(into: [UInt8]()) { $0 += "\($1.utf8.count):\($1)".utf8 }
        var digest = [UInt8](repeating: 0, count: 32)
        EVP_Digest(bytes, bytes.count, &digest, nil, EVP_sha256(), nil)
        return digest.prefix(8).map { String(format: "%02x", $0) }.joined()
    }
}
