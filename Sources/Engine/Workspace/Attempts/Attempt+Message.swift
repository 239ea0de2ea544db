import Foundation
import Wire

/// An attempt's commit message: a line for people, an empty one, and trailers as `git interpret-trailers` reads them.
extension Attempt.Summary {
    static let version = 1

    var message: String {
        let counted = results.filter { $0.outcome != .read && $0.outcome != .unread }.count
        var text = "\(exercise): \(occasion.words ?? (counted == 0 ? "no question asked" : "\(correct) of \(counted) correct"))\n\n"
        func add(_ key: String, _ value: String) { text += "\(key): \(value)\n" }
        add("Etude-Attempt", "\(Self.version)")
        add("Exercise", exercise.description)
        if let courseVersion { add("Course-Version", escaped(courseVersion)) }
        add("File", escaped(file))
        add("Time", "\(Int64((date.timeIntervalSince1970 * 1_000).rounded()))")
        if occasion != .check { add("Occasion", occasion.rawValue) }
        for result in results {
            let words = [result.outcome.rawValue, "\(result.points)/\(result.maximum)", escaped(result.problem)]
            add("Result", (words + (result.mistake.map { [escaped($0)] } ?? [])).joined(separator: " "))
        }
        for cell in changedCells { add("Changed-Cell", escaped(cell)) }
        for cell in goneCells { add("Gone-Cell", escaped(cell)) }
        return text
    }

    /// - Parameter other: an attempt that this one is likely to have much in common with: a history has thousands, and what
    ///   they share is read once.
    /// - Returns: nil for a message that is not an attempt's, or of a version that is not known.
    init?(message: ByteCursor, like other: Self? = nil) {
        var version: Int64?, exercise: ExerciseName?, courseVersion: String?, file: String?, time: Int64?
        var occasion = Attempt.Occasion.check
        var results: [Attempt.Result] = [], changedCells: [String] = [], goneCells: [String] = [], rest = message
        if let other { results.reserveCapacity(other.results.count) }
        while !rest.isAtEnd {
            var value = rest.nextPiece(before: UInt8(ascii: "\n"))
            if value.skip("Result: ") {
                guard let result = Attempt.Result(words: value) else { return nil }
                results.append(result)
            } else if value.skip("Changed-Cell: ") {
                guard let cell = unescaped(value) else { return nil }
                changedCells.append(cell)
            } else if value.skip("Gone-Cell: ") {
                guard let cell = unescaped(value) else { return nil }
                goneCells.append(cell)
            } else if value.skip("Occasion: ") {
                // One that a newer Etude knows says no more than that it was kept.
                occasion = Attempt.Occasion(rawValue: value.text) ?? .check
            } else if value.skip("Etude-Attempt: ") {
                version = value.integer
            } else if value.skip("Exercise: ") {
                exercise = other.flatMap { says(value, $0.exercise.description) ? $0.exercise : nil } ?? ExerciseName(value.text)
            } else if value.skip("Course-Version: ") {
                courseVersion = other?.courseVersion.flatMap { says(value, $0) ? $0 : nil } ?? unescaped(value)
            } else if value.skip("File: ") {
                file = other.flatMap { says(value, $0.file) ? $0.file : nil } ?? unescaped(value).flatMap { PortablePath.isPortable($0) ? $0 : nil }
            } else if value.skip("Time: ") {
                time = value.integer
            }
        }
        guard let version, version == Self.version, let exercise, let file, let time else { return nil }
        self.init(
            exercise: exercise, courseVersion: courseVersion, file: file, date: Date(timeIntervalSince1970: Double(time) / 1_000),
            occasion: occasion, results: results, changedCells: changedCells, goneCells: goneCells)
    }
}

extension Attempt.Occasion {
    /// For the message's first line; nil where that tells how the questions came out.
    fileprivate var words: String? {
        switch self {
        case .check: nil
        case .restore: "as it was before a restore"
        case .reset: "as it was before a reset"
        }
    }
}

extension Attempt.Result {
    /// `correct 1.0/1.0 biasLayer`, and the kind of mistake as a fourth word.
    fileprivate init?(words: ByteCursor) {
        var words = words
        let space = UInt8(ascii: " ")
        guard let outcome = words.next(before: space).flatMap(\.outcome),
            let points = words.next(before: UInt8(ascii: "/")).flatMap(\.points), points.isFinite,
            let maximum = words.next(before: space).flatMap(\.points), maximum.isFinite,
            let problem = unescaped(words.nextPiece(before: space)) else { return nil }
        self.init(problem: problem, outcome: outcome, points: points, maximum: maximum)
        if !words.isAtEnd {
            guard let mistake = unescaped(words) else { return nil }
            self.mistake = mistake
        }
    }
}

extension ByteCursor {
    /// Nearly all of them are one of these, and a history has thousands.
    fileprivate var outcome: Verdict.Outcome? {
        [.correct, .incorrect, .notAttempted].first { $0.rawValue.utf8.elementsEqual(rest) } ?? Verdict.Outcome(rawValue: text)
    }

    fileprivate var points: Double? {
        if rest.count == 3, rest[1] == UInt8(ascii: "."), rest[2] == UInt8(ascii: "0"), case 0x30...0x39 = rest[0] { return Double(rest[0] - 0x30) }
        return Double(text)
    }
}

/// Percent signs for what would end a word or a line, or could be read otherwise by a terminal.
private func escaped(_ text: String) -> String {
    guard text.isEmpty || text.utf8.contains(where: { $0 <= 0x20 || $0 == 0x25 || $0 >= 0x7F }) else { return text }
    // No word is empty: an empty text is an escaped nothing.
    if text.isEmpty { return "%" }
    return text.utf8.map { $0 <= 0x20 || $0 == 0x25 || $0 >= 0x7F ? "%" + ($0 < 16 ? "0" : "") + String($0, radix: 16, uppercase: true) : String(UnicodeScalar($0)) }.joined()
}

/// Whether a word is a text that has nothing to escape.
private func says(_ value: ByteCursor, _ text: String) -> Bool { value.says(text) && !value.contains(UInt8(ascii: "%")) }

private func unescaped(_ value: ByteCursor) -> String? {
    let text = value.text
    guard value.contains(UInt8(ascii: "%")) else { return text }
    return text == "%" ? "" : text.removingPercentEncoding
}
