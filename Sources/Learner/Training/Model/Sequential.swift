import Display

/// What a `Sequential` is made of: an `Input` at its head, if wanted, and layers.
public protocol SequentialElement {
    func follow(_ previous: SymbolicTensor?) -> SymbolicTensor
}

extension SymbolicTensor: SequentialElement {
    public func follow(_ previous: SymbolicTensor?) -> SymbolicTensor {
        if previous != nil { learnerMistake("In a Sequential only the first element can be an Input.") }
        return self
    }
}

extension Layer: SequentialElement {
    public func follow(_ previous: SymbolicTensor?) -> SymbolicTensor {
        if let previous { return call([previous]) }
        if self is Embedding { return call([Input(shape: [1])]) }
        learnerMistake(
            "A Sequential that begins with \(article(kind)) layer doesn't know its input's size: begin with Input(shape: [n]), "
                + "n numbers a row.")
    }
}

/// A model of layers one after the other.
///
/// For example:
///
///     let model = Sequential {
///         Input(shape: [4])
///         Dense(8, activation: .relu)
///         Dense(1)
///     }
public final class Sequential: Model {
    public convenience init(_ elements: [any SequentialElement]) {
        var output: SymbolicTensor?
        for element in elements { output = element.follow(output) }
        guard let output else { learnerMistake("A Sequential has at least one layer.") }
        var first = output
        while let before = first.node.inputs.first { first = before }
        self.init(inputs: [first], outputs: [output])
    }

    public convenience init(@SequentialBuilder _ elements: () -> [any SequentialElement]) { self.init(elements()) }
}

@resultBuilder
public enum SequentialBuilder {
    public static func buildExpression(_ element: any SequentialElement) -> [any SequentialElement] { [element] }
    public static func buildBlock(_ parts: [any SequentialElement]...) -> [any SequentialElement] { parts.flatMap { $0 } }
    public static func buildOptional(_ part: [any SequentialElement]?) -> [any SequentialElement] { part ?? [] }
    public static func buildEither(first: [any SequentialElement]) -> [any SequentialElement] { first }
    public static func buildEither(second: [any SequentialElement]) -> [any SequentialElement] { second }
    public static func buildArray(_ parts: [[any SequentialElement]]) -> [any SequentialElement] { parts.flatMap { $0 } }
}
