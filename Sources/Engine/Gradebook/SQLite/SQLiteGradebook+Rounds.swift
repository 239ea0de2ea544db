import Foundation
internal import GRDB
import Workspace

/// Which results a regrade makes anew.
public enum RegradeScope: Equatable, Sendable {
    case all
    /// These questions, by their paths.
    case questions(Set<String>)
    /// Those that were graded with another key, or not yet.
    case changed
}

/// How a question comes out otherwise in a regrade.
public struct RegradeDifference: Equatable, Sendable {
    public var submission: GradedSubmission
    public var question: String
    /// nil where it had none.
    public var before: RecordedResult?
    public var after: RecordedResult
    /// A person's points, which stay whatever comes of the regrade.
    public var mark: Mark?
}

extension SQLiteGradebook {
    /// Begins to grade an exercise: all submissions that count are put in the queue, and those that come later.
    ///
    /// Doing so again with the same key changes nothing.
    /// - Throws: ``GradebookError``, `refused` where it is graded with another key already: that is for ``proposeRegrade(of:_:questions:key:by:reason:)``.
    @discardableResult
    public func beginGrading(_ exercise: ExerciseName, questions: [Question], key: GradingKey, by author: String) throws -> Round {
        try check(questions)
        return try write { db in
            let assignment = try Self.assignment(of: exercise, db)
            if let round = try Self.round(of: assignment, .current, db) {
                guard round.key == key, round.questions == questions else {
                    throw GradebookError(.refused, "\(exercise) is being graded with the checkers \(round.key.checkers) of version \(round.key.courseVersion). To grade with others, propose a regrade.")
                }
                return round
            }
            let round = try insertRound(assignment, .current, questions, key, author, reason: "", db)
            try db.execute(sql: "INSERT INTO grading (round, submission) SELECT ?, id FROM submission WHERE assignment = ? AND counts = 1", arguments: [round, assignment])
            return try Self.round(round, db)
        }
    }

    /// The round whose results count, and that new submissions are graded in; nil before ``beginGrading(_:questions:key:by:)``.
    public func currentRound(of exercise: ExerciseName) throws -> Round? { try round(of: exercise, .current) }

    /// The regrade that waits to be accepted or dropped.
    public func proposedRound(of exercise: ExerciseName) throws -> Round? { try round(of: exercise, .proposed) }

    /// Puts submissions in the queue once more. Their results are kept aside until the regrade is accepted.
    ///
    /// Submissions that come in the meantime are graded in the current round.
    /// - Throws: ``GradebookError``, `refused` where a proposal waits already, or nothing is to be graded anew.
    @discardableResult
    public func proposeRegrade(
        of exercise: ExerciseName, _ scope: RegradeScope, questions: [Question], key: GradingKey, by author: String, reason: String
    ) throws -> Round {
        try check(questions)
        let paths = questions.map(\.path)
        if case .questions(let wanted) = scope, let unknown = wanted.subtracting(paths).sorted().first {
            throw GradebookError(.refused, "\(exercise) has no question \(unknown). Its questions are \(paths.joined(separator: ", ")).")
        }
        return try write { db in
            let assignment = try Self.assignment(of: exercise, db)
            guard try Self.round(of: assignment, .current, db) != nil else { throw GradebookError(.refused, "\(exercise) has not been graded yet, so that nothing can be graded anew.") }
            guard try Self.round(of: assignment, .proposed, db) == nil else { throw GradebookError(.refused, "A regrade of \(exercise) waits already. Accept or drop it first.") }
            let standing = try Self.standing(assignment, db)
            let round = try insertRound(assignment, .proposed, questions, key, author, reason: reason, db)
            var count = 0
            for submission in try Int64.fetchAll(db, sql: "SELECT id FROM submission WHERE assignment = ? AND counts = 1 ORDER BY id", arguments: [assignment]) {
                let wanted = switch scope {
                case .all: paths
                case .questions(let some): paths.filter(some.contains)
                case .changed: paths.filter { standing[submission]?[$0]?.key != key }
                }
                guard !wanted.isEmpty else { continue }
                try db.execute(
                    cached: "INSERT INTO grading (round, submission, questions) VALUES (?, ?, ?)", [round, submission, wanted == paths ? nil : Self.text(of: wanted)])
                count += 1
            }
            guard count > 0 else { throw GradebookError(.refused, "All of \(exercise) was graded with this key already; nothing is to be graded anew.") }
            return try Self.round(round, db)
        }
    }

    /// How a regrade's results, as far as there are any, differ from those that count: by learner, in the order of the questions.
    public func differences(of round: Round) throws -> [RegradeDifference] {
        try read { db in
            let marks = try Self.marks(of: round.exercise, db), standing = try Self.standing(Self.assignment(of: round, db), db)
            let rows = try Row.fetchAll(db, sql: """
                \(Self.results) JOIN submission ON submission.id = grading.submission JOIN student ON student.id = submission.student
                WHERE round.id = ? AND result.replaced IS NULL AND submission.counts = 1 ORDER BY learner, question.position
                """, arguments: [round.id.row])
            return try rows.compactMap { row in
                let (submission, after) = (row["submission"] as Int64, try Self.result(row)), question = after.result.question
                let before = standing[submission]?[question], (a, b) = (before?.result, after.result)
                // What never takes the place of a result makes no difference either.
                if b.outcome == .graderFailure, before != nil { return nil }
                if a?.outcome == b.outcome, a?.points == b.points, a?.mistake == b.mistake, before?.maximum == after.maximum { return nil }
                return RegradeDifference(submission: try Self.submission(submission, db), question: question, before: before, after: after, mark: marks[submission]?[question])
            }
        }
    }

