@_implementationOnly import CTrainingKernels

/// A tensor that training changes, at a fixed place in memory so that kernels can keep its address.
final class Parameter {
    let shape: [Int]
    let values: UnsafeMutableBufferPointer<Float>

    init(shape: [Int]) {
        self.shape = shape
        values = .allocate(capacity: shape.reduce(1, *))
        tk_zero(values.baseAddress, values.count)
    }

    deinit { values.deallocate() }

    var count: Int { values.count }

    var tensor: Tensor { Tensor(shape: shape, scalars: Array(values)) }

    func set(_ scalars: [Float]) {
        scalars.withUnsafeBufferPointer { source in
            guard let from = source.baseAddress, let to = values.baseAddress else { return }
            to.update(from: from, count: min(source.count, values.count))
        }
    }
}

/// How a parameter begins.
enum Initializer {
    case zeros
    /// From `-limit` up to `limit`.
    case uniform(limit: Float)

    /// Uniform within the square root of 6 / (inputs + outputs): Keras' default for kernels.
    static func glorotUniform(inputs: Int, outputs: Int) -> Initializer {
        .uniform(limit: (6 / Float(inputs + outputs)).squareRoot())
    }

    func fill(_ parameter: Parameter) {
        if case .uniform(let limit) = self { RandomGenerator.shared.fill(parameter.values, limit: limit) }
    }
}
