import CTrainingKernels
import Testing

@testable import Training

/// Numbers from -1 to 1, the same at every run.
func noise(_ count: Int, seed: UInt64) -> [Float] {
    var generator = RandomGenerator(seed: seed)
    return (0..<count).map { _ in Float.random(in: -1...1, using: &generator) }
}

/// The sentence of the `TrainingError` that `body` throws.
func sentence(_ body: () throws -> Void) -> String {
    do {
        try body()
        return "nothing was thrown"
    } catch {
        return error is TrainingError ? String(describing: error) : "another error: \(error)"
    }
}

extension Model {
    /// The loss over all rows, and its gradient at each trained parameter, without a step of the optimizer.
    func lossAndGradients(
        _ x: [any TensorConvertible], _ y: any TensorConvertible, seed: UInt64 = 1
    ) throws -> (loss: Double, gradients: [[Float]], parameters: [Parameter]) {
        let (loss, state, output) = try trainingSetup("fit")
        let plan = try Plan(
            nodes: graph.nodes, inputs: inputs.map(\.node), output: output, loss: loss,
            metrics: metrics.map { $0.code(for: loss) }, slots: state.slots)
        let rows = try Rows(x, target: y, inputNodes: inputs.map(\.node), plan: plan, loss: loss)
        let runner = try Runner(plan, batchSize: rows.count, threads: 1)
        let outcome = rows.withRows(order: nil, 0..<rows.count) { runner.gradients($0, seed: seed) }
        return (means([outcome.loss], over: rows.count, loss: loss)[0], outcome.gradients, plan.parameters)
    }

    /// All weights in one array, for comparison to the bit.
    var bits: [UInt32] { layers.flatMap(\.parameters).flatMap { $0.values.map(\.bitPattern) } }
}

/// A small model with every kind of layer that has weights, two inputs, and a shared table.
func smallModel(optimizer: some Optimizer = .adam(learningRate: 0.01), dropout: Double = 0.2) -> Model {
    let user = Input(shape: [1], name: "user")
    let items = Input(shape: [3], name: "items")
    let embedded = Embedding(inputDimension: 7, outputDimension: 5, name: "user_table")(user)
    let table = Embedding(inputDimension: 11, outputDimension: 5, name: "item_table")
    let listed = table(items)
    var out = Concatenate()(Flatten()(embedded), Flatten()(listed))
    out = Dropout(rate: dropout, name: "drop")(out)
    out = Dense(17, activation: .relu, name: "hidden")(out)
    out = Dense(3, activation: .tanh, name: "narrow")(out)
    out = Dense(1, name: "last")(out)
    out = out + Flatten()(Embedding(inputDimension: 7, outputDimension: 1, name: "bias")(user))
    let model = Model(inputs: [user, items], outputs: out)
    model.compile(optimizer: optimizer, loss: .mse, metrics: [.mae])
    return model
}

struct SmallData {
    var users: [Int]
    var items: Tensor
    var targets: [Float]

    init(rows: Int, seed: UInt64 = 3) {
        var generator = RandomGenerator(seed: seed)
        users = (0..<rows).map { _ in Int.random(in: 0..<7, using: &generator) }
        items = Tensor(shape: [rows, 3], scalars: (0..<rows * 3).map { _ in Float(Int.random(in: 0..<11, using: &generator)) })
        targets = noise(rows, seed: seed + 1)
    }
}
