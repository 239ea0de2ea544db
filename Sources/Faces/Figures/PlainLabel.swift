/// Text of an untrusted process made fit for a label: one line, nothing that steers a terminal or reverses the
/// direction of writing, and no longer than `limit` characters.
public func plainLabel(_ text: String, limit: Int = 200) -> String {
    var label = String.UnicodeScalarView()
    for scalar in text.unicodeScalars.prefix(limit * 8) {
        switch scalar.properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator: label.append(" ")
        case .format where scalar.value != 0x200D: continue  // a joiner holds an emoji together
        case .surrogate, .privateUse, .unassigned: label.append("\u{FFFD}")
        default: label.append(scalar)
        }
    }
    let whole = String(label)
    return whole.count > limit ? String(whole.prefix(limit - 1)) + "…" : whole
}
