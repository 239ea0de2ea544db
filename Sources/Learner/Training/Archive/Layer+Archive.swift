extension Layer {
    /// The layer alone as bytes: identifier, kind, name, configuration, shapes, weights.
    public func archive() -> [UInt8] {
        var header = record
        header["format"] = .string("layer")
        header["inputShapes"] = .array((inputRowShapes ?? []).map { .array($0.map { .int($0) }) })
        header["isBuilt"] = .bool(inputRowShapes != nil)
        return ArchiveFile.bytes(header: .object(header), parameters: parameters)
    }

    /// The layer that `archive()` wrote, with its identifier: `model.contains(layer)` finds it in its model's archive.
    /// - throws: `TrainingError` for anything else.
    public static func decode(archive bytes: [UInt8]) throws -> Layer {
        let (header, floats) = try ArchiveFile.open(bytes)
        guard try header.string("format") == "layer" else { throw Record.unreadable("it holds a model, not one layer") }
        let layer = try decode(header)
        if try header.bool("isBuilt") {
            let inputs = try header.array("inputShapes", most: ArchiveFile.mostLayers).map { shape in
                try Record(.object(["shape": shape]), place: "an input of \"\(layer.name)\"").shape("shape")
            }
            try ArchiveFile.checkWeights(of: [(layer, inputs)], size: bytes.count - floats)
            try layer.build(inputs: inputs)
        }
        guard layer.parameters.reduce(0, { $0 + 4 * $1.count }) == bytes.count - floats else {
            throw Record.unreadable("the weights of \"\(layer.name)\" have another size")
        }
        ArchiveFile.setWeights(layer.parameters, from: bytes, at: floats)
        return layer
    }

    var record: [String: JSON] {
        [
            "kind": .string(kind), "name": .string(name), "identifier": .int(identifier), "isTrainable": .bool(isTrainable),
            "configuration": .object(configuration),
        ]
    }

    static func decode(_ record: Record) throws -> Layer {
        let layer = try LayerKinds.make(
            kind: try record.string("kind"), name: try record.string("name"), configuration: try record.record("configuration"))
        layer.identifier = try record.int("identifier", in: 0...Int.max)
        layer.isTrainable = try record.bool("isTrainable")
        return layer
    }
}
