import Display
import Figures

/// A chart as text: curves and points of Braille dots, bars of blocks, axes with round numbers, a legend.
///
/// Where there is no colour, series of different colours carry signs (●, ▲ …) at their points, so that they can be
/// told apart. A chart that breaks a rule becomes the sentence that says so.
public func chartText(_ chart: DisplayedChart, _ style: TerminalStyle, indent: Int = 0) -> String {
    do {
        let drawing = ChartDrawing(checked: try CheckedChart(chart), style: style, room: style.width - indent)
        let margin = String(repeating: " ", count: indent)
        return drawing.lines().map { $0.isEmpty ? "\n" : margin + $0 + "\n" }.joined()
    } catch {
        return noteText("\(error)", style, indent: indent)
    }
}

private struct ChartDrawing {
    let checked: CheckedChart
    let style: TerminalStyle
    let room: Int
    var chart: DisplayedChart { checked.chart }

    func lines() -> [String] {
        let height = plotRows
        let yTicks = AxisTicks(checked.yRange, count: max(2, height / 3))
        let labelWidth = yTicks.ticks.map { columnWidth(ascii($0.label)) }.max() ?? 0
        let width = max(8, min(room, 110) - labelWidth - 2)
        var canvas = DotCanvas(columns: width, rows: height, style: style)
        for (index, series) in chart.series.enumerated() where !series.x.isEmpty { draw(series, index, on: &canvas) }

        var labels = [Int: String]()
        for tick in yTicks.ticks { labels[min(height - 1, max(0, row(tick.position, height)))] = ascii(tick.label) }
        let start = String(repeating: " ", count: labelWidth + 2)
        var lines: [String] = []
        if let title = chart.title {
            let text = cut(title, to: width, style)
            lines.append(start + String(repeating: " ", count: (width - columnWidth(text)) / 2) + style.paint(text, .bold))
        }
        lines += legend(width: width).map { start + $0 }
        if let label = chart.yLabel { lines.append(style.paint(cut(label, to: room, style), .dim)) }
        for (index, line) in canvas.lines().enumerated() {
            let label = padded(labels[index] ?? "", to: labelWidth, trailing: true)
            let axis = labels[index] == nil ? style.sign("│", "|") : style.sign("┤", "+")
            lines.append(style.paint(label + " " + axis, .dim) + trimmed(line))
        }
        lines += xAxis(width: width, labelWidth: labelWidth)
        if let label = chart.xLabel {
            let text = cut(label, to: width, style)
            lines.append(start + String(repeating: " ", count: (width - columnWidth(text)) / 2) + style.paint(text, .dim))
        }
        return lines
    }

    /// As flat or high as the picture would be; characters are about twice as high as wide.
    private var plotRows: Int {
        let ratio = chart.size[1] / chart.size[0]
        return min(24, max(12, Int((Double(min(room, 110)) * ratio * 0.45).rounded())))
    }

    private func ascii(_ label: String) -> String {
        style.unicode ? label : String(label.map { $0 == "\u{2212}" ? "-" : $0 })
    }

    /// The nearest whole number; what is far outside the drawing stays outside.
    private func whole(_ value: Double) -> Int { Int(min(1e9, max(-1e9, value.rounded()))) }

    private func share(_ value: Double, _ range: ClosedRange<Double>) -> Double {
        (value - range.lowerBound) / (range.upperBound - range.lowerBound)
    }

    private func row(_ y: Double, _ height: Int) -> Int { whole((1 - share(y, checked.yRange)) * Double(height - 1)) }

    private func point(_ x: Double, _ y: Double, _ canvas: DotCanvas) -> (x: Double, y: Double) {
        // Half a character off the edge, so that a tick stands beside its number.
        let inset = Double(canvas.dotsDown - 1) / 2
        return (
            share(x, checked.xRange) * Double(canvas.dotWidth - 1),
            inset + (1 - share(y, checked.yRange)) * (Double(canvas.dotHeight - 1) - 2 * inset)
        )
    }

