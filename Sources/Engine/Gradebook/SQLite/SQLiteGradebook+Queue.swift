import Foundation
internal import GRDB

extension SQLiteGradebook {
    public func claim(_ count: Int, of round: Round.ID, by worker: String, for lease: Duration) throws -> [Claim] {
        try write { db in
            let now = Date().milliseconds
            for row in try Row.fetchAll(db, cached: "SELECT id, attempt FROM grading WHERE worker IS NOT NULL AND round = ? AND leaseEnd <= ?", [round.row, now]) {
                try end(row["id"], attempt: row["attempt"], .lapsed, because: "Its worker was not heard of any more.", at: now, db)
            }
            let rows = try Row.fetchAll(db, cached: """
                UPDATE grading SET attempt = attempt + 1, worker = ?, heard = ?, leaseEnd = ? WHERE id IN (
                    SELECT id FROM grading WHERE round = ? AND state = 'open' AND worker IS NULL ORDER BY failures + losses, id LIMIT ?)
                RETURNING id, attempt, submission, questions, failures + losses AS trouble
                """, [worker, now, now + lease.milliseconds, round.row, max(0, count)])
            guard !rows.isEmpty else { return [] }
            let questions = try Self.questions(of: round.row, db).map(\.path)
            return try rows.sorted { ($0["trouble"], $0["id"]) < ($1["trouble"] as Int, $1["id"] as Int64) }.map { row in
                let (grading, attempt) = (row["id"] as Int64, row["attempt"] as Int)
                try db.execute(cached: "INSERT INTO attempt (grading, number, worker, claimed) VALUES (?, ?, ?, ?)", [grading, attempt, worker, now])
                return Claim(
                    id: Claim.ID(row: grading), attempt: attempt, worker: worker, submission: try Self.submission(row["submission"], db),
                    questions: try Self.list(row["questions"]) ?? questions)
            }
        }
    }

    public func begin(_ claim: Claim, for lease: Duration) throws -> Bool {
        try write { db in
            let now = Date().milliseconds
            try db.execute(
                cached: "UPDATE grading SET heard = ?, leaseEnd = ? WHERE id = ? AND attempt = ? AND worker = ?",
                [now, now + lease.milliseconds, claim.id.row, claim.attempt, claim.worker])
            guard db.changesCount == 1 else { return false }
            try db.execute(cached: "UPDATE attempt SET begun = ? WHERE grading = ? AND number = ?", [now, claim.id.row, claim.attempt])
            return true
        }
    }

    public func renew(_ worker: String, for lease: Duration) throws -> Set<Claim.ID> {
        try write { db in
            let now = Date().milliseconds
            let rows = try Row.fetchAll(db, cached: "UPDATE grading SET heard = ?, leaseEnd = ? WHERE worker = ? RETURNING id", [now, now + lease.milliseconds, worker])
            return Set(rows.map { Claim.ID(row: $0["id"]) })
        }
    }

    @discardableResult
    public func finish(_ claim: Claim, with run: GradingRun) throws -> Receipt {
        guard run.results.map(\.question).sorted() == claim.questions.sorted() else {
            throw GradebookError(.refused, "A grading has one result for each of \(claim.questions.joined(separator: ", ")); these are for \(run.results.map(\.question).joined(separator: ", ")).")
        }
        guard run.results.allSatisfy({ $0.points.isFinite }) else { throw GradebookError(.refused, "Points are finite numbers.") }
        return try write { db in
            let now = Date().milliseconds
            guard try isStanding(claim, orLapsed: true, db) else { return .discarded }
            try record(run.sandbox, run.used, of: claim, db)
            let failure = run.results.first { $0.outcome == .graderFailure }
            if let failure {
                let receipt = try end(claim.id.row, attempt: claim.attempt, .failed, because: failure.sentence, at: now, db)
                guard receipt == .needsPerson else { return receipt }
                // What could be judged is there to be looked at.
            } else {
                try end(claim.id.row, attempt: claim.attempt, .finished, at: now, db)
            }
            for result in run.results { try record(result, of: claim, at: now, db) }
            try note(isGradable: run.results.contains { $0.outcome != .notGradable }, claim, db)
            return failure == nil ? .recorded : .needsPerson
        }
    }

