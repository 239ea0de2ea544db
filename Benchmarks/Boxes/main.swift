// What a box costs: its start and end, a session in one against a session without, and a cell compiled in one against the
// same without, each in turn in the same run. Usage: boxes [--json] [repetitions]
import CellCompiler
import Display
import Foundation
import Processes
import Sandbox
import Sessions
import Wire

let asJSON = CommandLine.arguments.contains("--json")
let repetitions = CommandLine.arguments.compactMap { Int($0) }.first ?? 25
let folder = NSTemporaryDirectory() + "etude-boxes-\(getpid())"
defer { try? FileManager.default.removeItem(atPath: folder) }

final class Silent: SessionObserver {
    func sessionPrinted(_ bytes: [UInt8], isError: Bool) {}
    func sessionDisplayed(_ value: DisplayValue, identifier: Int?) {}
    func sessionSaves(_ value: DisplayValue, path: String) {}
    func sessionAsks(_ request: QuestionRequest, answers: any AnswerSource) {}
}

/// Milliseconds of the clock, and of the processor for this process and its children that have ended.
func cost(_ work: () throws -> Void) rethrows -> (wall: Double, processor: Double) {
    func processor() -> Double {
        var sum = 0.0
        for whom: __rusage_who in [RUSAGE_SELF, RUSAGE_CHILDREN] {
            var usage = rusage()
            getrusage(__rusage_who_t(whom.rawValue), &usage)
            for time in [usage.ru_utime, usage.ru_stime] { sum += Double(time.tv_sec) * 1e3 + Double(time.tv_usec) / 1e3 }
        }
        return sum
    }
    let before = processor(), time = try ContinuousClock().measure(work).components
    return (Double(time.seconds) * 1e3 + Double(time.attoseconds) / 1e15, processor() - before)
}

let installation = try Installation(), toolchain = try Toolchain()
let sandbox = try Sandbox(launcher: installation.sandbox)
func compiler(_ sandbox: Sandbox?) throws -> CellCompiler {
    try CellCompiler(
        toolchain: toolchain, moduleSearchPaths: [installation.learnerModuleFolder(in: folder)], cacheFolder: folder,
        strangers: sandbox.map { StrangersTools(sandbox: $0, reader: installation.reader) })
}
let compilers = try [compiler(nil), compiler(sandbox)]
let observer = Silent()

struct Row: Encodable {
    var work: String
    var medianMilliseconds, leastMilliseconds, processorMilliseconds: Double
}
var samples: [(name: String, costs: [(wall: Double, processor: Double)])] = []
func sample(_ name: String, _ work: () throws -> Void) throws {
    let index = samples.firstIndex { $0.name == name } ?? { samples.append((name, [])); return samples.count - 1 }()
    samples[index].costs.append(try cost(work))
}

for compiler in compilers { try compiler.warmUp() }
for repetition in 0..<repetitions {
    try sample("a box around nothing") {
        let box = try Box(sandbox, .session, limits: .tool, program: "/etude/etude-sandbox", ["--check"])
        try box.start()
        _ = box.waitForEnd()
        box.finish()
    }
    for (compiler, place) in zip(compilers, ["without a box", "in a box"]) {
        try sample("compile a cell \(place)") {
            guard case .compiled = try compiler.compile(CellSource(id: "c", text: "let n\(repetition) = \(repetition)", name: "c"), in: CellScope()) else {
                fatalError("a cell does not compile")
            }
        }
        try sample("a session of one cell \(place)") {
            let box = place == "in a box" ? SessionBox(sandbox) : nil
            let session = NotebookSession(.init(installation: installation, workingDirectory: folder, box: box), compiler: compiler)
            guard try session.run(CellSource(id: "one", text: "let one = 1", name: "one"), observer: observer).succeeded else { fatalError("a cell fails") }
            session.end()
        }
    }
}

let rows = samples.map { sample in
    let walls = sample.costs.map(\.wall).sorted(), processors = sample.costs.map(\.processor).sorted()
    return Row(
        work: sample.name, medianMilliseconds: walls[walls.count / 2], leastMilliseconds: walls[0],
        processorMilliseconds: processors[processors.count / 2])
}
if asJSON {
    for row in rows { print(String(decoding: try JSONEncoder().encode(row), as: UTF8.self)) }
} else {
    print("Level \(sandbox.level.rawValue), \(repetitions) repetitions, milliseconds:")
    print("median    least     processor")
    for row in rows {
        print(String(format: "%8.1f  %8.1f  %8.1f  ", row.medianMilliseconds, row.leastMilliseconds, row.processorMilliseconds) + row.work)
    }
}
