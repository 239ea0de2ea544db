import Testing

@testable import Training

extension TrainingTests {
    /// Keras' semantics in the small, against steps computed by hand.
    @Suite("Training does what Keras does")
    struct SemanticsTests {
        /// A table as a whole model: its output is the looked-up row.
        private func table(_ values: [Float], optimizer: some Optimizer) throws -> (Model, Embedding) {
            let layer = Embedding(inputDimension: values.count, outputDimension: 1)
            let id = Input(shape: [1])
            let model = Model(inputs: id, outputs: Flatten()(layer(id)))
            try layer.setWeights([values])
            model.compile(optimizer: optimizer, loss: .mse)
            return (model, layer)
        }

        private func adamStep(_ p: Double, _ m: inout Double, _ v: inout Double, gradient g: Double, step t: Int, rate: Double) -> Double {
            m += (g - m) * 0.1
            v += (g * g - v) * 0.001
            let (b1, b2) = ((0..<t).reduce(1.0) { a, _ in a * 0.9 }, (0..<t).reduce(1.0) { a, _ in a * 0.999 })
            return p - m * rate * (1 - b2).squareRoot() / (1 - b1) / (v.squareRoot() + 1e-7)
        }

        @Test("Adam steps as computed by hand, and rows without a gradient move on by their decaying moments")
        func adam() throws {
            let (model, layer) = try table([0.5, -0.25], optimizer: .adam(learningRate: 0.1))
            var (p, m, v) = ([0.5, -0.25], [0.0, 0.0], [0.0, 0.0])
            // Batches of one row: id 0, 0, then 1. Targets 1.
            for (step, id) in [0, 0, 1].enumerated() {
                try model.fit([[id]], [Float(1)], batchSize: 1, verbose: .lines)
                for row in 0..<2 {
                    let gradient = row == id ? 2 * (p[row] - 1) : 0
                    p[row] = adamStep(p[row], &m[row], &v[row], gradient: gradient, step: step + 1, rate: 0.1)
                }
                for row in 0..<2 { #expect(abs(Double(layer.weights[0][row, 0]) - p[row]) < 1e-6) }
            }
            #expect(p[0] != 0.5 && m[0] != 0)
        }

        @Test("Rows that stand twice in a batch add up before Adam squares them")
        func duplicates() throws {
            let (model, layer) = try table([0, 0], optimizer: .adam(learningRate: 0.1, epsilon: 1))
            try model.fit([[0, 0, 0, 1]], [Float(1), 1, 1, 1], batchSize: 4, verbose: .lines)
            // The gradients are 3 times -2/4 and once -2/4; epsilon 1 keeps their sizes visible.
            for (row, g) in [-1.5, -0.5].enumerated() {
                let (m, v) = (g * 0.1, g * g * 0.001)
                let expected = -m * 0.1 * (0.001).squareRoot() / 0.1 / (v.squareRoot() + 1)
                #expect(abs(Double(layer.weights[0][row, 0]) - expected) < 1e-7)
            }
        }

        @Test("SGD steps against the gradient, with momentum as Keras defines it")
        func sgd() throws {
            let (model, layer) = try table([1], optimizer: .sgd(learningRate: 0.1, momentum: 0.5))
            var (p, velocity) = (1.0, 0.0)
            for _ in 0..<3 {
                try model.fit([[0]], [Float(0)], batchSize: 1, verbose: .lines)
                velocity = 0.5 * velocity - 0.1 * 2 * p
                p += velocity
                #expect(abs(Double(layer.weights[0][0, 0]) - p) < 1e-6)
            }
            let (plain, other) = try table([1, 1], optimizer: SGD(learningRate: 0.25))
            try plain.fit([[0]], [Float(0)], verbose: .lines)
            #expect(other.weights[0].scalars == [0.5, 1])
        }

        @Test("The last, small batch makes a step of its own, and the loss shown weighs batches by their rows")
        func lastBatch() throws {
            let (model, layer) = try table([0, 0, 0], optimizer: .sgd(learningRate: 0.5))
            let history = try model.fit([[0, 1, 2]], [Float(1), 1, 4], batchSize: 2, shuffle: false, verbose: .lines)
            // Batch 0 holds rows 0 and 1 (gradient -2/2 each), batch 1 only row 2 (gradient -8).
            #expect(layer.weights[0].scalars == [0.5, 0.5, 4])
            #expect(history.loss == [(1.0 * 2 + 16.0 * 1) / 3])
        }

        @Test("Validation takes the last rows, unshuffled, and leaves them out of training")
        func validationSplit() throws {
            let (model, layer) = try table([0, 0, 0, 0, 7], optimizer: .sgd(learningRate: 0.5))
            let history = try model.fit([[0, 1, 2, 3, 4]], [Float(1), 1, 1, 1, 10], validationSplit: 0.2, verbose: .lines)
            #expect(layer.weights[0][4, 0] == 7)
            #expect(history.validationLoss == [9])
            #expect(history["val_mae"] == nil)
            #expect(history.keys == ["loss", "val_loss"])
        }

        @Test("Validation rows of one's own are evaluated after each epoch")
        func validationData() throws {
            let (model, _) = try table([0, 2], optimizer: .sgd(learningRate: 0))
            let history = try model.fit([[0]], [Float(0)], epochs: 2, validationData: (x: [[1, 1]], y: [Float(0), 1]), verbose: .lines)
            #expect(history.validationLoss == [2.5, 2.5])
            #expect(history.epochs == [1, 2])
        }

        @Test("Rows are in another order in every epoch, and every row comes once")
        func shuffling() throws {
            setRandomSeed(1)
            // With a rate of 0.5 and batches of one row, a weight ends at the last target it saw.
            let (model, layer) = try table([0], optimizer: .sgd(learningRate: 0.5))
            let targets = (1...50).map { Float($0) }
            var lasts: Set<Float> = []
            for _ in 0..<8 {
                try model.fit([[Int]](repeating: [Int](repeating: 0, count: 50), count: 1), targets, batchSize: 1, verbose: .lines)
                lasts.insert(layer.weights[0].scalars[0])
            }
            #expect(lasts.count > 4)
            for last in lasts { #expect(targets.contains(last)) }
        }

        @Test("Kernels begin Glorot uniform, biases zero, tables between -0.05 and 0.05")
        func initialWeights() throws {
            setRandomSeed(11)
            let model = smallModel()
            for layer in model.layers {
                if layer is Embedding {
                    #expect(layer.weights[0].scalars.allSatisfy { abs($0) <= 0.05 })
                    #expect((layer.weights[0].max ?? 0) > 0.02)
                } else if layer is Dense {
                    let (inputs, units) = (layer.weights[0].shape[0], layer.weights[0].shape[1])
                    let limit = (6 / Float(inputs + units)).squareRoot()
                    #expect(layer.weights[0].scalars.allSatisfy { abs($0) <= limit })
                    #expect(layer.weights[1].scalars.allSatisfy { $0 == 0 })
                }
            }
            #expect(try #require(model.layer(named: "hidden")).weights[0].max! > 0.35)
        }

        @Test("Dropout drops in training only, about its share, and keeps the mean")
        func dropout() throws {
            let input = Input(shape: [1])
            let out = Dropout(rate: 0.25)(input)
            let model = Model(inputs: input, outputs: out)
            model.compile(optimizer: .sgd(), loss: .mae)
            let ones = [Float](repeating: 1, count: 20_000)
            #expect(try model.predict(ones).scalars == ones)
            #expect(try #require(model.evaluate(ones, ones)["loss"]) == 0)
            // Dropped rows are off by 1, kept ones by 1/3.
            let loss = try model.lossAndGradients([ones], ones).loss
            #expect(abs(loss - (0.25 + 0.75 / 3)) < 0.01)
            #expect(try model.lossAndGradients([ones], ones, seed: 2).loss != loss)
        }

        @Test("Accuracy counts what the loss calls right")
        func accuracy() throws {
            let input = Input(shape: [3])
            let model = Model(inputs: input, outputs: Rescaling(scale: 1)(input))
            let rows = Tensor([[0.7, 0.2, 0.1], [0.1, 0.2, 0.7], [0.3, 0.4, 0.3]])
            model.compile(optimizer: .adam(), loss: .sparseCategoricalCrossentropy, metrics: [.accuracy])
            #expect(try #require(model.evaluate(rows, [0, 2, 0])["accuracy"]) == 2.0 / 3)
            model.compile(optimizer: .adam(), loss: .categoricalCrossentropy, metrics: [.accuracy])
            #expect(try #require(model.evaluate(rows, Tensor([[1, 0, 0], [1, 0, 0], [0, 1, 0]]))["accuracy"]) == 2.0 / 3)
            model.compile(optimizer: .adam(), loss: .binaryCrossentropy, metrics: [.accuracy])
            #expect(try #require(model.evaluate(rows, Tensor([[1, 0, 0], [0, 0, 0], [0, 0, 0]]))["accuracy"]) == 8.0 / 9)
        }

        @Test("Training goes on where it stopped; compiling starts the optimizer anew")
        func goingOn() throws {
            func model() -> (Model, SmallData) {
                setRandomSeed(5)
                return (smallModel(dropout: 0), SmallData(rows: 64))
            }
            let (once, data) = model()
            try once.fit([data.users, data.items], data.targets, epochs: 4, shuffle: false, verbose: .lines)
            let (twice, _) = model()
            for _ in 0..<2 { try twice.fit([data.users, data.items], data.targets, epochs: 2, shuffle: false, verbose: .lines) }
            #expect(once.bits == twice.bits)
            let (anew, _) = model()
            for _ in 0..<2 {
                try anew.fit([data.users, data.items], data.targets, epochs: 2, shuffle: false, verbose: .lines)
                anew.compile(optimizer: .adam(learningRate: 0.01), loss: .mse)
            }
            #expect(once.bits != anew.bits)
        }

        @Test("No epochs leave everything as it was")
        func noEpochs() throws {
            let model = smallModel()
            let before = model.bits
            let data = SmallData(rows: 10)
            let history = try model.fit([data.users, data.items], data.targets, epochs: 0, verbose: .lines)
            #expect(model.bits == before)
            #expect(history.epochs.isEmpty && history.finalLoss.isNaN)
        }

        @Test("Ids stay exact where Float has holes")
        func largeIds() throws {
            let id = Input(shape: [1])
            let layer = Embedding(inputDimension: 16_777_220, outputDimension: 1)
            let model = Model(inputs: id, outputs: layer(id))
            layer.parameters[0].values[16_777_217] = 5
            layer.parameters[0].values[16_777_216] = 4
            #expect(try model.predict([16_777_216, 16_777_217]).scalars == [4, 5])
            #expect(try model.predict([Double(16_777_217)]).scalars == [5])
        }
    }
}
