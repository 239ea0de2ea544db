import CMarkGFM
import Figures

/// Markdown (GitHub's) as text for a terminal, wrapped to the window's width. What the text says is neutralised:
/// HTML is shown and does nothing, and no character reference brings in a control character.
public func markdownText(_ markdown: String, _ style: TerminalStyle, indent: Int = 0) -> String {
    let margin = String(repeating: " ", count: indent)
    return markdownLines(markdown, lead: [], style, width: style.width - indent)
        .map { $0.isEmpty ? "\n" : margin + $0 + "\n" }.joined()
}

/// The lines of a rendered text; `lead` begins the first paragraph, or stands alone where there is none.
func markdownLines(_ markdown: String, lead: [Run], _ style: TerminalStyle, width: Int) -> [String] {
    cmark_gfm_core_extensions_ensure_registered()
    guard let parser = cmark_parser_new(CMARK_OPT_FOOTNOTES | CMARK_OPT_VALIDATE_UTF8) else { return [] }
    defer { cmark_parser_free(parser) }
    for name in ["table", "strikethrough", "autolink", "tasklist"] {
        if let found = cmark_find_syntax_extension(name) { cmark_parser_attach_syntax_extension(parser, found) }
    }
    let source = neutralised(markdown)
    cmark_parser_feed(parser, source, source.utf8.count)
    guard let document = cmark_parser_finish(parser) else { return [] }
    defer { cmark_node_free(document) }
    var renderer = MarkdownRenderer(style: style, lead: lead)
    var lines = renderer.blocks(of: document, width: max(10, width), depth: 0)
    if !renderer.lead.isEmpty { lines.insert(contentsOf: wrapped(renderer.lead, to: width, style), at: 0) }
    return lines
}

typealias Node = OpaquePointer

func children(_ node: Node) -> [Node] {
    var (result, next) = ([Node](), cmark_node_first_child(node))
    while let child = next { result.append(child); next = cmark_node_next(child) }
    return result
}

func typeName(_ node: Node) -> String {
    // The library has no names for these two.
    switch cmark_node_get_type(node) {
    case CMARK_NODE_FOOTNOTE_REFERENCE: "footnote_reference"
    case CMARK_NODE_FOOTNOTE_DEFINITION: "footnote_definition"
    default: String(cString: cmark_node_get_type_string(node))
    }
}

func literal(_ node: Node) -> String { cmark_node_get_literal(node).map { neutralised(String(cString: $0)) } ?? "" }

/// Walks a parsed document and gives its lines, block by block.
struct MarkdownRenderer {
    /// Deeper blocks are not drawn: there is no room for them, and a hostile text could nest without end.
    static let depthLimit = 24

    let style: TerminalStyle
    var lead: [Run]
    var footnotes = 0

    mutating func blocks(of parent: Node, width: Int, depth: Int, isTight: Bool = false) -> [String] {
        guard depth < Self.depthLimit, width > 3 else { return [style.paint(style.ellipsis, .dim)] }
        var lines: [String] = []
        for node in children(parent) {
            let block = block(node, width: width, depth: depth)
            if block.isEmpty { continue }
            if !lines.isEmpty, !isTight { lines.append("") }
            lines += block
        }
        return lines
    }

    private mutating func block(_ node: Node, width: Int, depth: Int) -> [String] {
        switch typeName(node) {
        case "paragraph":
            let runs = lead + inlines(of: node)
            lead = []
            return wrapped(runs, to: width, style)
        case "heading": return heading(node, width: width)
        case "code_block": return code(node, width: width)
        case "block_quote":
            let bar = style.paint(style.sign("▎", "|"), .dim) + " "
            return blocks(of: node, width: width - 2, depth: depth + 1).map { bar + $0 }
        case "list": return list(node, width: width, depth: depth)
        case "table": return table(node, width: width)
        case "thematic_break": return [style.paint(String(repeating: style.rule, count: min(width, 60)), .dim)]
        case "html_block":
            let text = literal(node)
            if text.hasPrefix("<!--") { return [] }
            return text.split(separator: "\n").flatMap { hardWrapped([Run(String($0), .dim)], to: width, style) }
        case "footnote_definition":
            footnotes += 1
            let mark = "[\(footnotes)] "
            return hung(mark, Look.dim, blocks(of: node, width: width - mark.count, depth: depth + 1))
        default: return blocks(of: node, width: width, depth: depth + 1)
        }
    }

    private func heading(_ node: Node, width: Int) -> [String] {
        let level = cmark_node_get_heading_level(node)
        let runs = inlines(of: node).map { run in
            var run = run
            run.look.bold = true
            if level == 1 { run.look.color = Palette.color(5) }
            return run
        }
        let lines = wrapped(runs, to: width, style)
        guard level <= 2 else { return lines }
        let longest = wrapped(runs.map { Run($0.text) }, to: width, .init(unicode: style.unicode)).map { columnWidth($0) }.max() ?? 0
        let line = level == 1 ? style.sign("━", "=") : style.sign("─", "-")
        return lines + [style.paint(String(repeating: line, count: longest), .dim)]
    }

    private func code(_ node: Node, width: Int) -> [String] {
        let info = cmark_node_get_fence_info(node).map { String(cString: $0).lowercased() } ?? ""
        var text = literal(node)
        if text.hasSuffix("\n") { text.removeLast() }
        text = text.split(separator: "\t", omittingEmptySubsequences: false).joined(separator: "    ")
        let lines = info.hasPrefix("swift")
            ? swiftLines(text) : text.split(separator: "\n", omittingEmptySubsequences: false).map { [Run(String($0))] }
        let bar = style.paint(style.sign("│", "|"), .dim) + " "
        return lines.flatMap { hardWrapped($0, to: width - 2, style) }.map { bar + $0 }
    }

    private mutating func list(_ node: Node, width: Int, depth: Int) -> [String] {
        let isTight = cmark_node_get_list_tight(node) != 0
        let isOrdered = cmark_node_get_list_type(node) == CMARK_ORDERED_LIST
        let items = children(node)
        let start = Int(cmark_node_get_list_start(node))
        let numberWidth = String(start + max(0, items.count - 1)).count
        var lines: [String] = []
        for (index, item) in items.enumerated() {
            var mark = style.sign("•", "-")
            if isOrdered { mark = padded(String(start + index), to: numberWidth, trailing: true) + "." }
            if typeName(item) == "tasklist" {
                mark = cmark_gfm_extensions_get_tasklist_item_checked(item) ? style.sign("☑", "[x]") : style.sign("☐", "[ ]")
            }
            mark += " "
            let body = blocks(of: item, width: width - columnWidth(mark), depth: depth + 1, isTight: isTight)
            if index > 0, !isTight { lines.append("") }
            lines += hung(mark, Look(color: Palette.color(5)), body.isEmpty ? [""] : body)
        }
        return lines
    }

    /// Lines beside a mark, aligned with each other.
    private func hung(_ mark: String, _ look: Look, _ lines: [String]) -> [String] {
        let space = String(repeating: " ", count: columnWidth(mark))
        return lines.enumerated().map { index, line in
            index == 0 ? style.paint(mark, look) + line : line.isEmpty ? "" : space + line
        }
    }
}
