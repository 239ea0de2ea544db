@_implementationOnly import CTrainingKernels

/// Turns a graph into a flat list of operations with places in memory. Layers add their operations to it, in an
/// order in which every operation's inputs come before it.
///
/// What only moves numbers needs no operation: the inputs of a `Concatenate` along a row's first true axis, and of
/// a `Flatten`, are put where the output is.
final class PlanBuilder {
    enum Kind { case input, lookup, dense, copy, combine, affine, dropout, dot }

    let isTraining: Bool
    private(set) var ops: [tk_op] = []
    private(set) var maps: [UnsafeMutablePointer<Int32>] = []
    private(set) var lookups: [tk_lookup] = []
    private(set) var features = 0
    /// Trained weights with the place of their gradient, in order of first use.
    private(set) var dense: [(parameter: Parameter, gradient: Int)] = []
    /// Trained tables with the lookups into them, in order of first use.
    private(set) var tables: [(parameter: Parameter, lookups: [Int32])] = []
    private(set) var gradientCount = 0
    /// The embeddings that read each input's ids.
    private(set) var readers: [[Embedding]]
    private(set) var readsFloats: [Bool]

    private let inputs: [Node]
    private var places: [ObjectIdentifier: Int] = [:]
    private var trainable: Set<ObjectIdentifier> = []
    /// Where a node's output lies inside another's: that node, and the offset.
    private var inside: [ObjectIdentifier: (host: Node, offset: Int, argument: Int)] = [:]
    private var identityMaps: [Int: UnsafeMutablePointer<Int32>] = [:]

    init(nodes: [Node], inputs: [Node], isTraining: Bool) throws {
        (self.inputs, self.isTraining) = (inputs, isTraining)
        readers = Array(repeating: [], count: inputs.count)
        readsFloats = Array(repeating: false, count: inputs.count)
        for node in nodes {
            if !(node.layer is Embedding) {
                for input in node.inputs {
                    if let index = inputs.firstIndex(where: { $0 === input.node }) { readsFloats[index] = true }
                }
            }
            let ownWeights = isTraining && node.layer.isTrainable && node.layer.expectsParameters
            if ownWeights || node.inputs.contains(where: { trainable.contains(ObjectIdentifier($0.node)) }) {
                trainable.insert(ObjectIdentifier(node))
            }
            findGuests(of: node)
        }
        for node in nodes { try node.layer.lower(node, into: self) }
    }

    deinit { maps.forEach { $0.deallocate() } }

    /// The maps' memory belongs to the caller from now on.
    func takeMaps() -> [UnsafeMutablePointer<Int32>] {
        defer { maps = [] }
        return maps
    }

    private func findGuests(of node: Node) {
        if node.layer is Flatten, inside[ObjectIdentifier(node.inputs[0].node)] == nil {
            inside[ObjectIdentifier(node.inputs[0].node)] = (node, 0, 0)
        }
        guard let concatenate = node.layer as? Concatenate, concatenate.split(node).outer == 1 else { return }
        var offset = 0
        for (argument, input) in node.inputs.enumerated() {
            if inside[ObjectIdentifier(input.node)] == nil {
                inside[ObjectIdentifier(input.node)] = (node, offset, argument)
            }
            offset += input.node.count
        }
    }

    // MARK: What layers ask

    func inputIndex(of node: Node) -> Int { inputs.firstIndex { $0 === node } ?? 0 }

    func isReadAsFloats(_ node: Node) -> Bool { readsFloats[inputIndex(of: node)] }

    /// An input that is an output too is read as floats.
    func readAsFloats(_ node: Node) {
        if let index = inputs.firstIndex(where: { $0 === node }), !readsFloats[index] {
            readsFloats[index] = true
            add(kind: .input, from: nil, to: node) { $0.input = Int32(index) }
        }
    }

    func needsGradient(_ node: Node) -> Bool { trainable.contains(ObjectIdentifier(node)) }

    /// The first feature of a node's output.
    func place(of node: Node) -> Int {
        if let place = places[ObjectIdentifier(node)] { return place }
        let place: Int
        if let guest = inside[ObjectIdentifier(node)] {
            place = self.place(of: guest.host) + guest.offset
        } else {
            place = newPlace(node.count)
        }
        places[ObjectIdentifier(node)] = place
        return place
    }

    func newPlace(_ count: Int) -> Int {
        defer { features += count }
        return features
    }

