import Display

extension Chart {
    /// How many values fall into each of `bins` equal parts of their range. Missing values are not counted.
    ///
    /// For example: `Chart.histogram(biases, bins: 30, xLabel: "bias")`.
    public static func histogram(
        _ values: some Sequence<some ChartNumber>, bins: Int = 20, name: String? = nil, title: String? = nil,
        xLabel: String? = nil, yLabel: String? = "count", size: [Double] = Chart.defaultSize
    ) -> Chart {
        guard (1...10_000).contains(bins) else {
            learnerMistake("A histogram has between 1 and 10,000 bins, and this one asks for \(bins).")
        }
        let numbers = values.map(\.chartNumber).filter(\.isFinite)
        guard let lowest = numbers.min(), let highest = numbers.max() else {
            learnerMistake("A histogram needs at least one number, and there is none to count.")
        }
        let (lower, upper) = lowest < highest ? (lowest, highest) : (lowest - 0.5, highest + 0.5)
        // Halves keep the width finite even for the two ends of what a Double can hold.
        let halfWidth = (upper / 2 - lower / 2) / Double(bins)
        var counts = [Int](repeating: 0, count: bins)
        for number in numbers {
            let position = halfWidth > 0 ? (number / 2 - lower / 2) / halfWidth : 0
            counts[min(bins - 1, max(0, Int(position)))] += 1
        }
        let centres = (0..<bins).map { bin in
            let share = Double(2 * bin + 1) / Double(2 * bins)
            return lower * (1 - share) + upper * share
        }
        return Chart(x: centres, y: counts, mark: .bar, name: name, title: title, xLabel: xLabel, yLabel: yLabel, size: size)
    }
}
