// From edit to output: how long a trivial cell takes, against the bare compiler and linker on the same text in the same
// run, with 1, 100 and 300 cells before it. Usage: cell-latency [--json] [repetitions]
import CellCompiler
import Display
import Foundation
import Processes
import Sessions
import Wire

let asJSON = CommandLine.arguments.contains("--json")
let repetitions = CommandLine.arguments.compactMap { Int($0) }.first ?? 25
let folder = NSTemporaryDirectory() + "etude-cell-latency-\(getpid())"
try FileManager.default.createDirectory(atPath: folder + "/bare", withIntermediateDirectories: true)
defer { try? FileManager.default.removeItem(atPath: folder) }

final class Silent: SessionObserver {
    func sessionPrinted(_ bytes: [UInt8], isError: Bool) {}
    func sessionDisplayed(_ value: DisplayValue, identifier: Int?) {}
    func sessionSaves(_ value: DisplayValue, path: String) {}
    func sessionAsks(_ request: QuestionRequest, answers: any AnswerSource) {}
}

func milliseconds(_ body: () throws -> Void) rethrows -> Double {
    let time = try ContinuousClock().measure(body).components
    return Double(time.seconds) * 1e3 + Double(time.attoseconds) / 1e15
}

let installation = try Installation()
let toolchain = try Toolchain()
let compiler = try CellCompiler(
    toolchain: toolchain, moduleSearchPaths: [installation.learnerModuleFolder(in: folder)], cacheFolder: folder)
let observer = Silent()

/// The peer: one text through the compiler and the linker, and no more.
func bare(_ number: Int, _ text: String) throws {
    let name = "Bare\(number)", source = "\(folder)/bare/\(name).swift"
    try Data(text.utf8).write(to: URL(fileURLWithPath: source))
    let compiled = try run(toolchain.frontend, [
        "-frontend", "-c", "-primary-file", source, "-module-name", name, "-Onone", "-o", "\(folder)/bare/\(name).o",
        "-entry-point-function-name", "\(name)_main", "-module-cache-path", "\(folder)/bare/modules",
    ])
    let linked = try run(toolchain.linker, [
        "-shared", "\(folder)/bare/\(name).o", "\(toolchain.runtimeLibraries)/x86_64/swiftrt.o", "-o", "\(folder)/bare/lib\(name).so",
    ])
    guard compiled.succeeded, linked.succeeded else { fatalError(compiled.errorText + linked.errorText) }
}

struct Row: Encodable {
    var cellsBefore: Int
    var medianMilliseconds, p95Milliseconds, bareMedianMilliseconds, bareP95Milliseconds, ratio: Double
}

func quantile(_ values: [Double], _ share: Double) -> Double {
    let sorted = values.sorted()
    return sorted[min(sorted.count - 1, Int((Double(sorted.count) * share).rounded(.down)))]
}

var number = 0
for before in [1, 100, 300] {
    let session = NotebookSession(.init(installation: installation, workingDirectory: folder), compiler: compiler)
    for index in 0..<before {
        _ = try session.run(CellSource(id: "b\(before)-\(index)", text: "let value\(index) = \(index)\n", name: "cell \(index)"), observer: observer)
    }
    var ours: [Double] = [], theirs: [Double] = []
    for _ in 0..<repetitions {
        number += 1
        let cell = CellSource(id: "n\(number)", text: "let fresh\(number) = value0 + \(number)\nfresh\(number)", name: "cell")
        ours.append(try milliseconds { guard try session.run(cell, observer: observer).succeeded else { fatalError("the cell failed") } })
        theirs.append(try milliseconds { try bare(number, "let value0 = 0\nlet fresh\(number) = value0 + \(number)\nprint(fresh\(number))\n") })
    }
    session.end()
    let row = Row(
        cellsBefore: before, medianMilliseconds: quantile(ours, 0.5), p95Milliseconds: quantile(ours, 0.95),
        bareMedianMilliseconds: quantile(theirs, 0.5), bareP95Milliseconds: quantile(theirs, 0.95),
        ratio: quantile(zip(ours, theirs).map { $0 / $1 }, 0.5))
    if asJSON {
        print(String(decoding: try JSONEncoder().encode(row), as: UTF8.self))
    } else {
        print(String(
            format: "%4d cells before: %6.1f ms (95th percentile %6.1f); bare compiler and linker %6.1f ms (%6.1f); ratio %.2f",
            before, row.medianMilliseconds, row.p95Milliseconds, row.bareMedianMilliseconds, row.bareP95Milliseconds, row.ratio))
    }
}