    @discardableResult
    public func fail(_ claim: Claim, because sentence: String) throws -> Receipt {
        try write { db in
            guard try isStanding(claim, orLapsed: false, db) else { return .discarded }
            return try end(claim.id.row, attempt: claim.attempt, .failed, because: sentence, at: Date().milliseconds, db)
        }
    }

    public func release(_ worker: String) throws { try endAll(of: worker, .released, because: nil) }

    public func lose(_ worker: String, because sentence: String) throws { try endAll(of: worker, .lost, because: sentence) }

    public func progress(of round: Round.ID) throws -> Progress {
        try read { db in
            var progress = Progress()
            for row in try Row.fetchAll(db, cached: "SELECT state, worker IS NOT NULL AS isClaimed, count(*) AS count, min(leaseEnd) AS lapse FROM grading WHERE round = ? GROUP BY 1, 2", [round.row]) {
                let count: Int = row["count"]
                switch row["state"] as String {
                case "open" where row["isClaimed"]:
                    progress.claimed = count
                    progress.nextLapse = (row["lapse"] as Int64?).map(Date.init(milliseconds:))
                case "open": progress.open = count
                case "done": progress.done = count
                case "needsPerson": progress.needPerson = count
                default: break
                }
            }
            return progress
        }
    }

    // MARK: The end of an attempt

    /// How an attempt at a grading ended.
    enum Ending: String { case finished, failed, lapsed, lost, released }

    /// Whether what an attempt brings is still wanted.
    private func isStanding(_ claim: Claim, orLapsed: Bool, _ db: Database) throws -> Bool {
        let row = try Row.fetchOne(db, cached: """
            SELECT attempt.ending FROM grading JOIN attempt ON attempt.grading = grading.id AND attempt.number = grading.attempt
            WHERE grading.id = ? AND grading.attempt = ? AND grading.state IN ('open', 'needsPerson')
            """, [claim.id.row, claim.attempt])
        guard let row else { return false }
        let ending = row["ending"] as String?
        // It was given up too early: nobody has taken its place.
        return ending == nil || orLapsed && ending == Ending.lapsed.rawValue
    }

    @discardableResult
    private func end(_ grading: Int64, attempt: Int, _ ending: Ending, because sentence: String? = nil, at now: Int64, _ db: Database) throws -> Receipt {
        try db.execute(
            cached: "UPDATE attempt SET ended = ?, ending = ?, sentence = ? WHERE grading = ? AND number = ?",
            [now, ending.rawValue, sentence.map(Self.kept), grading, attempt])
        let row = try Row.fetchOne(db, cached: """
            SELECT failures, losses, begun IS NOT NULL AS isBegun FROM grading JOIN attempt ON attempt.grading = grading.id AND attempt.number = grading.attempt
            WHERE grading.id = ?
            """, [grading])
        guard let row else { throw GradebookError(.damaged, "A grading lacks its attempt.") }
        let isLoss = (ending == .lapsed || ending == .lost) && row["isBegun"]
        let failures = row["failures"] + (ending == .failed ? 1 : 0), losses = row["losses"] + (isLoss ? 1 : 0)
        let isHopeless = failures >= patience.failures || losses >= patience.losses
        let state = ending == .finished ? "done" : isHopeless ? "needsPerson" : "open"
        try db.execute(
            cached: "UPDATE grading SET worker = NULL, heard = NULL, leaseEnd = NULL, failures = ?, losses = ?, state = ? WHERE id = ?",
            [failures, losses, state, grading])
        return ending == .finished ? .recorded : isHopeless ? .needsPerson : .triedAgain
    }

