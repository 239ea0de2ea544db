import Foundation
internal import GRDB
import Workspace

// How rows become values. What is not as it was written is an error, never a guess.
extension SQLiteGradebook {
    static func damaged(_ what: String) -> GradebookError { GradebookError(.damaged, "\(what) is not as Etude writes it. Use a copy of the gradebook that is whole.") }

    /// A list of texts in a column, as JSON.
    static func list(_ text: String?) throws -> [String]? {
        guard let text else { return nil }
        guard let list = try? JSONDecoder().decode([String].self, from: Data(text.utf8)) else { throw damaged("A list") }
        return list
    }

    static func text(of list: [String]) throws -> String { String(decoding: try JSONEncoder().encode(list), as: UTF8.self) }

    static func questions(of round: Int64, _ db: Database) throws -> [Question] {
        try Row.fetchAll(db, cached: "SELECT path, maximum FROM question WHERE round = ? ORDER BY position", [round]).map { Question($0["path"], maximum: $0["maximum"]) }
    }

    static func round(_ row: Row, _ db: Database) throws -> Round {
        guard let exercise = ExerciseName(row["exercise"]), let seeds = GradingKey.Seeds(row["seeds"]), let state = Round.State(rawValue: row["state"]) else { throw damaged("A round") }
        return Round(
            id: Round.ID(row: row["id"]), exercise: exercise, key: GradingKey(courseVersion: row["courseVersion"], checkers: row["checkers"], seeds: seeds),
            state: state, questions: try questions(of: row["id"], db), author: row["author"], begun: Date(milliseconds: row["begun"]), reason: row["reason"])
    }

    static func submission(_ id: Int64, _ db: Database) throws -> GradedSubmission {
        let row = try Row.fetchOne(db, cached: "\(submissions) WHERE submission.id = ?", [id])
        guard let row else { throw damaged("A grading") }
        return try submission(row)
    }

    /// Selects what ``submission(_:)`` reads.
    static let submissions = """
        SELECT submission.*, exercise, learner, name, email FROM submission JOIN assignment ON assignment.id = assignment JOIN student ON student.id = student
        """

    static func submission(_ row: Row) throws -> GradedSubmission {
        guard let exercise = ExerciseName(row["exercise"]), let hash = FileHash(row["hash"]), let notebook = FileHash(row["notebook"]),
            let trust = CollectedSubmission.Trust(rawValue: row["trust"]) else { throw damaged("A submission") }
        return GradedSubmission(
            id: GradedSubmission.ID(row: row["id"]), student: Student(learner: row["learner"], name: row["name"], email: row["email"]), exercise: exercise,
            hash: hash, notebook: notebook, collection: row["collection"], folder: row["folder"], file: row["file"], courseVersion: row["courseVersion"],
            number: row["number"], claimed: Date(milliseconds: row["claimed"]), received: Date(milliseconds: row["received"]), trust: trust,
            problems: try list(row["problems"]) ?? [], counts: row["counts"])
    }

    static func usage(_ row: Row) -> Usage? {
        guard let processorTime = row["processorTime"] as Int64?, let duration = row["duration"] as Int64?, let memory = row["memory"] as Int? else { return nil }
        return Usage(processorTime: .milliseconds(processorTime), duration: .milliseconds(duration), memory: memory)
    }

    /// Selects what ``result(_:)`` reads. A condition goes on after it.
    static let results = """
        SELECT result.*, attempt.sandbox, attempt.worker, grading.submission, question.maximum, round.id AS round, round.state AS roundState,
            round.courseVersion, round.checkers, round.seeds
        FROM result JOIN grading ON grading.id = result.grading JOIN attempt ON attempt.grading = result.grading AND attempt.number = result.attempt
            JOIN round ON round.id = grading.round JOIN question ON question.round = round.id AND question.path = result.question
        """

    static func result(_ row: Row) throws -> RecordedResult {
        guard let outcome = Outcome(rawValue: row["outcome"]), let seeds = GradingKey.Seeds(row["seeds"]) else { throw damaged("A result") }
        let result = QuestionResult(
            row["question"], outcome, points: row["points"], sentence: row["sentence"] ?? "", mistake: row["mistake"], cell: row["cell"], line: row["line"],
            seed: (row["seed"] as String?).flatMap { UInt64($0) }, used: usage(row))
        return RecordedResult(
            result: result, maximum: row["maximum"], round: Round.ID(row: row["round"]),
            key: GradingKey(courseVersion: row["courseVersion"], checkers: row["checkers"], seeds: seeds), attempt: row["attempt"], worker: row["worker"],
            sandbox: row["sandbox"], recorded: Date(milliseconds: row["recorded"]), replaced: (row["replaced"] as Int64?).map(Date.init(milliseconds:)))
    }

    /// The results that count of an exercise's submissions, by submission and question.
    ///
    /// That is each question's newest in a round that was accepted; a failure of the grader's never takes the place of a result.
    static func standing(_ assignment: Int64, _ db: Database) throws -> [Int64: [String: RecordedResult]] {
        var standing: [Int64: [String: RecordedResult]] = [:]
        let rows = try Row.fetchCursor(db, sql: """
            \(results) WHERE round.assignment = ? AND round.state IN ('current', 'former') AND result.replaced IS NULL
            ORDER BY result.outcome <> 'graderFailure', round.id
            """, arguments: [assignment])
        while let row = try rows.next() { standing[row["submission"], default: [:]][row["question"]] = try result(row) }
        return standing
    }
}
