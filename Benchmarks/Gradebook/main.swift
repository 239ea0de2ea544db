// What the gradebook costs: claims and results a second, by one worker and by several, against plain inserts of SQLite's, each
// in a transaction of its own, in the same run; the bytes of 10,000 results; the time to load, to list grades and differences.
// Usage: gradebook-rates [--json] [submissions, at least 50]
import Foundation
import Gradebook
import GRDB
import Workspace

let asJSON = CommandLine.arguments.contains("--json")
let count = CommandLine.arguments.compactMap { Int($0) }.first.map { max(50, $0) } ?? 2_000
// On a real disk: syncing is most of the cost, and in memory there is none.
let folder = FileManager.default.currentDirectoryPath + "/.build/gradebook-rates-\(getpid())"
try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
defer { try? FileManager.default.removeItem(atPath: folder) }

func seconds(_ body: () throws -> Void) rethrows -> Double {
    let time = try ContinuousClock().measure(body).components
    return Double(time.seconds) + Double(time.attoseconds) / 1e18
}

func size(_ path: String) -> Int { (try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int) ?? 0 }

let exercise = ExerciseName("small/1")!
let questions = (1...5).map { Question("question\($0)") }
let sentence = "The layer has 26 rows, one for each letter; the vocabulary has 27, since the end of a name is one of it."

/// A collection as `etude collect` writes it.
func collect(_ count: Int) throws {
    let submissions = (0..<count).map { number in
        let hash = FileHash(of: Data("\(number)".utf8)).description
        return """
            {"learner": "s\(number)", "name": "Student \(number)", "email": "s\(number)@example.org", "exercise": "small/1", "courseVersion": "0123456789abcdef",
             "file": "1-small.swift", "folder": "s\(number)/small-1", "sha256": "\(hash)", "id": "\(hash)", "number": 1, "time": "2026-03-01T14:07:31.250Z",
             "trust": "hashesMatch", "sources": ["downloads/s\(number).zip"], "counts": true, "problems": []}
            """
    }
    try Data("{\"version\": 1, \"submissions\": [\(submissions.joined(separator: ","))], \"refused\": []}".utf8).write(to: URL(fileURLWithPath: folder + "/collection.json"))
}

func run(_ claim: Claim) -> GradingRun {
    let used = Usage(processorTime: .milliseconds(812), duration: .milliseconds(1_030), memory: 90 << 20)
    return GradingRun(claim.questions.enumerated().map { index, question in
        index < 3 ? QuestionResult(question, .correct, points: 1, cell: "a\(index)", seed: .random(in: 0 ... .max), used: used)
            : QuestionResult(question, .incorrect, sentence: sentence, mistake: "bias-per-user", cell: "a\(index)", line: 3, seed: .random(in: 0 ... .max), used: used)
    }, sandbox: "A", used: used)
}

/// Claims, begins and finishes what one chunk holds.
/// - Returns: how many submissions that were.
func workChunk(_ gradebook: SQLiteGradebook, _ round: Round.ID, _ worker: String, _ chunk: Int) throws -> Int {
    let claims = try gradebook.claim(chunk, of: round, by: worker, for: .seconds(60))
    for claim in claims where try gradebook.begin(claim, for: .seconds(60)) { try gradebook.finish(claim, with: run(claim)) }
    return claims.count
}

/// A gradebook of its own in which grading has begun.
func opened(_ name: String) throws -> (gradebook: SQLiteGradebook, round: Round.ID) {
    let gradebook = try SQLiteGradebook(at: "\(folder)/\(name).sqlite")
    try gradebook.load(collectionIn: folder)
    let key = GradingKey(courseVersion: "0123456789abcdef", checkers: "fedcba9876543210")
    return (gradebook, try gradebook.beginGrading(exercise, questions: questions, key: key, by: "benchmark").id)
}

func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }

try collect(count)
var configuration = Configuration()
configuration.journalMode = .wal
let plainQueue = try DatabaseQueue(path: folder + "/plain.sqlite", configuration: configuration)
try plainQueue.inDatabase { try $0.execute(sql: "PRAGMA synchronous = FULL; CREATE TABLE result (id INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT") }

// In turns, since what a sync costs changes with what else the machine does.
var plain: [Double] = [], single: [Double] = [], chunked: [Double] = []
let one = try opened("one"), many = try opened("many"), batch = 50
for _ in 0..<count / batch {
    plain.append(Double(batch) / (try seconds {
        for _ in 0..<batch { try plainQueue.write { try $0.cachedStatement(sql: "INSERT INTO result (text) VALUES (?)").execute(arguments: [sentence]) } }
    }))
    single.append(Double(batch) / (try seconds { for _ in 0..<batch { _ = try workChunk(one.gradebook, one.round, "w", 1) } }))
    chunked.append(Double(batch) / (try seconds { _ = try workChunk(many.gradebook, many.round, "w", batch) }))
}
let shared = try opened("shared")
let eight = Double(count) / seconds {
    DispatchQueue.concurrentPerform(iterations: 8) { worker in
        do {
            let gradebook = try SQLiteGradebook(at: shared.gradebook.path)
            while try workChunk(gradebook, shared.round, "w\(worker)", batch) > 0 {}
        } catch { fatalError("\(error)") }
    }
}
guard try shared.gradebook.progress(of: shared.round).done == count else { fatalError("not all is done") }
let file = size(shared.gradebook.path)
let load = try seconds { try shared.gradebook.load(collectionIn: folder) }
let grades = try seconds { guard try shared.gradebook.grades(of: exercise).count == count else { fatalError("grades are missing") } }

struct Report: Encodable {
    var submissions, questions: Int
    var plainInsertsPerSecond, oneByOnePerSecond, inChunksPerSecond, eightWorkersPerSecond, ratioOfChunksToPlainInserts: Double
    var bytesPer10000Results, bytesPerSubmission: Int
    var loadAgainSeconds, gradesSeconds: Double
}
let report = Report(
    submissions: count, questions: questions.count, plainInsertsPerSecond: median(plain), oneByOnePerSecond: median(single), inChunksPerSecond: median(chunked),
    eightWorkersPerSecond: eight, ratioOfChunksToPlainInserts: median(zip(chunked, plain).map { $0 / $1 }),
    bytesPer10000Results: file * 10_000 / (count * questions.count), bytesPerSubmission: file / count, loadAgainSeconds: load, gradesSeconds: grades)
if asJSON {
    print(String(decoding: try JSONEncoder().encode(report), as: UTF8.self))
} else {
    print(String(format: "plain inserts, a transaction each: %.0f a second", report.plainInsertsPerSecond))
    print(String(format: "submissions of %d questions, claimed, begun and finished: %.0f a second one by one, %.0f in chunks of %d (%.2f of plain inserts), %.0f by eight workers",
        questions.count, report.oneByOnePerSecond, report.inChunksPerSecond, batch, report.ratioOfChunksToPlainInserts, eight))
    print(String(format: "10,000 results: %d kB; %d bytes a submission, with all that is kept of it", report.bytesPer10000Results / 1_000, report.bytesPerSubmission))
    print(String(format: "loading %d submissions that are known: %.2f s; all grades: %.2f s", count, load, grades))
}