    func addGradient(of parameter: Parameter) -> Int {
        if let known = dense.first(where: { $0.parameter === parameter }) { return known.gradient }
        let place = gradientCount
        dense.append((parameter, place))
        gradientCount += (parameter.count + 15) / 16 * 16
        return place
    }

    func addLookup(input: Int, width: Int, table: Parameter) -> Int {
        lookups.append(tk_lookup(input: Int32(input), width: Int32(width)))
        let lookup = Int32(lookups.count - 1)
        if let known = tables.firstIndex(where: { $0.parameter === table }) {
            tables[known].lookups.append(lookup)
        } else {
            tables.append((table, [lookup]))
        }
        return Int(lookup)
    }

    func readIdentifiers(input: Int, of embedding: Embedding) { readers[input].append(embedding) }

    // MARK: Operations

    func add(kind: Kind, from a: Node?, and b: Node? = nil, to out: Node, _ configure: (inout tk_op) -> Void) {
        var op = newOp(kind)
        if let a {
            op.a = Int32(place(of: a))
            op.a_count = Int32(a.count)
            op.a_gradient = needsGradient(a) ? 1 : 0
        }
        if let b {
            op.b = Int32(place(of: b))
            op.b_count = Int32(b.count)
            op.b_gradient = needsGradient(b) ? 1 : 0
        }
        op.out = Int32(place(of: out))
        op.out_count = Int32(out.count)
        configure(&op)
        ops.append(op)
    }

    /// Puts feature `f` of `input` at `map(f)` of `output`; nothing to do where it lies there already.
    func addCopy(from input: Node, to output: Node, argument: Int = 0, map: (Int) -> Int) {
        if let guest = inside[ObjectIdentifier(input)], guest.host === output, guest.argument == argument { return }
        let table = newMap((0..<input.count).map { Int32(map($0)) })
        add(kind: .copy, from: input, to: output) { $0.a_map = UnsafePointer(table) }
    }

    func addCombine(
        _ operation: Int32, left: (place: Int, shape: [Int], gradient: Bool), right: (place: Int, shape: [Int], gradient: Bool),
        out: Int, shape: [Int]
    ) {
        var op = newOp(.combine)
        op.choice = operation
        op.a = Int32(left.place)
        op.b = Int32(right.place)
        op.a_gradient = left.gradient ? 1 : 0
        op.b_gradient = right.gradient ? 1 : 0
        op.a_map = UnsafePointer(broadcastMap(from: left.shape, to: shape))
        op.b_map = UnsafePointer(broadcastMap(from: right.shape, to: shape))
        op.out = Int32(out)
        op.out_count = Int32(shape.reduce(1, *))
        ops.append(op)
    }

    private func newOp(_ kind: Kind) -> tk_op {
        var op = tk_op()
        op.kind =
            switch kind {
            case .input: Int32(TK_OP_INPUT)
            case .lookup: Int32(TK_OP_LOOKUP)
            case .dense: Int32(TK_OP_DENSE)
            case .copy: Int32(TK_OP_COPY)
            case .combine: Int32(TK_OP_COMBINE)
            case .affine: Int32(TK_OP_AFFINE)
            case .dropout: Int32(TK_OP_DROPOUT)
            case .dot: Int32(TK_OP_DOT)
            }
        op.lookup = -1
        op.weights_gradient = -1
        op.bias_gradient = -1
        op.positions = 1
        return op
    }

    private func newMap(_ indices: [Int32]) -> UnsafeMutablePointer<Int32> {
        let map = UnsafeMutablePointer<Int32>.allocate(capacity: max(indices.count, 1))
        for (index, value) in indices.enumerated() { map[index] = value }
        maps.append(map)
        return map
    }

    /// For each feature of `shape`, the feature of `from` that is repeated there.
    private func broadcastMap(from: [Int], to shape: [Int]) -> UnsafeMutablePointer<Int32> {
        let count = shape.reduce(1, *)
        if from.reduce(1, *) == count {
            if let map = identityMaps[count] { return map }
            let map = newMap((0..<count).map { Int32($0) })
            identityMaps[count] = map
            return map
        }
        let padded = Array(repeating: 1, count: shape.count - from.count) + from
        return newMap(
            (0..<count).map { feature in
                var (rest, index, step) = (feature, 0, 1)
                for axis in shape.indices.reversed() {
                    index += padded[axis] == 1 ? 0 : rest % shape[axis] * step
                    step *= padded[axis]
                    rest /= shape[axis]
                }
                return Int32(index)
            })
    }
}
