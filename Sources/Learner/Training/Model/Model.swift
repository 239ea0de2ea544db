import Display

/// Layers between inputs and outputs, to be compiled, trained and asked for predictions.
///
/// For example:
///
///     let model = Model(inputs: [userID, movieID], outputs: out)
///     model.compile(optimizer: Adam(learningRate: 0.005), loss: .meanSquaredError, metrics: [.meanAbsoluteError])
///     let history = try model.fit([users, movies], ratings, batchSize: 5_000, epochs: 8)
public class Model: CustomStringConvertible {
    public let inputs: [SymbolicTensor]
    public let outputs: [SymbolicTensor]
    /// All layers, inputs first, each after those it was called on.
    public var layers: [Layer] { graph.layers }

    /// How it is trained; nil before `compile`.
    public internal(set) var optimizer: (any Optimizer)?
    /// What training makes small; nil before `compile`.
    public internal(set) var loss: Loss?
    public internal(set) var metrics: [Metric] = []

    let graph: Graph
    var optimizerState: OptimizerState?

    /// Ends with a sentence when an input is missing or not connected, or two layers share a name.
    public convenience init(inputs: [SymbolicTensor], outputs: [SymbolicTensor]) {
        do {
            try self.init(checking: inputs, outputs: outputs)
        } catch {
            learnerMistake(String(describing: error))
        }
    }

    /// Ends with a sentence when an input is missing or not connected, or two layers share a name.
    public convenience init(inputs: [SymbolicTensor], outputs: SymbolicTensor) {
        self.init(inputs: inputs, outputs: [outputs])
    }

    /// A model of one input.
    public convenience init(inputs: SymbolicTensor, outputs: SymbolicTensor) {
        self.init(inputs: [inputs], outputs: [outputs])
    }

    init(checking inputs: [SymbolicTensor], outputs: [SymbolicTensor]) throws {
        (self.inputs, self.outputs) = (inputs, outputs)
        graph = try Graph(inputs: inputs, outputs: outputs)
    }

    /// The layer of this name; nil when there is none.
    public func layer(named name: String) -> Layer? { layers.first { $0.name == name } }

    /// The layer at this place of `layers`; nil when there is none.
    public func layer(at index: Int) -> Layer? { layers.indices.contains(index) ? layers[index] : nil }

    /// Whether this layer object, or one that travelled here and was it, is part of the model.
    public func contains(_ layer: Layer) -> Bool { layers.contains { $0.identifier == layer.identifier } }

    /// The layers of this model that are called on the output of `layer`.
    public func outboundLayers(of layer: Layer) -> [Layer] {
        layers.filter { other in other.inboundLayers.contains { $0.identifier == layer.identifier } }
    }

    /// The number of numbers in all weights.
    public var parameterCount: Int { layers.reduce(0) { $0 + $1.parameterCount } }

    /// All weights, layer after layer.
    public var weights: [Tensor] { layers.flatMap(\.weights) }

    /// Says how to train: anew, as if never trained before, but with the weights as they are.
    ///
    /// Ends with a sentence when the optimizer's numbers are out of range.
    public func compile(optimizer: some Optimizer, loss: Loss, metrics: [Metric] = []) {
        guard let state = OptimizerState(optimizer) else {
            learnerMistake(
                "\(optimizer) can't train: the learning rate is a number from 0 up, for example 0.001, "
                    + "and beta1, beta2 and momentum lie from 0 to below 1.")
        }
        (self.optimizer, self.loss) = (optimizer, loss)
        self.metrics = metrics.enumerated().filter { index, metric in !metrics[..<index].contains(metric) }.map(\.element)
        optimizerState = state
    }

    public var description: String {
        "Model(\(counted(layers.count, "layer")), \(grouped(parameterCount)) parameters, "
            + "\(inputs.map(\.name).joined(separator: " + ")) → \(outputs.map(\.name).joined(separator: ", ")))"
    }
}
