import Display

/// An array of `Float` with a shape: a layer's weights, or what `predict` returns.
///
/// For example: `Tensor(shape: [2, 2], scalars: [1, 2, 3, 4])[1, 0]` is 3.
public struct Tensor: Equatable, Sendable {
    /// The length of each axis; `[]` for a single number.
    public let shape: [Int]
    /// All numbers, the last axis fastest.
    public internal(set) var scalars: [Float]

    /// A tensor of these numbers, the last axis fastest. As many numbers as the shape's product are needed.
    public init(shape: [Int], scalars: [Float]) {
        guard let size = Tensor.size(of: shape) else {
            learnerMistake("A Tensor's shape is made of lengths from 0 up, and \(shape) is not.")
        }
        guard size == scalars.count else {
            learnerMistake(
                "A Tensor of shape \(shape) takes \(size) numbers, and \(scalars.count) came: "
                    + "change the shape, or give as many numbers as its product.")
        }
        (self.shape, self.scalars) = (shape, scalars)
    }

    /// A vector, shape `[count]`.
    public init(_ scalars: [Float]) { self.init(shape: [scalars.count], scalars: scalars) }

    /// A matrix, shape `[rows, columns]`; every row must have the same length.
    public init(_ rows: [[Float]]) {
        let width = rows.first?.count ?? 0
        if let odd = rows.firstIndex(where: { $0.count != width }) {
            learnerMistake("The rows of a matrix have one length: row 0 has \(width) numbers, row \(odd) has \(rows[odd].count).")
        }
        self.init(shape: [rows.count, width], scalars: Array(rows.joined()))
    }

    /// A tensor of one number repeated.
    public init(repeating value: Float, shape: [Int]) {
        guard let size = Tensor.size(of: shape) else {
            learnerMistake("A Tensor's shape is made of lengths from 0 up, and \(shape) is not.")
        }
        self.init(shape: shape, scalars: Array(repeating: value, count: size))
    }

    /// The number of axes.
    public var rank: Int { shape.count }
    /// The number of numbers.
    public var count: Int { scalars.count }

    /// The product of a shape's lengths; nil for a negative length or a product beyond `Int`.
    static func size(of shape: [Int]) -> Int? {
        var size = 1
        for length in shape {
            guard length >= 0 else { return nil }
            let (product, overflow) = size.multipliedReportingOverflow(by: length)
            guard !overflow else { return nil }
            size = product
        }
        return size
    }

    /// One number, by one index an axis.
    public subscript(_ indices: Int...) -> Float {
        get { scalars[offset(of: indices)] }
        set { scalars[offset(of: indices)] = newValue }
    }

    private func offset(of indices: [Int]) -> Int {
        guard indices.count == shape.count else {
            learnerMistake("This Tensor has the shape \(shape): it takes \(shape.count) indices, and \(indices.count) came.")
        }
        var offset = 0
        for (axis, index) in indices.enumerated() {
            guard shape[axis] > index, index >= 0 else {
                learnerMistake(
                    "Index \(index) is outside axis \(axis) of a Tensor of shape \(shape): "
                        + (shape[axis] == 0 ? "that axis is empty." : "it goes from 0 to \(shape[axis] - 1)."))
            }
            offset = offset * shape[axis] + index
        }
        return offset
    }

    /// The same numbers in another shape with the same product.
    public func reshaped(_ shape: [Int]) -> Tensor {
        guard Tensor.size(of: shape) == count else {
            learnerMistake("A Tensor of shape \(self.shape) holds \(count) numbers and can't take the shape \(shape).")
        }
        return Tensor(shape: shape, scalars: scalars)
    }

    /// The sum of all numbers, added up in `Double`.
    public var sum: Float { Float(doubleSum) }
    /// The mean of all numbers; nan for none.
    public var mean: Float { Float(doubleSum / Double(count)) }
    /// The smallest number; nil for none.
    public var min: Float? { scalars.min() }
    /// The largest number; nil for none.
    public var max: Float? { scalars.max() }

    private var doubleSum: Double { scalars.reduce(into: 0.0) { $0 += Double($1) } }
}

extension Tensor: TensorConvertible {
    public var tensorShape: [Int] { shape }
    public func float32Scalars() throws -> [Float] { scalars }
    public func int32Scalars() throws -> [Int32] { try Float.int32Scalars(scalars, name: nil) }
}
