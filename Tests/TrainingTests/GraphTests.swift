import Display
import Testing

@testable import Training

extension TrainingTests {
    @Suite("Layers called on outputs make a model")
    struct GraphTests {
        @Test("The first exercise's model has Keras' shapes, names and counts")
        func exercise() throws {
            let userID = Input(shape: [1], name: "user_id")
            let movieID = Input(shape: [1], name: "movie_id")
            let user = Embedding(inputDimension: 671, outputDimension: 8, name: "user_embedding")(userID)
            let movie = Embedding(inputDimension: 9_066, outputDimension: 8, name: "movie_embedding")(movieID)
            let flat = Flatten()(Concatenate()(user, movie))
            var out = Dense(1, name: "prediction")(Dense(32, activation: .relu)(flat))
            let bias = Embedding(inputDimension: 9_066, outputDimension: 1, name: "movie_bias")
            out = out + Flatten()(bias(movieID))
            let model = Model(inputs: [userID, movieID], outputs: out)
            #expect(user.shape == [nil, 1, 8])
            #expect(flat.shape == [nil, 16])
            #expect(out.shape == [nil, 1])
            #expect(model.layer(named: "movie_bias")?.outputShape == [nil, 1, 1])
            #expect(model.layer(named: "movie_bias") is Embedding)
            #expect(model.layer(named: "no such") == nil)
            #expect(model.layer(at: 0)?.name == "user_id")
            #expect(model.layer(at: 99) == nil)
            #expect(model.layer(named: "movie_bias")?.inboundLayers.map(\.name) == ["movie_id"])
            #expect(model.outboundLayers(of: movieID.layer).map(\.name) == ["movie_embedding", "movie_bias"])
            #expect(model.contains(bias) && !model.contains(Flatten()))
            #expect(model.parameterCount == 671 * 8 + 9_066 * 9 + 16 * 32 + 32 + 32 + 1)
            #expect(bias.kind == "Embedding" && bias.isTrainable && bias.parameterCount == 9_066)
        }

        @Test("A bias may be flattened before or after it is added")
        func addBeforeFlatten() {
            let id = Input(shape: [1])
            let bias = Embedding(inputDimension: 5, outputDimension: 1)(id)
            let out = Dense(1)(Flatten()(Embedding(inputDimension: 5, outputDimension: 4)(id)))
            #expect(Add()(out, Flatten()(bias)).shape == [nil, 1])
            #expect(Add()(out, bias).shape == [nil, 1, 1])
            #expect(Flatten()(Add()([out, bias])).shape == [nil, 1])
        }

        @Test("Layers are named automatically, and a seed does not start the names anew")
        func names() {
            let first = Dropout(rate: 0).name
            setRandomSeed(1)
            let second = Dropout(rate: 0).name
            #expect(first != second)
            #expect(second.hasPrefix("dropout_"))
            #expect(Dense(1, name: "mine").name == "mine")
        }

        @Test("Sequential builds the same from a builder and from an array")
        func sequential() throws {
            let built = Sequential {
                Embedding(inputDimension: 10, outputDimension: 4)
                Flatten()
                for units in [8, 2] { Dense(units, activation: .relu) }
            }
            let listed = Sequential([Input(shape: [3]), Dense(2)])
            #expect(built.layers.map(\.kind) == ["InputLayer", "Embedding", "Flatten", "Dense", "Dense"])
            #expect(built.outputs[0].shape == [nil, 2])
            #expect(listed.outputs[0].shape == [nil, 2])
            #expect(try listed.predict(Tensor([[1, 2, 3]])).shape == [1, 2])
        }

        @Test("A layer called twice shares its weights")
        func shared() throws {
            let (a, b) = (Input(shape: [1]), Input(shape: [1]))
            let table = Embedding(inputDimension: 3, outputDimension: 2)
            let model = Model(inputs: [a, b], outputs: Dot()(Flatten()(table(a)), Flatten()(table(b))))
            try table.setWeights([Tensor([[1, 2], [3, 4], [5, 6]])])
            #expect(try model.predict([[0, 1], [2, 2]]).scalars == [17, 39])
        }

