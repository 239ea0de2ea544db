import Display

/// A chart that is safe to draw: finite numbers, equal lengths, bounded sizes, labels of one plain line.
///
/// A chart comes from the learner's process, which may send anything. Everything that draws takes this type.
public struct CheckedChart: Equatable, Sendable {
    public static let pointLimit = 1_000_000
    public static let seriesLimit = 500
    public static let categoryLimit = 5_000
    /// Beyond this a range can't be halved and padded without reaching infinity.
    public static let magnitudeLimit = 1e100
    /// A range that is narrower than this can't be divided by.
    private static let narrowestSpread = 1e-200

    public let chart: DisplayedChart
    /// The numbers that each axis shows, with a margin round the data; the lower is below the upper.
    public let xRange: ClosedRange<Double>
    public let yRange: ClosedRange<Double>

    /// - Throws: ``FigureError/malformed(_:)`` with the rule that the chart breaks.
    public init(_ chart: DisplayedChart) throws {
        var checked = chart
        checked.title = chart.title.map { plainLabel($0) }.nonEmpty
        checked.xLabel = chart.xLabel.map { plainLabel($0) }.nonEmpty
        checked.yLabel = chart.yLabel.map { plainLabel($0) }.nonEmpty
        checked.categories = chart.categories.map { $0.prefix(Self.categoryLimit).map { plainLabel($0, limit: 60) } }
        guard chart.size.count == 2, chart.size.allSatisfy({ (1...50).contains($0) }) else {
            throw FigureError.malformed("A chart's size is a width and a height between 1 and 50 inches.")
        }
        guard chart.series.count <= Self.seriesLimit else {
            throw FigureError.malformed("A chart can hold \(Self.seriesLimit) series, and this one has \(chart.series.count).")
        }
        guard chart.series.reduce(0, { $0 + min($1.x.count, Self.pointLimit + 1) }) <= Self.pointLimit else {
            throw FigureError.malformed(
                "A chart can hold 1,000,000 points, and this one has more. Draw a sample: rows.sample(1_000, seed: 1).")
        }
        for index in chart.series.indices {
            checked.series[index] = try Self.checked(chart.series[index])
        }
        self.chart = checked
        xRange = try Self.range(
            asked: chart.xRange, axis: "x", padded: 0.03, numbers: checked.series.lazy.flatMap { series in
                series.mark == .bar ? barEdges(series.x) : series.x
            })
        let bars = checked.series.contains { $0.mark == .bar }
        let padded = try Self.range(
            asked: chart.yRange, axis: "y", padded: 0.05,
            numbers: bars ? [0] + checked.series.flatMap(\.y) : checked.series.flatMap(\.y))
        if bars, chart.yRange == nil {
            // Bars stand on zero, so no margin shows below it.
            let lowest = checked.series.lazy.flatMap(\.y).min() ?? 0
            let highest = checked.series.lazy.flatMap(\.y).max() ?? 0
            let lower = lowest >= 0 ? 0 : padded.lowerBound
            let upper = highest <= 0 && lowest < 0 ? 0 : padded.upperBound
            yRange = lower...upper
        } else {
            yRange = padded
        }
    }

    private static func checked(_ series: DisplayedChart.Series) throws -> DisplayedChart.Series {
        guard series.x.count == series.y.count else {
            throw FigureError.malformed(
                "A series needs one y for every x; this one has \(series.x.count) and \(series.y.count).")
        }
        let limit = -magnitudeLimit...magnitudeLimit
        guard series.x.allSatisfy(limit.contains), series.y.allSatisfy(limit.contains) else {
            throw FigureError.malformed("A chart shows finite numbers up to 1e100, and this one holds others.")
        }
        guard (0...1).contains(series.opacity) else {
            throw FigureError.malformed("A series' opacity goes from 0 to 1.")
        }
        var checked = series
        checked.name = series.name.map { plainLabel($0, limit: 80) }.nonEmpty
        return checked
    }

    private static func range(
        asked: [Double]?, axis: String, padded share: Double, numbers: some Sequence<Double>
    ) throws -> ClosedRange<Double> {
        if let asked {
            guard asked.count == 2, asked.allSatisfy({ abs($0) <= magnitudeLimit }),
                asked[1] - asked[0] > max(narrowestSpread, max(abs(asked[0]), abs(asked[1])) * 1e-9)
            else {
                throw FigureError.malformed(
                    "The \(axis) range of a chart is two finite numbers that differ, the smaller one first.")
            }
            return asked[0]...asked[1]
        }
        var (lowest, highest) = (Double.infinity, -Double.infinity)
        for number in numbers { (lowest, highest) = (min(lowest, number), max(highest, number)) }
        guard lowest <= highest else { return 0...1 }
        let spread = highest - lowest
        // Numbers that are all but equal get a range that is wide enough to place ticks in.
        if spread <= max(narrowestSpread, max(abs(lowest), abs(highest)) * 1e-9) {
            let half = max(abs(highest) * 0.1, 0.5)
            return (lowest - half)...(highest + half)
        }
        return (lowest - spread * share)...(highest + spread * share)
    }
}

/// The room that a bar has: the smallest distance between two neighbours; 1 where there are none.
func barSpacing(_ positions: [Double]) -> Double {
    let sorted = positions.sorted()
    let gaps = zip(sorted, sorted.dropFirst()).map { $1 - $0 }.filter { $0 > 0 }
    return gaps.min() ?? 1
}

private func barEdges(_ positions: [Double]) -> [Double] {
    guard let lowest = positions.min(), let highest = positions.max() else { return [] }
    let half = barSpacing(positions) / 2
    return [lowest - half, highest + half]
}

extension Optional where Wrapped == String {
    fileprivate var nonEmpty: String? { self.flatMap { $0.allSatisfy(\.isWhitespace) ? nil : $0 } }
}
