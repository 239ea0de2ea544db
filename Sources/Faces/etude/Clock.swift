import Foundation

extension Date {
    /// The day and time here, to the second.
    var clock: String { Clock.local.string(from: self) }

    /// As `clock`, with a word for the present day.
    var clockForPerson: String {
        let text = clock, today = Date().clock.prefix(10)
        return text.hasPrefix(today) ? "today" + text.dropFirst(10) : text
    }

    /// ISO 8601 in UTC, to the thousandth, for scripts.
    var exact: String {
        // Foundation cuts what a fraction of two can't hold: a date one thousandth early would name another moment.
        let thousandths = Int((timeIntervalSince1970 * 1_000).rounded())
        let second = Date(timeIntervalSince1970: Double(thousandths / 1_000)).formatted(.iso8601)
        return second.dropLast() + String(format: ".%03dZ", thousandths % 1_000)
    }
}

private enum Clock {
    static let local = {
        let formatter = DateFormatter()
        (formatter.locale, formatter.dateFormat) = (Locale(identifier: "en_US_POSIX"), "yyyy-MM-dd HH:mm:ss")
        return formatter
    }()
}
