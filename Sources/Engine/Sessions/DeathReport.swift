import Foundation
import Processes

/// What is known of the end of a session's process: all of it came from the process itself, so it is bounded and
/// used only for words.
struct DeathReport {
    struct FrameAddress: Equatable {
        var library: String
        var offset: UInt64
    }

    enum Cause { case signal(Int32), stackOverflow, abort, mistake, thrown, unknown }

    /// The sentence of a learner's mistake.
    var mistake: String?
    var wasInterrupted = false
    /// The limit, where the cell's time was up.
    var passedDeadline: Duration?
    var spokeNonsense = false
    var termination: Termination?
    private(set) var errorText = ""
    private var frameText: [UInt8] = []

    mutating func appendErrorOutput(_ bytes: [UInt8]) {
        errorText = String((errorText + String(decoding: bytes, as: UTF8.self)).suffix(1 << 16))
    }

    mutating func appendFrames(_ bytes: [UInt8]) {
        if frameText.count < 1 << 20 { frameText += bytes }
    }

    private var lines: [[Substring]] {
        String(decoding: frameText, as: UTF8.self).split(separator: "\n").map { $0.split(separator: " ") }
    }

    var cause: Cause {
        guard let first = lines.first(where: { $0.count == 2 && $0[0] != "F" }), let number = Int32(first[1]) else { return .unknown }
        return switch first[0] {
        case "S": .signal(number)
        case "O": .stackOverflow
        case "A": .abort
        case "M": .mistake
        case "T": .thrown
        default: .unknown
        }
    }

    /// The frames inside cells, innermost first.
    var frames: [FrameAddress] {
        lines.compactMap { words in
            guard words.count == 3, words[0] == "F", words[2].hasPrefix("0x"),
                let offset = UInt64(words[2].dropFirst(2), radix: 16) else { return nil }
            return FrameAddress(library: String(words[1]), offset: offset)
        }
    }

    /// How Swift's runtime begins what it prints before a trap, behind the place.
    private static let runtimeMarkers = ["Fatal error", "Precondition failed", "Assertion failed"]

    static func isRuntimeMessage(_ text: some StringProtocol) -> Bool {
        runtimeMarkers.contains { text.contains(": \($0)") }
    }

    /// What Swift's runtime printed last, for example `Index out of range`, without the place in front.
    var fatalMessage: String? {
        for line in errorText.split(separator: "\n").reversed() {
            for marker in Self.runtimeMarkers {
                if let range = line.range(of: marker + ": ") { return String(line[range.upperBound...]) }
            }
        }
        return nil
    }
}
