import Display
import Figures

/// A table with aligned columns. Where the window is narrow, long texts are cut first; columns that there is still no
/// room for are left out from the middle, and a line says how many. A missing value is `nil`.
public func tableText(_ table: DisplayedTable, _ style: TerminalStyle, indent: Int = 0) -> String {
    let room = style.width - indent
    let columnCount = min(table.columns.count, 1_000)
    guard columnCount > 0 else { return "" }
    let rows = table.rows.prefix(1_000).map { row in
        (0..<columnCount).map { index in index < row.count ? row[index].map { plainLabel($0) } : nil }
    }
    let wanted = (0..<columnCount).map { index in
        let header = columnWidth(plainLabel(table.columns[index].name))
        let cells = rows.map { $0[index].map { columnWidth($0) } ?? 3 }
        return min(max(header, cells.max() ?? 0, 1), max(8, min(40, room / 2)))
    }
    let widths = narrowed(wanted, room) { table.columns[$0].alignment == .leading }
    let shown = columnsThatFit(widths, room)
    let hidden = columnCount - shown.left.count - shown.right.count
    var lines: [String] = []

    func line(_ cells: [(text: String, look: Look)]) -> String {
        var parts: [String] = []
        for (place, index) in (shown.left + shown.right).enumerated() {
            if hidden > 0, place == shown.left.count { parts.append(style.paint(style.ellipsis, .dim)) }
            let trailing = table.columns[index].alignment == .trailing
            let text = cut(cells[index].text, to: widths[index], style)
            let space = String(repeating: " ", count: max(0, widths[index] - columnWidth(text)))
            let painted = style.paint(text, cells[index].look)
            let isLast = place == shown.left.count + shown.right.count - 1
            parts.append(trailing ? space + painted : painted + (isLast ? "" : space))
        }
        return parts.joined(separator: "  ")
    }

    lines.append(line(table.columns.map { (plainLabel($0.name), .bold) }))
    let total = (shown.left + shown.right).reduce(0) { $0 + widths[$1] }
    let gaps = 2 * (shown.left.count + shown.right.count - 1) + (hidden > 0 ? 2 + columnWidth(style.ellipsis) : 0)
    lines.append(style.paint(String(repeating: style.rule, count: min(room, total + gaps)), .dim))
    for (index, row) in rows.enumerated() {
        if index == table.cutAfter, index > 0 {
            lines.append(line((0..<columnCount).map { _ in (style.sign("⋮", ":"), .dim) }))
        }
        lines.append(line(row.map { $0.map { ($0, .plain) } ?? ("nil", .dim) }))
    }
    if let caption = table.caption { lines.append(style.paint(plainLabel(caption), .dim)) }
    if hidden > 0 {
        let names = (shown.left.count..<(columnCount - shown.right.count)).map { plainLabel(table.columns[$0].name) }
        let sentence = "\(hidden) column\(hidden == 1 ? "" : "s") left out for want of room: " + names.joined(separator: ", ")
        lines.append(style.paint(cut(sentence, to: room, style), .dim))
    }
    let margin = String(repeating: " ", count: indent)
    return lines.map { margin + $0 + "\n" }.joined()
}

/// The widths with the widest text columns cut until all columns fit; as they were where that would cut too much.
private func narrowed(_ wanted: [Int], _ room: Int, isText: (Int) -> Bool) -> [Int] {
    let narrowest = 14
    var widths = wanted
    var excess = widths.reduce(0, +) + 2 * (widths.count - 1) - room
    while excess > 0 {
        guard let widest = widths.indices.filter({ isText($0) && widths[$0] > narrowest }).max(by: { widths[$0] < widths[$1] }) else { return wanted }
        widths[widest] -= 1
        excess -= 1
    }
    return widths
}

/// The columns to show: all, or as many from both ends as there is room for, beginning with the first.
private func columnsThatFit(_ widths: [Int], _ room: Int) -> (left: [Int], right: [Int]) {
    let all = widths.reduce(0, +) + 2 * (widths.count - 1)
    if all <= room { return (Array(widths.indices), []) }
    var (left, right, used) = ([0], [Int](), widths[0] + 5)
    var (next, last) = (1, widths.count - 1)
    while next <= last {
        let takesRight = left.count > right.count
        let candidate = takesRight ? last : next
        guard used + 2 + widths[candidate] <= room else { break }
        used += 2 + widths[candidate]
        if takesRight { right.insert(candidate, at: 0); last -= 1 } else { left.append(candidate); next += 1 }
    }
    return (left, right)
}
