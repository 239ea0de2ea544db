import Glibc

/// Round positions along an axis, with their labels: multiples of 1, 2 or 5 times a power of ten.
public struct AxisTicks: Equatable, Sendable {
    public struct Tick: Equatable, Sendable {
        public var position: Double
        public var label: String
    }

    public let ticks: [Tick]

    /// The ticks inside a range: about `count` of them, at least two where the range allows it.
    ///
    /// - Parameter onlyWhole: no fractions, for counts such as epochs.
    public init(_ range: ClosedRange<Double>, count: Int, onlyWhole: Bool = false) {
        let spread = range.upperBound - range.lowerBound
        guard spread.isFinite, spread > 0, count > 0 else { ticks = []; return }
        var exponent = Int((log10(spread / Double(count))).rounded(.down))
        var multiple = 1
        search: for candidateExponent in exponent...(exponent + 1) {
            for candidate in [1, 2, 5] where spread / (Double(candidate) * power(candidateExponent)) <= Double(count) {
                (multiple, exponent) = (candidate, candidateExponent)
                break search
            }
        }
        if onlyWhole, exponent < 0 { (multiple, exponent) = (1, 0) }
        let step = Double(multiple) * power(exponent)
        let first = (range.lowerBound / step - 1e-9).rounded(.up)
        let last = (range.upperBound / step + 1e-9).rounded(.down)
        guard abs(first) < 1e15, abs(last) < 1e15, last - first < 1_000 else { ticks = []; return }
        let indices = first <= last ? Array(Int(first)...Int(last)) : []
        let scientific = exponent > 5 || exponent < -5
        ticks = indices.map { index in
            Tick(
                position: Double(index) * step,
                label: scientific
                    ? scientificLabel(index * multiple, exponent) : decimalLabel(index * multiple, exponent))
        }
    }

    /// Ticks for names at 0, 1, 2 …; those with an index that is not a multiple of `every` stay without.
    public init(categories: [String], every: Int = 1) {
        ticks = categories.enumerated().filter { $0.offset % max(1, every) == 0 }
            .map { Tick(position: Double($0.offset), label: $0.element) }
    }
}

private func power(_ exponent: Int) -> Double {
    var result = 1.0
    for _ in 0..<abs(exponent) { result *= 10 }
    return exponent < 0 ? 1 / result : result
}

/// `units` × 10^exponent without a trace of binary fractions: `decimalLabel(75, -2)` is `0.75`.
private func decimalLabel(_ units: Int, _ exponent: Int) -> String {
    let sign = units < 0 ? "\u{2212}" : ""
    var digits = String(abs(units))
    if exponent >= 0 {
        if units != 0 { digits += String(repeating: "0", count: exponent) }
        return sign + grouped(digits)
    }
    digits = String(repeating: "0", count: max(0, 1 - exponent - digits.count)) + digits
    return sign + grouped(String(digits.dropLast(-exponent))) + "." + digits.suffix(-exponent)
}

private func scientificLabel(_ units: Int, _ exponent: Int) -> String {
    guard units != 0 else { return "0" }
    var (digits, exponent) = (String(abs(units)), exponent)
    exponent += digits.count - 1
    while digits.count > 1, digits.hasSuffix("0") { digits.removeLast() }
    let mantissa = digits.count > 1 ? "\(digits.prefix(1)).\(digits.dropFirst())" : digits
    return (units < 0 ? "\u{2212}" : "") + mantissa + "e" + (exponent < 0 ? "\u{2212}" : "") + String(abs(exponent))
}

private func grouped(_ digits: String) -> String {
    guard digits.count > 3 else { return digits }
    var result = ""
    for (index, digit) in digits.enumerated() {
        if index > 0, (digits.count - index) % 3 == 0 { result += "," }
        result.append(digit)
    }
    return result
}
