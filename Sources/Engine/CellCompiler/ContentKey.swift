import Crypto
import Foundation

/// A short name for what was made from some texts: the same texts give the same name, and other texts another.
public enum ContentKey {
    /// 16 hexadecimal digits of a SHA-256. Where one text ends and the next begins counts.
    public static func of(_ texts: some Sequence<String>) -> String {
        var hash = SHA256()
        for text in texts { hash.update(data: Data("\(text.utf8.count):\(text)".utf8)) }
        return hash.finalize().prefix(8).map { String(format: "%02x", $0) }.joined()
    }
}
