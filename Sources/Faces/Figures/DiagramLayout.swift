import Display

/// Where the boxes of a diagram stand, and the bends of its arrows: layers from top to bottom, few crossings, and
/// boxes below what they come from. Units are the caller's (pixels, or columns of a terminal).
public struct DiagramLayout: Equatable, Sendable {
    public struct Box: Equatable, Sendable {
        public var layer: Int
        /// The middle of the box, from the left edge of the drawing.
        public var center: Double
        public var width: Double
    }

    public let boxes: [Box]
    /// For each arrow the middle of its way through every layer, from its first box to its last.
    public let routes: [[Double]]
    public let layerCount: Int
    public let width: Double

    private struct Place {
        var layer: Int
        var width: Double
        var center = 0.0
        var above: [Int] = []
        var below: [Int] = []
    }

    /// - Parameters:
    ///   - widths: the width of each box.
    ///   - gap: the room between neighbours.
    ///   - laneWidth: the room that an arrow takes where it passes a layer.
    public init(_ checked: CheckedDiagram, widths: [Double], gap: Double, laneWidth: Double) {
        let edges = checked.diagram.edges
        var places = checked.layers.indices.map { Place(layer: checked.layers[$0], width: widths[$0]) }
        var chains: [[Int]] = []
        for edge in edges {
            var chain = [edge[0]]
            // An arrow over several layers gets a place in each of them, so that it goes round the boxes.
            for layer in (checked.layers[edge[0]] + 1)..<max(checked.layers[edge[1]], checked.layers[edge[0]] + 1) {
                guard places.count < 20_000 else { break }
                places.append(Place(layer: layer, width: laneWidth))
                chain.append(places.count - 1)
            }
            chain.append(edge[1])
            for (upper, lower) in zip(chain, chain.dropFirst()) {
                places[upper].below.append(lower)
                places[lower].above.append(upper)
            }
            chains.append(chain)
        }
        layerCount = (checked.layers.max() ?? -1) + 1
        var layers = (0..<layerCount).map { layer in places.indices.filter { places[$0].layer == layer } }
        Self.order(&layers, places)
        Self.place(layers, &places, gap: gap)

        let left = places.map { $0.center - $0.width / 2 }.min() ?? 0
        width = (places.map { $0.center + $0.width / 2 }.max() ?? 0) - left
        boxes = widths.indices.map { Box(layer: places[$0].layer, center: places[$0].center - left, width: places[$0].width) }
        routes = chains.map { chain in chain.map { places[$0].center - left } }
    }

    /// Sorts each layer by the mean position of its neighbours, up and down in turn.
    private static func order(_ layers: inout [[Int]], _ places: [Place]) {
        for sweep in 0..<8 {
            let isDown = sweep % 2 == 0
            for layer in isDown ? Array(layers.indices) : layers.indices.reversed() {
                let other = layer + (isDown ? -1 : 1)
                guard layers.indices.contains(other) else { continue }
                var position: [Int: Double] = [:]
                for (index, place) in layers[other].enumerated() {
                    position[place] = (Double(index) + 0.5) / Double(layers[other].count)
                }
                let keyed = layers[layer].enumerated().map { index, place -> (Double, Int, Int) in
                    let near = (isDown ? places[place].above : places[place].below).compactMap { position[$0] }
                    let own = (Double(index) + 0.5) / Double(layers[layer].count)
                    return (near.isEmpty ? own : near.reduce(0, +) / Double(near.count), index, place)
                }
                layers[layer] = keyed.sorted { ($0.0, $0.1) < ($1.0, $1.1) }.map(\.2)
            }
        }
    }

    /// Moves boxes below and above the middle of their neighbours as far as the room in their layer allows.
    private static func place(_ layers: [[Int]], _ places: inout [Place], gap: Double) {
        for layer in layers {
            let total = layer.reduce(0) { $0 + places[$1].width } + gap * Double(max(0, layer.count - 1))
            var x = -total / 2
            for place in layer {
                places[place].center = x + places[place].width / 2
                x += places[place].width + gap
            }
        }
        for sweep in 0..<40 {
            let isDown = sweep % 2 == 0
            for layer in isDown ? layers : layers.reversed() {
                let wanted = layer.map { place -> Double in
                    let near = isDown ? places[place].above : places[place].below
                    guard !near.isEmpty else { return places[place].center }
                    return near.reduce(0) { $0 + places[$1].center } / Double(near.count)
                }
                settle(layer, wanted, &places, gap)
            }
        }
    }

    /// The positions nearest to the wanted ones that keep order and gaps: neighbours that would overlap form a
    /// block, which stands at the mean of what its members want.
    private static func settle(_ layer: [Int], _ wanted: [Double], _ places: inout [Place], _ gap: Double) {
        var blocks: [(members: [Int], sum: Double, count: Double)] = []
        var offsets = [Double](repeating: 0, count: layer.count)
        func distance(_ a: Int, _ b: Int) -> Double { (places[layer[a]].width + places[layer[b]].width) / 2 + gap }
        for index in layer.indices {
            blocks.append(([index], wanted[index], 1))
            while blocks.count > 1 {
                let last = blocks[blocks.count - 1], before = blocks[blocks.count - 2]
                let end = before.sum / before.count + offsets[before.members.last!]
                let shift = offsets[before.members.last!] + distance(before.members.last!, last.members[0])
                guard last.sum / last.count < end + distance(before.members.last!, last.members[0]) else { break }
                for member in last.members { offsets[member] += shift }
                blocks.removeLast(2)
                blocks.append((before.members + last.members, before.sum + last.sum - shift * last.count, before.count + last.count))
            }
        }
        for block in blocks {
            for member in block.members { places[layer[member]].center = block.sum / block.count + offsets[member] }
        }
    }
}
