import DataFrames

/// How far a floating-point number may be off, as a part of it, where a problem does not say otherwise.
public let defaultTolerance = 1e-6

/// Where a learner's value first differs from the expected one, in words that don't give the expected one away.
struct Difference: Equatable {
    /// Where in the value, as Swift would write it: `[2].title`; empty for the value itself.
    var place: String
    /// What to say of that place, up to the full stop: "is 7, which is not the expected value."
    var finding: String

    func inside(_ outer: String) -> Difference { Difference(place: outer + place, finding: finding) }
}

/// nil when both are equal, floating-point numbers within `tolerance`.
///
/// Both are of one type. Arrays, sets, dictionaries, strings and structs are compared part by part.
func firstDifference(_ found: Any, _ expected: Any, tolerance: Double) -> Difference? {
    if let found = found as? any OptionalAnswer, let expected = expected as? any OptionalAnswer {
        switch (found.wrapped, expected.wrapped) {
        case (nil, nil): return nil
        case (let found?, let expected?): return firstDifference(found, expected, tolerance: tolerance)
        case (nil, _): return Difference(place: "", finding: "is nil, and a value was expected.")
        case (_, nil): return other(found)
        }
    }
    if let found = found as? any BinaryFloatingPoint, let expected = expected as? any BinaryFloatingPoint {
        return areClose(Double(found), Double(expected), tolerance) ? nil : other(found)
    }
    if let found = found as? String, let expected = expected as? String { return difference(found, expected) }
    if let found = found as? [Any], let expected = expected as? [Any] { return difference(found, expected, tolerance) }
    if let found = found as? Set<AnyHashable>, let expected = expected as? Set<AnyHashable> {
        return difference(found, expected, tolerance)
    }
    if let found = found as? [AnyHashable: Any], let expected = expected as? [AnyHashable: Any] {
        return difference(found, expected, tolerance)
    }
    if let found = found as? DataFrame, let expected = expected as? DataFrame { return difference(found, expected, tolerance) }
    let foundParts = Mirror(reflecting: found), expectedParts = Mirror(reflecting: expected)
    if foundParts.displayStyle == .struct, !foundParts.children.isEmpty {
        for (part, expectedPart) in zip(foundParts.children, expectedParts.children) {
            if let difference = firstDifference(part.value, expectedPart.value, tolerance: tolerance) {
                return difference.inside("." + (part.label ?? ""))
            }
        }
        return nil
    }
    return areEqual(found, expected) ? nil : other(found)
}

private func other(_ found: Any) -> Difference {
    Difference(place: "", finding: "is \(inlineCode(literal(found))), which is not the expected value.")
}

private func areEqual(_ found: Any, _ expected: Any) -> Bool {
    func isEqual<Value: Equatable>(_ found: Value) -> Bool { found == expected as? Value }
    if let found = found as? any Equatable { return isEqual(found) }
    return String(describing: found) == String(describing: expected)
}

/// Relative to the larger of the two; where 0 is expected, there is hardly any room.
private func areClose(_ found: Double, _ expected: Double, _ tolerance: Double) -> Bool {
    if found == expected || (found.isNaN && expected.isNaN) { return true }
    guard found.isFinite, expected.isFinite else { return false }
    if expected == 0 { return abs(found) <= tolerance * tolerance }
    return abs(found - expected) <= tolerance * max(abs(found), abs(expected))
}

private func difference(_ found: String, _ expected: String) -> Difference? {
    if found == expected { return nil }
    if found.lowercased() == expected.lowercased() {
        return Difference(place: "", finding: "differs from what was expected only in upper and lower case.")
    }
    if found.filter({ !$0.isWhitespace }) == expected.filter({ !$0.isWhitespace }) {
        return Difference(place: "", finding: "differs from what was expected only in its spaces or line breaks.")
    }
    let common = zip(found, expected).prefix { $0 == $1 }.count
    if common == found.count {
        return Difference(place: "", finding: found.isEmpty ? "is empty." : "begins as expected, and ends too early.")
    }
    if common == expected.count {
        return Difference(place: "", finding: "goes on after character \(common), where it should end.")
    }
    let right = common == 0 ? "" : " Up to \(inlineCode(String(found.prefix(common).suffix(20)).debugDescription)) it is right."
    return Difference(place: "", finding: "is not the expected text from character \(common + 1) on.\(right)")
}

