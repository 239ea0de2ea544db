import Foundation
import Processes

/// Keeps texts away from the parser on which it would run out of its stack, or take for ever: twenty nested `[` cost it
/// seconds, and each further one doubles that. In a learner's own session that is the learner's affair; at a stranger's cell
/// it would end the host.
///
/// A text that may be one is first read by a process of its own. Which those are is told from its bytes alone, whatever they
/// mean: few real cells are among them, and those cost some time.
struct RiskyTexts: Sendable {
    /// The program that reads a text from standard input, and ends well if the parser does.
    let reader: String

    private static let patience = Duration.seconds(10)

    func canBeRead(_ text: String) -> Bool {
        guard Self.isRisky(text) else { return true }
        return (try? run(reader, [], input: Array(text.utf8), deadline: Self.patience))?.succeeded ?? false
    }

    static func isRisky(_ text: String) -> Bool {
        var squares = 0, others = 0, angles = 0, arrows = 0, conditions = 0, count = 0
        var last: UInt8 = 0
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "["): squares += 1
            case UInt8(ascii: "]"): squares = max(0, squares - 1)
            case UInt8(ascii: "("), UInt8(ascii: "{"): others += 1
            case UInt8(ascii: ")"), UInt8(ascii: "}"): others = max(0, others - 1)
            case UInt8(ascii: "<"): angles += 1
            case UInt8(ascii: ">") where last == UInt8(ascii: "-"): arrows += 1
            case UInt8(ascii: "#"): conditions += 1
            default: break
            }
            count += 1
            if squares > 8 || others > 40 || max(angles, arrows, conditions) > 60 || count > 4_096 { return true }
            last = byte
        }
        return false
    }
}
