// What an attempt costs: the time to keep one, against git's own hash-object, mktree, commit-tree and update-ref in the
// same run; the time to read a history of 10,000, packed; how much a repository grows by 1,000; and what an update costs.
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
    return Data(parts.enumerated().map { "// %% id=\"part\($0)\"\n\($1)" }.joined(separator: "\n").utf8)
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

/// As `etude check` does it: the workspace is opened, and what has changed since the attempt before is told.
func keep(_ number: Int) throws {
    let verdicts = (0..<6).map { Verdict(problem: "question\($0)", outcome: $0 < number % 7 ? .correct : .incorrect, points: 1, maximum: 1) }
    try AttemptKeeper(file: folder + "/work/1.swift", exercise: "\(exercise)", starter: nil)?.keep(verdicts, notebook: notebook(number))
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
    ours.append(try milliseconds { try keep(number) })
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

let late = try (10_000..<10_050).map { number in try milliseconds { try keep(number) } }

// A course of ten exercises whose new version changes a cell in three, where the learner has changed every fifth. The peer
// merges the same files line by line, which leaves the folder, versions and a way back to others.
func version(_ version: Int, answered: Bool = false) -> [String: Data] {
    Dictionary(uniqueKeysWithValues: (0..<10).map { exercise in
        let cells = prose.enumerated().map { index, text in
            let course = version > 1 && index % 3 == 0 ? "// version \(version)\n" : ""
            return "// %% id=\"part\(index)\"\n" + text + course + (answered && index % 5 == 0 ? "let mine = \(index)\n" : "")
        }
        return ("\(exercise).swift", Data(cells.joined(separator: "\n").utf8))
    } + [("course.json", Data("""
        {"version": 1, "name": "updated", "title": "T", "summary": "S",
         "exercises": [\((0..<10).map { "{\"number\": \($0), \"file\": \"\($0).swift\", \"title\": \"T\", \"minutes\": 1}" }.joined(separator: ", "))]}
        """.utf8))])
}
let updated = folder + "/updated"
_ = try Workspace.create(at: updated, of: WorkspaceDescription(course: "updated", courseVersion: "1"), files: version(1))
try FileManager.default.createDirectory(atPath: folder + "/lines", withIntermediateDirectories: true)
for (name, files) in [("old", version(1)), ("mine", version(1, answered: true)), ("new", version(2))] {
    for (path, data) in files { try data.write(to: URL(fileURLWithPath: "\(folder)/lines/\(name)-\(path)")) }
}
for (path, data) in version(1, answered: true) { try data.write(to: URL(fileURLWithPath: "\(updated)/\(path)")) }
var updates: [Double] = [], plans: [Double] = [], lineMerges: [Double] = []
for number in 2..<12 {
    // A file that was written just now may be half of one, and is looked at twice.
    usleep(150_000)
    plans.append(try milliseconds { _ = try Workspace.open(containing: updated)?.planUpdate(to: CourseRelease(version: "2", files: version(2))) })
    updates.append(try milliseconds { _ = try Workspace.open(containing: updated)?.update(to: CourseRelease(version: "\(number)", files: version(2))) })
    usleep(150_000)
    _ = try Workspace.open(containing: updated)?.undoUpdate()
    lineMerges.append(try milliseconds {
        for exercise in 0..<10 {
            let places = ["mine", "old", "new"].map { "\(folder)/lines/\($0)-\(exercise).swift" }
            _ = try run("/usr/bin/env", ["git", "merge-file", "-p"] + places)
        }
    })
}

struct Report: Encodable {
    var recordMedianMilliseconds, recordP95Milliseconds, recordAfter10000Milliseconds, gitMedianMilliseconds, gitP95Milliseconds, ratio: Double
    var historyOf10000Milliseconds, packOf1000Milliseconds: Double
    var updateMilliseconds, updatePlanMilliseconds, updateByLinesMilliseconds: Double
    var growthPer1000Bytes, growthPer1000PackedBytes, notebookBytes: Int
}
let report = Report(
    recordMedianMilliseconds: quantile(ours, 0.5), recordP95Milliseconds: quantile(ours, 0.95), recordAfter10000Milliseconds: quantile(late, 0.5),
    gitMedianMilliseconds: quantile(theirs, 0.5), gitP95Milliseconds: quantile(theirs, 0.95),
    ratio: quantile(zip(ours, theirs).map { $0 / $1 }, 0.5),
    historyOf10000Milliseconds: quantile(histories, 0.5), packOf1000Milliseconds: packTime,
    updateMilliseconds: quantile(updates, 0.5), updatePlanMilliseconds: quantile(plans, 0.5), updateByLinesMilliseconds: quantile(lineMerges, 0.5),
    growthPer1000Bytes: loose, growthPer1000PackedBytes: packed, notebookBytes: notebook(1).count)
if asJSON {
    print(String(decoding: try JSONEncoder().encode(report), as: UTF8.self))
} else {
    print(String(format: "an attempt: %.1f ms (95th percentile %.1f), after 10,000 of them %.1f; the same by git's programs %.1f ms (%.1f); ratio %.2f",
        report.recordMedianMilliseconds, report.recordP95Milliseconds, report.recordAfter10000Milliseconds, report.gitMedianMilliseconds, report.gitP95Milliseconds, report.ratio))
    print(String(format: "history of 10,000 attempts, with the repository opened: %.0f ms", report.historyOf10000Milliseconds))
    print(String(format: "1,000 attempts at a notebook of %d kB: %d kB, and %d kB when packed, which takes %.0f ms",
        report.notebookBytes / 1_000, report.growthPer1000Bytes / 1_000, report.growthPer1000PackedBytes / 1_000, report.packOf1000Milliseconds))
    print(String(format: "an update of ten exercises of %d kB each: %.0f ms, of which %.0f ms plan it; git merge-file %.0f ms; ratio %.2f",
        version(1)["0.swift"]!.count / 1_000, report.updateMilliseconds, report.updatePlanMilliseconds, report.updateByLinesMilliseconds,
        report.updateMilliseconds / report.updateByLinesMilliseconds))
}
