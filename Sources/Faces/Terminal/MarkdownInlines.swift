import CMarkGFM
import Figures

extension MarkdownRenderer {
    /// The words of a paragraph, heading or table cell with their looks.
    func inlines(of parent: Node) -> [Run] { inlines(of: parent, Look.plain, depth: 0) }

    private func inlines(of parent: Node, _ look: Look, depth: Int) -> [Run] {
        guard depth < Self.depthLimit else { return [Run(style.ellipsis, look)] }
        return children(parent).flatMap { inline($0, look, depth: depth) }
    }

    private func inline(_ node: Node, _ look: Look, depth: Int) -> [Run] {
        var look = look
        switch typeName(node) {
        case "text": return [Run(literal(node), look)]
        case "softbreak": return [Run(" ", look)]
        case "linebreak": return [Run("\n", look)]
        case "code":
            look.color = look.color ?? Color(0x56b4e9)
            // Without colour the marks stay, so that code can be told from prose.
            return [Run(style.color ? literal(node) : "`" + literal(node) + "`", look)]
        case "strong": look.bold = true
        case "emph": look.italic = true
        case "strikethrough":
            look.struck = true
            if !style.color { return [Run("~", look)] + inlines(of: node, look, depth: depth + 1) + [Run("~", look)] }
        case "link": return link(node, look, depth: depth)
        case "image":
            let words = inlines(of: node, .plain, depth: depth + 1).map(\.text).joined()
            let arrow = words.isEmpty ? "" : words + " " + style.sign("→", "->") + " "
            look.dim = true
            return [Run("[picture: " + arrow + address(node) + "]", look)]
        case "html_inline":
            let tag = literal(node)
            if tag.hasPrefix("<!--") { return [] }
            if ["<br>", "<br/>", "<br />"].contains(tag.lowercased()) { return [Run("\n", look)] }
            look.dim = true
            return [Run(tag, look)]
        case "footnote_reference":
            look.dim = true
            return [Run("[" + literal(node) + "]", look)]
        default: break
        }
        return inlines(of: node, look, depth: depth + 1)
    }

    private func link(_ node: Node, _ look: Look, depth: Int) -> [Run] {
        let target = address(node)
        var look = look
        if let safe = linkTarget(target) { look.link = safe }
        look.underlined = true
        let words = inlines(of: node, look, depth: depth + 1)
        let text = words.map(\.text).joined()
        if text == target || "mailto:" + text == target || target.isEmpty || target.hasPrefix("#") { return words }
        return words + [Run(" (" + target + ")", .dim)]
    }

    private func address(_ node: Node) -> String {
        cmark_node_get_url(node).map { plainLabel(String(cString: $0), limit: 400) } ?? ""
    }

    /// An address that a terminal may open: of the web or of mail, in plain ASCII.
    private func linkTarget(_ address: String) -> String? {
        guard ["http://", "https://", "mailto:"].contains(where: address.lowercased().hasPrefix) else { return nil }
        var result = ""
        for byte in address.utf8 {
            if byte > 0x20, byte < 0x7F { result.unicodeScalars.append(Unicode.Scalar(byte)) } else {
                result += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
            }
        }
        return result
    }

    /// A table whose columns are as wide as their words, or share the window where there is no room for that.
    func table(_ node: Node, width: Int) -> [String] {
        let rows = children(node).map { row in children(row).map { inlines(of: $0) } }
        let count = rows.map(\.count).max() ?? 0
        guard count > 0 else { return [] }
        let alignments = cmark_gfm_extensions_get_table_alignments(node)
        let declared = Int(cmark_gfm_extensions_get_table_columns(node))
        func alignment(_ column: Int) -> UInt8 { column < declared ? alignments?[column] ?? 0 : 0 }
        let natural = (0..<count).map { column in
            rows.map { column < $0.count ? columnWidth($0[column].map(\.text).joined()) : 0 }.max() ?? 0
        }
        let widths = shared(natural, room: max(count, width - 2 * (count - 1)))
        var lines: [String] = []
        for (index, row) in rows.enumerated() {
            let cells = (0..<count).map { column -> [(painted: String, width: Int)] in
                guard column < row.count else { return [] }
                let runs = index == 0 ? row[column].map { Run($0.text, Look(bold: true)) } : row[column]
                let plain = wrapped(runs.map { Run($0.text) }, to: widths[column], .init(unicode: style.unicode))
                return zip(wrapped(runs, to: widths[column], style), plain).map { ($0, columnWidth($1)) }
            }
            for line in 0..<max(1, cells.map(\.count).max() ?? 0) {
                var text = ""
                for column in 0..<count {
                    let cell = line < cells[column].count ? cells[column][line] : ("", 0)
                    let space = max(0, widths[column] - cell.1)
                    let before = alignment(column) == UInt8(ascii: "r") ? space : alignment(column) == UInt8(ascii: "c") ? space / 2 : 0
                    text += String(repeating: " ", count: before) + cell.0
                    if column < count - 1 { text += String(repeating: " ", count: space - before + 2) }
                }
                lines.append(text)
            }
            if index == 0 {
                lines.append(style.paint(String(repeating: style.rule, count: widths.reduce(0, +) + 2 * (count - 1)), .dim))
            }
        }
        return lines
    }

    /// Takes columns from the widest ones until all fit.
    private func shared(_ natural: [Int], room: Int) -> [Int] {
        var widths = natural.map { max(1, min($0, room)) }
        var excess = widths.reduce(0, +) - room
        while excess > 0 {
            let widest = widths.max() ?? 1
            guard widest > 1, let index = widths.firstIndex(of: widest) else { break }
            widths[index] -= 1
            excess -= 1
        }
        return widths
    }
}
