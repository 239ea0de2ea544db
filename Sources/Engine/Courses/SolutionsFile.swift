import Foundation
import Notebook

/// What a course's author wrote for the questions of one exercise: hints, solutions, right and wrong answers.
public struct SolutionsFile: Sendable, Equatable {
    public var problems: [ProblemPath: ProblemSolutions]

    /// Reads `solutions/<course>/<exercise>.swift`.
    /// - Throws: `CourseError` with file and line.
    public init(contentsOf path: String) throws {
        do {
            try self.init(Notebook(contentsOf: path), file: path)
        } catch let error as NotebookError {
            throw CourseError(error, file: path)
        }
    }

    /// Reads a notebook whose cells say their problem and role; `file` is for errors.
    /// - Throws: `CourseError` with file and line.
    public init(_ notebook: Notebook, file: String) throws {
        if let remark = notebook.remarks.first { throw CourseError(remark.sentence, file: file, line: remark.line) }
        problems = [:]
        for cell in notebook.cells {
            guard let (path, role) = try Self.place(of: cell, file: file) else { continue }
            try problems[path, default: ProblemSolutions()].add(cell, as: role, file: file)
        }
    }

    /// What stands there for a problem, by its path; nothing for one that the file does not name.
    public subscript(_ path: String) -> ProblemSolutions { ProblemPath(path).flatMap { problems[$0] } ?? ProblemSolutions() }

    private static func place(of cell: Cell, file: String) throws -> (ProblemPath, SolutionRole)? {
        func refuse(_ sentence: String) -> CourseError { CourseError(sentence, file: file, line: cell.markerLine) }
        let roles = SolutionRole.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: ", ")
        for key in ["problem", "role", "mistake"] {
            if let value = cell.metadata[key], value.stringValue == nil {
                throw refuse("\(key) is \(value.kindName); write it as text, \(key)=\"…\".")
            }
        }
        guard let problem = cell.problem else {
            if let role = cell.role { throw refuse("The role \"\(role)\" has no problem; write problem=\"part1\" or the like beside it.") }
            if let mistake = cell.mistake { throw refuse("The mistake \"\(mistake)\" has no problem and no role.") }
            let isNote = cell.kind != .code || CodeTokens.tokens(of: cell.source, skipsComments: true).isEmpty
            guard isNote else {
                throw refuse("This code belongs to no problem; write problem=\"…\" and role=\"…\" into its marker (roles: \(roles)).")
            }
            return nil
        }
        guard let path = ProblemPath(problem) else {
            throw refuse("\"\(problem)\" is not a problem's name, such as part1 or part3.c.")
        }
        guard let name = cell.role else { throw refuse("The cell for \(path) has no role; it is one of \(roles).") }
        guard let role = SolutionRole(rawValue: name) else { throw refuse("The role \"\(name)\" is not known; it is one of \(roles).") }
        return (path, role)
    }
}

/// What a cell of a solutions file is for.
enum SolutionRole: String, CaseIterable {
    case hint, solution, right, wrong
}

/// One question's hints, explained solution, and answers that must pass and fail.
public struct ProblemSolutions: Sendable, Equatable {
    /// Markdown, from the first hint to the last.
    public var hints: [String] = []
    /// Markdown and code cells that together explain the solution.
    public var solution: [Cell] = []
    /// Each replaces the exercise's cell of the problem, and passes.
    public var right: [Cell] = []
    /// Each replaces the exercise's cell of the problem, and makes its mistake.
    public var wrong: [WrongAnswer] = []

    public struct WrongAnswer: Sendable, Equatable {
        public var cell: Cell
        /// The mistake's id, such as `bias-per-user`.
        public var mistake: String
    }

    public init() {}

    /// The code of the solution's code cells.
    public var solutionCode: String {
        solution.filter { $0.kind == .code }.map(\.source).joined(separator: "\n")
    }

    /// The hints, counted from 1, that give part of the solution's code away, with the run of tokens that they share.
    public func hintsThatShareCode(atLeast count: Int = 8) -> [(hint: Int, run: String)] {
        hints.enumerated().compactMap { index, hint in
            sharesTokens(hint: hint, solutionCode: solutionCode, atLeast: count).map { (index + 1, $0) }
        }
    }

    private static let mistakeBytes = Set(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.".utf8)

    mutating func add(_ cell: Cell, as role: SolutionRole, file: String) throws {
        func refuse(_ sentence: String) -> CourseError { CourseError(sentence, file: file, line: cell.markerLine) }
        let problem = cell.problem ?? ""
        if role != .wrong, cell.mistake != nil {
            throw refuse("Only a wrong answer has a mistake; this cell's role is \"\(role.rawValue)\".")
        }
        let isEmpty = cell.source.allSatisfy(\.isWhitespace)
        switch role {
        case .hint:
            guard cell.kind == .markdown, !isEmpty else {
                throw refuse("A hint is text; write it in a cell `// %% [markdown] problem=\"\(problem)\" role=\"hint\"`.")
            }
            hints.append(cell.source)
        case .solution:
            guard cell.kind != .raw, !isEmpty else {
                throw refuse("A solution is Markdown or code; this cell is \(isEmpty ? "empty" : "raw").")
            }
            solution.append(cell)
        case .right, .wrong:
            guard cell.kind == .code, !CodeTokens.tokens(of: cell.source, skipsComments: true).isEmpty else {
                throw refuse("A \(role.rawValue) answer is code; this cell for \(problem) holds none.")
            }
            guard role == .wrong else {
                right.append(cell)
                return
            }
            guard let mistake = cell.mistake else {
                throw refuse("A wrong answer says which mistake it makes; write mistake=\"…\" beside the role.")
            }
            guard !mistake.isEmpty, mistake.utf8.allSatisfy(Self.mistakeBytes.contains) else { throw refuse("\"\(mistake)\" is not a mistake's id: letters, digits, `-`, `_` and `.`.") }
            wrong.append(WrongAnswer(cell: cell, mistake: mistake))
        }
    }
}