private func difference(_ found: [Any], _ expected: [Any], _ tolerance: Double) -> Difference? {
    guard found.count == expected.count else {
        return wrongCount(found.count, expected.count, "element")
    }
    for (index, (left, right)) in zip(found, expected).enumerated() {
        if let difference = firstDifference(left, right, tolerance: tolerance) { return difference.inside("[\(index)]") }
    }
    return nil
}

private func difference(_ found: Set<AnyHashable>, _ expected: Set<AnyHashable>, _ tolerance: Double) -> Difference? {
    func holds(_ set: Set<AnyHashable>, _ element: AnyHashable) -> Bool {
        if set.contains(element) { return true }
        guard element.base is any BinaryFloatingPoint else { return false }
        return set.contains { firstDifference($0.base, element.base, tolerance: tolerance) == nil }
    }
    let foreign = found.filter { !holds(expected, $0) }.map { literal($0.base) }.sorted()
    if let first = foreign.first {
        return Difference(place: "", finding: "holds \(inlineCode(first)), which does not belong there.")
    }
    let missing = expected.filter { !holds(found, $0) }.count
    return missing == 0 ? nil : Difference(place: "", finding: "lacks \(missing == 1 ? "a value" : "\(missing) values").")
}

private func difference(_ found: [AnyHashable: Any], _ expected: [AnyHashable: Any], _ tolerance: Double) -> Difference? {
    let keys = found.keys.map { ($0, literal($0.base)) }.sorted { $0.1 < $1.1 }
    if let (_, text) = keys.first(where: { expected[$0.0] == nil }) {
        return Difference(place: "", finding: "has the key \(inlineCode(text)), which does not belong there.")
    }
    for (key, text) in keys {
        guard let left = found[key], let right = expected[key] else { continue }
        if let difference = firstDifference(left, right, tolerance: tolerance) { return difference.inside("[\(text)]") }
    }
    let missing = expected.count - found.count
    return missing == 0 ? nil : Difference(place: "", finding: "lacks \(missing == 1 ? "a key" : "\(missing) keys").")
}

private func difference(_ found: DataFrame, _ expected: DataFrame, _ tolerance: Double) -> Difference? {
    if let foreign = found.columnNames.first(where: { !expected.contains(column: $0) }) {
        return Difference(place: "", finding: "has a column \(inlineCode(foreign)), which does not belong there.")
    }
    let missing = expected.columnCount - found.columnCount
    if missing != 0 { return Difference(place: "", finding: "lacks \(missing == 1 ? "a column" : "\(missing) columns").") }
    if found.rowCount != expected.rowCount {
        return wrongCount(found.rowCount, expected.rowCount, "row")
    }
    for column in found.columns {
        let others = expected[column: column.name]
        for (row, (value, other)) in zip(column, others).enumerated() where value != other {
            if let value = value.double, let other = other.double, areClose(value, other, tolerance) { continue }
            return Difference(
                place: "[\(column.name.debugDescription)][\(row)]",
                finding: "is \(value.isMissing ? "missing" : inlineCode("\(value)")), which is not the expected value.")
        }
    }
    return nil
}

private func wrongCount(_ found: Int, _ expected: Int, _ noun: String) -> Difference {
    let count = "\(found) \(noun)\(found == 1 ? "" : "s")"
    return Difference(place: "", finding: "has \(count), which is too \(found < expected ? "few" : "many").")
}
