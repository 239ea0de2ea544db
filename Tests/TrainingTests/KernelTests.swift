import CTrainingKernels
import Foundation
import Testing

@testable import Training
extension TrainingTests {
    /// The kernels against plain loops, at each level of vector instructions that this CPU has.
    @Suite("Kernels do what plain loops do")
    struct KernelTests {
        static let rows = 64

        /// A block of features at the alignment that kernels need.
        final class Block {
            let values: UnsafeMutableBufferPointer<Float>
            private let raw: UnsafeMutableRawPointer
            init(_ numbers: [Float]) {
                raw = .allocate(byteCount: max(numbers.count, 1) * 4, alignment: 64)
                values = .init(start: raw.bindMemory(to: Float.self, capacity: max(numbers.count, 1)), count: numbers.count)
                _ = values.initialize(from: numbers)
            }
            deinit { raw.deallocate() }
            var pointer: UnsafeMutablePointer<Float> { values.baseAddress! }
            subscript(feature: Int, row: Int) -> Float { values[feature * KernelTests.rows + row] }
        }

        static var levels: [Int] { Array(0...Int(tk_use_vector_level(-1))) }

        private func withLevel(_ level: Int, _ body: (tk_kernels) throws -> Void) rethrows {
            _ = tk_use_vector_level(Int32(level))
            defer { _ = tk_use_vector_level(-1) }
            try body(tk_current_kernels().pointee)
        }

        /// 16 partial sums, added 8 apart, then 4, 2, 1: the order that all kernels keep.
        static func rowSum(_ term: (Int) -> Float, _ add: (Float, Int) -> Float) -> Float {
            var lanes = (0..<16).map(term)
            for row in 16..<rows { lanes[row % 16] = add(lanes[row % 16], row) }
            for half in [8, 4, 2, 1] { for lane in 0..<half { lanes[lane] += lanes[lane + half] } }
            return lanes[0]
        }

        @Test("weighted sums, to the bit", arguments: levels, [(1, 1), (4, 3), (7, 16), (32, 21)])
        func weightedSums(level: Int, shape: (ins: Int, outs: Int)) {
            let (ins, outs) = shape
            let x = Block(noise(ins * Self.rows, seed: 1)), w = noise(ins * outs, seed: 2), bias = noise(outs, seed: 3)
            let y = Block(noise(outs * Self.rows, seed: 4)), before = Array(y.values)
            withLevel(level) { $0.weighted_sums(y.pointer, Int32(outs), x.pointer, Int32(ins), w, outs, 1, bias, 0) }
            for o in 0..<outs {
                for r in 0..<Self.rows {
                    #expect(y[o, r] == (0..<ins).reduce(bias[o]) { $0.addingProduct(x[$1, r], w[$1 * outs + o]) })
                }
            }
            let back = Block(noise(ins * Self.rows, seed: 4)), old = Array(back.values)
            withLevel(level) { $0.weighted_sums(back.pointer, Int32(ins), y.pointer, Int32(outs), w, 1, outs, nil, 1) }
            for i in 0..<ins {
                for r in 0..<Self.rows {
                    let start = old[i * Self.rows + r]
                    #expect(back[i, r] == (0..<outs).reduce(start) { $0.addingProduct(y[$1, r], w[i * outs + $1]) })
                }
            }
            #expect(before.count == outs * Self.rows)
        }

        @Test("sums over rows, to the bit", arguments: levels, [(1, 1), (16, 4), (3, 18), (33, 32)])
        func outerSums(level: Int, shape: (ins: Int, outs: Int)) {
            let (ins, outs) = shape
            let x = Block(noise(ins * Self.rows, seed: 1)), d = Block(noise(outs * Self.rows, seed: 2))
            var weights = noise(ins * outs, seed: 3), biases = noise(outs, seed: 4)
            let (oldWeights, oldBiases) = (weights, biases)
            withLevel(level) {
                $0.outer_sums(&weights, x.pointer, Int32(ins), d.pointer, Int32(outs))
                $0.row_sums(&biases, d.pointer, Int32(outs))
            }
            for o in 0..<outs {
                #expect(biases[o] == oldBiases[o] + Self.rowSum({ d[o, $0] }, { $0 + d[o, $1] }))
                for i in 0..<ins {
                    let sum = Self.rowSum({ x[i, $0] * d[o, $0] }, { $0.addingProduct(x[i, $1], d[o, $1]) })
                    #expect(weights[i * outs + o] == oldWeights[i * outs + o] + sum)
                }
            }
        }

