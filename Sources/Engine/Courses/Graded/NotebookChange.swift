import Notebook

/// Something in a learner's notebook that is other than in the course's, and that grading does not take.
public struct NotebookChange: Equatable, Sendable {
    public enum Kind: String, Codable, Sendable {
        /// A cell of the course's has another text.
        case edited
        /// A cell of the course's is gone.
        case deleted
        /// A cell of the learner's own.
        case added
        /// A cell of the course's stands elsewhere.
        case moved
        /// A further cell for an answer that was found already.
        case duplicate
        /// An answer in a cell with another id; it was taken from there.
        case otherID
        /// An answer in the right cell, which names another question or none; it was taken.
        case otherProblem
        /// An answer of more bytes than are read.
        case tooLong
    }

    public var kind: Kind
    /// The id in the learner's notebook; of a cell that is gone, in the course's.
    public var cell: String
    /// The question that the cell answers, where it does.
    public var problem: String?
    /// Whether the cell is one for an answer.
    public var isAnswer: Bool
    public var isCode: Bool
    /// Where the cell stands in the learner's notebook, counted from 0; nil for one that is gone.
    public var place: Int?

    init(_ kind: Kind, _ cell: Cell, problem: String? = nil, isAnswer: Bool = false, place: Int?) {
        (self.kind, self.cell, self.problem, self.isAnswer, self.place) = (kind, cell.id, problem ?? cell.problem, isAnswer, place)
        isCode = cell.kind == .code
    }

    /// What a learner should know of it.
    public var sentence: String {
        let name = name
        return switch kind {
        case .edited: "You changed \(name); grading uses the course's."
        case .deleted where isAnswer: "The cell for your answer to \(problem ?? "a question") (`\(cell)`) is gone, or no code; the answer counts as not attempted."
        case .deleted: "You deleted the cell `\(cell)`; grading has it."
        case .added: "\(name.capitalised) is your own; grading does not take it."
        case .moved: "You moved \(name); in grading it stands where the course has it."
        case .duplicate: "\(name.capitalised) is a further one for \(problem ?? "a question"); grading takes another."
        case .otherID: "Your answer to \(problem ?? "a question") stands in a cell with another id, \(name); grading takes it from there."
        case .otherProblem: "\(name.capitalised) is the course's cell for \(problem ?? "a question") and says otherwise; grading takes it for that."
        case .tooLong: "Your answer to \(problem ?? "a question") in \(name) has more than \(GradedNotebook.greatestAnswer >> 10) KB; grading does not take it."
        }
    }

    /// How a person finds the cell: `cell 12 (helpers)`.
    var name: String { place.map { "cell \($0 + 1) (`\(cell)`)" } ?? "the cell `\(cell)`" }
}

extension String {
    /// With an upper-case first letter.
    fileprivate var capitalised: String { prefix(1).uppercased() + dropFirst() }
}
