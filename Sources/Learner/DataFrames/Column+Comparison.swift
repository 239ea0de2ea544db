import Display

extension Column {
    public static func == <Element: ColumnElement>(left: Column, right: Element) -> Mask { compare(left, right, "==") { $0 == .same } }
    public static func != <Element: ColumnElement>(left: Column, right: Element) -> Mask { compare(left, right, "!=") { $0 != .same } }
    public static func < <Element: ColumnElement>(left: Column, right: Element) -> Mask { compare(left, right, "<") { $0 == .less } }
    public static func <= <Element: ColumnElement>(left: Column, right: Element) -> Mask { compare(left, right, "<=") { $0 == .less || $0 == .same } }
    public static func > <Element: ColumnElement>(left: Column, right: Element) -> Mask { compare(left, right, ">") { $0 == .greater } }
    public static func >= <Element: ColumnElement>(left: Column, right: Element) -> Mask { compare(left, right, ">=") { $0 == .greater || $0 == .same } }

    public static func == (left: Column, right: Column) -> Mask { compare(left, right, "==") { $0 == .same } }
    public static func != (left: Column, right: Column) -> Mask { compare(left, right, "!=") { $0 != .same } }
    public static func < (left: Column, right: Column) -> Mask { compare(left, right, "<") { $0 == .less } }
    public static func <= (left: Column, right: Column) -> Mask { compare(left, right, "<=") { $0 == .less || $0 == .same } }
    public static func > (left: Column, right: Column) -> Mask { compare(left, right, ">") { $0 == .greater } }
    public static func >= (left: Column, right: Column) -> Mask { compare(left, right, ">=") { $0 == .greater || $0 == .same } }

    /// The rows whose value is among these.
    public func isIn<Element: ColumnElement>(_ wanted: some Sequence<Element>) -> Mask {
        let (values, wanted, ranks) = (values(as: Element.self), Set(wanted), Ranks(of: self))
        let isWanted = ranks.firstRows.map { row in values[row].map(wanted.contains) ?? false }
        return Mask(ranks.codes.map { isWanted[$0] })
    }

    /// The rows whose text holds this one, which may be in any part of it.
    public func contains(text: String) -> Mask {
        Mask(values(as: String.self).optionals.map { $0.map { $0.containsText(text) } ?? false })
    }

    /// How two values stand to each other; NaN is unlike everything.
    private enum Relation { case less, same, greater, unlike }

    private static func compare<Element: ColumnElement>(
        _ column: Column, _ constant: Element, _ symbol: String, _ holds: (Relation) -> Bool
    ) -> Mask {
        compare(column, Column(name: "", contents: [Element](repeating: constant, count: column.count)), symbol, holds)
    }

    private static func compare(_ left: Column, _ right: Column, _ symbol: String, _ holds: (Relation) -> Bool) -> Mask {
        if left.count != right.count {
            learnerMistake("These columns have \(withCommas(left.count)) and \(counted(right.count, "value")): to compare row by row they need the same number.")
        }
        func flags<Element>(_ a: Values<Element>, _ b: Values<Element>, _ relation: (Element, Element) -> Relation) -> Mask {
            Mask((0..<a.count).map { row in
                !a.isMissing(row) && !b.isMissing(row) && holds(relation(a.elements[row], b.elements[row]))
            })
        }
        func ordered<Element: Comparable>(_ a: Element, _ b: Element) -> Relation {
            a < b ? .less : a == b ? .same : b < a ? .greater : .unlike
        }
        switch (left.storage, right.storage) {
        case (.int(let a), .int(let b)): return flags(a, b, ordered)
        case (.string(let a), .string(let b)): return flags(a, b, ordered)
        case (.bool(let a), .bool(let b)) where symbol == "==" || symbol == "!=":
            return flags(a, b) { $0 == $1 ? .same : .unlike }
        case (.int, .double), (.double, .int), (.double, .double):
            return flags(left.values(as: Double.self), right.values(as: Double.self), ordered)
        default:
            if left.missingCount == left.count || right.missingCount == right.count {
                return Mask([Bool](repeating: false, count: left.count))
            }
            learnerMistake("\(left.subject) holds \(left.type) values: \(symbol) can't compare them with \(right.type) values.")
        }
    }
}

extension String {
    /// Whether a text occurs in this one, byte by byte.
    fileprivate func containsText(_ text: String) -> Bool {
        let (bytes, wanted) = (Array(utf8), Array(text.utf8))
        guard wanted.count <= bytes.count else { return false }
        return (0...(bytes.count - wanted.count)).contains { bytes[$0..<($0 + wanted.count)].elementsEqual(wanted) }
    }
}
