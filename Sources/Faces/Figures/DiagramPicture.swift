import Display

/// Draws a diagram as SVG: rounded boxes with a name and, smaller, a detail; arrows that bend round the boxes.
public struct DiagramPicture: Sendable {
    private static let lineHeight = 18.0
    private static let boxHeight = 46.0
    private static let layerGap = 34.0
    private static let margin = 16.0

    private let checked: CheckedDiagram
    private let layout: DiagramLayout

    /// - Throws: ``FigureError/malformed(_:)`` when the diagram breaks a rule.
    public init(_ diagram: DisplayedDiagram) throws {
        checked = try CheckedDiagram(diagram)
        let widths = checked.diagram.nodes.map { max(96, max(Self.width($0.title, 13) , Self.width($0.detail, 11)) + 28) }
        layout = DiagramLayout(checked, widths: widths, gap: 28, laneWidth: 12)
    }

    /// A guess at the width of text in pixels, on the safe side for common fonts.
    private static func width(_ text: String, _ size: Double) -> Double {
        text.unicodeScalars.reduce(0) { $0 + ($1.value > 0x1100 ? 1.0 : $1.properties.isUppercase ? 0.72 : 0.6) * size }
    }

    private var titleHeight: Double { checked.diagram.title.isEmpty ? 0 : 30 }
    private var titleWidth: Double { Self.width(checked.diagram.title, 15) }
    private var drawingWidth: Double { max(layout.width, titleWidth) + 2 * Self.margin }
    private var drawingHeight: Double {
        titleHeight + 2 * Self.margin + Double(layout.layerCount) * Self.boxHeight
            + Double(max(0, layout.layerCount - 1)) * Self.layerGap
    }
    private var left: Double { (drawingWidth - layout.width) / 2 }

    private func top(_ layer: Int) -> Double { titleHeight + Self.margin + Double(layer) * (Self.boxHeight + Self.layerGap) }

    /// The text of an SVG file.
    public func svg() -> String {
        let (width, height) = (Int(drawingWidth.rounded(.up)), Int(drawingHeight.rounded(.up)))
        var lines = [
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"\(width)\" height=\"\(height)\" viewBox=\"0 0 \(width) \(height)\" "
                + "font-family=\"DejaVu Sans, Arial, sans-serif\" text-anchor=\"middle\" role=\"img\">",
            "<title>\(escaped(checked.diagram.title))</title>",
            "<defs><marker id=\"tip\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"7\" markerHeight=\"7\" orient=\"auto\">"
                + "<path d=\"M0,0.5 L8,4 L0,7.5 Z\" fill=\"#6b7280\"/></marker></defs>",
            "<rect width=\"\(width)\" height=\"\(height)\" fill=\"#ffffff\"/>",
        ]
        if titleHeight > 0 {
            lines.append(text(checked.diagram.title, x: drawingWidth / 2, y: Self.margin + 14, size: 15, fill: "#222222", bold: false))
        }
        for (edge, route) in zip(checked.diagram.edges, layout.routes) {
            lines.append(
                "<path d=\"\(path(route, from: checked.layers[edge[0]]))\" fill=\"none\" stroke=\"#6b7280\" stroke-width=\"1.4\" "
                    + "marker-end=\"url(#tip)\"/>")
        }
        for (node, box) in zip(checked.diagram.nodes, layout.boxes) { lines += draw(node, box) }
        return (lines + ["</svg>"]).joined(separator: "\n") + "\n"
    }

    private func draw(_ node: DisplayedDiagram.Node, _ box: DiagramLayout.Box) -> [String] {
        let (x, y) = (left + box.center, top(box.layer))
        var lines = [
            "<rect x=\"\(number(x - box.width / 2))\" y=\"\(number(y))\" width=\"\(number(box.width))\" "
                + "height=\"\(number(Self.boxHeight))\" rx=\"6\" fill=\"#eef5fb\" stroke=\"#0072b2\" stroke-width=\"1.2\"/>"
        ]
        let hasDetail = !node.detail.isEmpty
        lines.append(text(node.title, x: x, y: y + (hasDetail ? 20 : 28), size: 13, fill: "#1b1b1b", bold: true))
        if hasDetail { lines.append(text(node.detail, x: x, y: y + 37, size: 11, fill: "#4b5563", bold: false)) }
        return lines
    }

