/// `1 value`, `3 values`.
func counted(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }

/// `a, b and c`, cut after eight names.
func listed(_ names: [String]) -> String {
    let shown = names.prefix(8)
    if names.count > 8 { return shown.joined(separator: ", ") + " and \(names.count - 8) more" }
    guard let last = shown.last, shown.count > 1 else { return shown.first ?? "none" }
    return shown.dropLast().joined(separator: ", ") + " and " + last
}
