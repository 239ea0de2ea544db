extension Model {
    /// The model as bytes: its graph, its layers' weights, and how it is compiled. `Model(archive:)` reads them.
    public func archive() -> [UInt8] {
        var places: [ObjectIdentifier: Int] = [:]
        for (index, node) in graph.nodes.enumerated() { places[ObjectIdentifier(node)] = index }
        func place(_ tensor: SymbolicTensor) -> JSON { .int(places[ObjectIdentifier(tensor.node)] ?? 0) }
        let layerPlaces = Dictionary(uniqueKeysWithValues: layers.enumerated().map { (ObjectIdentifier($1), $0) })
        var header: [String: JSON] = [
            "format": .string("model"),
            "layers": .array(layers.map { .object($0.record) }),
            "nodes": .array(
                graph.nodes.map { node in
                    .object([
                        "layer": .int(layerPlaces[ObjectIdentifier(node.layer)] ?? 0), "inputs": .array(node.inputs.map(place)),
                    ])
                }),
            "inputs": .array(inputs.map(place)),
            "outputs": .array(outputs.map(place)),
        ]
        if let optimizer, let loss {
            header["compiled"] = .object([
                "optimizer": optimizerRecord(optimizer), "loss": .string(loss.rawValue),
                "metrics": .array(metrics.map { .string($0.rawValue) }),
            ])
        }
        return ArchiveFile.bytes(header: .object(header), parameters: layers.flatMap(\.parameters))
    }

    /// Reads what `archive()` wrote, in this process or another. Safe to call on bytes from anyone.
    ///
    /// The layers keep the identifiers they had; the optimizer starts anew.
    /// - throws: `TrainingError` with a sentence for anything that is no such archive.
    public convenience init(archive bytes: [UInt8]) throws {
        let (header, floats) = try ArchiveFile.open(bytes)
        guard try header.string("format") == "model" else { throw Record.unreadable("it holds one layer, not a model") }
        let decoded = try ModelDecoder(header: header, weightBytes: bytes.count - floats)
        try self.init(checking: decoded.inputs, outputs: decoded.outputs)
        guard graph.nodes.count == decoded.nodes.count, layers.count == decoded.layers.count else {
            throw Record.unreadable("some of its layers lead nowhere")
        }
        ArchiveFile.setWeights(decoded.layers.flatMap(\.parameters), from: bytes, at: floats)
        guard header.members["compiled"] != nil else { return }
        let compiled = try header.record("compiled")
        guard let loss = Loss(rawValue: try compiled.string("loss")) else { throw compiled.miss("loss", "a loss's name") }
        let metrics = try compiled.array("metrics", most: 100).map { value in
            guard case .string(let name) = value, let metric = Metric(rawValue: name) else { throw compiled.miss("metrics", "a list of metrics' names") }
            return metric
        }
        let optimizer = try Model.optimizer(try compiled.record("optimizer"))
        guard OptimizerState(optimizer) != nil else { throw Record.unreadable("its optimizer's numbers are out of range") }
        compile(optimizer: optimizer, loss: loss, metrics: metrics)
    }

    /// Writes the model to a file.
    /// - throws: `TrainingError` when the file can't be written.
    public func save(to path: String) throws { try ArchiveFile.write(archive(), to: path) }

    /// Reads a model that `save(to:)` wrote. Its layers get new identifiers.
    /// - throws: `TrainingError` when there is no such file, or it holds no model.
    public convenience init(contentsOf path: String) throws {
        try self.init(archive: try ArchiveFile.read(path))
        for layer in layers { layer.identifier = LayerNames.nextIdentifier() }
    }

    private func optimizerRecord(_ optimizer: any Optimizer) -> JSON {
        var record: [String: JSON] = ["name": .string(optimizer.name), "learningRate": .double(optimizer.learningRate)]
        if let adam = optimizer as? Adam {
            record["beta1"] = .double(adam.beta1)
            record["beta2"] = .double(adam.beta2)
            record["epsilon"] = .double(adam.epsilon)
        } else if let sgd = optimizer as? SGD {
            record["momentum"] = .double(sgd.momentum)
        }
        return .object(record)
    }

    private static func optimizer(_ record: Record) throws -> any Optimizer {
        switch try record.string("name") {
        case "Adam":
            return Adam(
                learningRate: try record.double("learningRate"), beta1: try record.double("beta1"),
                beta2: try record.double("beta2"), epsilon: try record.double("epsilon"))
        case "SGD":
            return SGD(learningRate: try record.double("learningRate"), momentum: try record.double("momentum"))
        case let name: throw Record.unreadable("the optimizer \"\(name)\" is not known")
        }
    }
}

