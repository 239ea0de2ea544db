import Display

/// A picture of numbers: one or more series over one pair of axes.
///
/// A chart is a value. The last expression of a cell or `display(chart)` shows it, `save` writes it to a file,
/// and `+` lays one chart over another:
///
///     Chart(x: epochs, y: loss, mark: .line, name: "loss")
///         + Chart(x: epochs, y: validationLoss, mark: .dashedLine, name: "validation loss")
public struct Chart: Displayable, Equatable, Sendable {
    /// What stands for a number pair: a line through all of them, a point each, or a bar each.
    public struct Mark: Equatable, Sendable {
        var shape: DisplayedChart.Mark
        var stroke: DisplayedChart.Stroke = .solid
        var opacity: Double = 1

        public static let line = Mark(shape: .line)
        public static let dashedLine = Mark(shape: .line, stroke: .dashed)
        public static let point = Mark(shape: .point)
        public static let bar = Mark(shape: .bar)
        /// Points that show how many lie on top of each other. `opacity` goes from 0 (invisible) to 1.
        public static func point(opacity: Double) -> Mark {
            Mark(shape: .point, opacity: checkedOpacity(opacity))
        }
        public static func line(dashed: Bool = false, opacity: Double = 1) -> Mark {
            Mark(shape: .line, stroke: dashed ? .dashed : .solid, opacity: checkedOpacity(opacity))
        }
        public static func bar(opacity: Double) -> Mark {
            Mark(shape: .bar, opacity: checkedOpacity(opacity))
        }

        private static func checkedOpacity(_ opacity: Double) -> Double {
            guard (0...1).contains(opacity) else {
                learnerMistake("The opacity of a mark goes from 0 (invisible) to 1 (solid), and this one is \(opacity).")
            }
            return opacity
        }
    }

    /// Numbers drawn with one mark in one colour.
    public struct Series: Equatable, Sendable {
        /// The name in the legend; nil keeps the series out of it.
        public var name: String?
        public var mark: Mark
        /// An index into the palette; series with one index share a colour. nil takes the next colour.
        public var color: Int?
        public var x: [Double]
        public var y: [Double]

        public init(
            x: some Sequence<some ChartNumber>, y: some Sequence<some ChartNumber>, mark: Mark = .line,
            name: String? = nil, color: Int? = nil
        ) {
            self.x = x.map(\.chartNumber)
            self.y = y.map(\.chartNumber)
            (self.mark, self.name, self.color) = (mark, name, color)
            guard self.x.count == self.y.count else {
                learnerMistake(
                    "A chart needs one y for every x: x has \(counted(self.x.count, "value")), y has \(self.y.count).")
            }
        }
    }

    public var series: [Series]
    public var title: String?
    public var xLabel: String?
    public var yLabel: String?
    /// Names of the positions 0, 1, 2 … on the x axis, where x is not a number.
    public var categories: [String]?
    /// Width and height in inches.
    public var size: [Double]
    /// The part of each axis to show; nil shows all of the numbers.
    public var xRange: ClosedRange<Double>?
    public var yRange: ClosedRange<Double>?

    /// A chart of several series.
    public init(
        series: [Series], title: String? = nil, xLabel: String? = nil, yLabel: String? = nil,
        size: [Double] = Chart.defaultSize, xRange: ClosedRange<Double>? = nil, yRange: ClosedRange<Double>? = nil
    ) {
        (self.series, self.title, self.xLabel, self.yLabel) = (series, title, xLabel, yLabel)
        (self.xRange, self.yRange) = (xRange, yRange)
        self.size = Chart.checkedSize(size)
    }

    /// A chart of y over x.
    public init(
        x: some Sequence<some ChartNumber>, y: some Sequence<some ChartNumber>, mark: Mark = .line,
        name: String? = nil, title: String? = nil, xLabel: String? = nil, yLabel: String? = nil,
        size: [Double] = Chart.defaultSize
    ) {
        self.init(
            series: [Series(x: x, y: y, mark: mark, name: name)], title: title, xLabel: xLabel, yLabel: yLabel,
            size: size)
    }

