import Foundation
import Processes
import Sandbox

/// Finds the learner's line in the frames that a session reports when a cell has trapped.
public struct Symbolizer: Sendable {
    /// A place in a loaded library.
    public struct Frame: Hashable, Sendable {
        public var library: String
        /// From the library's base address.
        public var offset: UInt64

        public init(library: String, offset: UInt64) { (self.library, self.offset) = (library, offset) }
    }

    /// Where a cell was when it trapped.
    public struct Location: Hashable, Sendable {
        public var cellID: String
        /// 1-based, in the cell.
        public var line: Int
        /// The learner's function, as far as it has a name.
        public var function: String?
    }

    /// What the frames say.
    public struct Report: Hashable, Sendable {
        /// The learner's lines, innermost first.
        public var locations: [Location]
        /// A sentence for what went wrong, where a frame's name tells it.
        public var sentence: String?
        /// Stable, for example `integer-overflow`; nil where the frames do not tell.
        public var kind: String?
    }

    private let toolchain: Toolchain
    private let sandbox: Sandbox?

    /// - Parameter sandbox: what strangers' libraries are read in; nil for a learner's own.
    public init(toolchain: Toolchain, sandbox: Sandbox? = nil) { (self.toolchain, self.sandbox) = (toolchain, sandbox) }

    /// Looks the frames up; those of libraries that were deleted or hold no line information are passed over.
    ///
    /// - Parameter scope: the cells whose libraries may be among the frames.
    /// - Throws: ``ProcessError`` when the symbolizer can't be started.
    public func report(on frames: [Frame], in scope: CellScope) throws -> Report {
        guard !frames.isEmpty else { return Report(locations: [], sentence: nil, kind: nil) }
        let answers = String(decoding: try output(on: Array(frames.prefix(256))), as: UTF8.self).split(separator: "\n").compactMap {
            try? JSONDecoder().decode(Answer.self, from: Data($0.utf8))
        }
        var report = Report(locations: [], sentence: nil, kind: nil)
        var approximate: Location?
        let cellsByModule = Dictionary(scope.cells.map { ($0.moduleName, $0.id) }, uniquingKeysWith: { $1 })
        for answer in answers {
            for symbol in answer.Symbol ?? [] {
                if report.sentence == nil, let failure = RuntimeFailure(functionName: symbol.FunctionName) {
                    report.sentence = failure.sentence
                    report.kind = failure.kind
                }
                guard symbol.Line > 0, let id = Symbolizer.cell(ofFile: symbol.FileName, cellsByModule) else { continue }
                let function = ModuleNames.removed(from: symbol.FunctionName)
                let location = Location(
                    cellID: id, line: symbol.Line,
                    function: RuntimeFailure(functionName: function) == nil && !function.hasSuffix("_main") ? function : nil)
                if symbol.Approximate ?? false {
                    approximate = approximate ?? location
                } else if report.locations.last.map({ $0.cellID == id && $0.line == location.line }) != true {
                    report.locations.append(location)
                }
            }
        }
        // What the compiler adds of its own, such as the end of a value's life, has no line but that of the code before it.
        if report.locations.isEmpty, let approximate { report.locations = [approximate] }
        return report
    }

    private func output(on frames: [Frame]) throws -> [UInt8] {
        let arguments = ["--output-style=JSON", "--inlines", "--demangle", "--skip-line-zero"]
        func questions(_ path: (String) -> String) -> [UInt8] {
            Array(frames.map { "\"\(path($0.library))\" 0x" + String($0.offset, radix: 16) + "\n" }.joined().utf8)
        }
        guard let sandbox else {
            return try run(toolchain.symbolizer, arguments, input: questions { $0 }, deadline: .seconds(10)).output
        }
        func name(_ library: String) -> String { (library as NSString).lastPathComponent }
        var limits = SandboxLimits.tool
        limits.duration = .seconds(10)
        return try sandbox.run(
            "/toolchain/bin/llvm-symbolizer", arguments, input: questions { "/cells/" + name($0) }, shows: [Shown(toolchain.root, as: "/toolchain")],
            files: Set(frames.map(\.library)).map { ($0, name($0)) }, limits: limits).output
    }

    /// Line information has a folder before the cell's file; inlined code may name the file that was compiled.
    private static func cell(ofFile path: String, _ cellsByModule: [String: String]) -> String? {
        if let id = CellFile.id(ofPath: path) { return id }
        return CellFile.module(ofPath: path).flatMap { cellsByModule[$0] }
    }

    private struct Answer: Decodable {
        struct Symbol: Decodable {
            var FileName: String
            var FunctionName: String
            var Line: Int
            var Approximate: Bool?
        }
        var Symbol: [Symbol]?
    }
}

/// What Swift's own name for a trap tells.
struct RuntimeFailure {
    let kind: String
    let sentence: String

    /// - Parameter functionName: for example `Swift runtime failure: arithmetic overflow`; anything else gives nil.
    init?(functionName: String) {
        let marker = "Swift runtime failure: "
        guard functionName.hasPrefix(marker) else { return nil }
        let reason = functionName.dropFirst(marker.count).lowercased()
        let known = RuntimeFailure.known.first { reason.contains($0.words) }
        kind = known?.kind ?? "runtime-failure"
        sentence = known?.sentence ?? "The program stopped: \(functionName.dropFirst(marker.count))."
    }

    private static let known: [(words: String, kind: String, sentence: String)] = [
        ("division by zero", "division-by-zero", "A whole number was divided by zero."),
        ("division overflow", "integer-overflow", "The result of a division is too large for its type."),
        ("arithmetic overflow", "integer-overflow", "A number grew too large (or too small) for its type. For large values use `Double`, or `&+`, `&-`, `&*` where wrapping around is meant."),
        ("shift amount", "shift-too-large", "A number was shifted by more bits than it has."),
        ("not enough bits", "integer-overflow", "A number does not fit into the type that it was converted to."),
        ("value is outside", "number-does-not-fit", "A number does not fit into the type that it was converted to."),
        ("out of bounds", "index-out-of-range", "An index lies outside of the array: valid ones are 0 up to `count - 1`."),
        ("index out of range", "index-out-of-range", "An index lies outside of the array: valid ones are 0 up to `count - 1`."),
        ("negative index", "index-out-of-range", "An index is negative: valid ones are 0 up to `count - 1`."),
        ("requires lowerbound <= upperbound", "range-reversed", "A range's end lies before its start."),
        ("unexpectedly found nil", "nil-unwrapped", "A value was unwrapped with `!` that is `nil`: use `if let` or `??` instead."),
        ("force unwrapped a nil value", "nil-unwrapped", "A value was unwrapped with `!` that is `nil`: use `if let` or `??` instead."),
        ("type cast failed", "cast-failed", "A value has another type than `as!` asked for: use `as?`."),
        ("precondition failure", "precondition", "A condition that the code relies on does not hold."),
        ("assertion failure", "precondition", "A condition that the code relies on does not hold."),
        ("unreachable code", "unreachable", "The program came to a place that it must not reach."),
    ]
}
