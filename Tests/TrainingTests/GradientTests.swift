import Testing

@testable import Training
extension TrainingTests {
    /// Gradients against finite differences: the loss at a weight moved a little up, less that at a little down.
    @Suite("Gradients are the slopes of the loss")
    struct GradientTests {
        private func check(
            _ model: Model, _ x: [any TensorConvertible], _ y: any TensorConvertible, step: Float = 4e-3, tolerance: Double = 3e-3
        ) throws {
            let (_, gradients, parameters) = try model.lossAndGradients(x, y)
            #expect(!parameters.isEmpty)
            for (parameter, gradient) in zip(parameters, gradients) {
                #expect(gradient.contains { $0 != 0 }, "a gradient of shape \(parameter.shape) is all zero")
                for index in stride(from: 0, to: parameter.count, by: max(1, parameter.count / 12)) {
                    let before = parameter.values[index]
                    parameter.values[index] = before + step
                    let above = try model.lossAndGradients(x, y).loss
                    parameter.values[index] = before - step
                    let below = try model.lossAndGradients(x, y).loss
                    parameter.values[index] = before
                    let slope = (above - below) / (2 * Double(step))
                    #expect(
                        abs(slope - Double(gradient[index])) <= tolerance * max(1, abs(slope)),
                        "weight \(index) of shape \(parameter.shape): \(gradient[index]), and the slope is \(slope)")
                }
            }
        }

        private func inputs(_ rows: Int, _ width: Int, seed: UInt64 = 5) -> Tensor {
            Tensor(shape: [rows, width], scalars: noise(rows * width, seed: seed))
        }

        @Test("of a Dense layer with each activation", arguments: Activation.allCases)
        func dense(activation: Activation) throws {
            setRandomSeed(2)
            let model = Sequential {
                Input(shape: [6])
                Dense(19, activation: activation)
                Dense(2, activation: .linear)
            }
            model.compile(optimizer: .sgd(), loss: .mse)
            try check(model, [inputs(70, 6)], inputs(70, 2, seed: 6), step: activation == .relu ? 5e-4 : 4e-3, tolerance: 6e-3)
        }

        @Test("of each loss", arguments: Loss.allCases)
        func losses(loss: Loss) throws {
            setRandomSeed(3)
            let classes: Activation = loss.isMeanOverOutputs ? (loss == .binaryCrossentropy ? .sigmoid : .linear) : .softmax
            let model = Sequential {
                Input(shape: [4])
                Dense(3, activation: classes)
            }
            model.compile(optimizer: .sgd(), loss: loss)
            let rows = 130
            let y: any TensorConvertible =
                switch loss {
                case .sparseCategoricalCrossentropy: (0..<rows).map { $0 % 3 }
                case .categoricalCrossentropy, .binaryCrossentropy:
                    Tensor(shape: [rows, 3], scalars: (0..<rows * 3).map { $0 % 3 == ($0 / 3) % 3 ? 1 : 0 })
                case .meanSquaredError, .meanAbsoluteError: inputs(rows, 3, seed: 9)
                }
            try check(model, [inputs(rows, 4)], y, step: loss == .meanAbsoluteError ? 2e-4 : 4e-3, tolerance: loss == .meanAbsoluteError ? 2e-2 : 3e-3)
        }

        @Test("of tables, shared tables, Concatenate, Flatten, Dropout, Add and tanh together")
        func smallModelGradients() throws {
            setRandomSeed(4)
            let data = SmallData(rows: 90)
            try check(smallModel(), [data.users, data.items], data.targets, step: 1e-3, tolerance: 6e-3)
        }

        @Test("of Dot, Multiply, Subtract, numbers, and repeated axes")
        func merging() throws {
            setRandomSeed(5)
            let a = Input(shape: [1], name: "a")
            let b = Input(shape: [2], name: "b")
            let x = Embedding(inputDimension: 5, outputDimension: 3)(a)
            let y = Embedding(inputDimension: 6, outputDimension: 3)(b)
            let products = Dot()(x, y)  // [1, 2]
            let difference = Subtract()(y, x)  // [2, 3], x repeated
            let scaled = Multiply()(difference, Embedding(inputDimension: 5, outputDimension: 1)(a)) * 2 - 0.5
            let out = Dense(1)(Concatenate()(Flatten()(products), Flatten()(scaled), Flatten()(x)))
            let model = Model(inputs: [a, b], outputs: out)
            for layer in model.layers where layer is Embedding { try layer.setWeights([noise(layer.parameterCount, seed: 8)]) }
            model.compile(optimizer: .sgd(), loss: .mse)
            let rows = 66
            let ids = Tensor(shape: [rows, 2], scalars: (0..<rows * 2).map { Float($0 * 7 % 6) })
            try check(model, [(0..<rows).map { $0 % 5 }, ids], noise(rows, seed: 2))
        }

        @Test("of Concatenate along an inner axis, and of one output used three times")
        func copies() throws {
            setRandomSeed(6)
            let input = Input(shape: [2, 3])
            let x = Dense(3, activation: .tanh)(input)
            let y = Dense(2)(input)
            let joined = Concatenate(axis: 2)(x, y, x)  // [2, 8]
            let out = Dense(1)(Concatenate()(Flatten()(joined), Flatten()(x)))
            let model = Model(inputs: input, outputs: out)
            model.compile(optimizer: .sgd(), loss: .mse)
            try check(model, [Tensor(shape: [40, 2, 3], scalars: noise(240, seed: 1))], noise(40, seed: 2))
        }

        @Test("of a frozen layer are not asked for, and its weights stay")
        func frozen() throws {
            setRandomSeed(7)
            let model = smallModel(dropout: 0)
            let data = SmallData(rows: 50)
            let table = try #require(model.layer(named: "item_table"))
            table.isTrainable = false
            let before = table.weights
            #expect(try model.lossAndGradients([data.users, data.items], data.targets).parameters.count == 8)
            try model.fit([data.users, data.items], data.targets, epochs: 2, verbose: .lines)
            #expect(table.weights == before)
        }
    }
}
