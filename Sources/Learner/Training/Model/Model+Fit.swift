@_implementationOnly import CTrainingKernels

/// What `fit` shows while it works.
public enum Verbosity: String, Codable, Sendable {
    /// That it is alive, and one line at the end.
    case silent
    /// A bar over the epochs with the loss and the metrics.
    case progress
    /// A line an epoch.
    case lines
}

extension Model {
    /// Trains on rows of data, and returns the loss and the metrics after each epoch.
    ///
    /// The rows are shuffled before each epoch; the last batch may be smaller. Training again goes on from where it is.
    ///
    /// - Parameters:
    ///   - x: One array of rows for each input, in the order of the model's inputs.
    ///   - y: The target of each row.
    ///   - validationSplit: The share of rows, taken from the end before shuffling, that is kept for validation.
    ///   - validationData: Rows for validation; `validationSplit` is not used then.
    /// - throws: `TrainingError` when the model is not compiled, the data doesn't fit the inputs, an argument is out
    ///   of range, or the loss is no longer a number.
    @discardableResult
    public func fit(
        _ x: [any TensorConvertible], _ y: any TensorConvertible, batchSize: Int = 32, epochs: Int = 1,
        validationSplit: Double = 0, validationData: (x: [any TensorConvertible], y: any TensorConvertible)? = nil,
        shuffle: Bool = true, verbose: Verbosity = .progress
    ) throws -> History {
        let (loss, state, output) = try trainingSetup("fit")
        try checkFit(batchSize: batchSize, epochs: epochs, validationSplit: validationSplit)
        let start = tk_seconds()
        let plan = try Plan(
            nodes: graph.nodes, inputs: inputs.map(\.node), output: output, loss: loss,
            metrics: metrics.map { $0.code(for: loss) }, slots: state.slots)
        let rows = try Rows(x, target: y, inputNodes: inputs.map(\.node), plan: plan, loss: loss)
        let heldOut = try validationData.map {
            try Rows($0.x, target: $0.y, inputNodes: inputs.map(\.node), plan: plan, loss: loss)
        }
        let trainingCount = heldOut == nil ? Int((Double(rows.count) * (1 - validationSplit)).rounded(.down)) : rows.count
        guard trainingCount > 0 || epochs == 0 else {
            throw TrainingError(
                .badArgument,
                rows.count == 0
                    ? "There are no rows to train on."
                    : "validationSplit \(validationSplit) of \(counted(rows.count, "row")) leaves no row to train on: choose a smaller one.")
        }
        let validationCount = heldOut?.count ?? rows.count - trainingCount
        var history = History(keys: historyKeys(validating: validationCount > 0), series: [])
        var report = TrainingReport(epochs: epochs, verbosity: verbose, keys: history.keys)
        var order = [UInt32](unsafeUninitializedCapacity: trainingCount) { buffer, count in
            tk_count_up(buffer.baseAddress, trainingCount)
            count = trainingCount
        }
        let usedBatchSize = max(1, min(batchSize, trainingCount))
        let batches = (trainingCount + usedBatchSize - 1) / usedBatchSize
        let workPerBatch = workPerRow * 3 * Double(usedBatchSize)
        let threads = TrainingThreads.count(forWork: workPerBatch)
        let runner = try Runner(plan, batchSize: usedBatchSize, threads: threads)
        var pace = Pace(first: max(1, Int(1e7 / workPerBatch)), threads: threads, isFixed: TrainingThreads.count != nil)

        for epoch in 1..<(epochs + 1) {
            if shuffle { RandomGenerator.shared.shuffle(&order) }
            let maskSeed = RandomGenerator.shared.next()
            var sums = [Double](repeating: 0, count: 1 + metrics.count)
            var done = 0
            while done < batches {
                let part = done..<min(batches, done + pace.batches)
                let began = tk_seconds()
                let outcome = order.withUnsafeBufferPointer { order in
                    rows.withRows(order: order.baseAddress, 0..<trainingCount) {
                        runner.train(
                            $0, batchSize: usedBatchSize, batches: part, threads: pace.threads, seed: maskSeed,
                            optimizer: &state.kernel)
                    }
                }
                if let failed = outcome.failed {
                    report.fail()
                    throw lossNotFinite(epoch: epoch, batch: failed + 1, batches: batches)
                }
                for index in sums.indices { sums[index] += outcome.sums[index] }
                done = part.upperBound
                pace.learn(from: part.count, seconds: tk_seconds() - began)
                if done < batches {
                    report.show(epoch: epoch, fraction: Double(done) / Double(batches),
                        values: means(sums, over: min(done * usedBatchSize, trainingCount), loss: loss))
                }
            }
            var values = means(sums, over: trainingCount, loss: loss)
            if validationCount > 0 {
                let range = heldOut == nil ? trainingCount..<rows.count : 0..<validationCount
                let sums = try (heldOut ?? rows).withRows(order: nil, range) { try runner.evaluate($0) }
                values += means(sums, over: validationCount, loss: loss)
            }
            history.append(values)
            report.finish(epoch: epoch, values: values)
        }
        history.seconds = tk_seconds() - start
        report.finish(history)
        return history
    }