    // MARK: Series

    /// Signs tell series apart where colour can't.
    private var needsSigns: Bool { !style.color && Set(chart.series.map(\.color)).count > 1 }

    private func sign(_ series: DisplayedChart.Series) -> Character {
        let signs: [Character] = style.unicode ? ["●", "▲", "■", "◆", "○", "△", "□"] : ["*", "o", "+", "x", "#", "@", "%"]
        return signs[((series.color % signs.count) + signs.count) % signs.count]
    }

    private func draw(_ series: DisplayedChart.Series, _ index: Int, on canvas: inout DotCanvas) {
        let color = Palette.color(series.color)
        switch series.mark {
        case .point:
            for (x, y) in zip(series.x, series.y) where checked.xRange.contains(x) && checked.yRange.contains(y) {
                let place = point(x, y, canvas)
                if needsSigns { canvas.mark(whole(place.x), whole(place.y), sign(series), color) } else {
                    canvas.dot(whole(place.x), whole(place.y), color, ascii: sign(series))
                }
            }
        case .line:
            let isDashed = series.stroke == .dashed
            let (on, period) = style.unicode ? (4, 7) : (1, 2)
            var phase = 0
            let places = zip(series.x, series.y).map { point($0, $1, canvas) }
            for (start, end) in zip(places, places.dropFirst()) {
                phase = canvas.line(from: start, to: end, color, ascii: needsSigns || !style.unicode ? sign(series) : ".", phase: phase) {
                    !isDashed || $0 % period < on
                }
            }
            let isSparse = places.count <= canvas.columns / 4
            if places.count == 1 || (needsSigns && isSparse) {
                for place in places { canvas.mark(whole(place.x), whole(place.y), sign(series), color) }
            }
        case .bar: drawBars(series, index, on: &canvas)
        }
    }

    private func drawBars(_ series: DisplayedChart.Series, _ index: Int, on canvas: inout DotCanvas) {
        let bars = chart.series.indices.filter { chart.series[$0].mark == .bar && !chart.series[$0].x.isEmpty }
        let sorted = series.x.sorted()
        let spacing = zip(sorted, sorted.dropFirst()).map { $1 - $0 }.filter { $0 > 0 }.min() ?? 1
        let isGrouped = bars.count > 1 || chart.categories != nil
        let width = spacing * (isGrouped ? 0.8 : 1) / Double(bars.count)
        let place = Double(bars.firstIndex(of: index) ?? 0) - Double(bars.count - 1) / 2
        let color = Palette.color(series.color)
        let base = min(max(0, checked.yRange.lowerBound), checked.yRange.upperBound)
        for (x, y) in zip(series.x, series.y) {
            let centre = x + place * width
            // A little wider, so that no rounding leaves a gap between two bars that touch.
            let left = whole(share(centre - width / 2, checked.xRange) * Double(canvas.columns) - 1e-6)
            let right = whole(share(centre + width / 2, checked.xRange) * Double(canvas.columns) + 1e-6)
            let bottom = eighths(min(base, y), canvas), top = eighths(max(base, y), canvas)
            guard left < canvas.columns, right > 0, top > bottom else { continue }
            for column in max(0, left)..<max(left + 1, min(right, canvas.columns)) {
                for row in 0..<canvas.rows {
                    let floor = (canvas.rows - 1 - row) * 8
                    let (from, to) = (max(bottom, floor), min(top, floor + 8))
                    guard from < to else { continue }
                    let glyph = barGlyph(from: from - floor, to: to - floor, sign(series))
                    canvas.mark(column * canvas.dotsAcross, row * canvas.dotsDown, glyph, color)
                }
            }
        }
    }

    private func eighths(_ y: Double, _ canvas: DotCanvas) -> Int {
        Int((min(1, max(0, share(y, checked.yRange))) * Double(canvas.rows * 8)).rounded())
    }

