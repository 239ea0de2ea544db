import Foundation
import Testing
import Tiers

@testable import Training

extension TrainingTests {
    @Suite("A model travels as bytes")
    struct ArchiveTests {
        private func trained() throws -> (Model, SmallData) {
            setRandomSeed(1)
            let data = SmallData(rows: 60)
            let model = smallModel()
            model.layer(named: "hidden")?.isTrainable = false
            try model.fit([data.users, data.items], data.targets, epochs: 1, verbose: .lines)
            return (model, data)
        }

        @Test("and comes back with its graph, weights, identifiers and compilation")
        func roundTrip() throws {
            let (model, data) = try trained()
            let copy = try Model(archive: model.archive())
            #expect(copy.bits == model.bits)
            #expect(copy.layers.map(\.name) == model.layers.map(\.name))
            #expect(copy.layers.map(\.kind) == model.layers.map(\.kind))
            #expect(copy.layers.map(\.identifier) == model.layers.map(\.identifier))
            #expect(copy.layers.map(\.outputShape) == model.layers.map(\.outputShape))
            #expect(copy.layers.map(\.isTrainable) == model.layers.map(\.isTrainable))
            #expect(copy.layers.map { $0.inboundLayers.map(\.name) } == model.layers.map { $0.inboundLayers.map(\.name) })
            #expect(copy.inputs.map(\.name) == ["user", "items"])
            #expect((copy.optimizer as? Adam) == Adam(learningRate: 0.01))
            #expect(copy.loss == .meanSquaredError && copy.metrics == [.meanAbsoluteError])
            #expect(try copy.predict([data.users, data.items]) == model.predict([data.users, data.items]))
            #expect(copy.archive() == model.archive())
        }

        @Test("with every kind of layer, not compiled, and several outputs")
        func everyKind() throws {
            let x = Input(shape: [2, 3])
            let y = Dense(3, activation: .sigmoid)(x)
            let parts = [Dot()(x, y), Flatten()(x - y * 2), Concatenate(axis: 1)(x, y), Multiply()(x, y), Dropout(rate: 0.1)(x + y)]
            let model = Model(inputs: [x], outputs: parts)
            let copy = try Model(archive: model.archive())
            #expect(copy.optimizer == nil && copy.loss == nil)
            #expect(copy.outputs.map(\.shape) == parts.map(\.shape))
            #expect(copy.archive() == model.archive())
            #expect(sentence { _ = try copy.predict(Tensor(repeating: 1, shape: [1, 2, 3])) }
                == "The model has 5 outputs, and predict works on one: make a Model of the output you mean.")
        }

