/// The kinds of layers an archive can hold, each with how to make one from its configuration. The layers check
/// their numbers themselves when they are called.
enum LayerKinds {
    static func make(kind: String, name: String, configuration: Record) throws -> Layer {
        let whole = 0...LayerLimits.parameters
        switch kind {
        case InputLayer.kind:
            let layer = InputLayer(rowShape: try configuration.shape("shape"), name: name)
            if let mistake = layer.shapeMistake { throw Record.unreadable(mistake) }
            return layer
        case Embedding.kind:
            return Embedding(
                inputDimension: try configuration.int("inputDimension", in: whole),
                outputDimension: try configuration.int("outputDimension", in: whole), name: name)
        case Dense.kind:
            guard let activation = Activation(rawValue: try configuration.string("activation")) else {
                throw configuration.miss("activation", "one of \(Activation.allCases.map(\.rawValue).joined(separator: ", "))")
            }
            return Dense(try configuration.int("units", in: whole), activation: activation, name: name)
        case Flatten.kind: return Flatten(name: name)
        case Concatenate.kind: return Concatenate(axis: try configuration.int("axis", in: -8...8), name: name)
        case Add.kind: return Add(name: name)
        case Subtract.kind: return Subtract(name: name)
        case Multiply.kind: return Multiply(name: name)
        case Dot.kind: return Dot(name: name)
        case Dropout.kind: return Dropout(rate: try configuration.double("rate"), name: name)
        case Rescaling.kind:
            return Rescaling(
                scale: Float(try configuration.double("scale")), offset: Float(try configuration.double("offset")), name: name)
        default: throw Record.unreadable("the layer \"\(name)\" is of the kind \"\(kind)\", which is not known")
        }
    }
}
