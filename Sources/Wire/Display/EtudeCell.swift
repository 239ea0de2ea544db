/// What the engine's own lines in a cell call.
public enum EtudeCell {
    /// Shows the value of a cell's last expression as a notebook does; nothing for `Void`.
    public static func show<T>(_ value: T) {
        if value is Void { return }
        Door.show(lastValue(value), nil)
    }

    /// Text shows its quotes here, so that `"5"` and `5` differ.
    static func lastValue(_ value: Any) -> DisplayValue {
        switch value {
        case let displayable as any Displayable: displayable.displayValue
        case let text as String: .text(String(reflecting: text))
        case let text as Substring: .text(String(reflecting: String(text)))
        case let character as Character: .text(String(reflecting: character))
        default: .text(shortened(String(describing: value)))
        }
    }

    /// Nobody reads a hundred thousand numbers: a long description is cut, and says so.
    static func shortened(_ text: String) -> String {
        let most = 5_000
        guard text.utf8.count > most else { return text }
        let start = text.prefix(most)
        return "\(start)… (cut here: the whole is \(text.utf8.count) bytes long; print it, or show a part of it)"
    }
}
