import Display

/// The output of calling a layer, before there are any numbers: it knows its shape and where it comes from.
///
/// Layers are called on it (`Dense(4)(x)`), and `+`, `-`, `*` make layers of their own.
public struct SymbolicTensor: CustomStringConvertible {
    let node: Node

    /// The shape of one batch, for example `[nil, 1, 8]`; nil is the number of rows.
    public var shape: [Int?] { [nil] + node.rowShape.map { $0 } }
    /// The layer whose output it is.
    public var layer: Layer { node.layer }
    /// The name of the layer whose output it is.
    public var name: String { node.layer.name }

    public var description: String { "SymbolicTensor(\(name): \(shapeText(shape)))" }
}

/// One call of a layer.
final class Node {
    let layer: Layer
    let inputs: [SymbolicTensor]
    /// The shape of one row, without the batch.
    let rowShape: [Int]

    init(layer: Layer, inputs: [SymbolicTensor], rowShape: [Int]) {
        (self.layer, self.inputs, self.rowShape) = (layer, inputs, rowShape)
    }

    /// Numbers a row.
    var count: Int { rowShape.reduce(1, *) }
}

/// The input of a model: `shape` is one row's, for example `[1]` for one id a row.
///
/// For example: `let userID = Input(shape: [1], name: "user_id")`.
public func Input(shape: [Int] = [1], name: String? = nil) -> SymbolicTensor {
    let layer = InputLayer(rowShape: shape, name: name)
    if let mistake = layer.shapeMistake { learnerMistake(mistake) }
    return layer.call([])
}

/// `[nil, 1, 8]`
func shapeText(_ shape: [Int?]) -> String {
    "[" + shape.map { $0.map(String.init) ?? "nil" }.joined(separator: ", ") + "]"
}

extension SymbolicTensor {
    /// Adds two outputs, as `Add` does.
    public static func + (a: SymbolicTensor, b: SymbolicTensor) -> SymbolicTensor { Add()(a, b) }
    /// Subtracts two outputs, as `Subtract` does.
    public static func - (a: SymbolicTensor, b: SymbolicTensor) -> SymbolicTensor { Subtract()(a, b) }
    /// Multiplies two outputs number by number, as `Multiply` does.
    public static func * (a: SymbolicTensor, b: SymbolicTensor) -> SymbolicTensor { Multiply()(a, b) }

    public static func + (a: SymbolicTensor, b: Float) -> SymbolicTensor { Rescaling(scale: 1, offset: b)(a) }
    public static func + (a: Float, b: SymbolicTensor) -> SymbolicTensor { b + a }
    public static func - (a: SymbolicTensor, b: Float) -> SymbolicTensor { a + -b }
    public static func - (a: Float, b: SymbolicTensor) -> SymbolicTensor { Rescaling(scale: -1, offset: a)(b) }
    public static func * (a: SymbolicTensor, b: Float) -> SymbolicTensor { Rescaling(scale: b, offset: 0)(a) }
    public static func * (a: Float, b: SymbolicTensor) -> SymbolicTensor { b * a }
    public static prefix func - (a: SymbolicTensor) -> SymbolicTensor { a * -1 }
}
