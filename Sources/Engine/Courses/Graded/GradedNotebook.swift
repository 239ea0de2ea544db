import Notebook

/// The notebook that is graded: the course's own, with a learner's answers in it.
///
/// Prose, set-up and checks are as the course has them. From the learner comes the code of the cells that hold answers, and
/// nothing else: what else was changed is told in ``changes``, and does not run.
public struct GradedNotebook: Sendable {
    /// The most bytes of an answer's code.
    public static let greatestAnswer = 256 << 10

    /// What runs. Its ids are the course's.
    public let notebook: Notebook
    /// All that is other than in the course's notebook, answers aside, in the order of the learner's notebook.
    public let changes: [NotebookChange]
    /// For each answer that was found: the id of the course's cell, and the id of the learner's that it was taken from.
    public let answers: [String: String]

    /// - Parameters:
    ///   - starter: the notebook as the course's version has it, from which the learner started.
    ///   - learner: the learner's, whatever it holds.
    public init(starter: Notebook, learner: Notebook) {
        var matching = Matching(starter, learner)
        matching.matchIDs()
        matching.matchAnswers()
        matching.matchTexts()

        var graded = starter, answers: [String: String] = [:], changes = matching.changes
        for (place, found) in matching.partner.enumerated() {
            let original = starter.cells[place]
            guard let found else {
                changes.append(NotebookChange(.deleted, original, isAnswer: original.isAnswer, place: nil))
                continue
            }
            let cell = learner.cells[found]
            if !original.isAnswer {
                if cell.kind != original.kind || cell.source != original.source { changes.append(NotebookChange(.edited, cell, place: found)) }
                continue
            }
            if cell.source.utf8.count > Self.greatestAnswer {
                changes.append(NotebookChange(.tooLong, cell, problem: original.problem, isAnswer: true, place: found))
                continue
            }
            graded.cells[place].source = cell.source
            answers[original.id] = cell.id
            if cell.id != original.id {
                changes.append(NotebookChange(.otherID, cell, problem: original.problem, isAnswer: true, place: found))
            } else if cell.problem != original.problem {
                changes.append(NotebookChange(.otherProblem, cell, problem: original.problem, isAnswer: true, place: found))
            }
        }
        changes += matching.moved.map { NotebookChange(.moved, learner.cells[$0], isAnswer: learner.cells[$0].isAnswer, place: $0) }
        // Those that are gone from the learner's notebook come last, in the course's order.
        let order = changes.enumerated().sorted { ($0.element.place ?? .max, $0.offset) < ($1.element.place ?? .max, $1.offset) }
        (notebook, self.answers, self.changes) = (graded, answers, order.map(\.element))
    }
}

/// Which cell of a learner's notebook is which of the course's.
private struct Matching {
    let starter: Notebook
    let learner: Notebook
    /// For each of the course's cells the index of the learner's.
    var partner: [Int?]
    var taken: Set<Int> = []
    private var duplicates: [Int] = []

    init(_ starter: Notebook, _ learner: Notebook) {
        (self.starter, self.learner) = (starter, learner)
        partner = Array(repeating: nil, count: starter.cells.count)
    }

    private mutating func pair(_ place: Int, _ found: Int) {
        partner[place] = found
        taken.insert(found)
    }

    mutating func matchIDs() {
        let places = Dictionary(learner.cells.enumerated().map { ($1.id, $0) }, uniquingKeysWith: { first, _ in first })
        for (place, cell) in starter.cells.enumerated() {
            // An answer is code: a cell that was made prose holds none.
            guard let found = places[cell.id], !cell.isAnswer || learner.cells[found].kind == .code else { continue }
            pair(place, found)
        }
    }

    /// Answers in cells whose ids were lost or replaced are known by their questions. A cell of the course's own can't
    /// become an answer that way.
    mutating func matchAnswers() {
        let courseIDs = Set(starter.cells.map(\.id))
        var claims: [String: [Int]] = [:]
        for (index, cell) in learner.cells.enumerated() where cell.isAnswer && !taken.contains(index) && !courseIDs.contains(cell.id) {
            claims[cell.problem!, default: []].append(index)
        }
        for (place, cell) in starter.cells.enumerated() where cell.isAnswer {
            guard let found = claims[cell.problem!], let first = found.first else { continue }
            claims[cell.problem!] = nil
            let isMissing = partner[place] == nil
            if isMissing { pair(place, first) }
            duplicates += found.dropFirst(isMissing ? 1 : 0)
        }
        taken.formUnion(duplicates)
    }

    /// The course's own cells whose ids were lost, as some programs lose them, are known by their texts.
    mutating func matchTexts() {
        struct Text: Hashable { var kind: Cell.Kind, source: String }
        var places: [Text: [Int]] = [:]
        for (index, cell) in learner.cells.enumerated().reversed() where !taken.contains(index) {
            places[Text(kind: cell.kind, source: cell.source), default: []].append(index)
        }
        for (place, cell) in starter.cells.enumerated() where partner[place] == nil && !cell.isAnswer {
            if let found = places[Text(kind: cell.kind, source: cell.source)]?.popLast() { pair(place, found) }
        }
    }

    /// The learner's cells that are none of the course's.
    var changes: [NotebookChange] {
        let duplicates = Set(duplicates)
        return learner.cells.indices.compactMap { index in
            if duplicates.contains(index) { return NotebookChange(.duplicate, learner.cells[index], isAnswer: true, place: index) }
            return taken.contains(index) ? nil : NotebookChange(.added, learner.cells[index], place: index)
        }
    }

    /// As few cells as possible that stand elsewhere than in the course's notebook: all but a longest row that is in order.
    var moved: [Int] {
        var tails: [(found: Int, place: Int)] = [], before: [Int: Int] = [:]
        let found = partner.compactMap { $0 }
        for (place, index) in found.enumerated() {
            var low = 0, high = tails.count
            while low < high {
                let middle = (low + high) / 2
                if tails[middle].found < index { low = middle + 1 } else { high = middle }
            }
            if low > 0 { before[place] = tails[low - 1].place }
            if low == tails.count { tails.append((index, place)) } else { tails[low] = (index, place) }
        }
        var inOrder: Set<Int> = [], place = tails.last?.place
        while let one = place {
            inOrder.insert(found[one])
            place = before[one]
        }
        return found.filter { !inOrder.contains($0) }.sorted()
    }
}

extension Cell {
    /// Whether it holds a learner's answer.
    var isAnswer: Bool { kind == .code && problem != nil }
}
