import Foundation
import Notebook

/// What prose points to.
enum Links {
    /// The images and links in a notebook's prose that lead nowhere. Addresses of the web are read, not fetched.
    static func broken(in notebook: Notebook, folder: String) -> [String] {
        notebook.cells.filter { $0.kind == .markdown }.flatMap { cell in
            targets(in: cell.source).filter { isBroken($0, in: cell, folder) }.map { "\($0) (cell \(cell.id))" }
        }
    }

    /// The targets of links and images, in Markdown or as HTML; none of those in code.
    static func targets(in markdown: String) -> [String] {
        let prose = markdown
            .replacingOccurrences(of: #"(?ms)^ {0,3}(```|~~~).*?(^ {0,3}\1|\z)"#, with: "", options: .regularExpression)
            .replacingOccurrences(of: #"(`+)[^`].*?\1"#, with: "", options: .regularExpression)
        return [#"\]\(\s*<?([^)>\s]+)>?[^)]*\)"#, #"(?m)^ {0,3}\[[^\]]+\]:\s*<?([^>\s]+)"#, #"(?i)<(?:img|a)\s[^>]*?(?:src|href)\s*=\s*["']([^"']+)"#]
            .flatMap { matches(of: $0, in: prose) }
    }

    private static func matches(of pattern: String, in text: String) -> [String] {
        guard let expression = try? NSRegularExpression(pattern: pattern) else { return [] }
        let text = text as NSString
        return expression.matches(in: text as String, range: NSRange(location: 0, length: text.length)).map { text.substring(with: $0.range(at: 1)) }
    }

    private static func isBroken(_ target: String, in cell: Cell, _ folder: String) -> Bool {
        if target.hasPrefix("#") || target.hasPrefix("mailto:") { return false }
        if target.hasPrefix("attachment:") { return cell.attachments?[String(target.dropFirst("attachment:".count))] == nil }
        if target.contains("://") { return (URL(string: target)?.host ?? "").isEmpty }
        let path = String(target.prefix { $0 != "#" && $0 != "?" })
        return !FileManager.default.fileExists(atPath: "\(folder)/\(path.removingPercentEncoding ?? path)")
    }
}
