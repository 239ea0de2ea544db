import Display
import Figures

/// Progress on one line that is written over until it is done.
///
/// On a terminal each text begins by returning to the line's start and erasing it, and only the finished one ends
/// the line. Elsewhere there is nothing to write over: only the finished line is text.
public func progressText(_ progress: DisplayedProgress, _ style: TerminalStyle) -> String {
    let label = plainLabel(progress.label), detail = plainLabel(progress.detail)
    guard style.isTerminal else {
        return progress.isFinished ? [label, detail].filter { !$0.isEmpty }.joined(separator: "  ") + "\n" : ""
    }
    let erase = style.color || style.isTerminal ? "\r\u{1B}[K" : "\r"
    var parts: [String] = [style.paint(label, .bold)]
    var room = style.width - 1 - columnWidth(label)
    if let fraction = progress.fraction, fraction.isFinite, room >= 20 {
        // The words matter more than the bar's length.
        let words = columnWidth(detail) + (progress.isFinished ? 4 : 10)
        let width = min(24, room / 2, max(8, room - words))
        if progress.isFinished, room - words < 8 { return erase + finishedLines(label, detail, style) }
        parts.append(bar(fraction, width: width, style, Palette.color(0)))
        room -= width + 2
        let percent = padded("\(Int((min(1, max(0, fraction)) * 100).rounded(.down)))%", to: 4, trailing: true)
        if !progress.isFinished { parts.append(percent); room -= 6 }
    }
    if !detail.isEmpty, room > 4 { parts.append(style.paint(cut(detail, to: room - 2, style), .dim)) }
    return erase + parts.joined(separator: "  ") + (progress.isFinished ? "\n" : "")
}

/// What a bar leaves behind where there is no room for it beside the words: a finished line may go on in the next.
private func finishedLines(_ label: String, _ detail: String, _ style: TerminalStyle) -> String {
    wrapped([Run(label, .bold), Run("  "), Run(detail, .dim)], to: style.width - 1, style).map { $0 + "\n" }.joined()
}

/// A bar of eighths of a column.
func bar(_ fraction: Double, width: Int, _ style: TerminalStyle, _ color: Color) -> String {
    let width = max(2, width)
    let share = fraction.isFinite ? min(1, max(0, fraction)) : 0
    guard style.unicode else {
        let full = Int(share * Double(width))
        return "[" + String(repeating: "#", count: max(0, min(width - 2, full - 1))) + String(repeating: ".", count: max(0, width - 1 - max(1, full))) + "]"
    }
    let full = Int((share * Double(width)).rounded())
    return style.paint(String(repeating: "━", count: full), color)
        + style.paint(String(repeating: style.color ? "━" : "╌", count: width - full), Look(dim: true, color: Color(0x7f7f7f)))
}
