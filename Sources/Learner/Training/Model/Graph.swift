/// The nodes between a model's inputs and outputs, in an order in which each comes after its inputs: the farthest
/// from the output first, as Keras lists layers.
struct Graph {
    let nodes: [Node]
    let layers: [Layer]

    /// - throws: `TrainingError` when an input is missing or not connected, or two layers share a name.
    init(inputs: [SymbolicTensor], outputs: [SymbolicTensor]) throws {
        var found: [Node] = []
        var seen: Set<ObjectIdentifier> = []
        func visit(_ node: Node) {
            guard seen.insert(ObjectIdentifier(node)).inserted else { return }
            for input in node.inputs { visit(input.node) }
            found.append(node)
        }
        for output in outputs { visit(output.node) }
        try Graph.check(inputs: inputs, outputs: outputs, found: found)

        var depths: [ObjectIdentifier: Int] = [:]
        for node in found.reversed() {
            let depth = depths[ObjectIdentifier(node), default: 0]
            for input in node.inputs {
                depths[ObjectIdentifier(input.node)] = max(depths[ObjectIdentifier(input.node), default: 0], depth + 1)
            }
        }
        let ordered = found.enumerated().sorted { a, b in
            let (x, y) = (depths[ObjectIdentifier(a.element), default: 0], depths[ObjectIdentifier(b.element), default: 0])
            return x != y ? x > y : a.offset < b.offset
        }.map(\.element)
        var layers: [Layer] = []
        var listed: Set<ObjectIdentifier> = []
        var names: [String: Layer] = [:]
        for node in ordered where listed.insert(ObjectIdentifier(node.layer)).inserted {
            if let other = names[node.layer.name] {
                throw TrainingError(
                    .badArgument,
                    "Two layers of the model are named \"\(node.layer.name)\" (\(article(other.kind)) and \(article(node.layer.kind))): "
                        + "give each its own name, or leave the name out.")
            }
            names[node.layer.name] = node.layer
            layers.append(node.layer)
        }
        (nodes, self.layers) = (ordered, layers)
    }

    private static func check(inputs: [SymbolicTensor], outputs: [SymbolicTensor], found: [Node]) throws {
        guard !inputs.isEmpty, !outputs.isEmpty else {
            throw TrainingError(.wrongInputCount, "A Model has at least one input and one output: name them in Model(inputs:outputs:).")
        }
        let given = inputs.map { "\"\($0.name)\"" }.joined(separator: ", ")
        for (index, input) in inputs.enumerated() {
            guard input.layer is InputLayer else {
                throw TrainingError(
                    .badArgument,
                    "A Model's inputs are made by Input(shape:name:), and \"\(input.name)\" is the output of \(article(input.layer.kind)) layer.")
            }
            guard !inputs[..<index].contains(where: { $0.node === input.node }) else {
                throw TrainingError(.badArgument, "The input \"\(input.name)\" stands twice in Model(inputs:): name it once.")
            }
        }
        for node in found where node.layer is InputLayer && !inputs.contains(where: { $0.node === node }) {
            throw TrainingError(
                .wrongInputCount,
                "The output \"\(outputs[0].name)\" depends on the input \"\(node.layer.name)\", which is not among the model's inputs (\(given)): "
                    + "add it to Model(inputs:).")
        }
        for input in inputs where !found.contains(where: { $0 === input.node }) {
            throw TrainingError(
                .wrongInputCount,
                "The input \"\(input.name)\" is not connected to the output \"\(outputs[0].name)\": no layer uses it on the way. "
                    + "Use it, or leave it out of Model(inputs:).")
        }
    }
}
