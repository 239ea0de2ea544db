/// Finds what a person probably meant to write.
public enum Spelling {
    /// The candidate that is nearest to a word, if one is near enough to be meant: a third of its letters may differ, a
    /// difference of upper and lower case counts half. Of equals the first in the alphabet.
    public static func nearest(to word: String, in candidates: some Collection<String>) -> String? {
        let letters = Array(word)
        guard letters.count > 1, letters.count <= 64 else { return nil }
        let allowed = max(1.0, Double(letters.count) / 3)
        var best: (name: String, distance: Double)?
        for candidate in candidates where abs(candidate.count - letters.count) <= Int(allowed) {
            let distance = distance(letters, Array(candidate))
            guard distance <= allowed else { continue }
            if best.map({ (distance, candidate) < ($0.distance, $0.name) }) ?? true { best = (candidate, distance) }
        }
        return best?.name
    }

    /// The number of letters put in, left out, replaced, or swapped with their neighbour.
    private static func distance(_ a: [Character], _ b: [Character]) -> Double {
        var beforeLast: [Double] = []
        var last = (0...b.count).map(Double.init)
        for i in a.indices {
            var row = [Double(i + 1)]
            for j in b.indices {
                let change = a[i] == b[j] ? 0 : a[i].lowercased() == b[j].lowercased() ? 0.5 : 1
                var best = min(last[j + 1] + 1, row[j] + 1, last[j] + change)
                if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { best = min(best, beforeLast[j - 1] + 1) }
                row.append(best)
            }
            beforeLast = last
            last = row
        }
        return last[b.count]
    }
}

extension PlainMessages {
    /// Names that everyone uses, by module, where a caller gives none.
    static let standardNames: [String: [String]] = [
        "Swift": [
            "print", "Int", "Double", "Float", "String", "Character", "Bool", "Array", "Set", "Dictionary", "Optional",
            "Range", "zip", "stride", "min", "max", "abs", "sequence", "repeatElement", "true", "false", "nil", "Error",
            "Codable", "Hashable", "Equatable", "Comparable", "Sequence", "Collection", "assert", "precondition",
            "fatalError", "readLine", "type", "Any", "AnyObject", "Void", "Result", "Identifiable", "CustomStringConvertible",
        ],
        "Foundation": [
            "Data", "Date", "URL", "UUID", "FileManager", "JSONEncoder", "JSONDecoder", "DateFormatter", "NumberFormatter",
            "Locale", "Calendar", "TimeInterval", "sqrt", "pow", "exp", "log", "sin", "cos", "tan", "floor", "ceil", "round",
            "NSRegularExpression", "ProcessInfo", "Thread", "Timer", "log2", "log10", "tanh",
        ],
    ]
}
