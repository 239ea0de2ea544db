/// A table with one row of numbers for each id: looks up the rows of the ids that come in.
///
/// Input `[nil, n]`, output `[nil, n, outputDimension]`. Ids go from 0 to `inputDimension - 1`. The table begins
/// uniform between -0.05 and 0.05.
///
/// For example: `Embedding(inputDimension: userCount, outputDimension: 8, name: "user_embedding")(userID)`.
public final class Embedding: Layer {
    /// The number of different ids: rows of the table.
    public let inputDimension: Int
    /// Numbers an id: columns of the table.
    public let outputDimension: Int

    public init(inputDimension: Int, outputDimension: Int, name: String? = nil) {
        (self.inputDimension, self.outputDimension) = (inputDimension, outputDimension)
        super.init(name: name)
    }

    override class var kind: String { "Embedding" }
    override var expectsParameters: Bool { true }
    override var configuration: [String: JSON] {
        ["inputDimension": .int(inputDimension), "outputDimension": .int(outputDimension)]
    }

    override func checkInputs(_ inputs: [SymbolicTensor]) throws {
        try super.checkInputs(inputs)
        guard inputs[0].layer is InputLayer else {
            throw TrainingError(
                .wrongShape,
                "\(name) looks up ids, so it is called on an Input; \(inputs[0].name) (\(inputs[0].layer.kind)) gives numbers that are no ids.")
        }
    }

    override func rowShape(from inputs: [[Int]]) throws -> [Int] { inputs[0] + [outputDimension] }

    override func parameterPlans(from inputs: [[Int]]) throws -> [(shape: [Int], initializer: Initializer)] {
        guard inputDimension > 0, outputDimension > 0 else {
            throw TrainingError(
                .badArgument,
                "\(name) has inputDimension \(inputDimension) and outputDimension \(outputDimension): both go from 1 up.")
        }
        guard inputDimension <= Int(Int32.max), outputDimension <= LayerLimits.features,
            inputDimension <= LayerLimits.parameters / outputDimension
        else {
            throw TrainingError(.badArgument, "\(name), \(inputDimension) × \(outputDimension), is larger than a table can be.")
        }
        return [([inputDimension, outputDimension], .uniform(limit: 0.05))]
    }

    override func lower(_ node: Node, into plan: PlanBuilder) throws {
        let input = plan.inputIndex(of: node.inputs[0].node)
        let trained = isTrainable && plan.isTraining
        plan.add(kind: .lookup, from: nil, to: node) { op in
            op.input = Int32(input)
            op.weights = UnsafePointer(parameters[0].values.baseAddress)
            op.lookup = trained ? Int32(plan.addLookup(input: input, width: outputDimension, table: parameters[0])) : -1
        }
        plan.readIdentifiers(input: input, of: self)
    }
}
