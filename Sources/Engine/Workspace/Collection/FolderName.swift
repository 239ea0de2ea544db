import Foundation

/// Makes a name for a folder or a file of what somebody calls themself.
enum FolderName {
    /// Lower-case letters and digits of any script, `@ . _ -`; never empty, nor a name that means something to a system.
    static func safe(_ text: String) -> String {
        var name = "", isGap = false
        for scalar in text.precomposedStringWithCanonicalMapping.lowercased().precomposedStringWithCanonicalMapping.unicodeScalars.prefix(200) {
            guard isKept(scalar) else { isGap = !name.isEmpty; continue }
            if isGap { name += "-" }
            isGap = false
            name.unicodeScalars.append(scalar)
        }
        while name.utf8.count > 60 || [".", "-"].contains(name.last) { name.removeLast() }
        while [".", "-"].contains(name.first) { name.removeFirst() }
        return PortablePath.isPortable(name) ? name : "learner"
    }

    /// A name that differs from others in more than upper and lower case: the one wanted, or that with a number.
    /// - Parameter taken: the others' keys.
    static func unique(_ wanted: String, among taken: Set<String>) -> String {
        if !taken.contains(key(wanted)) { return wanted }
        return (2...).lazy.map { "\(wanted)-\($0)" }.first { !taken.contains(key($0)) }!
    }

    /// The same for names that are one on some file system.
    static func key(_ name: String) -> String { PortablePath(name)?.foldedKey ?? name }

    private static func isKept(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .lowercaseLetter, .otherLetter, .modifierLetter, .nonspacingMark, .spacingMark, .decimalNumber: true
        default: "@._-".unicodeScalars.contains(scalar)
        }
    }
}
