import Display

/// The formats that a picture can be drawn in.
public enum PictureFormat: String, CaseIterable, Sendable {
    case svg, png

    /// The format of a file with this name; nil for another ending.
    public init?(fileName: String) {
        guard let format = Self.allCases.first(where: { fileName.lowercased().hasSuffix("." + $0.rawValue) }) else {
            return nil
        }
        self = format
    }
}

/// What gnuplot reads to draw a chart. Of the chart's own, only numbers that we print and strings in single
/// quotes (in which gnuplot expands nothing) are part of it.
struct GnuplotScript {
    static let pixelsPerInch = 72.0
    /// Twice the pixels, for screens with fine dots.
    static let pngScale = 2.0
    static let grey = "#555555"

    let checked: CheckedChart
    private let bars: [Int]
    /// The room of the narrowest bar.
    private let barRoom: Double

    init(checked: CheckedChart) {
        self.checked = checked
        let series = checked.chart.series
        bars = series.indices.filter { series[$0].mark == .bar }
        barRoom = bars.map { barSpacing(series[$0].x) }.min() ?? 1
    }

    var chart: DisplayedChart { checked.chart }

    func text(_ format: PictureFormat) -> String { text(terminal: terminal(format)) }

    func text(terminal: String) -> String {
        var lines = [terminal, "set encoding utf8"]
        lines += frame
        lines += key
        for (index, series) in chart.series.enumerated() { lines.append(dataBlock(series, index)) }
        lines.append(plotCommand)
        return lines.joined(separator: "\n") + "\n"
    }

    private func terminal(_ format: PictureFormat) -> String {
        let width = chart.size[0] * Self.pixelsPerInch
        let height = chart.size[1] * Self.pixelsPerInch
        switch format {
        case .svg:
            return "set terminal svg noenhanced size \(Int(width)),\(Int(height)) font 'DejaVu Sans,Arial,sans-serif,12' "
                + "linewidth 1 background '#ffffff'"
        case .png:
            let scale = Self.pngScale
            return "set terminal pngcairo noenhanced size \(Int(width * scale)),\(Int(height * scale)) "
                + "font 'DejaVu Sans,9' fontscale \(scale) linewidth \(scale) pointscale \(scale) background '#ffffff'"
        }
    }

    private var frame: [String] {
        var lines = [
            "set border 3 linecolor rgb '\(Self.grey)' linewidth 0.8",
            "set tics out nomirror scale 0.6 textcolor rgb '\(Self.grey)'",
            "set grid \(chart.categories == nil ? "xtics " : "")ytics linecolor rgb '#e6e6e6' linetype 1 linewidth 0.8, linecolor rgb '#e6e6e6'",
            "set style fill solid",
            "set xrange [\(checked.xRange.lowerBound):\(checked.xRange.upperBound)]",
            "set yrange [\(checked.yRange.lowerBound):\(checked.yRange.upperBound)]",
            "set rmargin \(hasLegend ? -1 : 3)",
        ]
        if let title = chart.title {
            lines.append("set title \(singleQuoted(title)) font ',14' textcolor rgb '#222222' offset 0,0.2")
        } else {
            lines.append("set tmargin 1.5")
        }
        if let label = chart.xLabel { lines.append("set xlabel \(singleQuoted(label)) textcolor rgb '#222222'") }
        if let label = chart.yLabel { lines.append("set ylabel \(singleQuoted(label)) textcolor rgb '#222222'") }
        lines.append("set xtics (\(ticks(xTicks)))\(rotatesNames ? " rotate by -35 left" : "")")
        lines.append("set ytics (\(ticks(yTicks)))")
        if checked.yRange.contains(0), checked.yRange.lowerBound < 0, checked.yRange.upperBound > 0 {
            lines.append("set xzeroaxis linecolor rgb '#b0b0b0' linetype 1 linewidth 1")
        }
        return lines
    }

    private func ticks(_ ticks: AxisTicks) -> String {
        // gnuplot takes the label of a tick for a number format.
        ticks.ticks.map { tick in
            let label = tick.label.reduce(into: "") { $0 += $1 == "%" ? "%%" : String($1) }
            return "\(singleQuoted(label)) \(tick.position)"
        }.joined(separator: ", ")
    }

