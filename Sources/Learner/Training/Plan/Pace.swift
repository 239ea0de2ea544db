/// How many batches to run between two looks at the clock, and on how many threads.
///
/// On a busy machine a second thread that waits for its turn holds up the first, so training tries both now and then
/// and keeps to the faster. The outcome is the same to the bit.
struct Pace {
    /// Batches until the next look at the clock: about 10 ms' worth.
    private(set) var batches: Int
    private(set) var threads: Int

    private let most: Int
    private let isFixed: Bool
    /// Seconds a batch at the last try.
    private var alone: Double?
    private var together: Double?
    private var looks = 0

    init(first: Int, threads: Int, isFixed: Bool) {
        (batches, self.threads, most, self.isFixed) = (first, threads, threads, isFixed)
    }

    mutating func learn(from count: Int, seconds: Double) {
        let each = max(seconds, 1e-7) / Double(max(count, 1))
        batches = max(1, Int(min(0.01 / each, 1e6)))
        guard most > 1, !isFixed else { return }
        if threads == 1 { alone = each } else { together = each }
        looks += 1
        // Every 16th look forgets the way not taken, which is then tried again.
        if looks % 16 == 0 { if threads == 1 { together = nil } else { alone = nil } }
        switch (alone, together) {
        case (nil, _?): threads = 1
        case (_?, nil): threads = most
        case (let alone?, let together?): threads = alone < together ? 1 : most
        case (nil, nil): break
        }
    }
}