        @Test("Numbers and outputs combine by +, - and *")
        func operators() throws {
            let x = Input(shape: [2])
            let model = Model(inputs: x, outputs: 10 - (x * x - x * 0.5 + 1) + -x)
            #expect(try model.predict(Tensor([[2, 4]])).scalars == [4, -9])
        }

        @Test("The summary is a table with totals, and a model shows as a diagram")
        func display() throws {
            let model = smallModel()
            model.layer(named: "hidden")?.isTrainable = false
            let table = model.summaryTable
            #expect(table.columns.map(\.name) == ["layer (type)", "output shape", "parameters", "connected to"])
            #expect(table.rows.contains(["hidden (Dense)", "[nil, 17]", "357", "drop"]))
            #expect(table.caption == "512 parameters: 155 trainable, 357 not trainable")
            guard case .diagram(let diagram) = model.displayValue else { Issue.record("no diagram"); return }
            #expect(diagram.nodes.count == model.layers.count)
            #expect(diagram.nodes.contains(.init(title: "hidden", detail: "Dense [nil, 17]")))
            #expect(diagram.edges.allSatisfy { $0[0] < $0[1] })
        }

        @Test("A tensor prints like an array of numbers, cut in the middle")
        func tensors() {
            #expect(Tensor([[1, 2.5], [-3, 4]]).description == "[[ 1.0000,  2.5000],\n [-3.0000,  4.0000]]  (shape [2, 2])")
            let long = Tensor(shape: [1_000, 1], scalars: (0..<1_000).map { Float($0) })
            #expect(long.description.split(separator: "\n").count == 7)
            #expect(long.mean == 499.5 && long.min == 0 && long.max == 999 && long.count == 1_000)
            #expect(long.reshaped([10, 100])[9, 99] == 999)
            #expect(Tensor([1e-5]).description == "[1e-05]  (shape [1])")
            #expect(fixed(-0.00004, 4) == "0.0000")
            #expect(fixed(123.45678, 2) == "123.46")
            #expect(fixed(.nan, 2) == "nan")
        }

        @Test("A history finds its keys in Keras' short and long forms, and travels as JSON")
        func history() throws {
            let history = History(keys: ["loss", "mae", "val_loss", "val_mae"], series: [[2, 1], [4, 3], [6, 5], [8, 7]])
            #expect(history["mae"] == [4, 3])
            #expect(history["mean_absolute_error"] == [4, 3])
            #expect(history["val_mean_absolute_error"] == [8, 7])
            #expect(history["accuracy"] == nil)
            #expect(history.loss == [2, 1] && history.validationLoss == [6, 5] && history.finalLoss == 1)
            #expect(history.epochs == [1, 2])
            #expect(history.final == ["loss": 1, "mae": 3, "val_loss": 5, "val_mae": 7])
        }

        @Test("Training shows a bar for each epoch, and a finished one at the end")
        func progress() throws {
            nonisolated(unsafe) var shown: [(DisplayValue, Int?)] = []
            let before = Door.show
            Door.show = { shown.append(($0, $1)) }
            defer { Door.show = before }
            let data = SmallData(rows: 50)
            try smallModel().fit([data.users, data.items], data.targets, epochs: 3, validationSplit: 0.2)
            let bars = shown.compactMap { value, _ in if case .progress(let bar) = value { bar } else { nil } }
            #expect(bars.map(\.isFinished) == [false, false, true])
            #expect(bars.map(\.label) == ["Epoch 1/3", "Epoch 2/3", "Epoch 3/3"])
            #expect(bars[0].detail.split(separator: " ").filter { $0 != "·" }.enumerated().filter { $0.offset % 2 == 0 }.map { String($0.element) }
                == ["loss", "mae", "val_loss", "val_mae"])
            #expect(Set(shown.map(\.1)).count == 1)
            shown = []
            try smallModel().fit([data.users, data.items], data.targets, epochs: 2, verbose: .silent)
            guard case .progress(let last)? = shown.last?.0 else { Issue.record("no bar"); return }
            #expect(last.isFinished && last.label.hasPrefix("trained 2 epochs in "))
            shown = []
            try smallModel().fit([data.users, data.items], data.targets, epochs: 2, verbose: .lines)
            #expect(shown.count == 2)
        }
    }
}
