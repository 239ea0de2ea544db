import Foundation
import Testing

@testable import CellCompiler

@Suite("Where a cell trapped")
struct SymbolizerTests {
    static let traps: [(text: String, line: Int, kind: String?)] = [
        ("let a = [1, 2]\nvar i = 7\n\nprint(a[i])", 4, nil),
        ("var big = Int.max\nfunc grow() {\n    big += 1\n}\ngrow()", 3, "integer-overflow"),
        ("var zero = 0\nlet x = 5 / zero", 2, nil),
        ("let o: Int? = Int(\"x\")\n\n\nprint(o!)", 4, nil),
        ("func f(_ xs: [Int]) -> Int {\n    var sum = 0\n    for i in 0...xs.count { sum += xs[i] }\n    return sum\n}\nprint(f([1]))", 3, nil),
        ("let t = [1.0].map { Int($0 * 1e300) }", 1, nil),
        ("func g() async -> Int {\n    let xs: [Int] = []\n    return xs[3]\n}\nlet v = await g()", 3, nil),
        ("class K {}\nlet k: Any = K()\nlet s = k as! String", 3, nil),
    ]

    @Test("The learner's line comes out, and Swift's own name for the failure", arguments: SymbolizerTests.traps.indices)
    func lines(index: Int) throws {
        let (text, line, kind) = SymbolizerTests.traps[index]
        let session = try TestSession()
        try session.cell(text, id: "the cell").compiledCell()
        let result = try session.hostRun()
        let frames = result.errorText.split(separator: "\n").filter { $0.hasPrefix("FRAME ") }.compactMap { row -> Symbolizer.Frame? in
            let parts = row.split(separator: " ")
            return UInt64(parts[2], radix: 16).map { .init(library: String(parts[1]), offset: $0) }
        }
        #expect(result.termination == .exited(70) && (!frames.isEmpty || index == 7), "\(text)")
        // A failed cast goes through abort, whose frames libc hides: the session's own abort keeps them.
        guard index != 7 else { return }
        let report = try Symbolizer(toolchain: session.world.toolchain).report(on: frames, in: session.scope)
        #expect(report.locations.first.map { [$0.cellID, "\($0.line)"] } == ["the cell", "\(line)"], "\(text)\n\(report)")
        if let kind { #expect(report.kind == kind && report.sentence != nil) }
    }

    @Test("Each of Swift's names for a failure has a sentence")
    func names() {
        let names = [
            "arithmetic overflow": "integer-overflow", "Division by zero": "division-by-zero", "Index out of range": "index-out-of-range",
            "Array index out of bounds": "index-out-of-range", "Unexpectedly found nil while unwrapping an Optional value": "nil-unwrapped",
            "Range requires lowerBound <= upperBound": "range-reversed", "type cast failed": "cast-failed", "something new": "runtime-failure",
        ]
        for (name, kind) in names { #expect(RuntimeFailure(functionName: "Swift runtime failure: " + name)?.kind == kind, "\(name)") }
        #expect(RuntimeFailure(functionName: "main") == nil)
    }

    @Test("No frames, and frames of what is not there, give an empty report")
    func nothing() throws {
        let symbolizer = Symbolizer(toolchain: try TestWorld.shared.get().toolchain)
        let empty = Symbolizer.Report(locations: [], sentence: nil, kind: nil)
        #expect(try symbolizer.report(on: [], in: CellScope()) == empty)
        #expect(try symbolizer.report(on: [.init(library: "/no/such.so", offset: 5)], in: CellScope()) == empty)
    }
}
