@_implementationOnly import COpenSSL
import Foundation

/// A short name for what was made from some texts or files: the same contents give the same name, and others another.
public enum ContentKey {
    /// 16 hexadecimal digits of a SHA-256. Where one text ends and the next begins counts.
    public static func of(_ texts: some Sequence<String>) -> String { of(pieces: texts.lazy.map { Data($0.utf8) }) }

    /// As for texts, of any bytes. They are read one after the other: all may be more than the memory holds.
    public static func of(pieces: some Sequence<Data>) -> String {
        let context = EVP_MD_CTX_new()
        defer { EVP_MD_CTX_free(context) }
        EVP_DigestInit_ex(context, EVP_sha256(), nil)
        func add(_ bytes: Data) { bytes.withUnsafeBytes { _ = EVP_DigestUpdate(context, $0.baseAddress, $0.count) } }
        for piece in pieces {
            add(Data("\(piece.count):".utf8))
            add(piece)
        }
        var digest = [UInt8](repeating: 0, count: 32)
        EVP_DigestFinal_ex(context, &digest, nil)
        return digest.prefix(8).map { String(format: "%02x", $0) }.joined()
    }
}
