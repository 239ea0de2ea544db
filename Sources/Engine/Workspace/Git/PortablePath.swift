import Foundation

/// A path of a file inside a folder that is safe to write on any system: relative, with `/`, and no name that git or a
/// file system reads otherwise than it is written.
struct PortablePath: Hashable, Comparable {
    let parts: [String]
    var text: String { parts.joined(separator: "/") }

    /// - Returns: nil for any other path.
    init?(_ text: String) {
        guard text.utf8.count <= 1_024 else { return nil }
        parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.allSatisfy(Self.isPortable) else { return nil }
    }

    /// Two paths with one key are one file on some file system.
    var foldedKey: String { Self.foldedKey(of: text) }
    static func foldedKey(of text: String) -> String { text.precomposedStringWithCanonicalMapping.lowercased() }

    static func < (a: Self, b: Self) -> Bool { a.text < b.text }

    static func isPortable(_ name: String) -> Bool {
        guard !name.isEmpty, name.utf8.count <= 255, name != ".", name != "..", name.last != ".", name.last != " " else { return false }
        // Nearly all names, and quick to tell.
        let isPlain = name.utf8.allSatisfy { (0x61...0x7A).contains($0) || (0x2D...0x39).contains($0) && $0 != UInt8(ascii: "/") }
        if !isPlain, !name.unicodeScalars.allSatisfy(isPortable) { return false }
        let folded = isPlain ? name : name.lowercased()
        // Windows' short names, and git's own folder and files that give it orders.
        if folded.hasPrefix("git~") || folded.hasPrefix(".git") && ![".gitignore", ".gitattributes"].contains(folded) { return false }
        let stem = folded.prefix { $0 != "." }
        return !["con", "prn", "aux", "nul"].contains(stem) && !(stem.count == 4 && (stem.hasPrefix("com") || stem.hasPrefix("lpt")) && stem.last!.isNumber)
    }

    private static func isPortable(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        // Some file systems leave the characters of format out, and then ".g\u{200C}it" is ".git".
        case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned: false
        default: !"/\\:*?\"<>|".unicodeScalars.contains(scalar)
        }
    }
}