    /// A chart of y over its positions 0, 1, 2 …
    public init(
        y: some Sequence<some ChartNumber>, mark: Mark = .line,
        name: String? = nil, title: String? = nil, xLabel: String? = nil, yLabel: String? = nil,
        size: [Double] = Chart.defaultSize
    ) {
        let y = y.map(\.chartNumber)
        self.init(
            x: 0..<y.count, y: y, mark: mark, name: name, title: title, xLabel: xLabel, yLabel: yLabel, size: size)
    }

    /// A chart of y over named positions: one bar a name, in the given order.
    public init(
        x names: some Sequence<String>, y: some Sequence<some ChartNumber>, mark: Mark = .bar,
        name: String? = nil, title: String? = nil, xLabel: String? = nil, yLabel: String? = nil,
        size: [Double] = Chart.defaultSize
    ) {
        let categories = Array(names)
        self.init(
            x: 0..<categories.count, y: y, mark: mark, name: name, title: title, xLabel: xLabel, yLabel: yLabel,
            size: size)
        self.categories = categories
    }

    public static let defaultSize: [Double] = [10, 5]

    private static func checkedSize(_ size: [Double]) -> [Double] {
        guard size.count == 2, size.allSatisfy({ $0 >= 1 && $0 <= 50 }) else {
            learnerMistake(
                "A chart's size is its width and height in inches, each between 1 and 50, such as [13, 7]; "
                    + "this one is \(size).")
        }
        return size
    }
}

extension Chart {
    /// One chart over the other, on the same axes. Title, labels and size are the first chart's where it has them.
    public static func + (lower: Chart, upper: Chart) -> Chart {
        if let lowerNames = lower.categories, let upperNames = upper.categories, lowerNames != upperNames {
            learnerMistake(
                "Two charts over names can be laid over each other when the names are the same in the same order; "
                    + "these have \(listed(lowerNames)) and \(listed(upperNames)).")
        }
        var chart = lower
        chart.series += upper.series
        chart.title = lower.title ?? upper.title
        chart.xLabel = lower.xLabel ?? upper.xLabel
        chart.yLabel = lower.yLabel ?? upper.yLabel
        chart.categories = lower.categories ?? upper.categories
        chart.xRange = lower.xRange ?? upper.xRange
        chart.yRange = lower.yRange ?? upper.yRange
        return chart
    }

    /// Lays another chart over this one.
    public static func += (lower: inout Chart, upper: Chart) { lower = lower + upper }

    /// Draws the chart into a file beside the exercise; the name's ending (`.png` or `.svg`) chooses the format.
    public func save(_ path: String) {
        guard path.hasSuffix(".png") || path.hasSuffix(".svg") else {
            learnerMistake("A chart is saved as .png or .svg, so \"\(path)\" needs one of these endings, such as \"curve.png\".")
        }
        Door.save(displayValue, path)
    }

    /// The chart as data. Pairs with a missing or infinite number are left out, and a line is broken there.
    public var displayValue: DisplayValue {
        var nextColor = 0
        var displayed: [DisplayedChart.Series] = []
        for series in series {
            let color = series.color ?? nextColor
            nextColor = max(nextColor, color + 1)
            for (index, run) in series.finiteRuns.enumerated() {
                displayed.append(
                    DisplayedChart.Series(
                        name: index == 0 ? series.name : nil, mark: series.mark.shape, stroke: series.mark.stroke,
                        color: color, opacity: series.mark.opacity,
                        x: run.map { series.x[$0] }, y: run.map { series.y[$0] }))
            }
        }
        return .chart(
            DisplayedChart(
                title: title, xLabel: xLabel, yLabel: yLabel, categories: categories, size: size,
                xRange: xRange.map { [$0.lowerBound, $0.upperBound] },
                yRange: yRange.map { [$0.lowerBound, $0.upperBound] }, series: displayed))
    }
}

extension Chart.Series {
    /// Positions to draw: for points and bars all finite pairs, for a line its unbroken pieces.
    fileprivate var finiteRuns: [[Int]] {
        var runs: [[Int]] = [[]]
        for index in x.indices {
            if x[index].isFinite && y[index].isFinite {
                runs[runs.count - 1].append(index)
            } else if mark.shape == .line, !runs[runs.count - 1].isEmpty {
                runs.append([])
            }
        }
        if runs.count > 1, runs[runs.count - 1].isEmpty { runs.removeLast() }
        return runs
    }
}
