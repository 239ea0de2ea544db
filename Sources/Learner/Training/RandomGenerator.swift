@_implementationOnly import CTrainingKernels

/// Starts the random numbers of training anew: initial weights, the order of rows, dropout.
///
/// After the same seed the same program gives the same bits, on any machine and with any number of threads.
/// It sets this module's one global generator; without it, every process draws other numbers.
public func setRandomSeed(_ seed: Int) {
    RandomGenerator.shared = RandomGenerator(seed: UInt64(bitPattern: Int64(seed)))
}

/// xoshiro256++, seeded by splitmix64.
struct RandomGenerator: RandomNumberGenerator {
    /// What `setRandomSeed` sets. Layers are built, and models trained, on one thread.
    nonisolated(unsafe) static var shared = RandomGenerator(seed: UInt64.random(in: .min ... .max))

    private var state: (UInt64, UInt64, UInt64, UInt64)

    init(seed: UInt64) {
        var z = seed
        func split() -> UInt64 {
            z &+= 0x9E37_79B9_7F4A_7C15
            var x = z
            x = (x ^ (x >> 30)) &* 0xBF58_476D_1CE4_E5B9
            x = (x ^ (x >> 27)) &* 0x94D0_49BB_1331_11EB
            return x ^ (x >> 31)
        }
        state = (split(), split(), split(), split())
    }

    mutating func next() -> UInt64 {
        func rotate(_ x: UInt64, _ k: UInt64) -> UInt64 { (x << k) | (x >> (64 - k)) }
        let result = rotate(state.0 &+ state.3, 23) &+ state.0
        let t = state.1 << 17
        state.2 ^= state.0
        state.3 ^= state.1
        state.1 ^= state.2
        state.0 ^= state.3
        state.2 ^= t
        state.3 = rotate(state.3, 45)
        return result
    }

    /// Fills `target` with numbers from `-limit` up to `limit`.
    mutating func fill(_ target: UnsafeMutableBufferPointer<Float>, limit: Float) {
        withState { tk_fill_uniform($0, target.baseAddress, target.count, -limit, limit) }
    }

    /// Shuffles in place.
    mutating func shuffle(_ order: inout [UInt32]) {
        withState { state in order.withUnsafeMutableBufferPointer { tk_shuffle(state, $0.baseAddress, $0.count) } }
    }

    private mutating func withState(_ body: (UnsafeMutablePointer<UInt64>) -> Void) {
        withUnsafeMutablePointer(to: &state) {
            $0.withMemoryRebound(to: UInt64.self, capacity: 4) { body($0) }
        }
    }
}
