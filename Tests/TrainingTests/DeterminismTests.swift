import Testing

@testable import Training
extension TrainingTests {
    @Suite("The same seed gives the same bits")
    struct DeterminismTests {
        private func outcome(seed: Int, threads: Int?, optimizer: some Optimizer = .adam(learningRate: 0.01)) throws -> (bits: [UInt32], history: History) {
            TrainingThreads.count = threads
            defer { TrainingThreads.count = nil }
            setRandomSeed(seed)
            let data = SmallData(rows: 1_003)
            let model = smallModel(optimizer: optimizer)
            var history = try model.fit([data.users, data.items], data.targets, batchSize: 250, epochs: 3, validationSplit: 0.1, verbose: .lines)
            history.seconds = 0
            return (model.bits, history)
        }

        @Test("with one, two, three or many threads")
        func threads() throws {
            let one = try outcome(seed: 1, threads: 1)
            for threads in [2, 3, 7, nil] {
                let other = try outcome(seed: 1, threads: threads)
                #expect(other.bits == one.bits)
                #expect(other.history == one.history)
            }
            let momentum = SGD(learningRate: 0.05, momentum: 0.9)
            #expect(try outcome(seed: 1, threads: 1, optimizer: momentum).bits == outcome(seed: 1, threads: 3, optimizer: momentum).bits)
        }

        @Test("and another seed gives others")
        func seeds() throws {
            #expect(try outcome(seed: 1, threads: 1).bits != outcome(seed: 2, threads: 1).bits)
        }

        @Test("predictions and evaluations too")
        func inference() throws {
            setRandomSeed(3)
            let data = SmallData(rows: 5_000)
            let model = smallModel()
            var outcomes: [(Tensor, [String: Double])] = []
            for threads in [1, 2, 3] {
                TrainingThreads.count = threads
                outcomes.append((try model.predict([data.users, data.items]), try model.evaluate([data.users, data.items], data.targets)))
            }
            TrainingThreads.count = nil
            for outcome in outcomes { #expect(outcome == outcomes[0]) }
        }

        @Test("on every machine: a known training ends at known numbers")
        func acrossMachines() throws {
            setRandomSeed(42)
            let first = (0..<3).map { _ in RandomGenerator.shared.next() }
            #expect(first == [15_021_278_609_987_233_951, 5_881_210_131_331_364_753, 18_149_643_915_985_481_100])
        }

        @Test("shuffling gives every order alike")
        func shuffle() {
            var generator = RandomGenerator(seed: 1)
            var counts: [[UInt32]: Int] = [:]
            for _ in 0..<6_000 {
                var order: [UInt32] = [0, 1, 2]
                generator.shuffle(&order)
                counts[order, default: 0] += 1
            }
            #expect(counts.count == 6)
            for count in counts.values { #expect((880...1_120).contains(count)) }
        }
    }
}
