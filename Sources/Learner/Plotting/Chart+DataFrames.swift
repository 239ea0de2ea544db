import DataFrames
import Display

extension DataFrame.Scalar: ChartNumber {
    /// The number, 1 and 0 for true and false; a missing value leaves a gap, and text ends with a sentence.
    public var chartNumber: Double {
        switch self {
        case .int(let value): Double(value)
        case .double(let value): value
        case .bool(let value): value ? 1 : 0
        case .missing: .nan
        case .string(let text):
            learnerMistake("A chart places numbers, and this column holds text, such as \"\(text.prefix(40))\".")
        }
    }
}

extension Chart {
    /// A chart of two columns of a data frame: one mark a row. A column of text as x gives named positions.
    ///
    /// For example:
    ///
    ///     Chart(movies.sample(1_000, seed: 1), x: "mean_rating", y: "bias", mark: .point(opacity: 0.4))
    public init(
        _ rows: DataFrame, x: String, y: String, mark: Mark = .point, name: String? = nil, title: String? = nil,
        xLabel: String? = nil, yLabel: String? = nil, size: [Double] = Chart.defaultSize
    ) {
        let (xColumn, yNumbers) = (rows[x], rows[y].numbers)
        if xColumn.type == .string {
            let texts = xColumn.map { $0.string ?? "nil" }
            var positions: [String: Int] = [:]
            var categories: [String] = []
            for text in texts where positions[text] == nil {
                positions[text] = categories.count
                categories.append(text)
            }
            self.init(
                x: texts.map { positions[$0] ?? 0 }, y: yNumbers, mark: mark, name: name, title: title,
                xLabel: xLabel ?? x, yLabel: yLabel ?? y, size: size)
            self.categories = categories
        } else {
            self.init(
                x: xColumn.numbers, y: yNumbers, mark: mark, name: name, title: title, xLabel: xLabel ?? x,
                yLabel: yLabel ?? y, size: size)
        }
    }

    /// A chart of several columns over one: a series a column, with its name in the legend.
    public init(
        _ rows: DataFrame, x: String, y: [String], mark: Mark = .line, title: String? = nil, xLabel: String? = nil,
        yLabel: String? = nil, size: [Double] = Chart.defaultSize
    ) {
        guard let first = y.first else {
            learnerMistake("A chart needs at least one column for y, such as y: [\"rating\"].")
        }
        self.init(rows, x: x, y: first, mark: mark, name: first, title: title, xLabel: xLabel, size: size)
        for column in y.dropFirst() { self += Chart(rows, x: x, y: column, mark: mark, name: column) }
        self.yLabel = yLabel ?? (y.count == 1 ? first : nil)
    }

    /// How many values of a column fall into each of `bins` equal parts of their range.
    public static func histogram(
        _ column: Column, bins: Int = 20, title: String? = nil, xLabel: String? = nil, yLabel: String? = "count",
        size: [Double] = Chart.defaultSize
    ) -> Chart {
        histogram(
            column.numbers, bins: bins, title: title, xLabel: xLabel ?? (column.name.isEmpty ? nil : column.name),
            yLabel: yLabel, size: size)
    }
}
