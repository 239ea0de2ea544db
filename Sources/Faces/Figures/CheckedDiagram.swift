import Display

/// A diagram that is safe to draw: bounded, its arrows between nodes that exist and in no circle, its labels of one
/// plain line.
public struct CheckedDiagram: Equatable, Sendable {
    public static let nodeLimit = 400
    public static let edgeLimit = 2_000

    public let diagram: DisplayedDiagram
    /// The layer of each node, from 0 at the top: below all nodes that have an arrow to it.
    public let layers: [Int]

    /// - Throws: ``FigureError/malformed(_:)`` with the rule that the diagram breaks.
    public init(_ diagram: DisplayedDiagram) throws {
        guard diagram.nodes.count <= Self.nodeLimit, diagram.edges.count <= Self.edgeLimit else {
            throw FigureError.malformed(
                "A diagram can hold \(Self.nodeLimit) boxes and \(Self.edgeLimit) arrows, and this one has "
                    + "\(diagram.nodes.count) and \(diagram.edges.count).")
        }
        var checked = diagram
        checked.title = plainLabel(diagram.title)
        checked.nodes = diagram.nodes.map { .init(title: plainLabel($0.title, limit: 60), detail: plainLabel($0.detail, limit: 80)) }
        guard diagram.edges.allSatisfy({ $0.count == 2 && $0.allSatisfy(diagram.nodes.indices.contains) }) else {
            throw FigureError.malformed("An arrow of a diagram goes from one of its boxes to another.")
        }
        var seen = Set<[Int]>()
        checked.edges = diagram.edges.filter { seen.insert($0).inserted }

        var waiting = diagram.nodes.indices.map { node in checked.edges.filter { $0[1] == node }.count }
        var layers = diagram.nodes.map { _ in 0 }
        var ready = diagram.nodes.indices.filter { waiting[$0] == 0 }
        var placed = 0
        while let node = ready.popLast() {
            placed += 1
            for edge in checked.edges where edge[0] == node {
                layers[edge[1]] = max(layers[edge[1]], layers[node] + 1)
                waiting[edge[1]] -= 1
                if waiting[edge[1]] == 0 { ready.append(edge[1]) }
            }
        }
        guard placed == diagram.nodes.count else {
            throw FigureError.malformed("A diagram is drawn from top to bottom, and the arrows of this one go in a circle.")
        }
        (self.diagram, self.layers) = (checked, layers)
    }
}
