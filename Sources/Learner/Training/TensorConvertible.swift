@_implementationOnly import CTrainingKernels

/// What `fit`, `evaluate` and `predict` take as rows: arrays of numbers, a `Tensor`, a column of a table.
///
/// The consumer asks once for the kind it needs: `int32Scalars()` for what feeds an `Embedding`, so that ids
/// stay exact up to `Int32.max`, `float32Scalars()` for everything else.
public protocol TensorConvertible {
    /// How error sentences call these numbers, for example `column "userId"`; nil when they have no name.
    var tensorName: String? { get }

    /// `[rows]` for one number a row, else `[rows, …]`. The product is the number of scalars.
    var tensorShape: [Int] { get }

    /// The numbers as `Float`, row after row.
    /// - throws: `TrainingError` where a value is missing or no number.
    func float32Scalars() throws -> [Float]

    /// The numbers as `Int32`, row after row.
    /// - throws: `TrainingError` where a value is missing, not whole, or beyond `Int32`.
    func int32Scalars() throws -> [Int32]
}

extension TensorConvertible {
    public var tensorName: String? { nil }
}

/// A number that an array of it can train on: `Float`, `Double`, `Int`, `Int32`, `Bool`.
public protocol TensorScalar {
    /// `values` as `Float`; for numbers that `Float` can't hold, the nearest it can.
    static func float32Scalars(_ values: [Self]) -> [Float]
    /// `values` as `Int32`.
    /// - throws: `TrainingError` that calls the values by `name`, for the first that is not whole or beyond `Int32`.
    static func int32Scalars(_ values: [Self], name: String?) throws -> [Int32]
}

extension Array: TensorConvertible where Element: TensorScalar {
    public var tensorShape: [Int] { [count] }
    public func float32Scalars() throws -> [Float] { Element.float32Scalars(self) }
    public func int32Scalars() throws -> [Int32] { try Element.int32Scalars(self, name: nil) }
}

extension Float: TensorScalar {
    public static func float32Scalars(_ values: [Float]) -> [Float] { values }
    public static func int32Scalars(_ values: [Float], name: String?) throws -> [Int32] {
        try exactInt32(values, name: name) { tk_int32_from_float($0, $1, $2) }
    }
}

extension Double: TensorScalar {
    public static func float32Scalars(_ values: [Double]) -> [Float] {
        [Float](unsafeUninitializedCapacity: values.count) { buffer, count in
            tk_float_from_double(values, values.count, buffer.baseAddress)
            count = values.count
        }
    }
    public static func int32Scalars(_ values: [Double], name: String?) throws -> [Int32] {
        try exactInt32(values, name: name) { tk_int32_from_double($0, $1, $2) }
    }
}

extension Int: TensorScalar {
    public static func float32Scalars(_ values: [Int]) -> [Float] {
        [Float](unsafeUninitializedCapacity: values.count) { buffer, count in
            values.withUnsafeBufferPointer {
                $0.withMemoryRebound(to: Int64.self) { tk_float_from_int64($0.baseAddress, $0.count, buffer.baseAddress) }
            }
            count = values.count
        }
    }
    public static func int32Scalars(_ values: [Int], name: String?) throws -> [Int32] {
        try exactInt32(values, name: name) { source, count, target in
            UnsafeBufferPointer(start: source, count: count).withMemoryRebound(to: Int64.self) {
                tk_int32_from_int64($0.baseAddress, count, target)
            }
        }
    }
}

extension Int32: TensorScalar {
    public static func float32Scalars(_ values: [Int32]) -> [Float] {
        [Float](unsafeUninitializedCapacity: values.count) { buffer, count in
            tk_float_from_int32(values, values.count, buffer.baseAddress)
            count = values.count
        }
    }
    public static func int32Scalars(_ values: [Int32], name: String?) throws -> [Int32] { values }
}

extension Bool: TensorScalar {
    public static func float32Scalars(_ values: [Bool]) -> [Float] { values.map { $0 ? 1 : 0 } }
    public static func int32Scalars(_ values: [Bool], name: String?) throws -> [Int32] { values.map { $0 ? 1 : 0 } }
}

/// Converts through a kernel that answers the index of the first value `Int32` can't hold, or -1.
private func exactInt32<Scalar>(
    _ values: [Scalar], name: String?,
    _ convert: (UnsafePointer<Scalar>, Int, UnsafeMutablePointer<Int32>) -> Int
) throws -> [Int32] {
    guard !values.isEmpty else { return [] }
    var firstBad = -1
    let converted = [Int32](unsafeUninitializedCapacity: values.count) { buffer, count in
        firstBad = values.withUnsafeBufferPointer { convert($0.baseAddress!, $0.count, buffer.baseAddress!) }
        count = firstBad < 0 ? values.count : 0
    }
    guard firstBad < 0 else {
        throw TrainingError(
            .notWholeNumbers,
            "Row \(firstBad) of \(name ?? "the ids") is \(values[firstBad]), and an Embedding looks up whole numbers "
                + "from 0 to \(Int32.max): give it ids, numbered from 0.")
    }
    return converted
}
