import Foundation
internal import GRDB

/// A submission whose grading failed so often that a person must look at it.
public struct Trouble: Equatable, Sendable {
    /// One try at grading it.
    public struct Attempt: Equatable, Sendable {
        public var number: Int
        public var worker: String
        public var claimed: Date
        public var ended: Date?
        /// `finished`, `failed`, `lapsed`, `lost` or `released`; nil while it goes on.
        public var ending: String?
        public var sentence: String?
    }

    public var submission: GradedSubmission
    public var attempts: [Attempt]
}

extension SQLiteGradebook {
    /// What needs a person in a round, the oldest first, with all that was tried.
    public func troubles(of round: Round.ID) throws -> [Trouble] {
        try read { db in
            try Row.fetchAll(db, sql: "SELECT id, submission FROM grading WHERE round = ? AND state = 'needsPerson' ORDER BY id", arguments: [round.row]).map { row in
                let attempts = try Row.fetchAll(db, cached: "SELECT * FROM attempt WHERE grading = ? ORDER BY number", [row["id"] as Int64]).map {
                    Trouble.Attempt(
                        number: $0["number"], worker: $0["worker"], claimed: Date(milliseconds: $0["claimed"]),
                        ended: ($0["ended"] as Int64?).map(Date.init(milliseconds:)), ending: $0["ending"], sentence: $0["sentence"])
                }
                return Trouble(submission: try Self.submission(row["submission"], db), attempts: attempts)
            }
        }
    }

    /// Puts what needs a person back in the queue, once its cause is mended.
    /// - Returns: how many.
    @discardableResult
    public func tryAgain(_ round: Round.ID) throws -> Int {
        try write { db in try reopen("state = 'needsPerson' AND round = ?", [round.row], db) }
    }
}