    /// Straight down past each layer, and curved between the layers.
    private func path(_ route: [Double], from layer: Int) -> String {
        var commands = "M\(number(left + route[0])),\(number(top(layer) + Self.boxHeight))"
        for step in 1..<route.count {
            let (from, to) = (left + route[step - 1], left + route[step])
            let start = top(layer + step - 1) + Self.boxHeight, end = top(layer + step)
            let middle = (start + end) / 2
            commands += " C\(number(from)),\(number(middle)) \(number(to)),\(number(middle)) \(number(to)),\(number(end))"
            if step < route.count - 1 { commands += " L\(number(to)),\(number(end + Self.boxHeight))" }
        }
        return commands
    }

    /// What gnuplot reads to draw the same picture as PNG, twice as fine.
    func gnuplotScript() -> String {
        gnuplotScript(
            terminal: "set terminal pngcairo noenhanced size \(Int(drawingWidth.rounded(.up) * 2)),\(Int(drawingHeight.rounded(.up) * 2)) "
                + "font 'DejaVu Sans,9' fontscale 2 linewidth 2 background '#ffffff'")
    }

    func gnuplotScript(terminal: String) -> String {
        let (width, height) = (drawingWidth.rounded(.up), drawingHeight.rounded(.up))
        var lines = [
            terminal,
            "set encoding utf8", "unset border", "unset tics", "unset key", "set lmargin 0", "set rmargin 0", "set tmargin 0",
            "set bmargin 0", "set xrange [0:\(width)]", "set yrange [\(height):0]",
        ]
        func label(_ text: String, _ x: Double, _ y: Double, _ font: String, _ color: String) {
            lines.append("set label \(singleQuoted(text)) at \(x),\(y) center front font '\(font)' textcolor rgb '\(color)'")
        }
        if titleHeight > 0 { label(checked.diagram.title, drawingWidth / 2, Self.margin + 9, ",11", "#222222") }
        for (index, (node, box)) in zip(checked.diagram.nodes, layout.boxes).enumerated() {
            let (x, y) = (left + box.center, top(box.layer))
            lines.append(
                "set object \(index + 1) rectangle from \(x - box.width / 2),\(y) to \(x + box.width / 2),\(y + Self.boxHeight) "
                    + "fillcolor rgb '#eef5fb' fillstyle solid border linecolor rgb '#0072b2' linewidth 1.2")
            let hasDetail = !node.detail.isEmpty
            label(node.title, x, y + (hasDetail ? 16 : 24), "DejaVu Sans:Bold,9.5", "#1b1b1b")
            if hasDetail { label(node.detail, x, y + 33, ",8", "#4b5563") }
        }
        for (edge, route) in zip(checked.diagram.edges, layout.routes) {
            let points = polyline(route, from: checked.layers[edge[0]])
            for index in 1..<points.count {
                let isLast = index == points.count - 1
                lines.append(
                    "set arrow from \(points[index - 1].x),\(points[index - 1].y) to \(points[index].x),\(points[index].y) "
                        + (isLast ? "head filled size 7,18" : "nohead") + " linecolor rgb '#6b7280' linewidth 1.3")
            }
        }
        return (lines + ["plot NaN notitle"]).joined(separator: "\n") + "\n"
    }

    /// The way of an arrow in short straight pieces.
    private func polyline(_ route: [Double], from layer: Int) -> [(x: Double, y: Double)] {
        var points = [(x: left + route[0], y: top(layer) + Self.boxHeight)]
        for step in 1..<route.count {
            let (from, to) = (left + route[step - 1], left + route[step])
            let start = top(layer + step - 1) + Self.boxHeight, end = top(layer + step)
            // The last piece is long enough to carry the arrow's head.
            let shares = from == to ? [1.0] : [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 1]
            for share in shares {
                let eased = share * share * (3 - 2 * share)
                points.append((from + (to - from) * eased, start + (end - start) * share))
            }
            if step < route.count - 1 { points.append((to, end + Self.boxHeight)) }
        }
        return points
    }

    private func text(_ text: String, x: Double, y: Double, size: Int, fill: String, bold: Bool) -> String {
        "<text x=\"\(number(x))\" y=\"\(number(y))\" font-size=\"\(size)\"\(bold ? " font-weight=\"600\"" : "") fill=\"\(fill)\">"
            + escaped(text) + "</text>"
    }

    private func number(_ value: Double) -> String { "\((value * 10).rounded() / 10)" }
}

/// Text as XML holds it.
func escaped(_ text: String) -> String {
    text.reduce(into: "") { result, character in
        switch character {
        case "&": result += "&amp;"
        case "<": result += "&lt;"
        case ">": result += "&gt;"
        case "\"": result += "&quot;"
        default: result.append(character)
        }
    }
}
