import Display

/// A layer: a kind of computation with a name and, often, weights. Calling it on the output of another layer
/// (or on an `Input`) gives its own output; called twice, it shares its weights.
///
/// The weights are made at the first call, when the input's size is known.
public class Layer: CustomStringConvertible {
    /// Unique within a model: as given, or Keras' automatic name (`dense`, `dense_1`, …).
    public let name: String
    /// A number that no other layer object of this process has. A layer that travels to another process keeps it.
    public internal(set) var identifier: Int
    /// Whether training changes the weights.
    public var isTrainable = true
    /// The shape of the output of the first call, for example `[nil, 1, 8]`; `[]` before any call.
    public internal(set) var outputShape: [Int?] = []

    /// The layers whose outputs it was called on, in order, each once.
    public private(set) var inboundLayers: [Layer] = []

    var parameters: [Parameter] = []
    private(set) var inputRowShapes: [[Int]]?

    init(name: String?, identifier: Int? = nil) {
        self.name = name ?? LayerNames.next(for: Self.kind)
        self.identifier = identifier ?? LayerNames.nextIdentifier()
    }

    /// The kind of layer, for example `Embedding`.
    public var kind: String { Self.kind }

    /// The weights, for example `[kernel, bias]` of a `Dense`; none before the first call.
    public var weights: [Tensor] { parameters.map(\.tensor) }

    /// The number of numbers in the weights.
    public var parameterCount: Int { parameters.reduce(0) { $0 + $1.count } }

    /// Replaces the weights by others of the same shapes.
    /// - throws: `TrainingError` when their number or a shape differs.
    public func setWeights(_ weights: [Tensor]) throws {
        guard weights.count == parameters.count else {
            throw TrainingError(
                .wrongInputCount,
                "\(name) has \(counted(parameters.count, "weight tensor")), and \(weights.count) came"
                    + (parameters.isEmpty && expectsParameters ? ": call the layer on an input first, which makes its weights." : "."))
        }
        for (index, (parameter, tensor)) in zip(parameters, weights).enumerated()
        where parameter.shape != tensor.shape {
            throw TrainingError(
                .wrongShape,
                "Weight \(index) of \(name) has the shape \(parameter.shape), and a tensor of shape \(tensor.shape) came: "
                    + "give one of the same shape.")
        }
        for (parameter, tensor) in zip(parameters, weights) { parameter.set(tensor.scalars) }
    }

    /// Replaces the weights by flat numbers, one array a weight tensor.
    /// - throws: `TrainingError` when their number differs.
    public func setWeights(_ weights: [[Float]]) throws {
        for (index, (parameter, scalars)) in zip(parameters, weights).enumerated() where parameter.count != scalars.count {
            throw TrainingError(
                .wrongShape,
                "Weight \(index) of \(name) has the shape \(parameter.shape), \(parameter.count) numbers, and \(scalars.count) came.")
        }
        try setWeights(zip(parameters.map(\.shape) + Array(repeating: [], count: max(0, weights.count - parameters.count)), weights)
            .map { shape, scalars in
                Tensor(shape: Tensor.size(of: shape) == scalars.count ? shape : [scalars.count], scalars: scalars)
            })
    }

    public func callAsFunction(_ input: SymbolicTensor) -> SymbolicTensor { call([input]) }
    public func callAsFunction(_ inputs: SymbolicTensor...) -> SymbolicTensor { call(inputs) }
    public func callAsFunction(_ inputs: [SymbolicTensor]) -> SymbolicTensor { call(inputs) }

    public var description: String {
        outputShape.isEmpty ? "\(name) (\(kind))" : "\(name) (\(kind), output shape \(shapeText(outputShape)))"
    }

    final func call(_ inputs: [SymbolicTensor]) -> SymbolicTensor {
        do {
            return try apply(to: inputs)
        } catch {
            learnerMistake(String(describing: error))
        }
    }

