/// For each row, the rank of its value among the column's different values, from 0 for the smallest; a missing
/// value has the last rank. Sorting, grouping, joining and counting all start from here.
struct Ranks {
    /// One rank a row.
    var codes: [Int]
    /// For each rank, the first row that has it.
    var firstRows: [Int]
    /// The rank of missing values; nil when none is missing.
    var missingCode: Int?

    var count: Int { firstRows.count }

    init(of column: Column) {
        switch column.storage {
        case .int(let values): self.init(ofInts: values)
        case .double(let values):
            // One key for the two zeros and one for all NaNs, which come after every number.
            self.init(values, key: { $0.isNaN ? UInt64.max : $0 == 0 ? 0 : $0.bitPattern }) { a, b in
                a.isNaN ? false : b.isNaN ? true : a < b
            }
        case .string(let values): self.init(values, key: { $0 }, by: <)
        case .bool(let values): self.init(values, key: { $0 }) { !$0 && $1 }
        }
    }

    /// The ranks of several columns together: the first decides, then the second, and so on. None counts as missing.
    init(of columns: [Column]) {
        guard let first = columns.first else {
            self.init(ofInts: Values([]))
            return
        }
        self.init(of: first)
        if columns.count > 1 { missingCode = nil }
        for column in columns.dropFirst() {
            let next = Ranks(of: column)
            self.init(ofInts: Values(zip(codes, next.codes).map { $0 * next.count + $1 }))
        }
    }

    private init(ofInts values: Values<Int>) {
        guard let low = values.present.min(), let high = values.present.max(),
            case let (range, overflow) = high.subtractingReportingOverflow(low), !overflow,
            range < 4 * values.count + 1024
        else {
            self.init(values, key: { $0 }, by: <)
            return
        }
        // Ids and counts lie close together: a table is many times faster than hashing.
        var firstRow = [Int](repeating: -1, count: range + 1)
        var missingRow = -1
        for row in 0..<values.count {
            if values.isMissing(row) {
                if missingRow < 0 { missingRow = row }
            } else if firstRow[values.elements[row] - low] < 0 {
                firstRow[values.elements[row] - low] = row
            }
        }
        var found: [Int] = []
        var ranks = [Int](repeating: 0, count: range + 1)
        for value in 0...range where firstRow[value] >= 0 {
            ranks[value] = found.count
            found.append(firstRow[value])
        }
        self.init(firstRows: found, missingRow: missingRow, codes: (0..<values.count).map { row in
            values.isMissing(row) ? found.count : ranks[values.elements[row] - low]
        })
    }

    private init(firstRows: [Int], missingRow: Int, codes: [Int]) {
        self.codes = codes
        self.firstRows = missingRow < 0 ? firstRows : firstRows + [missingRow]
        missingCode = missingRow < 0 ? nil : firstRows.count
    }

    private init<Element, Key: Hashable>(
        _ values: Values<Element>, key: (Element) -> Key, by precedes: (Element, Element) -> Bool
    ) {
        var found: [Key: Int] = [:]
        var appearance: [Int] = []
        appearance.reserveCapacity(values.count)
        var rows: [Int] = []
        var missingRow = -1
        for row in 0..<values.count {
            if values.isMissing(row) {
                if missingRow < 0 { missingRow = row }
                appearance.append(-1)
            } else {
                let key = key(values.elements[row])
                if let number = found[key] {
                    appearance.append(number)
                } else {
                    found[key] = rows.count
                    appearance.append(rows.count)
                    rows.append(row)
                }
            }
        }
        let order = rows.indices.sorted { precedes(values.elements[rows[$0]], values.elements[rows[$1]]) }
        var ranks = [Int](repeating: 0, count: rows.count)
        for (rank, number) in order.enumerated() { ranks[number] = rank }
        self.init(
            firstRows: order.map { rows[$0] }, missingRow: missingRow,
            codes: appearance.map { $0 < 0 ? rows.count : ranks[$0] })
    }

    /// The rows in the order of their ranks; rows of one rank keep their order.
    var sortedRows: [Int] { Ranks.rows(sortedBy: codes, count: count) }

    /// The numbers of rows, sorted stably by codes that lie in 0..<count.
    static func rows(sortedBy codes: [Int], count: Int) -> [Int] {
        var next = [Int](repeating: 0, count: count + 1)
        for code in codes { next[code + 1] += 1 }
        for code in 0..<count { next[code + 1] += next[code] }
        var rows = [Int](repeating: 0, count: codes.count)
        for row in codes.indices {
            let code = codes[row]
            rows[next[code]] = row
            next[code] += 1
        }
        return rows
    }
}