    /// Lets a regrade's results count from now on, and grades later submissions with its key.
    /// - Throws: ``GradebookError``, `refused` before all is graded.
    public func accept(_ round: Round, by author: String) throws {
        try decide(round, .current, by: author) { db in
            let exercise = round.exercise.description
            let open = try Int.fetchOne(db, sql: "SELECT count(*) FROM grading WHERE round = ? AND state = 'open'", arguments: [round.id.row]) ?? 0
            guard open == 0 else { throw GradebookError(.refused, "Gradings of the regrade that are not done yet: \(open). Let them end first.") }
            let current = "round IN (SELECT round.id FROM round JOIN assignment ON assignment.id = assignment WHERE exercise = ? AND state = 'current')"
            let isCovered = "submission IN (SELECT submission FROM grading AS other WHERE other.round = ? AND other.questions IS NULL)"
            let left = try Int.fetchOne(
                db, sql: "SELECT count(*) FROM grading WHERE \(current) AND state IN ('open', 'needsPerson') AND NOT \(isCovered)", arguments: [exercise, round.id.row]) ?? 0
            guard left == 0 else { throw GradebookError(.refused, "Submissions that are not graded for a first time yet, or need a person: \(left). See to them first.") }
            try withdraw("\(current) AND \(isCovered)", [exercise, round.id.row], db)
            try db.execute(
                sql: "UPDATE round SET state = 'former' WHERE state = 'current' AND assignment = (SELECT id FROM assignment WHERE exercise = ?)",
                arguments: [exercise])
        }
    }

    /// Forgets a regrade. Its results never count, but stay in the history.
    public func drop(_ round: Round, by author: String) throws {
        try decide(round, .dropped, by: author) { db in try withdraw("round = ?", [round.id.row], db) }
    }

    private func decide(_ round: Round, _ state: Round.State, by author: String, _ before: (Database) throws -> Void) throws {
        try write { db in
            guard try Self.round(round.id.row, db).state == .proposed else { throw GradebookError(.refused, "This regrade of \(round.exercise) was accepted or dropped before.") }
            try before(db)
            try db.execute(
                sql: "UPDATE round SET state = ?, decidedBy = ?, decided = ? WHERE id = ?",
                arguments: [state.rawValue, Self.kept(author), Date().milliseconds, round.id.row])
        }
    }

    // MARK: Rounds

    private func check(_ questions: [Question]) throws {
        guard !questions.isEmpty, Set(questions.map(\.path)).count == questions.count, questions.allSatisfy({ $0.maximum.isFinite && $0.maximum >= 0 }) else {
            throw GradebookError(.refused, "What is graded has questions, no two of one name, that give no less than 0 points.")
        }
    }

    private func insertRound(
        _ assignment: Int64, _ state: Round.State, _ questions: [Question], _ key: GradingKey, _ author: String, reason: String, _ db: Database
    ) throws -> Int64 {
        try db.execute(
            sql: "INSERT INTO round (assignment, courseVersion, checkers, seeds, state, author, begun, reason) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            arguments: [assignment, key.courseVersion, key.checkers, key.seeds.description, state.rawValue, Self.kept(author), Date().milliseconds, Self.kept(reason)])
        let round = db.lastInsertedRowID
        for (position, question) in questions.enumerated() {
            try db.execute(sql: "INSERT INTO question (round, position, path, maximum) VALUES (?, ?, ?, ?)", arguments: [round, position, question.path, question.maximum])
        }
        return round
    }

    private static let rounds = "SELECT round.*, exercise FROM round JOIN assignment ON assignment.id = assignment"

    private func round(of exercise: ExerciseName, _ state: Round.State) throws -> Round? {
        try read { db in
            try Row.fetchOne(db, sql: "\(Self.rounds) WHERE exercise = ? AND state = ?", arguments: [exercise.description, state.rawValue]).map { try Self.round($0, db) }
        }
    }

    private static func round(of assignment: Int64, _ state: Round.State, _ db: Database) throws -> Round? {
        try Row.fetchOne(db, sql: "\(rounds) WHERE assignment = ? AND state = ?", arguments: [assignment, state.rawValue]).map { try round($0, db) }
    }

    private static func round(_ id: Int64, _ db: Database) throws -> Round {
        guard let row = try Row.fetchOne(db, sql: "\(rounds) WHERE round.id = ?", arguments: [id]) else { throw GradebookError(.refused, "This round is not of this gradebook.") }
        return try round(row, db)
    }

    private static func assignment(of round: Round, _ db: Database) throws -> Int64 {
        guard let id = try Int64.fetchOne(db, sql: "SELECT assignment FROM round WHERE id = ?", arguments: [round.id.row]) else { throw damaged("A round") }
        return id
    }
}
