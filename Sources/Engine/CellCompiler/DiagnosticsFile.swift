import CLibClang
import Foundation
import Sandbox

/// A diagnostic as the compiler wrote it, in the coordinates of the text that it compiled.
struct RawDiagnostic: Codable, Hashable {
    struct Place: Codable, Hashable { var file: String, line: Int, column: Int }
    struct Span: Codable, Hashable { var start: Place, end: Place }
    struct FixIt: Codable, Hashable { var span: Span, replacement: String }

    var severity: CellDiagnostic.Severity
    var message: String
    /// The compiler's name for it, for example `cannot_find_in_scope`.
    var id: String
    var place: Place?
    var spans: [Span]
    var fixIts: [FixIt]
    var notes: [RawDiagnostic]
}

/// Reads what `swift-frontend -serialize-diagnostics-path` wrote, through the toolchain's libclang.
///
/// At a stranger's cell, a box does the reading: should the compiler have been led to write something that libclang can't
/// bear, it is not the host that bears it.
final class DiagnosticsReader: @unchecked Sendable {
    private let toolchain: Toolchain
    private let strangers: StrangersTools?
    private let lock = NSLock()
    /// Loaded when the first message is read; guarded by `lock`.
    private var functions: CLibClang?

    init(toolchain: Toolchain, strangers: StrangersTools? = nil) { (self.toolchain, self.strangers) = (toolchain, strangers) }

    func diagnostics(at path: String) throws -> [RawDiagnostic] {
        if let strangers { return try boxedDiagnostics(at: path, strangers) }
        return try ownDiagnostics(at: path)
    }

    private func boxedDiagnostics(at path: String, _ strangers: StrangersTools) throws -> [RawDiagnostic] {
        let result = try strangers.sandbox.run(
            "/etude/etude-reader", ["/cells/messages.dia", "/toolchain"],
            shows: [Shown(toolchain.root, as: "/toolchain"), Shown(strangers.reader, as: "/etude/etude-reader")], files: [(path, "messages.dia")],
            environment: ["LD_LIBRARY_PATH": "/toolchain/lib/swift/linux:/toolchain/lib/swift/host"])
        guard result.succeeded, let raw = try? JSONDecoder().decode([RawDiagnostic].self, from: Data(result.output)) else {
            throw CellCompilerError.diagnosticsUnreadable(path: path)
        }
        return raw
    }

    private func ownDiagnostics(at path: String) throws -> [RawDiagnostic] {
        lock.lock()
        defer { lock.unlock() }
        if functions == nil {
            var loaded = CLibClang()
            guard clc_load(toolchain.clangLibrary, &loaded) else {
                throw CellCompilerError.diagnosticsUnreadable(path: toolchain.clangLibrary)
            }
            functions = loaded
        }
        guard let functions else { return [] }
        var code: Int32 = 0
        var message = CLCString()
        guard let set = functions.loadDiagnostics(path, &code, &message) else {
            throw CellCompilerError.diagnosticsUnreadable(path: path)
        }
        defer { functions.disposeDiagnosticSet(set) }
        return Reading(functions: functions).all(in: set, depth: 0)
    }
}

private struct Reading {
    let functions: CLibClang

    func all(in set: CLCDiagnosticSet, depth: Int) -> [RawDiagnostic] {
        (0..<functions.count(set)).compactMap { index in
            functions.diagnostic(set, index).map { one($0, depth: depth) }
        }
    }

    private func one(_ diagnostic: CLCDiagnostic, depth: Int) -> RawDiagnostic {
        let (message, id) = Reading.split(text(functions.spelling(diagnostic)))
        let severity: CellDiagnostic.Severity =
            switch functions.severity(diagnostic) {
            case 3, 4: .error
            case 2: .warning
            default: .note
            }
        let spans = (0..<functions.rangeCount(diagnostic)).compactMap { span(functions.range(diagnostic, $0)) }
        let fixIts = (0..<functions.fixItCount(diagnostic)).compactMap { index -> RawDiagnostic.FixIt? in
            var range = CLCRange()
            let replacement = text(functions.fixIt(diagnostic, index, &range))
            return span(range).map { .init(span: $0, replacement: replacement) }
        }
        var notes: [RawDiagnostic] = []
        if depth < 4, let children = functions.children(diagnostic) { notes = all(in: children, depth: depth + 1) }
        return RawDiagnostic(
            severity: severity, message: message, id: id, place: place(functions.location(diagnostic)), spans: spans,
            fixIts: fixIts, notes: notes)
    }

    private func span(_ range: CLCRange) -> RawDiagnostic.Span? {
        guard let start = place(functions.rangeStart(range)), let end = place(functions.rangeEnd(range)) else { return nil }
        return .init(start: start, end: end)
    }

    private func place(_ location: CLCLocation) -> RawDiagnostic.Place? {
        var file: UnsafeMutableRawPointer?
        var line: UInt32 = 0, column: UInt32 = 0, offset: UInt32 = 0
        functions.fileLocation(location, &file, &line, &column, &offset)
        guard let file else { return nil }
        return .init(file: text(functions.fileName(file)), line: Int(line), column: Int(column))
    }

    private func text(_ string: CLCString) -> String {
        defer { functions.disposeString(string) }
        return functions.text(string).map { String(cString: $0) } ?? ""
    }

    /// `cannot find 'x' in scope [cannot_find_in_scope] [#group]` in its parts.
    private static func split(_ message: String) -> (message: String, id: String) {
        var message = Substring(message)
        func suffix(_ opening: String) -> Substring? {
            guard message.hasSuffix("]"), let start = message.range(of: opening, options: .backwards) else { return nil }
            let inner = message[start.upperBound...].dropLast()
            guard inner.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || "_-".contains($0)) }) else { return nil }
            message = message[..<start.lowerBound]
            return inner
        }
        _ = suffix(" [#")
        let id = suffix(" [")
        return (String(message), id.map(String.init) ?? "")
    }
}
