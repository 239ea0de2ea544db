import Testing

@testable import Training

extension TrainingTests {
    /// Each mistake a learner can make gets one sentence: what was expected, what came, what to do.
    @Suite("A mistake is a sentence")
    struct MistakeTests {
        private func compiled() -> (model: Model, data: SmallData) { (smallModel(), SmallData(rows: 20)) }

        @Test("A model that is not compiled")
        func notCompiled() {
            let x = Input(shape: [1])
            let model = Model(inputs: x, outputs: Dense(1)(x))
            #expect(sentence { try model.fit([Float(1)], [Float(1)]) }
                == "The model is not compiled: call model.compile(optimizer: Adam(), loss: .meanSquaredError) before fit.")
        }

        @Test("Too few inputs")
        func inputCount() {
            let (model, data) = compiled()
            #expect(sentence { try model.fit([data.users], data.targets) }
                == "This model has 2 inputs (\"user\", \"items\"), and 1 array of rows came: give one for each input, in this order.")
        }

        @Test("Rows of another width")
        func width() {
            let (model, data) = compiled()
            #expect(sentence { _ = try model.predict([data.items, data.items]) }
                == "The shape of the input \"user\" is [20, 3], and [rows] or [rows, 1] is expected: 1 number a row.")
            #expect(sentence { _ = try model.predict([data.users, data.users]) }
                == "The shape of the input \"items\" is [20], and [rows, 3] is expected: 3 numbers a row.")
        }

        @Test("Inputs and targets of different lengths")
        func lengths() {
            let (model, data) = compiled()
            #expect(sentence { try model.fit([data.users + [1], data.items], data.targets) }
                == "All inputs have the same number of rows: the input \"user\" has 21, the input \"items\" has 20.")
            #expect(sentence { try model.fit([data.users, data.items], data.targets + [1]) }
                == "Every row has a target: the inputs have 20 rows, the targets have 21.")
        }

        @Test("Ids outside a table, with the row, the id and the range")
        func identifiers() {
            let (model, data) = compiled()
            var users = data.users
            users[13] = 7
            #expect(sentence { try model.fit([users, data.items], data.targets) }
                == "Row 13 of the input \"user\" holds the id 7, and user_table has rows for the ids 0 to 6: "
                + "make ids dense from 0, or enlarge inputDimension (7).")
            users[13] = -1
            #expect(sentence { _ = try model.predict([users, data.items]) }.contains("holds the id -1"))
            users[13] = Int(Int32.max) + 1
            #expect(sentence { _ = try model.predict([users, data.items]) }
                == "Row 13 of the input \"user\" is 2147483648, and an Embedding looks up whole numbers from 0 to 2147483647: "
                + "give it ids, numbered from 0.")
        }

        @Test("Arguments out of range")
        func arguments() {
            let (model, data) = compiled()
            func fit(_ batchSize: Int, _ epochs: Int, _ split: Double) -> String {
                sentence { try model.fit([data.users, data.items], data.targets, batchSize: batchSize, epochs: epochs, validationSplit: split) }
            }
            #expect(fit(0, 1, 0) == "batchSize is 0: it is the number of rows a step, from 1 up, for example 32.")
            #expect(fit(1, -1, 0) == "epochs is -1: it is how often training goes over all rows, from 0 up.")
            #expect(fit(1, 1, 1) == "validationSplit is 1.0: it is a share of the rows, from 0 to below 1, for example 0.05.")
            #expect(fit(1, 1, 0.99) == "validationSplit 0.99 of 20 rows leaves no row to train on: choose a smaller one.")
            #expect(sentence { try model.fit([[Int](), Tensor(shape: [0, 3], scalars: [])], [Float]()) } == "There are no rows to train on.")
        }

        @Test("A target that is no number, or no class")
        func targets() {
            let (model, data) = compiled()
            var targets = data.targets
            targets[4] = .nan
            #expect(sentence { try model.fit([data.users, data.items], targets) }
                == "Row 4 of the targets is nan: leave out rows without a target, or fill them.")
            let x = Input(shape: [1])
            let classes = Model(inputs: x, outputs: Dense(3, activation: .softmax)(x))
            classes.compile(optimizer: .adam(), loss: .sparseCategoricalCrossentropy)
            #expect(sentence { try classes.fit([Float(1), 2], [0, 3]) }
                == "Row 1 of the targets is 3.0, and classes are whole numbers from 0 to 2.")
            let one = Model(inputs: x, outputs: Dense(1, name: "only")(x))
            one.compile(optimizer: .adam(), loss: .categoricalCrossentropy)
            #expect(sentence { try one.fit([Float(1), 2], [0, 3]) }
                == "categoricalCrossentropy compares probabilities of two or more classes, and the output only has the shape [nil, 1]: "
                + "end with Dense(classes, activation: .softmax).")
        }

        @Test("A loss that is no longer a number: the epoch, the batch and the learning rate; the weights stay finite")
        func diverged() throws {
            let x = Input(shape: [1])
            let model = Model(inputs: x, outputs: Dense(1)(x))
            model.compile(optimizer: .sgd(learningRate: 1e30), loss: .mse)
            #expect(sentence { try model.fit([Float](repeating: 3, count: 8), [Float](repeating: 1, count: 8), batchSize: 4, epochs: 3, verbose: .lines) }
                == "The loss is no longer a number in epoch 1, batch 2 of 2: the steps were too large (learning rate 1e+30), "
                + "or the rows hold numbers that are not finite. Build the model anew, and try a learning rate of 1e+29.")
            #expect(model.weights.allSatisfy { $0.scalars.allSatisfy(\.isFinite) })
        }

        @Test("Weights of another number or shape")
        func weights() {
            let (model, _) = compiled()
            let hidden = model.layer(named: "hidden")
            #expect(sentence { try hidden?.setWeights([Tensor([1])]) } == "hidden has 2 weight tensors, and 1 came.")
            #expect(sentence { try hidden?.setWeights([Tensor([1]), Tensor([1])]) }
                == "Weight 0 of hidden has the shape [20, 17], and a tensor of shape [1] came: give one of the same shape.")
            #expect(sentence { try Dense(1, name: "new").setWeights([Tensor([1])]) }
                == "new has 0 weight tensors, and 1 came: call the layer on an input first, which makes its weights.")
        }

        @Test("Layers called on what they can't take")
        func calls() {
            let x = Input(shape: [4], name: "x4")
            let y = Input(shape: [3], name: "x3")
            func call(_ layer: Layer, _ inputs: SymbolicTensor...) -> String { sentence { _ = try layer.apply(to: inputs) } }
            #expect(call(Add(name: "sum"), x, y)
                == "sum combines outputs of one shape, and [nil, 4] and [nil, 3] came: make the shapes equal, for example by a Flatten "
                + "or the same number of units.")
            #expect(call(Add(name: "sum"), x) == "sum is an Add layer: call it on 2 or more inputs; 1 came.")
            #expect(call(Dense(2, name: "d"), x, y)
                == "d is a Dense layer: call it on 1 input; 2 came. Join several with Concatenate or Add first.")
            #expect(call(Concatenate(axis: 2, name: "c"), x, y) == "c joins along axis 2, and an input of shape [nil, 4] has no such axis.")
            #expect(call(Concatenate(name: "c"), x, Input(shape: [1, 4]))
                == "c joins along axis -1, so all other axes must agree: input 0 has the shape [nil, 4], input 1 [nil, 1, 4]. "
                + "A Flatten before it may help.")
            #expect(call(Dot(name: "dot"), x, y)
                == "dot multiplies vectors of one length on the last axis, and [nil, 4] and [nil, 3] came.")
            #expect(call(Embedding(inputDimension: 3, outputDimension: 1, name: "e"), Dense(1, name: "before")(x))
                == "e looks up ids, so it is called on an Input; before (Dense) gives numbers that are no ids.")
            #expect(call(Embedding(inputDimension: 0, outputDimension: 1, name: "e"), x)
                == "e has inputDimension 0 and outputDimension 1: both go from 1 up.")
            #expect(call(Dense(0, name: "d"), x) == "d has 0 units: they go from 1 to 4194304.")
            #expect(call(Dropout(rate: 1, name: "drop"), x)
                == "drop has the rate 1.0: it is the share of numbers to drop, from 0 to below 1.")
            let shared = Dense(2, name: "shared")
            _ = shared(x)
            #expect(call(shared, y)
                == "shared was built for an input of shape [nil, 4], and is called on one of shape [nil, 3]: one layer's weights fit one "
                + "size; make a second layer.")
        }

        @Test("A model with a missing, unused or doubled input, or two layers of one name")
        func graphs() {
            let user = Input(shape: [1], name: "user_id")
            let movie = Input(shape: [1], name: "movie_id")
            let both = Dense(1, name: "out")(Concatenate()(user, movie))
            func graph(_ inputs: [SymbolicTensor], _ output: SymbolicTensor) -> String {
                sentence { _ = try Graph(inputs: inputs, outputs: [output]) }
            }
            #expect(graph([user], both)
                == "The output \"out\" depends on the input \"movie_id\", which is not among the model's inputs (\"user_id\"): add it to Model(inputs:).")
            #expect(graph([user, movie], Dense(1, name: "out")(user))
                == "The input \"movie_id\" is not connected to the output \"out\": no layer uses it on the way. Use it, or leave it out of Model(inputs:).")
            #expect(graph([user, user], both) == "The input \"user_id\" stands twice in Model(inputs:): name it once.")
            #expect(graph([both], both) == "A Model's inputs are made by Input(shape:name:), and \"out\" is the output of a Dense layer.")
            #expect(graph([user], Dense(1, name: "same")(Dense(1, name: "same")(user)))
                == "Two layers of the model are named \"same\" (a Dense and a Dense): give each its own name, or leave the name out.")
        }

        @Test("What can't throw ends through the door, with the same sentence")
        func door() async {
            let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
                _ = Add(name: "sum")(Input(shape: [4]), Input(shape: [3]))
            }
            let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
            #expect(text.contains("sum combines outputs of one shape, and [nil, 4] and [nil, 3] came"))
        }

        @Test("A tensor of the wrong size ends through the door")
        func tensorDoor() async {
            let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
                _ = Tensor(shape: [2, 3], scalars: [1, 2])
            }
            let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
            #expect(text.contains("A Tensor of shape [2, 3] takes 6 numbers, and 2 came: change the shape, or give as many numbers as its product."))
        }
    }
}
