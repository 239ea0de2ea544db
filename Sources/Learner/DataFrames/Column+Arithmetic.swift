import Display

extension Column {
    /// The sums, row by row; for two columns of text, the texts one behind the other. What is missing on one side is missing.
    public static func + (left: Column, right: Column) -> Column {
        if case .string(let a) = left.storage, case .string(let b) = right.storage {
            requireSameCount(left, right)
            return Column(name: "", values: Values<String>(zip(a.optionals, b.optionals).map { x, y in x.flatMap { x in y.map { x + $0 } } }))
        }
        return reckon(left, right, "+", { $0.addingReportingOverflow($1) }, +)
    }

    /// The differences, row by row. What is missing on one side is missing.
    public static func - (left: Column, right: Column) -> Column {
        reckon(left, right, "-", { $0.subtractingReportingOverflow($1) }, -)
    }

    /// The products, row by row. What is missing on one side is missing.
    public static func * (left: Column, right: Column) -> Column {
        reckon(left, right, "*", { $0.multipliedReportingOverflow(by: $1) }, *)
    }

    /// The quotients, row by row: Doubles, also of two Int columns. What is missing on one side is missing.
    public static func / (left: Column, right: Column) -> Column { reckon(left, right, "/", nil, /) }

    public static func + <Element: ColumnElement>(left: Column, right: Element) -> Column { left + constant(right, like: left) }
    public static func - <Number: ColumnNumber>(left: Column, right: Number) -> Column { left - constant(right, like: left) }
    public static func * <Number: ColumnNumber>(left: Column, right: Number) -> Column { left * constant(right, like: left) }
    public static func / <Number: ColumnNumber>(left: Column, right: Number) -> Column { left / constant(right, like: left) }
    public static func + <Element: ColumnElement>(left: Element, right: Column) -> Column { constant(left, like: right) + right }
    public static func - <Number: ColumnNumber>(left: Number, right: Column) -> Column { constant(left, like: right) - right }
    public static func * <Number: ColumnNumber>(left: Number, right: Column) -> Column { constant(left, like: right) * right }
    public static func / <Number: ColumnNumber>(left: Number, right: Column) -> Column { constant(left, like: right) / right }

    /// The numbers with their signs changed.
    public static prefix func - (column: Column) -> Column { -1 * column }

    /// The numbers without their signs.
    public func magnitude() -> Column {
        switch storage {
        case .int(let values) where !values.elements.contains(.min): Column(name: name, values: values.map(abs))
        default: Column(name: name, values: numericValues("has magnitudes").map(abs))
        }
    }

    /// The column of what a function makes of each value that is not missing.
    ///
    /// For example: `movies["decade"] = movies["year"].map(Int.self) { $0 / 10 * 10 }`.
    public func map<Element: ColumnElement, Result: ColumnElement>(
        _ type: Element.Type, _ transform: (Element) throws -> Result
    ) rethrows -> Column {
        Column(name: name, values: Values(try values(as: type).optionals.map { try $0.map(transform) }))
    }

    /// The column with a value wherever one is missing.
    ///
    /// For example: `movies["n_ratings"].filled(with: 0)`.
    public func filled<Element: ColumnElement>(with value: Element) -> Column {
        if missingCount == 0 { return self }
        return Column(name: name, values: Values(values(as: Element.self).optionals.map { $0 ?? value }))
    }

    /// Whole numbers in the place of the values: 0 for the smallest of the different values, 1 for the next, and so
    /// on without a gap, as an Embedding needs them. What is missing stays so.
    ///
    /// For example: `ratings["userId"] = ratings["userId"].numbered()`.
    public func numbered() -> Column {
        let ranks = Ranks(of: self)
        return Column(name: name, values: Values(ranks.codes, missing: missingFlags))
    }

    private static func constant<Element: ColumnElement>(_ value: Element, like column: Column) -> Column {
        Column(name: "", contents: [Element](repeating: value, count: column.count))
    }

    private static func requireSameCount(_ left: Column, _ right: Column) {
        if left.count != right.count {
            learnerMistake("These columns have \(withCommas(left.count)) and \(counted(right.count, "value")): to reckon row by row they need the same number.")
        }
    }

    private static func reckon(
        _ left: Column, _ right: Column, _ symbol: String,
        _ whole: ((Int, Int) -> (partialValue: Int, overflow: Bool))?, _ real: (Double, Double) -> Double
    ) -> Column {
        requireSameCount(left, right)
        let missing: [Bool]
        switch (left.missingFlags.isEmpty, right.missingFlags.isEmpty) {
        case (true, _): missing = right.missingFlags
        case (_, true): missing = left.missingFlags
        default: missing = zip(left.missingFlags, right.missingFlags).map { $0 || $1 }
        }
        if let whole, case .int(let a) = left.storage, case .int(let b) = right.storage {
            var results = [Int]()
            results.reserveCapacity(a.count)
            for row in 0..<a.count {
                let (result, overflow) = whole(a.elements[row], b.elements[row])
                if overflow {
                    learnerMistake("\(a.elements[row]) \(symbol) \(b.elements[row]) in row \(row) is too large for an Int: make one of the columns a Double column first, by * 1.0.")
                }
                results.append(result)
            }
            return Column(name: "", values: Values(results, missing: missing))
        }
        let use = "can be reckoned with by \(symbol)"
        let (a, b) = (left.numericValues(use), right.numericValues(use))
        return Column(name: "", values: Values(zip(a.elements, b.elements).map(real), missing: missing))
    }
}
