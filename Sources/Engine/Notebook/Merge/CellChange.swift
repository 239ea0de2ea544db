/// What an update of a course did to one cell of a learner's notebook.
public struct CellChange: Equatable, Sendable {
    public enum Kind: String, Equatable, Sendable, CaseIterable {
        /// The course has a new cell.
        case added
        /// The course changed it, and the learner had not.
        case updated
        /// The course took it out, and the learner had not changed it.
        case removed
        /// The course took it out, and it stays since the learner had changed it.
        case kept
        /// The learner had deleted it, and the course changed it: it is there again.
        case returned
        /// Both changed it: the learner's code runs, and the course's stands below it, in comments.
        case both
        /// Both changed it: the course's prose is shown, and what the learner wrote stands below it.
        case bothProse
        /// Both changed it, and one made prose of it or code: there are two cells now.
        case parted
        /// The question that it answers has another name.
        case renamed
    }

    public var kind: Kind
    /// The cell's id.
    public var cell: String
    /// The question that it answers.
    public var question: String?
    /// Its title or first words.
    public var title: String

    init(_ kind: Kind, _ cell: Cell) {
        (self.kind, self.cell, question) = (kind, cell.id, cell.problem)
        let line = cell.source.split(separator: "\n").first { !$0.allSatisfy(\.isWhitespace) } ?? ""
        title = cell.title ?? String(line.drop { $0 == "#" || $0 == " " }.prefix(60))
    }
}
