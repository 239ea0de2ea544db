/// Where rows enter a model; `Input(shape:name:)` makes one.
public final class InputLayer: Layer {
    let shapeOfRow: [Int]

    init(rowShape: [Int], name: String?) {
        shapeOfRow = rowShape
        super.init(name: name)
    }

    override class var kind: String { "InputLayer" }
    override var inputCount: ClosedRange<Int> { 0...0 }
    override var configuration: [String: JSON] { ["shape": .array(shapeOfRow.map { .int($0) })] }
    override func rowShape(from inputs: [[Int]]) throws -> [Int] { shapeOfRow }

    var shapeMistake: String? {
        guard let size = Tensor.size(of: shapeOfRow), size > 0, size <= LayerLimits.features else {
            return "Input(shape: \(shapeOfRow)) is no row's shape: lengths go from 1 up, for example [1] for one id a row."
        }
        return nil
    }

    override func lower(_ node: Node, into plan: PlanBuilder) throws {
        guard plan.isReadAsFloats(node) else { return }
        plan.add(kind: .input, from: nil, to: node) { $0.input = Int32(plan.inputIndex(of: node)) }
    }
}