    /// A block that is filled from one eighth of its height to another.
    private func barGlyph(from: Int, to: Int, _ sign: Character) -> Character {
        if !style.unicode { return sign }
        let signs: [Character] = needsSigns && sign != "●" ? ["▒"] : ["█"]
        if from == 0, to < 8 { return Array("▁▂▃▄▅▆▇")[max(0, to - 1)] }
        if from >= 4 { return "▀" }
        return signs[0]
    }

    // MARK: Round the drawing

    private func legend(width: Int) -> [String] {
        var lines: [[Run]] = []
        var used = 0
        for series in chart.series {
            guard let name = series.name else { continue }
            let text = cut(name, to: max(4, width - 6), style)
            let columns = 5 + columnWidth(text)
            if lines.isEmpty || used + 3 + columns > width {
                lines.append([])
                used = 0
            } else {
                lines[lines.count - 1].append(Run("   "))
                used += 3
            }
            lines[lines.count - 1] += [Run(sample(series), Look(color: Palette.color(series.color))), Run(" " + text)]
            used += columns
        }
        return lines.map { hardWrapped($0, to: width, style)[0] }
    }

    private func sample(_ series: DisplayedChart.Series) -> String {
        let sign = String(sign(series))
        let isDashed = series.stroke == .dashed
        switch (series.mark, style.unicode) {
        case (.line, true):
            if needsSigns { return isDashed ? "╌" + sign + "╌ " : "━" + sign + "━ " }
            return isDashed ? "╍╍╍╍" : "━━━━"
        case (.line, false): return isDashed ? sign + " " + sign + " " : sign + sign + sign + sign
        case (.point, _): return needsSigns || !style.unicode ? "  " + sign + " " : "  • "
        case (.bar, true): return needsSigns && sign != "●" ? " ▒▒ " : " ██ "
        case (.bar, false): return " " + sign + sign + " "
        }
    }

    private func xAxis(width: Int, labelWidth: Int) -> [String] {
        var axis = Array(repeating: Character(style.sign("─", "-")), count: width)
        var labels = Array(repeating: Character(" "), count: width + labelWidth + 2)
        var free = 0
        for tick in xTicks(width: width).ticks {
            let column = chart.series.contains { $0.mark == .bar }
                ? whole(share(tick.position, checked.xRange) * Double(width) - 0.5)
                : whole(share(tick.position, checked.xRange) * Double(width - 1))
            guard column >= 0, column < width else { continue }
            let text = Array(cut(ascii(tick.label), to: max(4, width / 2), style))
            let columns = columnWidth(String(text))
            let start = max(0, min(column + labelWidth + 2 - columns / 2, labels.count - columns))
            guard start >= free, columns == text.count else { continue }
            axis[column] = Character(style.sign("┬", "+"))
            for (offset, character) in text.enumerated() { labels[start + offset] = character }
            free = start + columns + 1
        }
        let corner = String(repeating: " ", count: labelWidth + 1) + style.sign("└", "+")
        return [style.paint(corner + String(axis), .dim), style.paint(trimmed(String(labels)), .dim)]
    }

    private func xTicks(width: Int) -> AxisTicks {
        if let categories = chart.categories {
            let longest = min(width / 2, categories.map { columnWidth($0) }.max() ?? 1)
            let fitting = max(1, width / max(1, longest + 1))
            return AxisTicks(categories: categories, every: (categories.count + fitting - 1) / fitting)
        }
        let whole = chart.series.allSatisfy { $0.x.allSatisfy { $0 == $0.rounded() } }
        return AxisTicks(checked.xRange, count: max(2, width / 7), onlyWhole: whole)
    }

    private func trimmed(_ line: String) -> String {
        var line = line[...]
        while line.last == " " { line = line.dropLast() }
        return String(line)
    }
}
