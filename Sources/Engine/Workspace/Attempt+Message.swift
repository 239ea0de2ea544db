import Foundation
import Wire

/// An attempt's commit message: a line for people, an empty one, and trailers as `git interpret-trailers` reads them.
extension Attempt.Summary {
    static let version = 1

    private enum Key {
        static let version = "Etude-Attempt", exercise = "Exercise", courseVersion = "Course-Version", file = "File"
        static let time = "Time", result = "Result", changed = "Changed-Cell"
    }

    var message: String {
        let counted = results.filter { $0.outcome != .read && $0.outcome != .unread }.count
        var text = "\(exercise): \(counted == 0 ? "no question asked" : "\(correct) of \(counted) correct")\n\n"
        func add(_ key: String, _ value: String) { text += "\(key): \(value)\n" }
        add(Key.version, "\(Self.version)")
        add(Key.exercise, exercise.description)
        if let courseVersion { add(Key.courseVersion, escaped(courseVersion)) }
        add(Key.file, escaped(file))
        add(Key.time, "\(Int64((date.timeIntervalSince1970 * 1_000).rounded()))")
        for result in results {
            let words = [result.outcome.rawValue, "\(result.points)/\(result.maximum)", escaped(result.problem)]
            add(Key.result, (words + (result.mistake.map { [escaped($0)] } ?? [])).joined(separator: " "))
        }
        for cell in changedCells { add(Key.changed, escaped(cell)) }
        return text
    }

    /// - Returns: nil for a message that is not an attempt's, or of a version that is not known.
    init?(message: Substring.UTF8View) {
        var version: Int?, exercise: ExerciseName?, courseVersion: String?, file: String?, time: Int64?
        var results: [Attempt.Result] = [], changedCells: [String] = []
        for line in message.split(separator: UInt8(ascii: "\n")) {
            guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { continue }
            let key = Substring(line[..<colon]), value = Substring(line[colon...].dropFirst(2))
            switch key {
            case Key.version: version = Int(value)
            case Key.exercise: exercise = ExerciseName(String(value))
            case Key.courseVersion: courseVersion = unescaped(value)
            case Key.file: file = unescaped(value)
            case Key.time: time = Int64(value)
            case Key.result:
                guard let result = Attempt.Result(words: value) else { return nil }
                results.append(result)
            case Key.changed:
                guard let cell = unescaped(value) else { return nil }
                changedCells.append(cell)
            default: continue
            }
        }
        guard version == Self.version, let exercise, let file, PortablePath.isPortable(file), let time else { return nil }
        self.init(
            exercise: exercise, courseVersion: courseVersion, file: file, date: Date(timeIntervalSince1970: Double(time) / 1_000),
            results: results, changedCells: changedCells)
    }
}

extension Attempt.Result {
    /// `correct 1.0/1.0 biasLayer`, and the kind of mistake as a fourth word.
    fileprivate init?(words text: Substring) {
        let words = text.utf8.split(separator: UInt8(ascii: " ")).map { Substring($0) }
        guard (3...4).contains(words.count), let outcome = Verdict.Outcome(rawValue: String(words[0])), let problem = unescaped(words[2]) else { return nil }
        let points = words[1].utf8.split(separator: UInt8(ascii: "/")).map { Double(Substring($0)) }
        guard points.count == 2, let got = points[0], let maximum = points[1], got.isFinite, maximum.isFinite else { return nil }
        self.init(problem: problem, outcome: outcome, points: got, maximum: maximum)
        if words.count == 4 {
            guard let mistake = unescaped(words[3]) else { return nil }
            self.mistake = mistake
        }
    }
}

/// Percent signs for what would end a word or a line, or could be read otherwise by a terminal.
private func escaped(_ text: String) -> String {
    guard text.isEmpty || text.utf8.contains(where: { $0 <= 0x20 || $0 == 0x25 || $0 >= 0x7F }) else { return text }
    // No word is empty: an empty text is an escaped nothing.
    if text.isEmpty { return "%" }
    return text.utf8.map { $0 <= 0x20 || $0 == 0x25 || $0 >= 0x7F ? "%" + ($0 < 16 ? "0" : "") + String($0, radix: 16, uppercase: true) : String(UnicodeScalar($0)) }.joined()
}

private func unescaped(_ text: Substring) -> String? {
    guard text.utf8.contains(UInt8(ascii: "%")) else { return String(text) }
    return text == "%" ? "" : text.removingPercentEncoding
}
