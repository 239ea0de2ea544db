extension Column {
    /// The mean of the values that are not missing; NaN where there is none.
    public func mean() -> Double {
        let present = numericValues("has a mean").present
        return present.isEmpty ? .nan : present.reduce(0, +) / Double(present.count)
    }

    /// The sum of the values that are not missing.
    public func sum() -> Double { numericValues("has a sum").present.reduce(0, +) }

    /// The smallest number; NaN where there is none. For text, ask the typed column: `df["title", String.self].min()`.
    public func min() -> Double { numericValues("has a smallest number").present.min() ?? .nan }

    /// The largest number; NaN where there is none. For text, ask the typed column: `df["title", String.self].max()`.
    public func max() -> Double { numericValues("has a largest number").present.max() ?? .nan }

    /// The standard deviation of the values that are not missing, with n - 1 in the denominator; NaN below two.
    public func standardDeviation() -> Double {
        let present = numericValues("has a standard deviation").present
        guard present.count > 1 else { return .nan }
        let mean = present.reduce(0, +) / Double(present.count)
        let squares = present.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        return (squares / Double(present.count - 1)).squareRoot()
    }

    /// The value below which a share of the values lies, 0.5 being the median; between two values, in proportion.
    public func quantile(_ share: Double) -> Double {
        let sorted = numericValues("has quantiles").present.filter { !$0.isNaN }.sorted()
        guard let last = sorted.last else { return .nan }
        let position = Swift.max(0, Swift.min(1, share)) * Double(sorted.count - 1)
        let below = Int(position)
        guard below + 1 < sorted.count else { return last }
        return sorted[below] + (position - Double(below)) * (sorted[below + 1] - sorted[below])
    }

    /// The value in the middle: ``quantile(_:)`` of 0.5.
    public func median() -> Double { quantile(0.5) }

    /// The different values, in the order in which they first occur, without missing ones.
    public func unique() -> Column {
        let ranks = Ranks(of: self)
        let rows = ranks.firstRows.enumerated().filter { $0.offset != ranks.missingCode }.map(\.element)
        return gathered(rows.sorted())
    }

    /// How often each value occurs, the most frequent first: a data frame of the value and its `count`.
    public func valueCounts() -> DataFrame {
        let ranks = Ranks(of: self)
        var counts = [Int](repeating: 0, count: ranks.firstRows.count)
        for code in ranks.codes { counts[code] += 1 }
        let codes = counts.indices.filter { $0 != ranks.missingCode }
            .sorted { (counts[$1], ranks.firstRows[$0]) < (counts[$0], ranks.firstRows[$1]) }
        var values = gathered(codes.map { ranks.firstRows[$0] })
        if values.name.isEmpty || values.name == "count" { values.name = "value" }
        return DataFrame(columns: [values, Column(name: "count", contents: codes.map { counts[$0] })])
    }
}
