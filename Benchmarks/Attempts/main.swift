// What an attempt costs: the time to keep one, against git's own hash-object, mktree, commit-tree and update-ref in the
// same run; the time to read a history of 10,000, packed; and how much a repository grows by 1,000.
// Usage: attempt-times [--json] [repetitions]
import Courses
import Foundation
import Processes
import Wire
import Workspace

let asJSON = CommandLine.arguments.contains("--json")
let repetitions = CommandLine.arguments.compactMap { Int($0) }.first ?? 200
let folder = NSTemporaryDirectory() + "etude-attempts-\(getpid())"
try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
defer { try? FileManager.default.removeItem(atPath: folder) }

func milliseconds(_ body: () throws -> Void) rethrows -> Double {
    let time = try ContinuousClock().measure(body).components
    return Double(time.seconds) * 1e3 + Double(time.attoseconds) / 1e15
}

func quantile(_ values: [Double], _ share: Double) -> Double {
    let sorted = values.sorted()
    return sorted[min(sorted.count - 1, Int((Double(sorted.count) * share).rounded(.down)))]
}

@discardableResult
func git(_ arguments: String..., input: Data = Data()) throws -> String {
    let result = try run("/usr/bin/env", ["git", "-C", folder + "/peer"] + arguments, input: Array(input))
    guard result.succeeded else { fatalError(result.errorText) }
    return String(decoding: result.output, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
}

/// The bytes on disk, as `du` counts them.
func size(_ path: String) throws -> Int {
    let result = try run("/usr/bin/env", ["du", "-sk", path])
    return (Int(String(decoding: result.output, as: UTF8.self).prefix { $0.isNumber }) ?? 0) * 1_024
}

// A notebook as long as a real one, in which one cell is worked at.
let prose = (0..<40).map { "// ## Part \($0)\n// " + String(repeating: "What an embedding is, said in \($0) words. ", count: 15) + "\nlet part\($0) = \($0)\n" }
func notebook(_ number: Int) -> Data {
    var parts = prose
    parts[number % 40] += "let answer = \(number) * \(number)\n"
    return Data(parts.joined(separator: "\n").utf8)
}

let exercise = ExerciseName("embeddings/1")!
let workspace = try Workspace.create(at: folder + "/work", of: WorkspaceDescription(course: "embeddings", courseVersion: "1"), files: ["1.swift": notebook(0)])
let attempts = workspace.attempts(at: exercise)
let objects = folder + "/work/.git/objects"
func record(_ number: Int) throws {
    let results = (0..<6).map { Attempt.Result(problem: "question\($0)", outcome: $0 < number % 7 ? .correct : .incorrect, points: 1) }
    try attempts.record(Attempt(
        exercise: exercise, courseVersion: "1", file: "1.swift", results: results, changedCells: ["cell-\(number % 40)"], notebook: notebook(number)))
}

try FileManager.default.createDirectory(atPath: folder + "/peer", withIntermediateDirectories: true)
try git("init", "-q")
try git("config", "user.name", "Peer")
try git("config", "user.email", "peer@example.org")
try git("config", "core.fsync", "all")
var last: String?
func recordWithGit(_ number: Int) throws {
    let blob = try git("hash-object", "-w", "--stdin", input: notebook(number))
    let tree = try git("mktree", input: Data("100644 blob \(blob)\t1.swift\n".utf8))
    let parents = last.map { ["-p", $0] } ?? []
    let arguments = ["git", "-C", folder + "/peer", "commit-tree", tree] + parents
    let made = try run("/usr/bin/env", arguments, input: Array("attempt \(number)\n".utf8))
    let commit = String(decoding: made.output, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    try git("update-ref", "refs/etude/attempts/embeddings/1", commit, last ?? String(repeating: "0", count: 40))
    last = commit
}

var ours: [Double] = [], theirs: [Double] = []
for number in 0..<repetitions {
    ours.append(try milliseconds { try record(number) })
    theirs.append(try milliseconds { try recordWithGit(number) })
}
var number = repetitions
func record(upTo count: Int) throws { while number < count { try record(number); number += 1 } }
func pack() throws -> Double { try milliseconds { try Attempts.pack(workspace.repository) } }

try record(upTo: 1_000)
_ = try pack()
let before = try size(objects)
try record(upTo: 2_000)
let loose = try size(objects) - before
let packTime = try pack()
let packed = try size(objects) - before
while number < 10_000 {
    try record(upTo: min(10_000, number + 1_000))
    _ = try pack()
}
let histories = try (0..<9).map { _ in
    try milliseconds {
        let read = try Attempts(at: exercise, in: Repository(containing: folder + "/work")).history()
        guard read.attempts.count == 10_000, read.problem == nil else { fatalError("\(read.attempts.count) attempts; \(String(describing: read.problem))") }
    }
}

struct Report: Encodable {
    var recordMedianMilliseconds, recordP95Milliseconds, gitMedianMilliseconds, gitP95Milliseconds, ratio: Double
    var historyOf10000Milliseconds, packOf1000Milliseconds: Double
    var growthPer1000Bytes, growthPer1000PackedBytes, notebookBytes: Int
}
let report = Report(
    recordMedianMilliseconds: quantile(ours, 0.5), recordP95Milliseconds: quantile(ours, 0.95),
    gitMedianMilliseconds: quantile(theirs, 0.5), gitP95Milliseconds: quantile(theirs, 0.95),
    ratio: quantile(zip(ours, theirs).map { $0 / $1 }, 0.5),
    historyOf10000Milliseconds: quantile(histories, 0.5), packOf1000Milliseconds: packTime,
    growthPer1000Bytes: loose, growthPer1000PackedBytes: packed, notebookBytes: notebook(1).count)
if asJSON {
    print(String(decoding: try JSONEncoder().encode(report), as: UTF8.self))
} else {
    print(String(format: "an attempt: %.1f ms (95th percentile %.1f); the same by git's programs %.1f ms (%.1f); ratio %.2f",
        report.recordMedianMilliseconds, report.recordP95Milliseconds, report.gitMedianMilliseconds, report.gitP95Milliseconds, report.ratio))
    print(String(format: "history of 10,000 attempts, with the repository opened: %.0f ms", report.historyOf10000Milliseconds))
    print(String(format: "1,000 attempts at a notebook of %d kB: %d kB, and %d kB when packed, which takes %.0f ms",
        report.notebookBytes / 1_000, report.growthPer1000Bytes / 1_000, report.growthPer1000PackedBytes / 1_000, report.packOf1000Milliseconds))
}
