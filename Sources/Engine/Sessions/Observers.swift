import CellCompiler
import Display
import Wire

/// Watches cells that run again only to come back to a state: what they show was shown before.
final class SilentObserver: SessionObserver {
    func sessionPrinted(_ bytes: [UInt8], isError: Bool) {}
    func sessionDisplayed(_ value: DisplayValue, identifier: Int?) {}
    func sessionSaves(_ value: DisplayValue, path: String) {}
    func sessionAsks(_ request: QuestionRequest, answers: any AnswerSource) {}
}

/// Keeps what is the engine's own out of what a cell prints and shows: the names of its modules, and the runtime's line
/// about a trap, which the cell's result says better.
final class PlainObserver: SessionObserver {
    private let observer: any SessionObserver
    init(_ observer: any SessionObserver) { self.observer = observer }

    /// After this line the runtime lists its own frames, and the process ends.
    private static let stackTrace = "Current stack trace:"
    private var isInStackTrace = false

    func sessionPrinted(_ bytes: [UInt8], isError: Bool) {
        if isError && isInStackTrace { return }
        var text = String(decoding: bytes, as: UTF8.self)
        let hasModuleName = text.contains("Cell_")
        let hasTrap = isError && (DeathReport.isRuntimeMessage(text) || text.contains(Self.stackTrace))
        guard hasModuleName || hasTrap else { return observer.sessionPrinted(bytes, isError: isError) }
        if hasTrap {
            if let trace = text.range(of: Self.stackTrace) {
                text.removeSubrange(trace.lowerBound...)
                isInStackTrace = true
            }
            let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
            text = lines.filter { !DeathReport.isRuntimeMessage($0) }.joined(separator: "\n")
        }
        text = CellScope().withoutModuleNames(text)
        if !text.isEmpty { observer.sessionPrinted(Array(text.utf8), isError: isError) }
    }

    func sessionDisplayed(_ value: DisplayValue, identifier: Int?) {
        guard case .text(let text) = value else { return observer.sessionDisplayed(value, identifier: identifier) }
        observer.sessionDisplayed(.text(CellScope().withoutModuleNames(text)), identifier: identifier)
    }

    func sessionSaves(_ value: DisplayValue, path: String) { observer.sessionSaves(value, path: path) }
    func sessionAsks(_ request: QuestionRequest, answers: any AnswerSource) { observer.sessionAsks(request, answers: answers) }
}
