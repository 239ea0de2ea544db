import Display

extension Model: Displayable {
    /// The layers as boxes with their output shapes, and arrows between them.
    public var displayValue: DisplayValue {
        var places: [ObjectIdentifier: Int] = [:]
        var nodes: [DisplayedDiagram.Node] = []
        var edges: [[Int]] = []
        for (index, node) in graph.nodes.enumerated() {
            places[ObjectIdentifier(node)] = index
            nodes.append(.init(title: node.layer.name, detail: "\(node.layer.kind) \(shapeText([nil] + node.rowShape))"))
            for input in node.inputs { edges.append([places[ObjectIdentifier(input.node)] ?? 0, index]) }
        }
        return .diagram(DisplayedDiagram(title: description, nodes: nodes, edges: edges))
    }

    /// Shows a table of the layers: name and kind, output shape, number of parameters, what each is called on.
    public func summary() { Door.show(.table(summaryTable), nil) }

    /// What `summary()` shows.
    public var summaryTable: DisplayedTable {
        let columns: [DisplayedTable.Column] = [
            .init(name: "layer (type)", type: "String", alignment: .leading),
            .init(name: "output shape", type: "[Int?]", alignment: .leading),
            .init(name: "parameters", type: "Int", alignment: .trailing),
            .init(name: "connected to", type: "String", alignment: .leading),
        ]
        let rows = layers.map { layer -> [String?] in
            let calls = graph.nodes.filter { $0.layer === layer }
            let sources = calls.flatMap { $0.inputs.map(\.name) }
            return [
                "\(layer.name) (\(layer.kind))", shapeText([nil] + (calls.first?.rowShape ?? [])), grouped(layer.parameterCount),
                sources.joined(separator: ", "),
            ]
        }
        let trainable = layers.filter(\.isTrainable).reduce(0) { $0 + $1.parameterCount }
        let caption = "\(grouped(parameterCount)) parameters: \(grouped(trainable)) trainable, \(grouped(parameterCount - trainable)) not trainable"
        return DisplayedTable(columns: columns, rows: rows, rowCount: rows.count, caption: caption)
    }
}
