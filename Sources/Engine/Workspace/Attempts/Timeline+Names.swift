import Foundation

extension Timeline {
    /// The moment that a person means.
    ///
    /// - Parameter name: an attempt's number; or a time, which means the newest that had been kept by then: `14:05`,
    ///   `14:05:30`, `2026-03-01 14:05`, or ISO 8601 with a zone.
    /// - Throws: ``TimelineError``.
    public func moment(named name: String, now: Date = Date(), timeZone: TimeZone = .current) throws -> Moment {
        guard let oldest = moments.last else { throw TimelineError.nothingKept }
        if let wanted = Int(name) {
            for case .attempt(let number, let summary) in moments where number == wanted { return .attempt(number: number, summary) }
            throw TimelineError.noAttempt(name, count: moments.lazy.filter { if case .attempt = $0 { true } else { false } }.count)
        }
        guard let end = Self.end(of: name, now: now, timeZone: timeZone) else { throw TimelineError.notUnderstood(name) }
        guard let moment = moments.first(where: { $0.date < end }) else { throw TimelineError.tooEarly(name, oldest: oldest.date) }
        return moment
    }

    /// The first instant that is past a moment; a moment lasts as long as its last figure says.
    private static func end(of moment: String, now: Date, timeZone: TimeZone) -> Date? {
        let iso = ISO8601DateFormatter()
        if let date = iso.date(from: moment) { return date + 1 }
        iso.formatOptions.insert(.withFractionalSeconds)
        // Seconds as a fraction of two are not exact.
        if let date = iso.date(from: moment) { return date + 0.0005 }
        let formatter = DateFormatter()
        (formatter.locale, formatter.timeZone, formatter.isLenient) = (Locale(identifier: "en_US_POSIX"), timeZone, false)
        formatter.dateFormat = "yyyy-MM-dd"
        let today = formatter.string(from: now)
        for text in [moment.replacingOccurrences(of: "T", with: " "), "\(today) \(moment)"] {
            for (clock, length) in [("HH:mm:ss", 1.0), ("HH:mm", 60)] {
                formatter.dateFormat = "yyyy-MM-dd " + clock
                if let date = formatter.date(from: text) { return date + length }
            }
        }
        return nil
    }
}

/// Why there is nothing of a name in a notebook's history.
public enum TimelineError: Error, Equatable, CustomStringConvertible {
    case nothingKept
    case noAttempt(String, count: Int)
    case notUnderstood(String)
    case tooEarly(String, oldest: Date)

    public var description: String {
        switch self {
        case .nothingKept: "Nothing was kept of this notebook yet: Etude keeps each attempt that is checked, what is saved while `etude work` has the file open, and what it replaces itself."
        case .noAttempt(let name, 0): "There is no attempt \(name): none was kept of this notebook, only saves, which are named by their time."
        case .noAttempt(let name, let count): "There is no attempt \(name): they count from 1, the first, to \(count)."
        case .notUnderstood(let name): "\"\(name)\" is neither the number of an attempt, as `etude history` shows it, nor a time such as 14:05 or \"2026-03-01 14:05\"."
        case .tooEarly(let name, let oldest): "Nothing was kept by \(name); the oldest is from \(oldest.formatted(.iso8601))."
        }
    }
}