    private var xTicks: AxisTicks {
        if let categories = chart.categories {
            let room = max(4, Int(chart.size[0] * (rotatesNames ? 4 : 1.5)))
            return AxisTicks(categories: categories, every: (categories.count + room - 1) / room)
        }
        let whole = chart.series.allSatisfy { $0.x.allSatisfy { $0 == $0.rounded() } }
        return AxisTicks(checked.xRange, count: max(2, Int(chart.size[0] * 1.1)), onlyWhole: whole)
    }

    private var yTicks: AxisTicks { AxisTicks(checked.yRange, count: max(2, Int(chart.size[1] * 1.5))) }

    /// Whether the names below the axis are too long to stand beside each other.
    private var rotatesNames: Bool {
        guard let categories = chart.categories else { return false }
        return Double(categories.reduce(0) { $0 + $1.count + 2 }) > chart.size[0] * 9
    }

    private var hasLegend: Bool { chart.series.contains { $0.name != nil } }

    /// A legend beside the picture, where it covers nothing; below it when the picture is narrow.
    private var key: [String] {
        let names = chart.series.compactMap(\.name)
        guard !names.isEmpty else { return ["unset key"] }
        let longest = names.map(\.count).max() ?? 0
        let beside = Double(longest) * 0.1 + 0.8 < chart.size[0] * 0.4
        return [
            "set key \(beside ? "outside right top" : "below") Left reverse samplen 3 spacing 1.25 "
                + "textcolor rgb '#222222' noautotitle"
        ]
    }

    private func dataBlock(_ series: DisplayedChart.Series, _ index: Int) -> String {
        var block = "$data\(index) << END\n"
        let bar = barPlace(index)
        for (x, y) in zip(series.x, series.y) {
            block += series.mark == .bar ? "\(x + bar.offset) \(y) \(bar.width)\n" : "\(x) \(y)\n"
        }
        return block + "END"
    }

    /// Bars of several series stand side by side round their position.
    private func barPlace(_ index: Int) -> (offset: Double, width: Double) {
        let spacing = chart.categories == nil && bars.count == 1 ? barRoom : 0.8 * barRoom
        let place = Double(bars.firstIndex(of: index) ?? 0) - Double(bars.count - 1) / 2
        return (place * spacing / Double(bars.count), spacing / Double(max(1, bars.count)))
    }

    private var plotCommand: String {
        var parts: [String] = []
        for (index, series) in chart.series.enumerated() where !series.x.isEmpty {
            parts.append("$data\(index) using \(series.mark == .bar ? "1:2:3" : "1:2") with \(look(series, inLegend: false)) notitle")
        }
        for series in chart.series {
            // The legend shows faint points in full colour, to be seen.
            if let name = series.name { parts.append("keyentry with \(look(series, inLegend: true)) title \(singleQuoted(name))") }
        }
        // An empty chart still shows its axes.
        if parts.isEmpty || chart.series.allSatisfy(\.x.isEmpty) { parts.insert("NaN notitle", at: 0) }
        return "plot " + parts.joined(separator: ", \\\n  ")
    }

    private func look(_ series: DisplayedChart.Series, inLegend: Bool) -> String {
        let transparency = inLegend ? 0 : UInt32(((1 - series.opacity) * 255).rounded())
        let digits = String(transparency, radix: 16)
        let color = "linecolor rgb '#\(digits.count == 1 ? "0" : "")\(digits)\(Palette.color(series.color).hexadecimal)'"
        switch series.mark {
        case .line:
            return "lines \(color) linewidth 2 dashtype \(series.stroke == .dashed ? "(7,4)" : "solid")"
        case .point:
            return "points \(color) pointtype 7 pointsize \(inLegend || series.x.count < 200 ? 0.8 : 0.6)"
        case .bar:
            return "boxes \(color) fillstyle solid border linecolor rgb '#ffffff'"
        }
    }
}

/// A gnuplot string in which nothing is expanded. A straight quote, which not every command of gnuplot reads
/// well when doubled, becomes a typographic one. The text holds no line break (``plainLabel``).
func singleQuoted(_ text: String) -> String {
    "'" + String(text.map { $0 == "'" ? "\u{2019}" : $0 }) + "'"
}