        @Test("through a file, with new identifiers")
        func files() throws {
            let (model, _) = try trained()
            let path = NSTemporaryDirectory() + "model-\(UUID().uuidString)"
            try model.save(to: path)
            defer { try? FileManager.default.removeItem(atPath: path) }
            let copy = try Model(contentsOf: path)
            #expect(copy.bits == model.bits)
            #expect(Set(copy.layers.map(\.identifier)).isDisjoint(with: model.layers.map(\.identifier)))
            #expect(sentence { _ = try Model(contentsOf: path + "x") }
                == "The model can't be read from \(path)x (No such file or directory): check the path.")
            #expect(sentence { try model.save(to: "/no/such/folder/model") }
                == "The model can't be written to /no/such/folder/model (No such file or directory): choose a file in a folder that exists.")
        }

        @Test("and a layer alone is found in its model by its identifier")
        func layers() throws {
            let (model, _) = try trained()
            for layer in model.layers {
                let copy = try Layer.decode(archive: layer.archive())
                #expect(copy.kind == layer.kind && copy.name == layer.name && copy.outputShape == layer.outputShape)
                #expect(copy.weights == layer.weights)
                #expect(try Model(archive: model.archive()).contains(copy))
            }
            #expect(!model.contains(try Layer.decode(archive: Flatten().archive())))
            #expect(try Layer.decode(archive: Dense(3).archive()).outputShape == [])
        }

        @Test("A checker moves one weight of a decoded model and sees the prediction move")
        func experiment() throws {
            let (model, data) = try trained()
            let copy = try Model(archive: model.archive())
            let input = try #require(copy.layer(named: "user"))
            let tables = copy.layers.filter { $0 is Embedding && $0.inboundLayers.contains { $0 === input } }
            #expect(tables.map(\.name).sorted() == ["bias", "user_table"])
            let bias = try #require(copy.layer(named: "bias"))
            let before = try copy.predict([data.users, data.items])
            var table = bias.weights[0]
            table[2, 0] += 1
            try bias.setWeights([table])
            let after = try copy.predict([data.users, data.items])
            for (row, user) in data.users.enumerated() {
                #expect(abs(after[row, 0] - before[row, 0] - (user == 2 ? 1 : 0)) < 1e-5)
            }
        }

        @Test("What is no archive, or of another version, is refused with a sentence")
        func refused() throws {
            let (model, _) = try trained()
            let bytes = model.archive()
            #expect(sentence { _ = try Model(archive: [1, 2, 3]) }
                == "This is no archive of a model: it does not begin as one. Make one with model.save(to:).")
            var other = bytes
            other[8] = 9
            #expect(sentence { _ = try Model(archive: other) }
                == "This archive of a model has the version 9, and version 1 is the one read here: save the model again with this version.")
            #expect(sentence { _ = try Model(archive: Array(bytes.dropLast(4))) }.contains("bytes of weights, and it has"))
            #expect(sentence { _ = try Model(archive: try #require(model.layers.first).archive()) }.contains("it holds one layer, not a model"))
            #expect(sentence { _ = try Layer.decode(archive: bytes) }.contains("it holds a model, not one layer"))
        }

        private func archive(_ header: String, floats: Int = 0) -> [UInt8] {
            let head = Array(header.utf8)
            let length = (0..<4).map { UInt8(truncatingIfNeeded: head.count >> (8 * $0)) }
            return Array("ETUDEMDL".utf8) + [1, 0, 0, 0] + length + head + [UInt8](repeating: 0, count: 4 * floats)
        }

        @Test("Huge sizes are refused before any memory is taken")
        func hugeSizes() {
            func model(_ layers: String, _ nodes: String) -> String {
                sentence {
                    _ = try Model(archive: archive("{\"format\":\"model\",\"layers\":[\(layers)],\"nodes\":[\(nodes)],\"inputs\":[0],\"outputs\":[1]}"))
                }
            }
            let input = #"{"kind":"InputLayer","name":"x","identifier":1,"isTrainable":true,"configuration":{"shape":[1]}}"#
            let node = #"{"layer":0,"inputs":[]},{"layer":1,"inputs":[0]}"#
            #expect(model(input + #",{"kind":"Embedding","name":"e","identifier":2,"isTrainable":true,"configuration":{"inputDimension":2000000000,"outputDimension":1}}"#, node)
                .contains("need 8000000000 bytes of weights, and it has 0"))
            #expect(model(input + #",{"kind":"Dense","name":"d","identifier":2,"isTrainable":true,"configuration":{"units":2147483648,"activation":"relu"}}"#, node)
                .contains("too large"))
            #expect(model(input.replacingOccurrences(of: "[1]", with: "[2000000,2000000]"), #"{"layer":0,"inputs":[]}"#).contains("no row's shape"))
            #expect(model(input + "," + input, node).contains("two layers have one identifier"))
            #expect(model(input, #"{"layer":0,"inputs":[0]}"#).contains("earlier nodes"))
            #expect(sentence { _ = try Model(archive: archive(String(repeating: "[", count: 100_000))) }.contains("nested too deep"))
            #expect(sentence { _ = try Model(archive: archive("{\"a\":1,\"a\":2}")) }.contains("stands twice"))
        }

        @Test("Damaged archives are refused or read, and never end the process")
        func fuzz() throws {
            setRandomSeed(2)
            let x = Input(shape: [1], name: "x")
            let model = Model(inputs: x, outputs: Dense(1)(Flatten()(Embedding(inputDimension: 3, outputDimension: 2)(x))))
            model.compile(optimizer: .adam(), loss: .mse, metrics: [.mae])
            let bytes = model.archive()
            let layer = model.layers[1].archive()
            var generator = RandomGenerator(seed: 7)
            var refused = 0
            for round in 0..<rounds(3_000) {
                var damaged = round % 4 == 0 ? layer : bytes
                switch round % 5 {
                case 0: damaged.removeLast(Int.random(in: 1...damaged.count, using: &generator))
                case 1: damaged.insert(UInt8.random(in: 0...255, using: &generator), at: Int.random(in: 0..<damaged.count, using: &generator))
                case 2:
                    let digits = damaged.indices.filter { (48...57).contains(damaged[$0]) }
                    if let place = digits.randomElement(using: &generator) { damaged[place] = UInt8.random(in: 45...57, using: &generator) }
                default:
                    for _ in 0..<Int.random(in: 1...3, using: &generator) {
                        damaged[Int.random(in: 0..<damaged.count, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
                    }
                }
                do {
                    if round % 4 == 0 {
                        _ = try Layer.decode(archive: damaged)
                    } else {
                        let copy = try Model(archive: damaged)
                        _ = try copy.predict([0])
                    }
                } catch let error as TrainingError {
                    refused += 1
                    #expect(!error.description.isEmpty)
                }
            }
            #expect(refused > 1_500)
        }

        @Test("JSON is read strictly, and written so that it reads again")
        func json() throws {
            let text = #"{"a":[1,-2.5,true,false,null],"b":{"c":"\u0041\"\\é\n"}}"#
            let value = try JSONReader.read(Array(text.utf8))
            #expect(value == .object(["a": .array([.int(1), .double(-2.5), .bool(true), .bool(false), .null]), "b": .object(["c": .string("A\"\\é\n")])]))
            #expect(try JSONReader.read(Array(value.text.utf8)) == value)
            for bad in ["", "{", "[1,]", "{\"a\"}", "01x", "nul", "\"\\x\"", "\"\u{1}\"", "1 2", "[1 2]", "\"\\ud800\"", "+1", "01", "1.", ".5", "-", "1e999", "\"abc"] {
                #expect(throws: JSONReader.Mistake.self, "\(bad)") { try JSONReader.read(Array(bad.utf8)) }
            }
        }
    }
}
