import Foundation
internal import GRDB
import Workspace

/// What came of loading a collection.
public struct LoadReport: Equatable, Sendable {
    /// Submissions that were not there before, and that were.
    public var added = 0, known = 0
}

extension SQLiteGradebook {
    /// Takes in what `etude collect` has gathered. Doing so again adds what is new, and brings the rest up to date.
    ///
    /// Of a student's submissions of an exercise the newest counts, by the time that it claims; the others are kept. Where the
    /// exercise is being graded, what counts is put in the queue.
    /// - Parameter folder: the collection's.
    /// - Throws: ``GradebookError``, and what is wrong with the collection; nothing has changed then.
    @discardableResult
    public func load(collectionIn folder: String) throws -> LoadReport {
        guard FileManager.default.fileExists(atPath: "\(folder)/\(CollectionRecord.file)") else {
            throw GradebookError(.refused, "\(folder) has no \(CollectionRecord.file). Make one of what learners sent: etude collect SOURCES --out \(folder)")
        }
        let root = URL(fileURLWithPath: folder).standardizedFileURL.path
        let entries = try CollectionRecord(in: folder).submissions.map { entry in
            guard let exercise = ExerciseName(entry.exercise), let claimed = Date(thousandths: entry.time) else {
                throw GradebookError(.refused, "\(folder)/\(CollectionRecord.file): the submission in \(entry.folder) lacks an exercise's name or a time. Collect anew, into an empty folder.")
            }
            return (entry, exercise, claimed)
        }.sorted { ($0.2, $0.0.number ?? 0) < ($1.2, $1.0.number ?? 0) }
        return try write { db in
            var report = LoadReport(), touched: Set<[Int64]> = []
            let now = Date().milliseconds
            for (entry, exercise, claimed) in entries {
                let assignment = try Self.assignment(of: exercise, db), student = try Self.student(entry, db)
                let isKnown = try Row.fetchOne(
                    db, cached: "SELECT 1 FROM submission WHERE assignment = ? AND student = ? AND hash = ?", [assignment, student, entry.id.description]) != nil
                try db.execute(
                    cached: """
                        INSERT INTO submission (assignment, student, hash, notebook, collection, folder, file, courseVersion, number, claimed, received, trust, problems)
                        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                        ON CONFLICT (assignment, student, hash) DO UPDATE SET collection = excluded.collection, folder = excluded.folder,
                            file = excluded.file, trust = excluded.trust, problems = excluded.problems
                        """,
                    [
                        assignment, student, entry.id.description, entry.sha256.description, root, entry.folder, entry.file, entry.courseVersion.map(Self.kept),
                        entry.number, claimed.milliseconds, now, entry.trust.rawValue, Self.text(of: entry.problems.map(Self.kept)),
                    ])
                if isKnown { report.known += 1 } else { report.added += 1 }
                touched.insert([assignment, student])
            }
            for pair in touched.sorted(by: { $0.lexicographicallyPrecedes($1) }) { try chooseWhatCounts(assignment: pair[0], student: pair[1], db) }
            return report
        }
    }

    /// All submissions of an exercise, by learner, of each the newest first.
    public func submissions(of exercise: ExerciseName) throws -> [GradedSubmission] {
        try read { db in
            try Row.fetchAll(db, sql: "\(Self.submissions) WHERE exercise = ? ORDER BY learner, claimed DESC, coalesce(number, 0) DESC, submission.id DESC", arguments: [exercise.description])
                .map(Self.submission)
        }
    }

    static func assignment(of exercise: ExerciseName, _ db: Database) throws -> Int64 {
        if let row = try Row.fetchOne(db, cached: "SELECT id FROM assignment WHERE exercise = ?", [exercise.description]) { return row["id"] }
        try db.execute(cached: "INSERT INTO assignment (exercise) VALUES (?)", [exercise.description])
        return db.lastInsertedRowID
    }

    private static func student(_ entry: CollectedSubmission, _ db: Database) throws -> Int64 {
        let (learner, name, email) = (kept(entry.learner), entry.name.map(kept), entry.email.map(kept))
        // A plain notebook says no name, which leaves the one that is known.
        try db.execute(
            cached: """
                INSERT INTO student (learner, name, email) VALUES (?, ?, ?)
                ON CONFLICT (learner) DO UPDATE SET name = coalesce(excluded.name, name), email = coalesce(excluded.email, email)
                """, [learner, name, email])
        guard let row = try Row.fetchOne(db, cached: "SELECT id FROM student WHERE learner = ?", [learner]) else { throw damaged("A student") }
        return row["id"]
    }

    /// Lets a student's newest submission that can be graded count, and puts it in the queue; others leave the queue.
    func chooseWhatCounts(assignment: Int64, student: Int64, _ db: Database) throws {
        let newest = try Row.fetchOne(db, cached: """
            SELECT id, counts FROM submission WHERE assignment = ? AND student = ? ORDER BY gradable DESC, claimed DESC, coalesce(number, 0) DESC, id DESC LIMIT 1
            """, [assignment, student])
        guard let newest else { return }
        let id = newest["id"] as Int64
        if !newest["counts"] {
            try db.execute(cached: "UPDATE submission SET counts = 0 WHERE assignment = ? AND student = ? AND counts = 1", [assignment, student])
            try db.execute(cached: "UPDATE submission SET counts = 1 WHERE id = ?", [id])
            try withdraw("submission IN (SELECT id FROM submission WHERE assignment = ? AND student = ? AND counts = 0)", [assignment, student], db)
        }
        try reopen("state = 'notWanted' AND submission = ? AND round IN (SELECT id FROM round WHERE assignment = ? AND state = 'current')", [id, assignment], db)
        try db.execute(
            cached: """
                INSERT INTO grading (round, submission) SELECT round.id, ?1 FROM round WHERE assignment = ?2 AND state = 'current'
                    AND NOT EXISTS (SELECT 1 FROM grading JOIN round AS other ON other.id = grading.round
                        WHERE submission = ?1 AND other.state = 'former' AND grading.state = 'done')
                ON CONFLICT (submission, round) DO NOTHING
                """, [id, assignment])
    }
}