    /// Makes the weights at the first call, and a node of the graph.
    final func apply(to inputs: [SymbolicTensor], initialize: Bool = true) throws -> SymbolicTensor {
        let shapes = inputs.map(\.node.rowShape)
        try checkInputs(inputs)
        let shape = try rowShape(from: shapes)
        guard let size = Tensor.size(of: shape), size <= LayerLimits.features else {
            throw TrainingError(.wrongShape, "\(name) would have an output of shape \(shapeText([nil] + shape)): that is more than a row can hold.")
        }
        if inputRowShapes == nil {
            try build(inputs: shapes, initialize: initialize)
        } else {
            try checkSecondCall(shapes)
        }
        for input in inputs where input.layer !== self && !inboundLayers.contains(where: { $0 === input.layer }) {
            inboundLayers.append(input.layer)
        }
        return SymbolicTensor(node: Node(layer: self, inputs: inputs, rowShape: shape))
    }

    /// Makes the weights for inputs of these row shapes.
    final func build(inputs: [[Int]], initialize: Bool = false) throws {
        guard inputCount.contains(inputs.count) else {
            throw TrainingError(.wrongInputCount, "\(name) is \(article(kind)) layer, and \(counted(inputs.count, "input")) came.")
        }
        let plans = try parameterPlans(from: inputs)
        outputShape = [nil] + (try rowShape(from: inputs))
        inputRowShapes = inputs
        parameters = plans.map { plan in
            let parameter = Parameter(shape: plan.shape)
            if initialize { plan.initializer.fill(parameter) }
            return parameter
        }
    }

    private func checkSecondCall(_ shapes: [[Int]]) throws {
        let plans = try parameterPlans(from: shapes)
        guard plans.map(\.shape) == parameters.map(\.shape) else {
            throw TrainingError(
                .wrongShape,
                "\(name) was built for an input of shape \(shapeText([nil] + (inputRowShapes?.first ?? []))), and is called on one of shape "
                    + "\(shapeText([nil] + (shapes.first ?? []))): one layer's weights fit one size; make a second layer.")
        }
    }

    // What a kind of layer says of itself.

    class var kind: String { "Layer" }
    /// Whether it has weights once it was called.
    var expectsParameters: Bool { false }
    /// What it takes, for sentences.
    var inputCount: ClosedRange<Int> { 1...1 }
    /// The shape of an output row for these input rows.
    /// - throws: `TrainingError` with a sentence when they don't fit.
    func rowShape(from inputs: [[Int]]) throws -> [Int] { inputs.first ?? [] }
    /// The weights it needs for these input rows.
    func parameterPlans(from inputs: [[Int]]) throws -> [(shape: [Int], initializer: Initializer)] { [] }
    /// What `decode` needs to make an equal one.
    var configuration: [String: JSON] { [:] }
    /// Adds the layer's operations to a plan.
    func lower(_ node: Node, into plan: PlanBuilder) throws {}

    func checkInputs(_ inputs: [SymbolicTensor]) throws {
        guard inputCount.contains(inputs.count) else {
            let expected = inputCount.lowerBound == inputCount.upperBound
                ? counted(inputCount.lowerBound, "input") : "\(inputCount.lowerBound) or more inputs"
            throw TrainingError(
                .wrongInputCount,
                "\(name) is \(article(kind)) layer: call it on \(expected); \(inputs.count == 0 ? "none" : "\(inputs.count)") came"
                    + (inputs.count > 1 ? ". Join several with Concatenate or Add first." : "."))
        }
    }
}

enum LayerLimits {
    /// Numbers in one row of one layer's output.
    static let features = 1 << 22
    /// Numbers in one weight tensor.
    static let parameters = 1 << 31
}

/// Keras' automatic names, and identifiers of layer objects: they count up in a process and never start anew.
enum LayerNames {
    nonisolated(unsafe) private static var counts: [String: Int] = [:]
    nonisolated(unsafe) private static var lastIdentifier = 0

    static func next(for kind: String) -> String {
        let base = snakeCase(kind)
        let count = counts[base, default: 0]
        counts[base] = count + 1
        return count == 0 ? base : "\(base)_\(count)"
    }

    static func nextIdentifier() -> Int {
        lastIdentifier += 1
        return lastIdentifier
    }

    private static func snakeCase(_ kind: String) -> String {
        var text = ""
        for character in kind {
            if character.isUppercase, !text.isEmpty { text += "_" }
            text += character.lowercased()
        }
        return text
    }
}

func counted(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }

func article(_ noun: String) -> String { ("AEIOU".contains(noun.prefix(1)) ? "an " : "a ") + noun }
