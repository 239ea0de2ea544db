import Grading
import Training

/// What can be found out about a model of two inputs, users and movies, by its graph and by experiments with its weights.
///
/// The experiments change the weights; the model is a copy of the learner's, so nothing is lost.
final class Anatomy {
    let model: Model
    init(_ model: Model) { self.model = model }

    // MARK: Graph

    /// The positions of the model's inputs whose ids a layer's output depends on.
    func inputs(feeding layer: Layer) -> Set<Int> {
        let sources = Set(upstream(of: layer).map(\.identifier))
        return Set(model.inputs.indices.filter { sources.contains(model.inputs[$0].layer.identifier) })
    }

    /// The layer and all that its output depends on.
    func upstream(of layer: Layer) -> [Layer] {
        var found: [Int: Layer] = [:], waiting = [layer]
        while let next = waiting.popLast() {
            guard found.updateValue(next, forKey: next.identifier) == nil else { continue }
            waiting += next.inboundLayers
        }
        return model.layers.filter { found[$0.identifier] != nil }
    }

    func tables(on input: Int) -> [Embedding] {
        model.layers.compactMap { $0 as? Embedding }.filter { inputs(feeding: $0) == [input] }
    }

    /// The table of an input that the hidden layers learn from: the widest that leads to a Dense layer.
    func mainTable(on input: Int) -> Embedding? {
        tables(on: input)
            .filter { table in model.layers.contains { $0 is Dense && upstream(of: $0).contains { $0 === table } } }
            .max { $0.outputDimension < $1.outputDimension }
    }

    /// The summands of the output, through additions of additions; the output alone where nothing is added.
    var summands: [Layer] {
        var summands: [Layer] = [], seen: Set<Int> = [], waiting = [model.outputs[0].layer]
        while let layer = waiting.popLast() {
            guard seen.insert(layer.identifier).inserted else { continue }
            let core = self.core(of: layer)
            if core is Add { waiting += core.inboundLayers.reversed() } else { summands.append(layer) }
        }
        return summands
    }

    /// The layer that a chain of layers which compute next to nothing begins with.
    func core(of layer: Layer) -> Layer {
        var layer = layer
        while layer is Flatten || layer is Dropout || layer is Rescaling, let next = layer.inboundLayers.first { layer = next }
        return layer
    }

    /// Whether all that a table gives to the output passes through a Dropout.
    func isDroppedOut(_ table: Layer) -> Bool {
        var seen: Set<Int> = [], waiting = [table]
        while let layer = waiting.popLast() {
            if layer is Dropout || !seen.insert(layer.identifier).inserted { continue }
            if layer === model.outputs[0].layer { return false }
            waiting += model.outboundLayers(of: layer)
        }
        return true
    }

    /// - Throws: a judgement when there are not two inputs and one output.
    func requireUsualShape() throws {
        try expect(
            model.inputs.count == 2,
            model.inputs.count == 1
                ? "`modelWithBias` has one input, \(inlineCode(model.inputs[0].name)). The guess depends on user and movie; add the bias to the "
                    + "prediction that the hidden layers make, which is `out`."
                : "`modelWithBias` has \(model.inputs.count) inputs. It takes two: the ids of users and the ids of movies.",
            mistake: model.inputs.count == 1 ? "prediction-left-out" : "too-many-inputs")
        try expect(
            model.outputs.count == 1,
            "`modelWithBias` has \(model.outputs.count) outputs. It has one, the sum of prediction and bias.", mistake: "several-outputs")
    }

    // MARK: Experiments

    /// What a change of one number in a table does to the predictions.
    enum Effect: Equatable {
        case none
        /// The predictions for that id change, for each partner alike, by this multiple of the change; no others do.
        case adds(multiple: Double)
        case other
    }

    /// The tables of movies whose numbers are added to the predictions, just as they are.
    func movieBiases() -> [Embedding] {
        tables(on: 1).filter { table in
            guard table.outputDimension == 1, case .adds(let multiple) = (try? effect(of: table)) ?? .other else { return false }
            return abs(multiple - 1) < 1e-3
        }
    }

    /// Changes numbers of a table by several amounts, among several settings of all other weights.
    func effect(of table: Embedding) throws -> Effect {
        guard let input = inputs(feeding: table).first else { return .none }
        var multiples: [Double] = []
        var isClean = true
        for setting in 0..<3 {
            try setWeights(seed: UInt64(setting), positive: setting == 0)
            let before = try predictions()
            let weights = table.weights
            for row in probes(of: input).prefix(3) {
                for change in [1.0, -3.0] {
                    var changed = weights[0]
                    changed[row, 0] += Float(change)
                    try table.setWeights([changed])
                    for (prediction, (old, new)) in zip(pairs, zip(before, try predictions())) {
                        let moved = (new - old) / change
                        if (input == 0 ? prediction.user : prediction.movie) == row {
                            multiples.append(moved)
                        } else if !(abs(moved) < 1e-3) {
                            isClean = false
                        }
                    }
                }
            }
            try table.setWeights(weights)
        }
        guard let low = multiples.min(), let high = multiples.max(), low.isFinite, high.isFinite else { return .other }
        if isClean, max(abs(low), abs(high)) < 1e-3 { return .none }
        return isClean && high - low < 2e-3 ? .adds(multiple: (low + high) / 2) : .other
    }

    /// A few ids of an input that all of its tables know, the first and the last among them.
    private func probes(of input: Int) -> [Int] {
        let count = tables(on: input).map(\.inputDimension).min() ?? 4
        return Array(Set([0, 1, count / 2, count - 1].filter { (0..<count).contains($0) })).sorted()
    }

    private lazy var pairs: [(user: Int, movie: Int)] = {
        let movies = probes(of: 1)
        return probes(of: 0).flatMap { user in movies.map { (user: user, movie: $0) } }
    }()

    private func predictions() throws -> [Double] {
        try model.predict([pairs.map(\.user), pairs.map(\.movie)]).scalars.map(Double.init)
    }

    /// Random weights of a size that neither grows nor fades on the way through the layers. Positive ones keep every
    /// unit alive.
    private func setWeights(seed: UInt64, positive: Bool) throws {
        var random = SeededGenerator(seed: seed)
        for layer in model.layers where !layer.weights.isEmpty {
            try layer.setWeights(layer.weights.map { tensor in
                let size = layer is Embedding || tensor.shape.count < 2 ? 1 : 2 / Float(tensor.shape[0])
                let range: ClosedRange<Float> = positive ? 0.2 * size...size : -size...size
                return Tensor(shape: tensor.shape, scalars: tensor.scalars.map { _ in Float.random(in: range, using: &random) })
            })
        }
    }
}
