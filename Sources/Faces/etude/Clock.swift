import Foundation
import Workspace

extension Date {
    /// The day and time here, to the second.
    var clock: String { Clock.local.string(from: self) }

    /// As `clock`, with a word for the present day.
    var clockForPerson: String {
        let text = clock, today = Date().clock.prefix(10)
        return text.hasPrefix(today) ? "today" + text.dropFirst(10) : text
    }

    /// ISO 8601 in UTC, to the thousandth, for scripts.
    var exact: String { inThousandths }
}

private enum Clock {
    static let local = {
        let formatter = DateFormatter()
        (formatter.locale, formatter.dateFormat) = (Locale(identifier: "en_US_POSIX"), "yyyy-MM-dd HH:mm:ss")
        return formatter
    }()
}
