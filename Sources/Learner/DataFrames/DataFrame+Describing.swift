extension DataFrame {
    /// A summary of the columns of numbers: how many values, mean, standard deviation, smallest, quartiles and largest.
    public func describe() -> DataFrame {
        let numeric = columns.filter { $0.type == .int || $0.type == .double }
        let statistics: [(name: String, value: (Column) -> Double)] = [
            ("count", { Double($0.count - $0.missingCount) }), ("mean", { $0.mean() }),
            ("standardDeviation", { $0.standardDeviation() }), ("min", { $0.min() }), ("25%", { $0.quantile(0.25) }),
            ("50%", { $0.quantile(0.5) }), ("75%", { $0.quantile(0.75) }), ("max", { $0.max() }),
        ]
        var label = "statistic"
        while numeric.contains(where: { $0.name == label }) { label += "_" }
        var summary = DataFrame(columns: [Column(name: label, contents: statistics.map(\.name))])
        for column in numeric {
            summary.append(column: Column(name: column.name, contents: statistics.map { $0.value(column) }))
        }
        return summary
    }
}
