#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A column's values as they are shown: numbers with the digits that matter in this column, text without control characters.
enum ColumnText {
    /// The texts of the values; nil for a missing one.
    static func texts(of column: Column) -> [String?] {
        switch column.storage {
        case .int(let values): values.optionals.map { $0.map(String.init) }
        case .bool(let values): values.optionals.map { $0.map(\.description) }
        case .string(let values): values.optionals.map { $0.map(plain) }
        case .double(let values): texts(of: values.optionals)
        }
    }

    /// Six significant digits of the largest number, at least three decimals, the same for all, without zeros that all end in.
    static func texts(of numbers: [Double?]) -> [String?] {
        let finite = numbers.compactMap { $0 }.filter(\.isFinite)
        let largest = finite.map(abs).max() ?? 0
        let smallest = finite.map(abs).filter { $0 > 0 }.min() ?? 1
        let usesExponent = largest >= 1e12 || largest > 0 && largest < 1e-4 || smallest < 1e-5 && largest < 1
        if usesExponent {
            return numbers.map { $0.map { $0.isFinite ? formatted($0, decimals: 4, conversion: "e") : $0.description } }
        }
        let wholeDigits = largest < 1 ? 0 : Int(log10(largest)) + 1
        let most = max(3, min(6, 6 - wholeDigits))
        var decimals = 1
        for text in finite.map({ formatted($0, decimals: most, conversion: "f") }) {
            let zeros = text.reversed().prefix { $0 == "0" }.count
            decimals = max(decimals, most - zeros)
        }
        return numbers.map { $0.map { $0.isFinite ? formatted($0, decimals: decimals, conversion: "f") : $0.description } }
    }

    /// Text that can't disturb a table: line ends and tabs as they are written in code, other control characters replaced,
    /// and cut where nobody reads on.
    static func plain(_ text: String) -> String {
        var result = ""
        var count = 0
        for scalar in text.unicodeScalars {
            if count == 200 { return result + "…" }
            count += 1
            switch scalar {
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case "\u{00}"..."\u{1F}", "\u{7F}"..."\u{9F}", "\u{202A}"..."\u{202E}", "\u{2066}"..."\u{2069}": result += "\u{FFFD}"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    private static func formatted(_ number: Double, decimals: Int, conversion: String) -> String {
        // 309 digits before the point at most, and few behind it.
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: 400) { buffer in
            let length = withVaList([Int32(decimals), number]) { vsnprintf(buffer.baseAddress, buffer.count, "%.*" + conversion, $0) }
            let text = String(decoding: UnsafeRawBufferPointer(start: buffer.baseAddress, count: max(0, min(Int(length), buffer.count - 1))), as: UTF8.self)
            return isNegativeZero(text) ? String(text.dropFirst()) : text
        }
    }

    /// Whether a number was rounded to nothing and kept its sign.
    private static func isNegativeZero(_ text: String) -> Bool {
        text.hasPrefix("-") && text.allSatisfy { $0 == "-" || $0 == "0" || $0 == "." }
    }
}
