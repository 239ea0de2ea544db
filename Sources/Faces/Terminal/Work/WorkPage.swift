import Display
import Figures

/// All that the screen of `etude work` shows, as a value: ``WorkView`` makes lines of it.
public struct WorkPage: Equatable, Sendable {
    /// The exercise's title, and the name of the file that the learner edits.
    public var title: String
    public var file: String
    public var steps: [Step]
    /// Which step the window is on.
    public var current = 0
    public var scroll = Scroll.top
    /// One line about what happened last.
    public var message: String?
    /// What runs now, and for how many seconds.
    public var activity: (words: String, seconds: Int)?
    /// Whether the questions are known, so that progress can be told.
    public var knowsQuestions = true
    /// A question to the learner that `y` or `n` answers; it stands where the keys do.
    public var question: String?
    public var showsHelp = false

    public init(title: String, file: String, steps: [Step]) { (self.title, self.file, self.steps) = (title, file, steps) }

    public static func == (a: WorkPage, b: WorkPage) -> Bool {
        a.title == b.title && a.file == b.file && a.steps == b.steps && a.current == b.current && a.scroll == b.scroll
            && a.message == b.message && a.knowsQuestions == b.knowsQuestions && a.question == b.question && a.showsHelp == b.showsHelp
            && a.activity?.words == b.activity?.words && a.activity?.seconds == b.activity?.seconds
    }

    /// Where the body is scrolled to.
    public enum Scroll: Equatable, Sendable {
        case top
        /// The body's line, from 0, that stands first.
        case line(Int)
        /// A cell with what came of it, as far as there is room.
        case cell(String)
        /// What the step's question has answered, at its end.
        case answer
    }

    /// A stretch of the exercise: what is to be read, the cells, and at most one question.
    public struct Step: Equatable, Sendable {
        public var title: String
        /// The question, for example `part3.c`.
        public var part: String?
        /// How the question came out; nil when it was not asked yet.
        public var outcome: QuestionOutcome.Outcome?
        /// The cell that holds the question's answer.
        public var answerCell: String?
        public var blocks: [Block]
        /// The question's last verdict, hint or solution.
        public var answers: [OutputPiece]

        public init(
            title: String, part: String? = nil, outcome: QuestionOutcome.Outcome? = nil, answerCell: String? = nil, blocks: [Block],
            answers: [OutputPiece] = []
        ) {
            (self.title, self.part, self.outcome) = (title, part, outcome)
            (self.answerCell, self.blocks, self.answers) = (answerCell, blocks, answers)
        }
    }

    public enum Block: Equatable, Sendable {
        /// Markdown.
        case prose(String)
        case cell(Cell)
    }

    public struct Cell: Equatable, Sendable {
        public var id: String
        /// Counted from 1 in the notebook.
        public var number: Int
        public var name: String?
        /// The line of the file at which its text begins.
        public var line: Int?
        public var source: String
        /// The line of the source, from 0, that the learner is most likely at.
        public var focus: Int?
        public var status: CellStatus
        public var output: [OutputPiece]

        public init(
            id: String, number: Int, name: String? = nil, line: Int? = nil, source: String, focus: Int? = nil,
            status: CellStatus = .neverRun, output: [OutputPiece] = []
        ) {
            (self.id, self.number, self.name, self.line) = (id, number, name, line)
            (self.source, self.focus, self.status, self.output) = (source, focus, status, output)
        }
    }

    public enum CellStatus: Equatable, Sendable {
        case neverRun, waiting, running, failed, interrupted
        /// It ran, and what it shows holds.
        case current(seconds: Double)
        /// What it shows does not hold any more, or may not: a sentence says why.
        case outOfDate(String)
        case doubtful(String)

        /// Why what the cell shows may not hold; nil when it does.
        public var doubt: String? {
            switch self {
            case .outOfDate(let reason), .doubtful(let reason): reason
            case .neverRun, .waiting, .running, .failed, .interrupted, .current: nil
            }
        }
    }
}

/// What a key does, for the line at the bottom and the page of help.
struct WorkKey {
    var key, word, sentence: String
    /// Those of high rank go last when room is short.
    var rank: Int
    /// What a step must have for it.
    var need = Need.nothing
    enum Need { case nothing, question, answer }

    static let all = [
        WorkKey(key: "r", word: "run", sentence: "run this step's cells again, and what they need", rank: 1),
        WorkKey(key: "a", word: "all", sentence: "run the whole exercise from the top", rank: 7),
        WorkKey(key: "c", word: "check", sentence: "check the answer", rank: 0, need: .question),
        WorkKey(key: "h", word: "hint", sentence: "a hint; press it again for the next one", rank: 3, need: .question),
        WorkKey(key: "s", word: "solution", sentence: "the solution, explained", rank: 5, need: .question),
        WorkKey(key: "n", word: "next", sentence: "the next step (or the right arrow)", rank: 2),
        WorkKey(key: "p", word: "previous", sentence: "the step before (or the left arrow)", rank: 6),
        WorkKey(key: "x", word: "reset", sentence: "put the starter's text back into the cell; asked first", rank: 8, need: .answer),
        WorkKey(key: "q", word: "quit", sentence: "quit", rank: -1),
    ]
    static let others = [
        ("Enter", "run the next cell of this step that has yet to run"),
        ("↑ ↓", "scroll by a line (k, j)"), ("PgUp PgDn", "scroll by a page (b, space)"), ("Home End", "to the top, to the bottom (g, G)"),
        ("Ctrl-C", "stop the running cell"), ("Ctrl-Z", "to the shell; `fg` comes back"), ("Esc", "close what was answered, or this page"),
    ]
}