    private func endAll(of worker: String, _ ending: Ending, because sentence: String?) throws {
        try write { db in
            for row in try Row.fetchAll(db, cached: "SELECT id, attempt FROM grading WHERE worker = ?", [worker]) {
                try end(row["id"], attempt: row["attempt"], ending, because: sentence, at: Date().milliseconds, db)
            }
        }
    }

    /// Takes gradings that are not done out of the queue.
    func withdraw(_ condition: String, _ arguments: StatementArguments, _ db: Database) throws {
        for row in try Row.fetchAll(db, sql: "SELECT id, attempt, worker FROM grading WHERE state IN ('open', 'needsPerson') AND \(condition)", arguments: arguments) {
            if row["worker"] != nil { try end(row["id"], attempt: row["attempt"], .released, at: Date().milliseconds, db) }
            try db.execute(sql: "UPDATE grading SET state = 'notWanted' WHERE id = ?", arguments: [row["id"] as Int64])
        }
    }

    /// Puts gradings back in the queue, as if nobody had tried them; what was found of them is history.
    /// - Returns: how many.
    @discardableResult
    func reopen(_ condition: String, _ arguments: StatementArguments, _ db: Database) throws -> Int {
        let gradings = try Int64.fetchAll(db.cachedStatement(sql: "SELECT id FROM grading WHERE \(condition)"), arguments: arguments)
        for grading in gradings {
            try db.execute(cached: "UPDATE result SET replaced = ? WHERE replaced IS NULL AND grading = ?", [Date().milliseconds, grading])
            try db.execute(cached: "UPDATE grading SET state = 'open', failures = 0, losses = 0 WHERE id = ?", [grading])
        }
        return gradings.count
    }

    // MARK: What is recorded

    private func record(_ sandbox: String, _ used: Usage?, of claim: Claim, _ db: Database) throws {
        try db.execute(
            cached: "UPDATE attempt SET sandbox = ?, processorTime = ?, duration = ?, memory = ? WHERE grading = ? AND number = ?",
            [Self.kept(sandbox), used?.processorTime.milliseconds, used?.duration.milliseconds, used?.memory, claim.id.row, claim.attempt])
    }

    private func record(_ result: QuestionResult, of claim: Claim, at now: Int64, _ db: Database) throws {
        try db.execute(
            cached: """
                INSERT INTO result (grading, attempt, question, outcome, points, sentence, mistake, cell, line, seed, processorTime, duration, memory, recorded)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
            [
                claim.id.row, claim.attempt, result.question, result.outcome.rawValue, result.points, result.sentence.isEmpty ? nil : Self.kept(result.sentence),
                result.mistake.map(Self.kept), result.cell.map(Self.kept), result.line, result.seed.map(String.init),
                result.used?.processorTime.milliseconds, result.used?.duration.milliseconds, result.used?.memory, now,
            ])
    }

    /// A newer submission that can't be graded shall not cost the learner an earlier one that can.
    private func note(isGradable: Bool, _ claim: Claim, _ db: Database) throws {
        try db.execute(
            cached: """
                UPDATE submission SET gradable = ? WHERE id = ? AND gradable <> ?
                AND EXISTS (SELECT 1 FROM grading JOIN round ON round.id = grading.round WHERE grading.id = ? AND round.state = 'current')
                """,
            [isGradable, claim.submission.id.row, isGradable, claim.id.row])
        guard db.changesCount > 0 else { return }
        let row = try Row.fetchOne(db, sql: "SELECT assignment, student FROM submission WHERE id = ?", arguments: [claim.submission.id.row])
        if let row { try chooseWhatCounts(assignment: row["assignment"], student: row["student"], db) }
    }

    /// A text as it is kept: bounded, and without the one character that ends a text for some readers.
    static func kept(_ text: String) -> String {
        let limit = 16 << 10
        let whole = text.utf8.count <= limit ? text : String(decoding: Array(text.utf8.prefix(limit)), as: UTF8.self) + "…"
        return whole.utf8.contains(0) ? whole.replacingOccurrences(of: "\0", with: "\u{FFFD}") : whole
    }
}
