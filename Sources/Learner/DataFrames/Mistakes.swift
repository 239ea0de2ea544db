/// A name in a sentence: in straight quotes, as it stands in code.
func quoted(_ name: String) -> String { "\"\(name)\"" }

/// A number with its noun: `1 row`, `100,004 rows`.
func counted(_ count: Int, _ noun: String) -> String { "\(withCommas(count)) \(noun)\(count == 1 ? "" : "s")" }

/// A number with commas between its thousands.
func withCommas(_ number: Int) -> String {
    let digits = String(number.magnitude)
    var text = ""
    for (index, digit) in digits.enumerated() {
        if index > 0, (digits.count - index) % 3 == 0 { text += "," }
        text.append(digit)
    }
    return number < 0 ? "-" + text : text
}

/// The sentence for a column that doesn't exist: what there is, and what may have been meant.
func unknownColumn(_ name: String, among names: [String]) -> String {
    if names.isEmpty { return "There is no column \(quoted(name)): the data frame has no columns." }
    let shown = names.count <= 20 ? names.map(quoted).joined(separator: ", ") : names.prefix(20).map(quoted).joined(separator: ", ") + " and \(names.count - 20) more"
    let guess = nearest(to: name, among: names).map { " Did you mean \(quoted($0))?" } ?? ""
    return "There is no column \(quoted(name)).\(guess) The data frame has \(shown)."
}

/// The name that a mistyped one is closest to, if it is close at all.
func nearest(to name: String, among names: [String]) -> String? {
    func plain(_ text: String) -> [Character] { Array(text.lowercased().filter { $0.isLetter || $0.isNumber }) }
    let wanted = plain(name)
    guard wanted.count <= 60 else { return nil }
    let limit = max(1, wanted.count / 3)
    let distances = names.filter { $0.count <= 80 }.map { (name: $0, distance: editDistance(wanted, plain($0))) }
    return distances.filter { $0.distance <= limit }.min { $0.distance < $1.distance }?.name
}

/// How many letters must be put in, left out or changed to get from one word to the other.
private func editDistance(_ a: [Character], _ b: [Character]) -> Int {
    var previous = Array(0...b.count)
    for (i, letter) in a.enumerated() {
        var current = [i + 1]
        for (j, other) in b.enumerated() {
            current.append(min(previous[j + 1] + 1, current[j] + 1, previous[j] + (letter == other ? 0 : 1)))
        }
        previous = current
    }
    return previous[b.count]
}
