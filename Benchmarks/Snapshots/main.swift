// What it costs that a cell can be undone, against the limits that Etude sets itself: 5 ms a cell for a session that
// holds 1 GB, 20 ms from a trap until the next cell runs; what an edit below a dear cell costs, against running all cells
// again; and what the states of a notebook's cells hold. Usage: snapshots [--json] [repetitions]
import CellCompiler
import Courses
import Display
import Foundation
import Notebook
import Sessions
import Wire

let asJSON = CommandLine.arguments.contains("--json")
let repetitions = CommandLine.arguments.compactMap { Int($0) }.first ?? 15
let folder = NSTemporaryDirectory() + "etude-snapshots-\(getpid())"
try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
defer { try? FileManager.default.removeItem(atPath: folder) }

/// Keeps what cells print.
final class Listener: SessionObserver {
    var text = ""
    func sessionPrinted(_ bytes: [UInt8], isError: Bool) { text += String(decoding: bytes, as: UTF8.self) }
    func sessionDisplayed(_ value: DisplayValue, identifier: Int?) {}
    func sessionSaves(_ value: DisplayValue, path: String) {}
    func sessionAsks(_ request: QuestionRequest, answers: any AnswerSource) {}

    func take() -> String {
        defer { text = "" }
        return text
    }
}

func milliseconds(_ duration: Duration) -> Double {
    Double(duration.components.seconds) * 1e3 + Double(duration.components.attoseconds) / 1e15
}

func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }
func highest(_ values: [Double]) -> Double { values.max() ?? 0 }

struct Row: Encodable {
    var what: String
    var median, highest: Double
    var unit: String
    var limit: Double?
    var ratio: Double? { limit.map { median / $0 } }
}

func report(_ what: String, _ values: [Double], unit: String = "ms", limit: Double? = nil, peer: String = "limit") throws {
    let row = Row(what: what, median: median(values), highest: highest(values), unit: unit, limit: limit)
    if asJSON {
        print(String(decoding: try JSONEncoder().encode(row), as: UTF8.self))
        return
    }
    let comparison = limit.map { String(format: "   %@ %.4g %@, ratio %.3f", peer, $0, unit, row.median / $0) } ?? ""
    print(what.padding(toLength: 62, withPad: " ", startingAt: 0) + String(format: "%9.2f %@ (highest %.2f)", row.median, unit, row.highest) + comparison)
}

let installation = try Installation()
let compiler = try CellCompiler(
    toolchain: Toolchain(), moduleSearchPaths: [installation.learnerModuleFolder(in: folder)], cacheFolder: folder)
let listener = Listener()
let limits = SessionLimits(memory: 0, cellDuration: nil, output: 1 << 20)

func session() -> NotebookSession {
    NotebookSession(.init(installation: installation, limits: limits, workingDirectory: folder), compiler: compiler)
}

@discardableResult
func run(_ session: NotebookSession, _ id: String, _ text: String) throws -> CellResult {
    try session.run(CellSource(id: id, text: text, name: id), observer: listener)
}

let clock = "{ () -> UInt64 in var t = timespec(); clock_gettime(CLOCK_MONOTONIC, &t); return UInt64(t.tv_sec) * 1_000_000_000 + UInt64(t.tv_nsec) }()"

// The cost of a copy, and of recovery, by how much the session holds.
for (name, megabytes) in [("10 MB", 10), ("1 GB", 1_024), ("4 GB", 4_096)] {
    let session = session()
    guard try run(session, "state", "import Foundation\nvar state = [UInt8](repeating: 1, count: \(megabytes) << 20)\nvar n = 0").succeeded else { fatalError("no state") }
    var copies: [Double] = [], recoveries: [Double] = []
    for index in 0..<repetitions { copies.append(milliseconds(try run(session, "c\(index)", "n += 1").preparation)) }
    try report("copy before a cell, session of \(name)", copies, limit: 5)
    // A cell that changes much and then traps: what the next one waits for. Both have been compiled before.
    let dies = "for i in Swift.stride(from: 0, to: min(state.count, 1 << 30), by: 4096) { state[i] &+= 1 }\nprint(\(clock))\nfatalError()"
    let next = "print(\(clock))"
    _ = try (run(session, "dies", dies), run(session, "next", next))
    for _ in 0..<max(3, repetitions / 3) {
        _ = listener.take()
        _ = try run(session, "dies", dies)
        try run(session, "next", next)
        let stamps = listener.take().split(separator: "\n").compactMap { UInt64($0) }
        recoveries.append(Double(stamps[1] - stamps[0]) / 1e6)
    }
    try report("from a trap to the next cell's first line, \(name)", recoveries, limit: 20)
    session.end()
}

// An edit below a dear cell.
do {
    let session = session()
    let start = ContinuousClock.now
    try run(session, "data", "import Foundation\nvar sum = 0.0")
    try run(session, "dear", "for i in 0..<600_000_000 { sum += 1 / Double(i + 1) }")
    try run(session, "plot", "print(sum)")
    let everything = milliseconds(.now - start)
    var edits: [Double] = []
    for index in 0..<repetitions {
        let start = ContinuousClock.now
        try run(session, "plot", "print(sum + \(index))")
        edits.append(milliseconds(.now - start))
    }
    try report("edit to output, below a cell of \(Int(everything / 100) * 100) ms", edits, limit: everything, peer: "all cells again")
    session.end()
}

// The states of the first exercise, solved.
if let exercise = try? Studio().catalog.exercise(named: "embeddings/1") {
    let studio = try Studio()
    let audience = SilentAudience()
    var notebook = try exercise.starter()
    for (problem, answers) in try exercise.solutions()?.problems ?? [:] {
        guard let right = answers.right.first, let cell = notebook.cells.first(where: { $0.problem == problem.description }) else { continue }
        notebook = try notebook.replacing(source: right.source, ofCell: cell.id)
    }
    let run = try studio.run(notebook, as: exercise, workingDirectory: exercise.course.exercisesFolder, audience: audience)
    _ = try run.run()
    let (count, bytes) = run.snapshots
    try report("memory of \(count) states in embeddings/1, solved", [Double(bytes) / 1_048_576], unit: "MB", limit: Double(limits.snapshots) / 1_048_576, peer: "budget")
    run.end()
}

final class SilentAudience: RunAudience {
    func cellBegins(_ cell: Cell, number: Int) {}
    func cellPrinted(_ bytes: [UInt8], isError: Bool) {}
    func cellDisplayed(_ value: DisplayValue, identifier: Int?) {}
    func cellSaves(_ value: DisplayValue, path: String) {}
    func questionAnswered(_ notice: QuestionNotice) {}
    func cellEnded(_ cell: Cell, number: Int, result: CellResult) {}
}
