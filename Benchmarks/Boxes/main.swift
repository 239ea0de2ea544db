import CellCompiler
import Display
import Foundation
import Processes
import Sandbox
import Sessions
import Wire

final class Printer: SessionObserver {
    var text = ""
    func sessionPrinted(_ bytes: [UInt8], isError: Bool) { text += String(decoding: bytes, as: UTF8.self) }
    func sessionDisplayed(_ value: DisplayValue, identifier: Int?) { text += "[\(value.plainText ?? "")]" }
    func sessionSaves(_ value: DisplayValue, path: String) {}
    func sessionAsks(_ request: QuestionRequest, answers: any AnswerSource) {}
}
func timed<T>(_ name: String, _ work: () throws -> T) rethrows -> T {
    let start = ContinuousClock.now
    defer { print(name, ContinuousClock.now - start) }
    return try work()
}
setvbuf(stdout, nil, _IOLBF, 0)
let installation = try Installation()
let sandbox = try timed("probe") { try Sandbox(launcher: installation.sandbox) }
print(sandbox.level)
let cache = "/tmp/box-bench-cache"
for boxed in [false, true] {
    let compiler = try CellCompiler(toolchain: Toolchain(), moduleSearchPaths: [installation.learnerModuleFolder(in: cache)], cacheFolder: cache, sandbox: boxed ? sandbox : nil)
    let session = NotebookSession(.init(installation: installation, limits: SessionLimits(memory: 1 << 30, cellDuration: .seconds(2), output: 1 << 20), box: boxed ? SessionBox(sandbox) : nil), compiler: compiler)
    let printer = Printer()
    let n = Int.random(in: 0..<1_000_000_000)
    let cells = ["import Foundation\nlet a\(n) = 1\nprint(\"hello\", FileManager.default.currentDirectoryPath)", "struct P { var x = \(n) }\nvar p = P()\np.x += 1\np.x", "func f(_ a: [Int]) -> Int { a[3] }\nprint(f([\(n)]))", "import Training\nprint(p.x)\nimport Dispatch\nlet s\(n) = Tensor([1, 2, 3])\ns\(n)", "while true {}; \(n)", "let q: Int = \"\(n)\"", "p"]
    for (i, text) in cells.enumerated() {
        let r = try timed("\(boxed) cell \(i)") { try session.run(CellSource(id: "c\(i)", text: text, name: "cell \(i)"), observer: printer) }
        print(r.outcome, r.limit as Any, r.remarks, r.duration, printer.text); printer.text = ""
    }
    timed("end") { session.end() }
}
