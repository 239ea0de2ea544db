import Display

extension DataFrame {
    /// Rows drawn at random, none of them twice, in random order. The same seed draws the same rows everywhere.
    public func sample(_ count: Int, seed: Int = 0) -> DataFrame {
        guard count >= 0, count <= rowCount else {
            learnerMistake("A sample draws no row twice, so of \(counted(rowCount, "row")) it can't draw \(withCommas(count)).")
        }
        var generator = SplitMix(seed: seed)
        return gathered(generator.draw(count, of: rowCount))
    }

    /// All rows in random order. The same seed gives the same order everywhere.
    public func shuffled(seed: Int = 0) -> DataFrame { sample(rowCount, seed: seed) }
}

/// The generator SplitMix64: small, fast, and the same on every machine.
struct SplitMix: RandomNumberGenerator {
    private var state: UInt64

    init(seed: Int) { state = UInt64(bitPattern: Int64(seed)) }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    /// A number in 0..<bound: the high half of a product, drawn again in the rare case that would favour small ones.
    mutating func next(below bound: Int) -> Int {
        let bound = UInt64(bound)
        var product = next().multipliedFullWidth(by: bound)
        if product.low < bound {
            let threshold = (0 &- bound) % bound
            while product.low < threshold { product = next().multipliedFullWidth(by: bound) }
        }
        return Int(product.high)
    }

    /// Different numbers in 0..<bound, in random order: the first steps of a Fisher-Yates shuffle.
    mutating func draw(_ count: Int, of bound: Int) -> [Int] {
        var numbers = Array(0..<bound)
        for position in 0..<count {
            numbers.swapAt(position, position + next(below: bound - position))
        }
        return Array(numbers.prefix(count))
    }
}