        @Test("Adam, to the bit, and for any count", arguments: levels, [1, 15, 16, 50])
        func adam(level: Int, count: Int) {
            var p = noise(count, seed: 1), m = noise(count, seed: 2), v = noise(count, seed: 3).map { $0 * $0 }
            let g = noise(count, seed: 4), start = (p, m, v)
            let (b1, b2, step, epsilon): (Float, Float, Float, Float) = (0.1, 0.001, 0.01, 1e-7)
            withLevel(level) { $0.adam(&p, &m, &v, g, count, step, b1, b2, epsilon) }
            for i in 0..<count {
                let mean = start.1[i].addingProduct(g[i] - start.1[i], b1)
                let square = start.2[i].addingProduct((-start.2[i]).addingProduct(g[i], g[i]), b2)
                #expect(m[i] == mean && v[i] == square)
                #expect(p[i] == start.0[i] - mean * step / (square.squareRoot() + epsilon))
            }
        }

        @Test("activations within 4 units in the last place of the exact function", arguments: levels)
        func activations(level: Int) {
            let numbers = noise(Self.rows * 4, seed: 1).map { $0 * 9 }
            func exact(_ activation: Activation, _ x: Double) -> Double {
                switch activation {
                case .sigmoid: 1 / (1 + exp(-x))
                case .tanh: tanh(x)
                default: max(0, x)
                }
            }
            for activation in [Activation.relu, .sigmoid, .tanh] {
                let y = Block(numbers)
                withLevel(level) { $0.activate(activation.code, y.pointer, 4) }
                for (x, y) in zip(numbers, y.values) {
                    let expected = Float(exact(activation, Double(x)))
                    #expect(abs(y - expected) <= 4 * expected.ulp, "\(activation) of \(x) is \(y), not \(expected)")
                }
            }
            let y = Block(numbers)
            withLevel(level) { $0.activate(Activation.softmax.code, y.pointer, 4) }
            for row in 0..<Self.rows {
                let e = (0..<4).map { exp(Double(numbers[$0 * Self.rows + row])) }
                for k in 0..<4 { #expect(abs(Double(y[k, row]) - e[k] / e.reduce(0, +)) < 1e-6) }
            }
        }

        @Test("losses and metrics count the real rows only", arguments: levels, [1, 37, 64])
        func losses(level: Int, rows: Int) {
            let y = Block(noise(Self.rows * 2, seed: 1).map { ($0 + 1) / 2 }), t = Block(noise(Self.rows * 2, seed: 2).map { $0 > 0 ? 1 : 0 })
            let d = Block(noise(Self.rows * 2, seed: 3))
            var (mse, bce, mae, right) = (0.0, 0.0, 0.0, 0.0)
            for r in 0..<rows {
                for f in 0..<2 {
                    let (p, q) = (Double(y[f, r]), Double(t[f, r]))
                    mse += (p - q) * (p - q)
                    mae += abs(p - q)
                    bce -= q * log(p) + (1 - q) * log(1 - p)
                    right += (p > 0.5) == (q == 1) ? 1 : 0
                }
            }
            withLevel(level) { kernels in
                func loss(_ code: Int) -> Double { kernels.loss(Int32(code), y.pointer, t.pointer, 2, Int32(rows), 0.5, d.pointer) }
                #expect(abs(loss(TK_BINARY_CROSSENTROPY) - bce) < 1e-4)
                #expect(abs(loss(TK_MEAN_ABSOLUTE_ERROR) - mae) < 1e-5)
                #expect(abs(loss(TK_MEAN_SQUARED_ERROR) - mse) < 1e-5)
                #expect(kernels.metric(Int32(TK_BINARY_ACCURACY), y.pointer, t.pointer, 2, Int32(rows)) == right)
            }
            for r in 0..<Self.rows { #expect(d[0, r] == (r < rows ? (y[0, r] - t[0, r]) * 2 * 0.5 : 0)) }
        }

        @Test("all levels give the same bits in a whole training")
        func levelsAgree() throws {
            let data = SmallData(rows: 333)
            let outcomes = try Self.levels.map { level -> [UInt32] in
                setRandomSeed(9)
                let model = smallModel()
                try withLevel(level) { _ in
                    try model.fit([data.users, data.items], data.targets, batchSize: 100, epochs: 3, verbose: .lines)
                }
                return model.bits
            }
            for outcome in outcomes { #expect(outcome == outcomes[0]) }
        }

        @Test("conversions to ids are exact, and name the first that is not")
        func conversions() {
            var ids = [Int32](repeating: 0, count: 3)
            #expect(tk_int32_from_int64([0, Int64(Int32.max), Int64(Int32.max) + 1], 3, &ids) == 2)
            #expect(ids[1] == Int32.max)
            #expect(tk_int32_from_double([0, 2_147_483_647, 1.5], 3, &ids) == 2)
            #expect(ids[1] == Int32.max)
            #expect(tk_int32_from_float([16_777_216, .nan, 1], 3, &ids) == 1)
            #expect(tk_int32_from_float([-2_147_483_648, 2_147_483_648, 1], 3, &ids) == 1)
            #expect(tk_first_outside([0, 4, -1], 3, 5) == 2)
            #expect(tk_first_outside([0, 5, -1], 3, 5) == 1)
            #expect(tk_first_not_finite([0, .infinity], 2) == 1)
        }
    }
}
