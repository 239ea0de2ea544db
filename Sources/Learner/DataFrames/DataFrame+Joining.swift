import Display

extension DataFrame {
    /// Which rows a join keeps.
    public enum JoinKind: Sendable {
        /// The rows that have a partner.
        case inner
        /// All rows of the left data frame; what the right one has nothing for is missing.
        case left
    }

    /// The rows of this data frame, each with the columns of the rows of another that have the same keys.
    ///
    /// The rows keep their order; a row with several partners occurs once for each. Missing keys have no partners.
    /// The keys stand once in the result; another column of a name that both have is called `name_right`.
    ///
    /// For example: `ratings.joined(with: movies, on: "movieId", kind: .left)`.
    public func joined(with other: DataFrame, on names: String..., kind: JoinKind = .inner) -> DataFrame {
        joined(with: other, on: names, kind: kind)
    }

    /// The rows of this data frame, each with the columns of the rows of another that have the same keys.
    public func joined(with other: DataFrame, on names: [String], kind: JoinKind = .inner) -> DataFrame {
        if names.isEmpty { learnerMistake("Data frames are joined on at least one column: joined(with: movies, on: \"movieId\").") }
        let (leftRows, rightRows) = pairs(with: other, on: names, kind: kind)
        var result = DataFrame(columns: columns.map { $0.gathered(leftRows) })
        for column in other.columns where !names.contains(column.name) {
            var joined = column.gathered(rightRows, mayBeMissing: kind == .left)
            while result.contains(column: joined.name) { joined.name += "_right" }
            result.append(column: joined)
        }
        return result
    }

    /// The rows on the left and on the right that go together; -1 on the right for a row without a partner.
    private func pairs(with other: DataFrame, on names: [String], kind: JoinKind) -> (left: [Int], right: [Int]) {
        // Ranking the keys of both sides together gives equal keys equal numbers.
        let keys = names.map { name -> Column in
            let (left, right) = (self[name], other[name])
            let numeric: Set<ColumnType> = [.int, .double]
            guard left.type == right.type || numeric.isSuperset(of: [left.type, right.type]) || left.isAllMissing || right.isAllMissing else {
                learnerMistake("The key \(quoted(name)) holds \(left.type) values on the left and \(right.type) values on the right: keys need one type.")
            }
            return left.isAllMissing ? left.typedLike(right).appending(right) : left.appending(right.typedLike(left))
        }
        let codes = Ranks(of: keys).codes
        let isMissing = keys.map(\.missingFlags).filter { !$0.isEmpty }
        func hasKey(_ row: Int) -> Bool { !isMissing.contains { $0[row] } }

        let rightCount = other.rowCount
        var partners: [Int: [Int]] = [:]
        partners.reserveCapacity(rightCount)
        for row in 0..<rightCount where hasKey(rowCount + row) { partners[codes[rowCount + row], default: []].append(row) }
        var leftRows: [Int] = []
        var rightRows: [Int] = []
        leftRows.reserveCapacity(rowCount)
        rightRows.reserveCapacity(rowCount)
        for row in 0..<rowCount {
            if hasKey(row), let found = partners[codes[row]] {
                for partner in found {
                    leftRows.append(row)
                    rightRows.append(partner)
                }
            } else if kind == .left {
                leftRows.append(row)
                rightRows.append(-1)
            }
        }
        return (leftRows, rightRows)
    }
}

extension Column {
    /// Whether there is not a single value.
    var isAllMissing: Bool { missingCount == count }

    /// A column without values takes the type of its partner; any other stays as it is.
    fileprivate func typedLike(_ other: Column) -> Column {
        guard isAllMissing, type != other.type else { return self }
        let rows = [Int](repeating: -1, count: count)
        return Column(name: name, storage: other.gathered(rows, mayBeMissing: true).storage)
    }
}
