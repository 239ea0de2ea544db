/// Numbers and truth values as they stand in CSV text. Spaces and tabs around them don't matter.
enum CSVNumbers {
    /// The whole number that stands in these bytes; nil when there is something else, or one too large for an Int.
    static func int(_ bytes: UnsafePointer<UInt8>, _ start: Int, _ end: Int) -> Int? {
        var p = start
        var end = end
        trim(bytes, &p, &end)
        if p >= end { return nil }
        var isNegative = false
        if bytes[p] == minus || bytes[p] == plus {
            isNegative = bytes[p] == minus
            p += 1
            if p >= end { return nil }
        }
        var magnitude: UInt64 = 0
        let digits = end - p
        while p < end {
            let digit = bytes[p] &- zero
            if digit > 9 { return nil }
            if digits > 18 {
                let (tenfold, tooLarge) = magnitude.multipliedReportingOverflow(by: 10)
                let (sum, overflow) = tenfold.addingReportingOverflow(UInt64(digit))
                if tooLarge || overflow { return nil }
                magnitude = sum
            } else {
                magnitude = magnitude &* 10 &+ UInt64(digit)
            }
            p += 1
        }
        if isNegative { return magnitude <= 1 << 63 ? Int(truncatingIfNeeded: 0 &- magnitude) : nil }
        return Int(exactly: magnitude)
    }

    /// The number that stands in these bytes, rounded correctly: decimal, with or without exponent, `nan` or `inf`.
    static func double(_ bytes: UnsafePointer<UInt8>, _ start: Int, _ end: Int) -> Double? {
        var first = start
        var end = end
        trim(bytes, &first, &end)
        var p = first
        if p >= end { return nil }
        var isNegative = false
        if bytes[p] == minus || bytes[p] == plus {
            isNegative = bytes[p] == minus
            p += 1
        }
        var mantissa: UInt64 = 0
        var digits = 0
        var decimals = 0
        while p < end, case let digit = bytes[p] &- zero, digit <= 9 {
            mantissa = mantissa &* 10 &+ UInt64(digit)
            digits += 1
            p += 1
        }
        if p < end && bytes[p] == point {
            p += 1
            while p < end, case let digit = bytes[p] &- zero, digit <= 9 {
                mantissa = mantissa &* 10 &+ UInt64(digit)
                digits += 1
                decimals += 1
                p += 1
            }
        }
        if digits == 0 { return notFinite(bytes, p, end, isNegative) }
        // Both the digits and the power of ten are exact here, so that one division rounds once.
        if p == end && digits <= 15 && decimals <= 15 {
            let value = Double(mantissa) / powersOfTen[decimals]
            return isNegative ? -value : value
        }
        if p < end {
            guard bytes[p] == UInt8(ascii: "e") || bytes[p] == UInt8(ascii: "E") else { return nil }
            p += 1
            if p < end && (bytes[p] == minus || bytes[p] == plus) { p += 1 }
            if p >= end { return nil }
            while p < end {
                if bytes[p] &- zero > 9 { return nil }
                p += 1
            }
        }
        // Swift reads neither ".5" with a sign in front nor "5." everywhere, but always these digits.
        return Double(String(decoding: UnsafeBufferPointer(start: bytes + first, count: end - first), as: UTF8.self))
    }

    /// The truth value that stands in these bytes: `true` or `false`, in small or capital letters.
    static func bool(_ bytes: UnsafePointer<UInt8>, _ start: Int, _ end: Int) -> Bool? {
        var first = start
        var end = end
        trim(bytes, &first, &end)
        if isWord(bytes, first, end, "true") { return true }
        if isWord(bytes, first, end, "false") { return false }
        return nil
    }

    private static let zero = UInt8(ascii: "0")
    private static let minus = UInt8(ascii: "-")
    private static let plus = UInt8(ascii: "+")
    private static let point = UInt8(ascii: ".")
    private static let powersOfTen: [Double] = [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15]

    private static func trim(_ bytes: UnsafePointer<UInt8>, _ start: inout Int, _ end: inout Int) {
        while start < end && (bytes[start] == 32 || bytes[start] == 9) { start += 1 }
        while end > start && (bytes[end - 1] == 32 || bytes[end - 1] == 9) { end -= 1 }
    }

    private static func notFinite(_ bytes: UnsafePointer<UInt8>, _ start: Int, _ end: Int, _ isNegative: Bool) -> Double? {
        if isWord(bytes, start, end, "nan") { return .nan }
        if isWord(bytes, start, end, "inf") || isWord(bytes, start, end, "infinity") { return isNegative ? -.infinity : .infinity }
        return nil
    }

    private static func isWord(_ bytes: UnsafePointer<UInt8>, _ start: Int, _ end: Int, _ word: StaticString) -> Bool {
        guard end - start == word.utf8CodeUnitCount else { return false }
        for index in 0..<(end - start) where bytes[start + index] | 0x20 != word.utf8Start[index] { return false }
        return true
    }
}
