import Foundation
import GRDB
@testable import Gradebook
@testable import Workspace

/// An instructor's desk: a collection in a folder that goes with the value, and a gradebook beside it.
final class Desk {
    let folder = NSTemporaryDirectory() + "etude-gradebook-\(UUID().uuidString)"
    let exercise = ExerciseName("small/1")!
    let questions = [Question("first"), Question("second", maximum: 2)]
    let key = GradingKey(courseVersion: "v1", checkers: "c1")
    var path: String { "\(folder)/\(SQLiteGradebook.file)" }
    private(set) var collection: [CollectedSubmission] = []

    init() throws { try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true) }
    deinit { try? FileManager.default.removeItem(atPath: folder) }

    func gradebook(_ patience: Patience = Patience()) throws -> SQLiteGradebook { try SQLiteGradebook(at: path, patience: patience) }

    /// Puts a submission in the collection, as `etude collect` would.
    /// - Parameter second: when it was handed in, since 2026.
    func put(_ learner: String, second: Int = 0, number: Int? = nil, text: String = "") throws {
        let notebook = FileHash(of: Data("\(learner) \(text)".utf8)), id = FileHash(of: Data("\(learner) \(text) \(second) \(number ?? 0)".utf8))
        collection.append(CollectedSubmission(
            learner: learner, name: learner.capitalized, email: "\(learner)@example.org", owner: nil, exercise: "small/1", courseVersion: "v1",
            file: "1-small.swift", folder: "\(learner)/small-1", sha256: notebook, id: id, number: number, time: Desk.date(second).inThousandths,
            trust: .hashesMatch, sources: ["in/\(learner).zip"], counts: true, problems: []))
        try write(collection)
    }

    func put(_ count: Int) throws {
        collection = []
        for number in 0..<count { try put(String(format: "s%05d", number), writes: number == count - 1) }
    }

    private func put(_ learner: String, writes: Bool) throws {
        let hash = FileHash(of: Data(learner.utf8))
        collection.append(CollectedSubmission(
            learner: learner, exercise: "small/1", file: "1-small.swift", folder: "\(learner)/small-1", sha256: hash, id: hash,
            time: Desk.date(0).inThousandths, trust: .plain, sources: [], counts: true, problems: []))
        if writes { try write(collection) }
    }

    func write(_ submissions: [CollectedSubmission]) throws {
        var record = CollectionRecord()
        record.submissions = submissions
        try record.json().write(to: URL(fileURLWithPath: "\(folder)/\(CollectionRecord.file)"))
    }

    static func date(_ second: Int) -> Date { Date(timeIntervalSince1970: 1_767_225_600 + Double(second)) }

    /// A gradebook with these learners' submissions, of which grading has begun.
    func began(_ learners: String..., patience: Patience = Patience()) throws -> (SQLiteGradebook, Round) {
        for learner in learners { try put(learner) }
        let gradebook = try gradebook(patience)
        if !collection.isEmpty { try gradebook.load(collectionIn: folder) }
        return (gradebook, try gradebook.beginGrading(exercise, questions: questions, key: key, by: "grace"))
    }
}

extension SQLiteGradebook {
    func claim(_ count: Int = 1, _ round: Round, by worker: String = "w", for lease: Duration = .seconds(600)) throws -> [Claim] {
        try claim(count, of: round.id, by: worker, for: lease)
    }

    /// Grades all that is open: `judge` says how a learner's question comes out.
    func gradeAll(_ round: Round, by worker: String = "w", _ judge: (String, String) -> QuestionResult = { _, question in QuestionResult(question, .correct, points: 1) }) throws {
        for claim in try claim(10_000, round, by: worker) {
            try finish(claim, with: GradingRun(claim.questions.map { judge(claim.submission.student.learner, $0) }, sandbox: "A"))
        }
    }

    func number(_ sql: String) throws -> Int { try read { try Int.fetchOne($0, sql: sql) ?? -1 } }
    func text(_ sql: String) throws -> String? { try read { try String.fetchOne($0, sql: sql) } }
}

extension Claim {
    func run(_ outcome: Outcome = .correct, _ sentence: String = "") -> GradingRun {
        GradingRun(questions.map { QuestionResult($0, outcome, points: outcome == .correct ? 1 : 0, sentence: sentence) }, sandbox: "A")
    }
}

/// What a call says when it refuses.
func sentence(_ body: () throws -> Void) -> String {
    do { try body(); return "" } catch { return "\(error)" }
}
