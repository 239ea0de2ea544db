@_implementationOnly import CTrainingKernels

/// A plan with the memory to run it. Made for one call of `fit`, `evaluate` or `predict`.
final class Runner {
    let plan: Plan
    private let runner: OpaquePointer

    /// - Parameter batchSize: the most rows of a training batch; 0 for a plan that only predicts.
    init(_ plan: Plan, batchSize: Int, threads: Int) throws {
        guard let runner = tk_runner_create(plan.program, batchSize, Int32(threads)) else {
            throw TrainingError(.badArgument, "There is not enough memory for batches of \(batchSize) rows: choose a smaller batchSize.")
        }
        (self.plan, self.runner) = (plan, runner)
    }

    deinit { tk_runner_destroy(runner) }

    /// The sums of the loss and of each metric over the batches, and the batch whose loss was not finite.
    func train(
        _ rows: tk_rows, batchSize: Int, batches: Range<Int>, threads: Int, seed: UInt64, optimizer: inout tk_optimizer
    ) -> (sums: [Double], failed: Int?) {
        var sums = [Double](repeating: 0, count: 1 + plan.metricCodes.count)
        let failed = tk_train(runner, rows, batchSize, batches.lowerBound, batches.count, Int32(threads), seed, &optimizer, &sums)
        return (sums, failed < 0 ? nil : failed)
    }

    func evaluate(_ rows: tk_rows) throws -> [Double] {
        var sums = [Double](repeating: 0, count: 1 + plan.metricCodes.count)
        guard tk_evaluate(runner, rows, &sums) != 0 else {
            throw TrainingError(.badArgument, "There is not enough memory to evaluate \(rows.count) rows.")
        }
        return sums
    }

    func predict(_ rows: tk_rows) -> [Float] {
        let count = rows.count * plan.outputCount
        return [Float](unsafeUninitializedCapacity: count) { buffer, initialized in
            if rows.count > 0 { tk_predict(runner, rows, buffer.baseAddress) }
            initialized = count
        }
    }

    /// The loss of all rows as one batch, and its gradient at each trained parameter.
    func gradients(_ rows: tk_rows, seed: UInt64) -> (loss: Double, gradients: [[Float]]) {
        var sums = [Double](repeating: 0, count: 1 + plan.metricCodes.count)
        var flat = [Float](repeating: 0, count: plan.parameters.reduce(0) { $0 + $1.count })
        tk_gradients(runner, rows, seed, &sums, &flat)
        var start = 0
        return (
            sums[0],
            plan.parameters.map { parameter in
                defer { start += parameter.count }
                return Array(flat[start..<start + parameter.count])
            }
        )
    }
}

/// How many threads training uses. Results don't depend on it; tests show that by setting it.
public enum TrainingThreads {
    /// nil: as many as the machine has, up to 4, and one where there is little to do.
    nonisolated(unsafe) public static var count: Int?

    static func count(forWork multiplications: Double) -> Int {
        if let count { return max(1, count) }
        return multiplications < 200_000 ? 1 : min(4, Int(tk_available_cpus()))
    }
}
