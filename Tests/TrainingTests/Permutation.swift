/// The permutation that NumPy's `default_rng(1).permutation(count)` gives: PCG64 (O'Neill) with rejection by mask.
/// The reference curves were measured on rows in this order, and which rows are kept for validation matters more
/// than any seed of the training.
struct ReferencePermutation {
    private var state: UInt128 = 207_833_532_711_051_698_738_587_646_355_624_148_094
    private let increment: UInt128 = 194_290_289_479_364_712_180_083_596_243_593_368_443
    private var half: UInt32?

    static func rows(_ count: Int) -> [Int] {
        var generator = ReferencePermutation()
        var order = Array(0..<count)
        for i in stride(from: count - 1, to: 0, by: -1) { order.swapAt(i, generator.next(upTo: UInt32(i))) }
        return order
    }

    private mutating func next64() -> UInt64 {
        state = state &* 47_026_247_687_942_121_848_144_207_491_837_523_525 &+ increment
        let folded = UInt64(truncatingIfNeeded: state >> 64) ^ UInt64(truncatingIfNeeded: state)
        let turn = UInt64(truncatingIfNeeded: state >> 122)
        return folded >> turn | folded << ((64 &- turn) & 63)
    }

    private mutating func next32() -> UInt32 {
        if let kept = half {
            half = nil
            return kept
        }
        let both = next64()
        half = UInt32(both >> 32)
        return UInt32(truncatingIfNeeded: both)
    }

    private mutating func next(upTo limit: UInt32) -> Int {
        let mask = UInt32.max >> limit.leadingZeroBitCount
        while true {
            let value = next32() & mask
            if value <= limit { return Int(value) }
        }
    }
}
