extension DataFrame {
    /// In which direction rows are sorted.
    public enum Order: Sendable { case ascending, descending }

    /// The rows sorted by a column. Equal rows keep their order, and missing values come last either way.
    ///
    /// For example: `movies.sorted(by: "bias", order: .descending).head(10)`.
    public func sorted(by name: String, order: Order = .ascending) -> DataFrame { sorted(by: [name], order: order) }

    /// The rows sorted by a column, in the words of pandas.
    public func sorted(by name: String, ascending: Bool) -> DataFrame {
        sorted(by: [name], order: ascending ? .ascending : .descending)
    }

    /// The rows sorted by several columns: by the first, where that is equal by the second, and so on.
    public func sorted(by names: [String], order: Order = .ascending) -> DataFrame {
        // Stable sorts from the last key to the first leave the rows in the order of all of them.
        var rows = Array(0..<rowCount)
        for name in names.reversed() {
            let ranks = Ranks(of: self[name])
            var codes = ranks.codes
            if order == .descending {
                let last = (ranks.missingCode ?? ranks.count) - 1
                codes = codes.map { $0 == ranks.missingCode ? $0 : last - $0 }
            }
            rows = Ranks.rows(sortedBy: rows.map { codes[$0] }, count: ranks.count).map { rows[$0] }
        }
        return gathered(rows)
    }
}