/// Builds the graph of an archive, with all sizes checked before memory is taken.
private struct ModelDecoder {
    let layers: [Layer]
    let nodes: [SymbolicTensor]
    let inputs: [SymbolicTensor]
    let outputs: [SymbolicTensor]

    init(header: Record, weightBytes: Int) throws {
        let most = ArchiveFile.mostLayers
        let decoded = try header.array("layers", most: most).enumerated().map { index, value in
            try Layer.decode(try Record(value, place: "layer \(index)"))
        }
        layers = decoded
        guard Set(layers.map(\.identifier)).count == layers.count else { throw Record.unreadable("two layers have one identifier") }
        let wiring = try header.array("nodes", most: 4 * most).enumerated().map { index, value in
            let record = try Record(value, place: "node \(index)")
            return (
                layer: decoded.isEmpty ? -1 : try record.int("layer", in: 0...decoded.count - 1),
                inputs: try ModelDecoder.places(record, "inputs", before: index)
            )
        }
        try ModelDecoder.check(layers, wiring, weightBytes: weightBytes)
        var made: [SymbolicTensor] = []
        for (layer, inputs) in wiring {
            made.append(try layers[layer].apply(to: inputs.map { made[$0] }, initialize: false))
        }
        let ends = made
        nodes = ends
        inputs = try ModelDecoder.places(header, "inputs", before: ends.count).map { ends[$0] }
        outputs = try ModelDecoder.places(header, "outputs", before: ends.count).map { ends[$0] }
    }

    private static func places(_ record: Record, _ key: String, before end: Int) throws -> [Int] {
        try record.array(key, most: ArchiveFile.mostLayers).map { value in
            guard case .int(let place) = value, place >= 0, place < end else {
                throw record.miss(key, "a list of places of earlier nodes")
            }
            return place
        }
    }

    /// Walks the shapes through the graph, without weights.
    private static func check(_ layers: [Layer], _ wiring: [(layer: Int, inputs: [Int])], weightBytes: Int) throws {
        var shapes: [[Int]] = []
        var first: [Int: [[Int]]] = [:]
        var features = 0
        for (index, inputs) in wiring {
            let layer = layers[index]
            let inputShapes = inputs.map { shapes[$0] }
            guard layer.inputCount.contains(inputs.count) else {
                throw Record.unreadable("the layer \"\(layer.name)\" has \(counted(inputs.count, "input"))")
            }
            let shape = try layer.rowShape(from: inputShapes)
            guard shape.count <= 8, let size = Tensor.size(of: shape), size > 0, size <= LayerLimits.features else {
                throw Record.unreadable("the output of \"\(layer.name)\" is too large")
            }
            features += size
            guard features <= ArchiveFile.mostFeatures else { throw Record.unreadable("one of its rows is too large") }
            shapes.append(shape)
            if first[index] == nil { first[index] = inputShapes }
        }
        guard first.count == layers.count else { throw Record.unreadable("some of its layers lead nowhere") }
        try ArchiveFile.checkWeights(of: first.map { (layers[$0.key], $0.value) }, size: weightBytes)
    }
}
