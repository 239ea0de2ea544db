import Notebook

/// A stretch of an exercise with at most one question at its end: what a learner works on at a time.
public struct Step: Equatable, Sendable {
    /// The words of its first heading; empty where it has none.
    public var title: String
    /// The question, for example `part3.c`.
    public var problem: String?
    /// The indices of its cells in the notebook.
    public var cells: Range<Int>
}

extension Notebook {
    /// The notebook in steps: a new one begins at each heading of the first two levels, and between two questions.
    ///
    /// A question stands where the cell is that holds its answer; one without an answer to write, where the notebook first
    /// asks about it, be it in a comment.
    ///
    /// - Parameter problems: the exercise's questions, those with parts left out.
    public func steps(for problems: [String]) -> [Step] {
        var questions: [Int: String] = [:]
        for problem in problems {
            if let index = cells.firstIndex(where: { $0.kind == .code && $0.problem == problem }) ?? cells.firstIndex(where: { $0.asks(about: problem) }),
                questions[index] == nil { questions[index] = problem }
        }
        var starts: [Int] = []
        var openQuestion = false
        for (index, cell) in cells.enumerated() {
            if index == 0 || (cell.headingLevel.map { $0 <= 2 } ?? false) || (openQuestion && begins(index, before: questions)) {
                starts.append(index)
                openQuestion = false
            }
            if questions[index] != nil { openQuestion = true }
        }
        return zip(starts, starts.dropFirst() + [cells.count]).map { start, end in
            let heading = cells[start..<end].lazy.compactMap(\.heading).first
            return Step(title: heading ?? "", problem: questions.filter { (start..<end).contains($0.key) }.min { $0.key < $1.key }?.value, cells: start..<end)
        }
    }

    /// Whether the next question's step begins here: at the first heading before it, or where there is none, at the first
    /// prose; at the question itself where nothing stands before it.
    private func begins(_ index: Int, before questions: [Int: String]) -> Bool {
        guard let next = questions.keys.filter({ $0 >= index }).min() else { return false }
        if next == index { return true }
        guard cells[index].kind == .markdown else { return false }
        return cells[index].headingLevel != nil || !cells[index..<next].contains { $0.headingLevel != nil }
    }
}

extension Cell {
    /// The level of the heading that a prose cell begins with.
    fileprivate var headingLevel: Int? {
        guard kind == .markdown, let line = source.split(separator: "\n").first, line.hasPrefix("#") else { return nil }
        let level = line.prefix { $0 == "#" }.count
        return level <= 6 && line.dropFirst(level).first == " " ? level : nil
    }

    fileprivate var heading: String? {
        guard let level = headingLevel, let line = source.split(separator: "\n").first else { return nil }
        return String(line.dropFirst(level + 1))
    }

    fileprivate func asks(about problem: String) -> Bool {
        kind == .code && ["check(", "hint(", "solution("].contains { source.contains("\(problem).\($0)") }
    }
}
