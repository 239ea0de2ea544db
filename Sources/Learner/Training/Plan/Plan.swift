@_implementationOnly import CTrainingKernels

/// A graph made ready to run: operations, places, and addresses of weights, in the kernels' own structures.
///
/// It keeps the addresses of the weights of the layers it was made from; the model keeps those layers.
final class Plan {
    let program: UnsafeMutablePointer<tk_program>
    /// The embeddings that read each input's ids.
    let readers: [[Embedding]]
    /// Whether an input is read as numbers too.
    let readsFloats: [Bool]
    /// What training changes, in the order of `tk_gradients`.
    let parameters: [Parameter]
    let metricCodes: [Int32]

    private var memory: [UnsafeMutableRawPointer] = []

    /// - Parameter slots: the optimizer's state for a parameter; nil when there is nothing to train.
    init(
        nodes: [Node], inputs: [Node], output: Node, loss: Loss?, metrics: [Int32],
        slots: ((Parameter) -> OptimizerSlots)?
    ) throws {
        let builder = try PlanBuilder(nodes: nodes, inputs: inputs, isTraining: slots != nil)
        builder.readAsFloats(output)
        readers = builder.readers
        readsFloats = builder.readsFloats
        metricCodes = metrics
        parameters = builder.dense.map(\.parameter) + builder.tables.map(\.parameter)
        program = .allocate(capacity: 1)
        program.initialize(to: tk_program())
        memory.append(UnsafeMutableRawPointer(program))

        var described: [tk_parameter] = []
        for (parameter, gradient) in builder.dense {
            described.append(describe(parameter, slots: slots, gradient: gradient, lookups: []))
        }
        for (parameter, lookups) in builder.tables {
            described.append(describe(parameter, slots: slots, gradient: -1, lookups: lookups))
        }

        program.pointee.op_count = Int32(builder.ops.count)
        program.pointee.ops = keep(builder.ops)
        program.pointee.lookup_count = Int32(builder.lookups.count)
        program.pointee.lookups = keep(builder.lookups)
        program.pointee.parameter_count = Int32(described.count)
        program.pointee.parameters = keep(described)
        program.pointee.metric_count = Int32(metrics.count)
        program.pointee.metrics = keep(metrics)
        program.pointee.input_count = Int32(inputs.count)
        let looksUp = Set(builder.lookups.map { Int($0.input) })
        program.pointee.id_limits = keep(
            readers.enumerated().map { index, embeddings in
                looksUp.contains(index) ? Int32(embeddings.map(\.inputDimension).max() ?? 0) : 0
            })
        program.pointee.widths = keep(inputs.map { Int32($0.count) })
        guard builder.features <= LayerLimits.features else {
            throw TrainingError(.wrongShape, "One row of this model takes \(builder.features) numbers in all its layers together: that is more than fits.")
        }
        program.pointee.features = Int32(builder.features)
        program.pointee.output = Int32(builder.place(of: output))
        program.pointee.output_count = Int32(output.count)
        program.pointee.loss = loss?.code ?? 0
        program.pointee.target_count = Int32(loss == .sparseCategoricalCrossentropy ? 1 : output.count)
        program.pointee.gradient_count = builder.gradientCount
        memory += builder.takeMaps().map { UnsafeMutableRawPointer($0) }
    }

    deinit { memory.forEach { $0.deallocate() } }

    var targetCount: Int { Int(program.pointee.target_count) }
    var outputCount: Int { Int(program.pointee.output_count) }

    private func describe(
        _ parameter: Parameter, slots: ((Parameter) -> OptimizerSlots)?, gradient: Int, lookups: [Int32]
    ) -> tk_parameter {
        var described = tk_parameter()
        let state = slots?(parameter)
        described.values = parameter.values.baseAddress
        described.first_moment = state?.first?.baseAddress
        described.second_moment = state?.second?.baseAddress
        described.rows = parameter.shape.count > 1 ? parameter.shape[0] : 1
        described.columns = parameter.count / max(described.rows, 1)
        described.gradient = gradient
        described.lookups = keep(lookups)
        described.lookup_count = Int32(lookups.count)
        return described
    }

    private func keep<Element>(_ elements: [Element]) -> UnsafePointer<Element> {
        let copy = UnsafeMutablePointer<Element>.allocate(capacity: max(elements.count, 1))
        for (index, element) in elements.enumerated() { (copy + index).initialize(to: element) }
        memory.append(UnsafeMutableRawPointer(copy))
        return UnsafePointer(copy)
    }
}

/// The optimizer's own numbers for one parameter, at a fixed place.
final class OptimizerSlots {
    let first: UnsafeMutableBufferPointer<Float>?
    let second: UnsafeMutableBufferPointer<Float>?

    init(count: Int, tensors: Int) {
        func zeros() -> UnsafeMutableBufferPointer<Float> {
            let buffer = UnsafeMutableBufferPointer<Float>.allocate(capacity: count)
            tk_zero(buffer.baseAddress, count)
            return buffer
        }
        first = tensors > 0 ? zeros() : nil
        second = tensors > 1 ? zeros() : nil
    }

    deinit {
        first?.deallocate()
        second?.deallocate()
    }
}
