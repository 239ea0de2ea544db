import Display
import Figures

/// A diagram as boxes of line-drawing characters with arrows from top to bottom; where the window is too narrow, as
/// a list of boxes with what leads to each.
public func diagramText(_ diagram: DisplayedDiagram, _ style: TerminalStyle, indent: Int = 0) -> String {
    do {
        let checked = try CheckedDiagram(diagram)
        let room = style.width - indent
        var lines = list(checked.diagram, room: room, style)
        if style.unicode, checked.diagram.nodes.count <= 60 {
            // Details on one line where there is room for it, else on more and shorter ones.
            for detailWidth in [80, 24, 16, 12] {
                let details = checked.diagram.nodes.map { detailLines($0.detail, width: detailWidth) }
                let drawing = BoxDrawing(checked: checked, details: details, style: style)
                if drawing.columns <= room { lines = drawing.lines(); break }
            }
        }
        let margin = String(repeating: " ", count: indent)
        let title = checked.diagram.title
        let head = title.isEmpty ? [] : [style.paint(cut(title, to: room, style), .bold)]
        return (head + lines).map { margin + $0 + "\n" }.joined()
    } catch {
        return noteText("\(error)", style, indent: indent)
    }
}

/// A detail such as `Dense (batch, 32)` on one line, or on more that begin with the shape where they can.
private func detailLines(_ detail: String, width: Int) -> [String] {
    if columnWidth(detail) <= width, width >= 80 { return [detail] }
    let shape = detail.firstIndex(of: "(") ?? detail.endIndex
    return [detail[..<shape], detail[shape...]].filter { !$0.isEmpty }
        .flatMap { wrapped([Run(String($0))], to: width, TerminalStyle()) }
}

private func list(_ diagram: DisplayedDiagram, room: Int, _ style: TerminalStyle) -> [String] {
    diagram.nodes.enumerated().flatMap { index, node in
        let sources = diagram.edges.filter { $0[1] == index }.map { diagram.nodes[$0[0]].title }
        var runs = [Run(node.title, .bold)]
        if !node.detail.isEmpty { runs.append(Run(" " + node.detail)) }
        if !sources.isEmpty { runs.append(Run(" " + style.sign("←", "<-") + " " + sources.joined(separator: ", "), .dim)) }
        return wrapped(runs, to: room - 2, style).enumerated().map {
            ($0 == 0 ? style.sign("• ", "- ") : "  ") + $1
        }
    }
}

/// Draws boxes and lines on a grid of characters; where lines meet, the junction that joins them.
private struct BoxDrawing {
    let checked: CheckedDiagram
    let details: [[String]]
    let layout: DiagramLayout
    let style: TerminalStyle
    let boxRows: Int

    init(checked: CheckedDiagram, details: [[String]], style: TerminalStyle) {
        (self.checked, self.details, self.style) = (checked, details, style)
        let widths = zip(checked.diagram.nodes, details).map { node, lines in
            Double(([node.title] + lines).map { columnWidth($0) }.max() ?? 0) + 4
        }
        layout = DiagramLayout(checked, widths: widths, gap: 2, laneWidth: 1)
        boxRows = 3 + (details.map(\.count).max() ?? 0)
    }

    private struct Arms: OptionSet {
        let rawValue: Int
        static let up = Arms(rawValue: 1), down = Arms(rawValue: 2), left = Arms(rawValue: 4), right = Arms(rawValue: 8)
    }

    private static let junctions: [Int: Character] = [
        1: "│", 2: "│", 3: "│", 4: "─", 8: "─", 12: "─", 5: "╯", 9: "╰", 6: "╮", 10: "╭", 7: "┤", 11: "├", 13: "┴", 14: "┬", 15: "┼",
    ]
    private static let gapRows = 3

    /// Boxes stand on whole columns, which may take one more.
    var columns: Int { Int(layout.width.rounded(.up)) + 1 }

    func lines() -> [String] {
        let rows = layout.layerCount * (boxRows + Self.gapRows) - Self.gapRows
        var arms = Array(repeating: Array(repeating: Arms(), count: columns), count: max(0, rows))
        var texts = Array(repeating: [Int: Run](), count: max(0, rows))
        for (edge, route) in zip(checked.diagram.edges, layout.routes) {
            draw(route, from: checked.layers[edge[0]], &arms)
            let tip = Int(route[route.count - 1].rounded())
            texts[top(checked.layers[edge[1]]) - 1][tip] = Run("▼", .dim)
        }
        for (index, node) in checked.diagram.nodes.enumerated() { draw(node, details[index], layout.boxes[index], &texts) }
        return (0..<max(0, rows)).map { row in
            var runs: [Run] = []
            var column = 0
            while column < columns {
                if let run = texts[row][column] {
                    runs.append(run)
                    column += max(1, columnWidth(run.text))
                } else {
                    let junction = Self.junctions[arms[row][column].rawValue]
                    runs.append(Run(String(junction ?? " "), junction == nil ? .plain : .dim))
                    column += 1
                }
            }
            while let last = runs.last, last.text == " " { runs.removeLast() }
            return hardWrapped(runs, to: columns + 2, style)[0]
        }
    }

    private func top(_ layer: Int) -> Int { layer * (boxRows + Self.gapRows) }

    private func draw(_ node: DisplayedDiagram.Node, _ details: [String], _ box: DiagramLayout.Box, _ texts: inout [[Int: Run]]) {
        let width = Int(box.width)
        let left = max(0, Int((box.center - box.width / 2).rounded()))
        let row = top(box.layer)
        let line = String(repeating: "─", count: width - 2)
        func centred(_ text: String) -> String {
            let space = width - 2 - columnWidth(text)
            return String(repeating: " ", count: space / 2) + text + String(repeating: " ", count: space - space / 2)
        }
        let frame = Look(color: Palette.color(0))
        texts[row][left] = Run("╭" + line + "╮", frame)
        let words = [(node.title, Look.bold)] + details.map { ($0, Look.dim) }
        for offset in 1..<(boxRows - 1) {
            let (text, look) = offset <= words.count ? words[offset - 1] : ("", .plain)
            texts[row + offset][left] = Run("│", frame)
            texts[row + offset][left + 1] = Run(centred(text), look)
            texts[row + offset][left + width - 1] = Run("│", frame)
        }
        texts[row + boxRows - 1][left] = Run("╰" + line + "╯", frame)
    }

    private func draw(_ route: [Double], from layer: Int, _ arms: inout [[Arms]]) {
        for step in 1..<route.count {
            let (from, to) = (Int(route[step - 1].rounded()), Int(route[step].rounded()))
            let start = top(layer + step - 1) + boxRows
            let end = top(layer + step) - 1
            let bend = start + 1
            if step > 1 { vertical(from, top(layer + step - 1), start - 1, &arms) }
            vertical(from, start, bend - 1, &arms)
            if from == to { vertical(from, bend, bend, &arms) } else {
                arms[bend][from].insert([.up, to > from ? .right : .left])
                for column in (min(from, to) + 1)..<max(from, to) { arms[bend][column].insert([.left, .right]) }
                arms[bend][to].insert([.down, to > from ? .left : .right])
            }
            vertical(to, bend + 1, end, &arms)
        }
    }

    private func vertical(_ column: Int, _ first: Int, _ last: Int, _ arms: inout [[Arms]]) {
        guard first <= last else { return }
        for row in first...last { arms[row][column].insert([.up, .down]) }
    }
}
