// Keras' own spellings, so that the compiler leads those who know them to Swift's.

extension Embedding {
    @available(*, unavailable, renamed: "init(inputDimension:outputDimension:name:)")
    public convenience init(input_dim: Int, output_dim: Int, name: String? = nil) {
        self.init(inputDimension: input_dim, outputDimension: output_dim, name: name)
    }

    @available(*, unavailable, renamed: "init(inputDimension:outputDimension:name:)")
    public convenience init(vocabularySize: Int, embeddingSize: Int, name: String? = nil) {
        self.init(inputDimension: vocabularySize, outputDimension: embeddingSize, name: name)
    }
}

extension Dense {
    @available(*, unavailable, renamed: "init(_:activation:name:)")
    public convenience init(units: Int, activation: Activation = .linear, name: String? = nil) {
        self.init(units, activation: activation, name: name)
    }
}

extension Model {
    @available(*, unavailable, renamed: "fit(_:_:batchSize:epochs:validationSplit:verbose:)")
    public func fit(
        _ x: [any TensorConvertible], _ y: any TensorConvertible, batch_size: Int, epochs: Int = 1, validation_split: Double = 0,
        verbose: Verbosity = .progress
    ) throws -> History {
        try fit(x, y, batchSize: batch_size, epochs: epochs, validationSplit: validation_split, verbose: verbose)
    }

    @available(*, unavailable, renamed: "layer(named:)")
    public func get_layer(_ name: String) -> Layer? { layer(named: name) }
}

extension Layer {
    @available(*, unavailable, message: "the weights are a property: layer.weights")
    public func get_weights() -> [Tensor] { weights }
}