    /// Trains a model of one input.
    /// - throws: As the method for several inputs.
    @discardableResult
    public func fit(
        _ x: any TensorConvertible, _ y: any TensorConvertible, batchSize: Int = 32, epochs: Int = 1,
        validationSplit: Double = 0, validationData: (x: any TensorConvertible, y: any TensorConvertible)? = nil,
        shuffle: Bool = true, verbose: Verbosity = .progress
    ) throws -> History {
        try fit(
            [x], y, batchSize: batchSize, epochs: epochs, validationSplit: validationSplit,
            validationData: validationData.map { (x: [$0.x], y: $0.y) }, shuffle: shuffle, verbose: verbose)
    }

    func trainingSetup(_ method: String) throws -> (Loss, OptimizerState, Node) {
        guard let loss, let optimizerState else {
            throw TrainingError(
                .notCompiled,
                "The model is not compiled: call model.compile(optimizer: Adam(), loss: .meanSquaredError) before \(method).")
        }
        let output = try singleOutput(method)
        if !loss.isMeanOverOutputs, output.rowShape.count != 1 || output.count < 2 {
            throw TrainingError(
                .wrongShape,
                "\(loss.rawValue) compares probabilities of two or more classes, and the output \(output.layer.name) has the shape "
                    + "\(shapeText([nil] + output.rowShape)): end with Dense(classes, activation: .softmax).")
        }
        return (loss, optimizerState, output)
    }

    func singleOutput(_ method: String) throws -> Node {
        guard outputs.count == 1 else {
            throw TrainingError(
                .wrongInputCount,
                "The model has \(outputs.count) outputs, and \(method) works on one: make a Model of the output you mean.")
        }
        return outputs[0].node
    }

    private func checkFit(batchSize: Int, epochs: Int, validationSplit: Double) throws {
        guard batchSize > 0 else {
            throw TrainingError(.badArgument, "batchSize is \(batchSize): it is the number of rows a step, from 1 up, for example 32.")
        }
        guard epochs >= 0 else {
            throw TrainingError(.badArgument, "epochs is \(epochs): it is how often training goes over all rows, from 0 up.")
        }
        guard validationSplit >= 0, validationSplit < 1 else {
            throw TrainingError(
                .badArgument, "validationSplit is \(validationSplit): it is a share of the rows, from 0 to below 1, for example 0.05.")
        }
    }

    private func lossNotFinite(epoch: Int, batch: Int, batches: Int) -> TrainingError {
        let rate = optimizer?.learningRate ?? 0
        return TrainingError(
            .lossNotFinite,
            "The loss is no longer a number in epoch \(epoch), batch \(batch) of \(batches): the steps were too large (learning rate \(rate)), "
                + "or the rows hold numbers that are not finite. Build the model anew, and try a learning rate of \(Float(rate / 10)).")
    }

    func historyKeys(validating: Bool) -> [String] {
        let keys = ["loss"] + metrics.map(\.key)
        return validating ? keys + keys.map { "val_" + $0 } : keys
    }

    /// Means from sums over rows.
    func means(_ sums: [Double], over rows: Int, loss: Loss) -> [Double] {
        let outputs = Double(outputs[0].node.count)
        return sums.enumerated().map { index, sum in
            let isMeanOverOutputs = index == 0 ? loss.isMeanOverOutputs : metrics[index - 1].isMeanOverOutputs(for: loss)
            return sum / (Double(rows) * (isMeanOverOutputs ? outputs : 1))
        }
    }

    /// Multiplications a row takes forward, roughly.
    var workPerRow: Double {
        graph.nodes.reduce(0) { sum, node in
            sum + Double(node.count) * (node.layer is Dense ? Double(node.inputs[0].node.rowShape.last ?? 1) : 1)
        }
    }
}
