/// How code in a session reaches the person: what is shown, what is saved, and the sentence for a mistake
/// after which the cell can't go on. A session replaces these closures at its start; elsewhere (a plain
/// program, a test) text goes to standard output and a mistake is a `fatalError`.
///
/// The session is one thread as far as cells go, and sets these once, before the first cell runs.
public enum Door {
    /// Shows a value. Values shown with the same identifier replace each other.
    nonisolated(unsafe) public static var show: (DisplayValue, _ identifier: Int?) -> Void = { value, identifier in
        if let text = value.plainText { print(text) }
    }

    /// Asks the host to draw a value into a file (`curve.png`, `curve.svg`).
    nonisolated(unsafe) public static var save: (DisplayValue, _ path: String) -> Void = { _, path in
        print("\(path) is not saved: only a session has a host that draws.")
    }

    /// Ends the cell with a sentence about the learner's mistake.
    nonisolated(unsafe) public static var mistake: (String) -> Never = { sentence in fatalError(sentence) }

    nonisolated(unsafe) private static var lastIdentifier = 0

    /// A number no other shown value of this process has, to show a value again in the same place.
    public static func newIdentifier() -> Int {
        lastIdentifier += 1
        return lastIdentifier
    }
}

/// Ends the cell with a sentence to the learner: what was expected, what came, what to do next.
///
/// For mistakes that a function which can't throw finds, such as a layer called on a wrong shape.
public func learnerMistake(_ sentence: String) -> Never { Door.mistake(sentence) }

/// Shows values, one after the other. Text is shown as it is, a table as a table, a chart as a picture.
///
/// For example: `display("Largest biases", movies.head(10))`.
public func display(_ values: Any...) {
    for value in values { Door.show(displayValue(of: value), nil) }
}

/// What a value looks like to a person: its own display value, else its description.
public func displayValue(of value: Any) -> DisplayValue {
    if let displayable = value as? any Displayable { return displayable.displayValue }
    return .text(String(describing: value))
}

extension DisplayValue {
    /// The value in plain text, where that says it all; nil for a chart or a bar that only a face can draw.
    public var plainText: String? {
        switch self {
        case .text(let text), .markdown(let text): text
        case .progress(let progress): progress.isFinished ? "\(progress.label)  \(progress.detail)" : nil
        case .table(let table): table.plainText
        case .chart(let chart): "[chart: \(chart.title ?? chart.yLabel ?? "untitled")]"
        case .diagram(let diagram): "[diagram: \(diagram.title)]"
        }
    }
}

extension DisplayedTable {
    /// Tab-separated lines: what a program without a face prints.
    public var plainText: String {
        var lines = [columns.map(\.name).joined(separator: "\t")]
        for (index, row) in rows.enumerated() {
            if index == cutAfter { lines.append("…") }
            lines.append(row.map { $0 ?? "nil" }.joined(separator: "\t"))
        }
        if let caption { lines.append(caption) }
        return lines.joined(separator: "\n")
    }
}
