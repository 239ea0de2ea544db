import Foundation
internal import GRDB
import Workspace

extension SQLiteGradebook {
    /// The grades of all students of the gradebook, by learner, with the late rules that were adopted.
    public func grades(of exercise: ExerciseName) throws -> [Grade] { try grades(of: exercise, rules: lateRules()) }

    /// What late rules would do, before they count.
    /// - Returns: the students who handed in late, who have an extension, or whose points change, by learner.
    public func effects(of rules: LateRules, on exercise: ExerciseName) throws -> [LateEffect] {
        let adopted = try lateRules()?[exercise]
        return try grades(of: exercise, rules: rules).compactMap { after in
            guard let submission = after.submission else { return nil }
            var before = after
            before.lateness = adopted?.lateness(of: submission)
            let isTouched = after.lateness.map { $0.isLate || $0.extension != nil } ?? false
            guard isTouched || before.points != after.points else { return nil }
            return LateEffect(student: after.student, lateness: after.lateness, before: before.points, after: after.points)
        }
    }

    private func grades(of exercise: ExerciseName, rules: LateRules?) throws -> [Grade] {
        try read { db in
            let assignment = try Row.fetchOne(db, sql: "SELECT assignment.id, round.id AS round FROM assignment LEFT JOIN round ON assignment = assignment.id AND state = 'current' WHERE exercise = ?", arguments: [exercise.description])
            guard let assignment else { return [] }
            let questions = try (assignment["round"] as Int64?).map { try Self.questions(of: $0, db) } ?? []
            let standing = try Self.standing(assignment["id"], db), marks = try Self.marks(of: exercise, db)
            var submissions: [Int64: GradedSubmission] = [:]
            for row in try Row.fetchAll(db, sql: "\(Self.submissions) WHERE exercise = ? AND counts = 1", arguments: [exercise.description]) {
                submissions[row["student"]] = try Self.submission(row)
            }
            return try Row.fetchAll(db, sql: "SELECT * FROM student ORDER BY learner").map { row in
                let student = Student(learner: row["learner"], name: row["name"], email: row["email"]), submission = submissions[row["id"]]
                let graded = questions.map { question in
                    let id = submission?.id.row
                    return Grade.Item(question: question, result: id.flatMap { standing[$0]?[question.path] }, mark: id.flatMap { marks[$0]?[question.path] })
                }
                return Grade(student: student, submission: submission, items: graded, lateness: submission.flatMap { rules?[exercise]?.lateness(of: $0) })
            }
        }
    }

    // MARK: Marks

    /// Gives points and a comment beside what was found automatically, from now on; earlier ones stay in the history.
    ///
    /// - Parameters:
    ///   - points: count in place of the automatic ones; nil lets these stand.
    ///   - comment: nil for none.
    /// - Throws: ``GradebookError``, `refused` for a question that the exercise has not, or points below 0.
    public func mark(_ submission: GradedSubmission, question: String, points: Double?, comment: String? = nil, by author: String) throws {
        if let points, !points.isFinite || points < 0 { throw GradebookError(.refused, "Points are a number from 0 on.") }
        try write { db in
            let isKnown = try Row.fetchOne(db, sql: """
                SELECT 1 FROM question JOIN round ON round.id = round JOIN assignment ON assignment.id = assignment WHERE exercise = ? AND state = 'current' AND path = ?
                """, arguments: [submission.exercise.description, question]) != nil
            guard isKnown else { throw GradebookError(.refused, "\(submission.exercise) has no question \(question) that gives points.") }
            try db.execute(
                sql: "INSERT INTO mark (submission, question, points, comment, author, given) VALUES (?, ?, ?, ?, ?, ?)",
                arguments: [submission.id.row, question, points, comment.map(Self.kept), Self.kept(author), Date().milliseconds])
        }
    }

    static func marks(of exercise: ExerciseName, _ db: Database) throws -> [Int64: [String: Mark]] {
        var marks: [Int64: [String: Mark]] = [:]
        let rows = try Row.fetchAll(db, sql: """
            SELECT mark.* FROM mark JOIN submission ON submission.id = submission JOIN assignment ON assignment.id = assignment WHERE exercise = ? ORDER BY mark.id
            """, arguments: [exercise.description])
        for row in rows { marks[row["submission"], default: [:]][row["question"]] = mark(row) }
        return marks
    }

    private static func mark(_ row: Row) -> Mark {
        Mark(question: row["question"], points: row["points"], comment: row["comment"], author: row["author"], given: Date(milliseconds: row["given"]))
    }

    // MARK: History

    /// All that was ever found or given for a question of a submission, the oldest first: also what was replaced, proposed or dropped.
    public func history(of submission: GradedSubmission, question: String) throws -> (results: [RecordedResult], marks: [Mark]) {
        try read { db in
            let results = try Row.fetchAll(db, sql: "\(Self.results) WHERE grading.submission = ? AND result.question = ? ORDER BY result.id", arguments: [submission.id.row, question])
            let marks = try Row.fetchAll(db, sql: "SELECT * FROM mark WHERE submission = ? AND question = ? ORDER BY id", arguments: [submission.id.row, question])
            return (try results.map(Self.result), marks.map(Self.mark))
        }
    }

    // MARK: Late rules

    /// Lets late rules count from now on, in place of those that counted.
    public func adopt(_ rules: LateRules, by author: String) throws {
        try write { db in
            try db.execute(sql: "INSERT INTO lateRules (text, author, adopted) VALUES (?, ?, ?)", arguments: [rules.text, Self.kept(author), Date().milliseconds])
        }
    }

    /// The late rules that count; nil where none were adopted.
    public func lateRules() throws -> LateRules? {
        let text = try read { db in try String.fetchOne(db, sql: "SELECT text FROM lateRules ORDER BY id DESC LIMIT 1") }
        return try text.map { try LateRules(json: Data($0.utf8), file: "The gradebook's late rules") }
    }
}
