/// In which cells two notebooks differ, and how, line by line.
///
/// Cells belong together by id; those that the file gives none, by their place between others.
public struct NotebookDifference: Equatable, Sendable {
    /// One cell that is not in both as it is.
    public struct CellDifference: Equatable, Sendable {
        public enum Kind: String, Sendable { case added, removed, changed }

        public var kind: Kind
        /// The cell as it became, or as it was before it was removed.
        public var cell: Cell
        /// What a person calls it.
        public var name: String
        public var lines: [LineDifference]
    }

    /// In the order of the newer notebook; what is gone stands where it stood.
    public let cells: [CellDifference]

    /// - Parameter context: how many equal lines are kept on either side of others.
    public init(from old: Notebook, to new: Notebook, context: Int = 2) {
        let partners = new.partners(in: old)
        var gone: [Int: [CellDifference]] = [:], differences: [CellDifference] = []
        // The place before all cells, and after each.
        let placeOfOld = Dictionary(partners.enumerated().compactMap { index, partner in partner.map { ($0, index + 1) } }) { first, _ in first }
        var place = 0
        for (index, cell) in old.cells.enumerated() {
            if let found = placeOfOld[index] { place = found; continue }
            gone[place, default: []].append(CellDifference(kind: .removed, cell: cell, name: cell.name(at: index), lines: LineDifference.between(cell.source, nil, context: context)))
        }
        differences += gone[0] ?? []
        for (index, cell) in new.cells.enumerated() {
            let before = partners[index].map { old.cells[$0] }
            if before.map({ !$0.source.hasSameBytes(as: cell.source) }) ?? true {
                differences.append(CellDifference(
                    kind: before == nil ? .added : .changed, cell: cell, name: cell.name(at: index),
                    lines: LineDifference.between(before?.source, cell.source, context: context)))
            }
            differences += gone[index + 1] ?? []
        }
        cells = differences
    }
}

/// A line of what two texts have in common and what not.
public enum LineDifference: Equatable, Sendable {
    case same(String), removed(String), added(String)
    /// So many lines more that both have.
    case skipped(Int)
    /// So many lines more that only one has; a text may be very long.
    case cut(removed: Int, added: Int)

    /// Texts that differ in more lines than this are not compared line by line, which takes the square of it.
    private static let greatestComparison = 2_000
    private static let greatestCount = 400

    /// - Parameters:
    ///   - old: nil where there was no text at all.
    ///   - new: nil where there is none any more.
    static func between(_ old: String?, _ new: String?, context: Int) -> [LineDifference] {
        func lines(_ text: String?) -> [Substring] { text.map { $0.split(separator: "\n", omittingEmptySubsequences: false) } ?? [] }
        return bounded(shortened(compared(lines(old), lines(new)), context))
    }

    private static func compared(_ old: [Substring], _ new: [Substring]) -> [LineDifference] {
        let start = zip(old, new).prefix { $0.utf8.elementsEqual($1.utf8) }.count
        let end = zip(old.dropFirst(start).reversed(), new.dropFirst(start).reversed()).prefix { $0.utf8.elementsEqual($1.utf8) }.count
        let before = Array(old[start..<old.count - end]), after = Array(new[start..<new.count - end])
        var middle: [LineDifference] = []
        if before.count + after.count > greatestComparison {
            middle = before.map { .removed(String($0)) } + after.map { .added(String($0)) }
        } else {
            // Equal for us are equal bytes; for Swift's strings, letters that look alike.
            let difference = after.map { Array($0.utf8) }.difference(from: before.map { Array($0.utf8) })
            var removed: Set<Int> = [], added: Set<Int> = []
            for change in difference {
                switch change {
                case .remove(let offset, _, _): removed.insert(offset)
                case .insert(let offset, _, _): added.insert(offset)
                }
            }
            var (left, right) = (0, 0)
            while left < before.count || right < after.count {
                if removed.contains(left) { middle.append(.removed(String(before[left]))); left += 1
                } else if added.contains(right) { middle.append(.added(String(after[right]))); right += 1
                } else { middle.append(.same(String(before[left]))); (left, right) = (left + 1, right + 1) }
            }
        }
        return old[..<start].map { .same(String($0)) } + middle + old[(old.count - end)...].map { .same(String($0)) }
    }

    /// Leaves out equal lines that stand far from others.
    private static func shortened(_ lines: [LineDifference], _ context: Int) -> [LineDifference] {
        func isSame(_ line: LineDifference) -> Bool { if case .same = line { true } else { false } }
        var result: [LineDifference] = [], index = 0
        while index < lines.count {
            guard isSame(lines[index]) else { result.append(lines[index]); index += 1; continue }
            let run = lines[index...].prefix(while: isSame)
            let head = index == 0 ? 0 : context, tail = run.endIndex == lines.count ? 0 : context
            // To leave one line out and say so would save none.
            if run.count > head + tail + 1 {
                result += run.prefix(head) + [.skipped(run.count - head - tail)] + run.suffix(tail)
            } else { result += run }
            index = run.endIndex
        }
        return result
    }

    private static func bounded(_ lines: [LineDifference]) -> [LineDifference] {
        guard lines.count > greatestCount else { return lines }
        var (removed, added) = (0, 0)
        for line in lines[greatestCount...] {
            switch line {
            case .removed: removed += 1
            case .added: added += 1
            case .same, .skipped, .cut: break
            }
        }
        return lines[..<greatestCount] + [.cut(removed: removed, added: added)]
    }
}
