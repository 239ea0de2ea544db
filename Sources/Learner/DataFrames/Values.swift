/// The values of one column: its elements, and which of them are missing.
struct Values<Element: ColumnElement>: Sendable {
    private(set) var elements: [Element]
    /// One flag a row; empty when no value is missing, as in most columns.
    private(set) var missing: [Bool]

    init(_ elements: [Element], missing: [Bool] = []) {
        self.elements = elements
        self.missing = missing.contains(true) ? missing : []
    }

    init(_ optionals: [Element?]) {
        self.init(optionals.map { $0 ?? Element() }, missing: optionals.contains { $0 == nil } ? optionals.map { $0 == nil } : [])
    }

    init(allMissing count: Int) {
        self.init([Element](repeating: Element(), count: count), missing: [Bool](repeating: true, count: count))
    }

    var count: Int { elements.count }
    var hasMissing: Bool { !missing.isEmpty }
    var missingCount: Int { missing.reduce(0) { $1 ? $0 + 1 : $0 } }
    var optionals: [Element?] { hasMissing ? zip(elements, missing).map { $1 ? nil : $0 } : elements }

    /// The values that are not missing.
    var present: [Element] { hasMissing ? zip(elements, missing).compactMap { $1 ? nil : $0 } : elements }

    func isMissing(_ row: Int) -> Bool { hasMissing && missing[row] }

    subscript(row: Int) -> Element? { isMissing(row) ? nil : elements[row] }

    /// The values of these rows; a row of -1 gives a missing value.
    func gathered(_ rows: [Int], mayBeMissing: Bool = false) -> Values {
        guard mayBeMissing || hasMissing else {
            return Values(elements.withUnsafeBufferPointer { elements in rows.map { elements[$0] } })
        }
        return Values(
            rows.map { $0 < 0 ? Element() : elements[$0] }, missing: rows.map { $0 < 0 || isMissing($0) })
    }

    func map<Result>(_ transform: (Element) -> Result) -> Values<Result> {
        guard hasMissing else { return Values<Result>(elements.map(transform)) }
        return Values<Result>(zip(elements, missing).map { $1 ? Result() : transform($0) }, missing: missing)
    }
}

extension Values: Equatable {
    static func == (left: Values, right: Values) -> Bool {
        guard left.missing == right.missing, left.count == right.count else { return false }
        for row in 0..<left.count where !left.isMissing(row) {
            let (a, b) = (left.elements[row], right.elements[row])
            // NaN is the only value that differs from itself.
            if a != b && (a == a || b == b) { return false }
        }
        return true
    }
}
