import Display

extension DataFrame {
    /// The data frame of these columns, in this order.
    public func select(_ names: String...) -> DataFrame { select(names) }

    /// The data frame of these columns, in this order.
    public func select(_ names: [String]) -> DataFrame { DataFrame(columns: names.map { self[$0] }) }

    /// The data frame without these columns.
    public func dropping(_ names: String...) -> DataFrame {
        for name in names { _ = position(of: name) }
        return DataFrame(columns: columns.filter { !names.contains($0.name) })
    }

    /// The data frame of these columns; the same as `select`.
    public subscript(names: [String]) -> DataFrame { select(names) }

    /// The rows that a mask picks.
    ///
    /// For example: `movies[movies["n_ratings"] >= 20 && movies["year"] < 1990]`.
    public subscript(mask: Mask) -> DataFrame { filter(mask) }

    /// The rows of these numbers, from 0. What lies beyond the last row is left out.
    public subscript(rows: Range<Int>) -> DataFrame { gathered(Array(rows.clamped(to: 0..<rowCount))) }

    /// The rows that a mask picks; the same as `df[mask]`.
    public func filter(_ mask: Mask) -> DataFrame {
        if mask.count != rowCount {
            learnerMistake("The mask is for \(counted(mask.count, "row")), and the data frame has \(withCommas(rowCount)): compare columns of this data frame to pick its rows.")
        }
        return gathered(mask.rows)
    }

    /// The rows for which a condition holds.
    ///
    /// For example: `movies.filter { $0["year", Int.self] == 1979 }`. A mask (`movies[movies["year"] == 1979]`) is faster.
    public func filter(_ isIncluded: (Row) throws -> Bool) rethrows -> DataFrame {
        gathered(try rows.indices.filter { try isIncluded(rows[$0]) })
    }

    /// The rows whose value in one column fulfils a condition; it is asked for missing values too, with nil.
    ///
    /// For example: `movies.filter(on: "title", String.self) { $0?.hasPrefix("Alien") == true }`.
    public func filter<Element: ColumnElement>(
        on name: String, _ type: Element.Type, _ isIncluded: (Element?) throws -> Bool
    ) rethrows -> DataFrame {
        let values = self[name, type]
        return gathered(try values.indices.filter { try isIncluded(values[$0]) })
    }

    /// The first rows.
    public func head(_ count: Int = 5) -> DataFrame { self[0..<max(0, count)] }

    /// The last rows.
    public func tail(_ count: Int = 5) -> DataFrame { self[max(0, rowCount - max(0, count))..<rowCount] }

    /// The first rows; the same as `head`.
    public func prefix(_ count: Int) -> DataFrame { head(count) }

    /// The last rows; the same as `tail`.
    public func suffix(_ count: Int) -> DataFrame { tail(count) }

    /// The rows in which nothing is missing; with names, nothing in these columns.
    public func dropMissing(_ names: String...) -> DataFrame {
        let flags = (names.isEmpty ? columnNames : names).map { self[$0].missingFlags }.filter { !$0.isEmpty }
        if flags.isEmpty { return self }
        return gathered((0..<rowCount).filter { row in !flags.contains { $0[row] } })
    }

    /// The rows of this data frame, and below them those of another with the same columns.
    public func appending(rowsOf other: DataFrame) -> DataFrame {
        if columns.isEmpty { return other }
        return DataFrame(columns: columns.map { $0.appending(other[$0.name]) })
    }
}

extension Column {
    /// The values of this column, and behind them those of another; an Int and a Double column give Doubles.
    func appending(_ other: Column) -> Column {
        func joined<Element>(_ a: Values<Element>, _ b: Values<Element>) -> Column {
            let missing = a.hasMissing || b.hasMissing ? self.isMissing.flags + other.isMissing.flags : []
            return Column(name: name, values: Values(a.elements + b.elements, missing: missing))
        }
        switch (type, other.type) {
        case (.int, .int): return joined(values(as: Int.self), other.values(as: Int.self))
        case (.int, .double), (.double, .int), (.double, .double):
            return joined(values(as: Double.self), other.values(as: Double.self))
        case (.string, _): return joined(values(as: String.self), other.values(as: String.self))
        case (.bool, _): return joined(values(as: Bool.self), other.values(as: Bool.self))
        case (_, .string), (_, .bool):
            learnerMistake("\(subject) holds \(type) values on one side and \(other.type) values on the other.")
        }
    }
}
