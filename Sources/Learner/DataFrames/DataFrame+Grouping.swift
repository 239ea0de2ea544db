import Display

extension DataFrame {
    /// The rows put together by the values of one or several columns, to be summed up group by group.
    ///
    /// For example:
    ///
    ///     ratings.grouped(by: "movieId").aggregated(["n_ratings": .count, "mean_rating": .mean(of: "rating")])
    public func grouped(by names: String...) -> Grouping { Grouping(of: self, by: names) }

    /// The rows put together by the values of several columns.
    public func grouped(by names: [String]) -> Grouping { Grouping(of: self, by: names) }

    /// A data frame's rows in groups. Groups are in ascending order of their keys; a missing key is a group too, the last.
    public struct Grouping: Sendable {
        let frame: DataFrame
        let keys: [String]
        /// For each row, the number of its group.
        let codes: [Int]
        /// For each group, its first row.
        let firstRows: [Int]

        init(of frame: DataFrame, by keys: [String]) {
            if keys.isEmpty { learnerMistake("Rows are grouped by at least one column: grouped(by: \"movieId\").") }
            let ranks = Ranks(of: keys.map { frame[$0] })
            (self.frame, self.keys, codes, firstRows) = (frame, keys, ranks.codes, ranks.firstRows)
        }

        /// How many groups there are.
        public var count: Int { firstRows.count }

        /// One row a group: its keys, then each aggregate in a column of the name it is given.
        public func aggregated(_ aggregates: KeyValuePairs<String, Aggregate>) -> DataFrame {
            var result = DataFrame(columns: keys.map { frame[$0].gathered(firstRows) })
            for (name, aggregate) in aggregates {
                var column = aggregate.values(self)
                column.name = name
                result.append(column: column)
            }
            return result
        }

        /// How many rows each group has, in a column `count`.
        public func counts() -> DataFrame { aggregated(["count": .count]) }

        /// The mean of a column in each group, in a column of the same name.
        public func means(_ name: String) -> DataFrame { aggregated([name: .mean(of: name)]) }

        /// The sum of a column in each group, in a column of the same name.
        public func sums(_ name: String) -> DataFrame { aggregated([name: .sum(of: name)]) }

        /// The groups themselves: each a data frame with its rows in their order.
        public var groups: [DataFrame] {
            var rows = [[Int]](repeating: [], count: count)
            for (row, code) in codes.enumerated() { rows[code].append(row) }
            return rows.map(frame.gathered)
        }
    }
}

/// What a group of rows is summed up to: how many there are, or something of one of their columns.
/// Missing values are left out of account; where nothing is left, the result is missing.
public struct Aggregate: Sendable {
    let values: @Sendable (DataFrame.Grouping) -> Column

    /// How many rows the group has.
    public static let count = Aggregate { grouping in
        var counts = [Int](repeating: 0, count: grouping.count)
        for code in grouping.codes { counts[code] += 1 }
        return Column(name: "", contents: counts)
    }

    /// How many different values the group has in a column.
    public static func uniqueCount(of name: String) -> Aggregate {
        Aggregate { grouping in
            let ranks = Ranks(of: grouping.frame[name])
            var seen = [Set<Int>](repeating: [], count: grouping.count)
            for (row, code) in grouping.codes.enumerated() where ranks.codes[row] != ranks.missingCode {
                seen[code].insert(ranks.codes[row])
            }
            return Column(name: "", contents: seen.map(\.count))
        }
    }

    /// The mean of a column's numbers.
    public static func mean(of name: String) -> Aggregate {
        numbers(of: name, "has a mean") { totals in totals.count == 0 ? nil : totals.sum / Double(totals.count) }
    }

    /// The standard deviation of a column's numbers, with n - 1 in the denominator.
    public static func standardDeviation(of name: String) -> Aggregate {
        numbers(of: name, "has a standard deviation") { totals in
            totals.count < 2 ? nil : (totals.squares / Double(totals.count - 1)).squareRoot()
        }
    }

    /// The sum of a column's numbers: whole numbers stay so.
    public static func sum(of name: String) -> Aggregate {
        keepingInts(of: name, numbers(of: name, "has a sum") { totals in totals.count == 0 ? nil : totals.sum })
    }

    /// The smallest of a column's numbers: whole numbers stay so.
    public static func min(of name: String) -> Aggregate {
        keepingInts(of: name, numbers(of: name, "has a smallest number") { totals in totals.count == 0 ? nil : totals.least })
    }

    /// The largest of a column's numbers: whole numbers stay so.
    public static func max(of name: String) -> Aggregate {
        keepingInts(of: name, numbers(of: name, "has a largest number") { totals in totals.count == 0 ? nil : totals.greatest })
    }

    /// A column's first value in the group, of whatever type.
    public static func first(of name: String) -> Aggregate {
        Aggregate { grouping in
            let column = grouping.frame[name]
            let missing = column.missingFlags
            var rows = [Int](repeating: -1, count: grouping.count)
            for (row, code) in grouping.codes.enumerated() where rows[code] < 0 && (missing.isEmpty || !missing[row]) {
                rows[code] = row
            }
            return column.gathered(rows, mayBeMissing: true)
        }
    }

    private struct Totals {
        var count = 0
        var sum = 0.0
        var mean = 0.0
        var squares = 0.0
        var least = Double.infinity
        var greatest = -Double.infinity

        mutating func add(_ number: Double) {
            count += 1
            sum += number
            // Welford's way: the squares of deviations, without the loss of subtracting large numbers.
            let deviation = number - mean
            mean += deviation / Double(count)
            squares += deviation * (number - mean)
            least = Swift.min(least, number)
            greatest = Swift.max(greatest, number)
        }
    }

    private static func numbers(
        of name: String, _ use: String, _ result: @escaping @Sendable (Totals) -> Double?
    ) -> Aggregate {
        Aggregate { grouping in
            let values = grouping.frame[name].numericValues(use)
            var totals = [Totals](repeating: Totals(), count: grouping.count)
            for (row, code) in grouping.codes.enumerated() where !values.isMissing(row) {
                totals[code].add(values.elements[row])
            }
            return Column(name: "", contents: totals.map(result))
        }
    }

    private static func keepingInts(of name: String, _ aggregate: Aggregate) -> Aggregate {
        Aggregate { grouping in
            let result = aggregate.values(grouping)
            guard grouping.frame[name].type == .int else { return result }
            let wholes = result.values(as: Double.self).optionals.map { $0.flatMap { Int(exactly: $0) } }
            return zip(wholes, result.missingFlags).contains { $0 == nil && !$1 } ? result : Column(name: "", contents: wholes)
        }
    }
}
