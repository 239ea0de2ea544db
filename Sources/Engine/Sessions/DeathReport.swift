import Foundation
import Processes
import Sandbox
import Wire

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
    /// Which of the session's cells, counted from 1, said that it had finished while another was at work.
    var lateRun: Int?
    /// It did not answer in time when a copy of it was asked for.
    var wasSilent = false
    /// It closed its end of the conversation and lived on.
    var hungUp = false
    /// The process that keeps the whole session ended, and this one with it.
    var endedWithFamily = false
    /// How the box ended that the session was in, and the session with it.
    var box: BoxEnd?
    /// The cell's library found no room in the box.
    var boxIsFull = false
    /// nil as long as the process gives back its memory.
    var termination: Termination?
    private var errorOutput: [UInt8] = []
    private var frameText: [UInt8] = []

    private static let mostErrorOutput = 1 << 16

    /// The end of what it wrote to standard error.
    var errorText: String { String(decoding: errorOutput.suffix(Self.mostErrorOutput), as: UTF8.self) }

    mutating func appendErrorOutput(_ bytes: [UInt8]) {
        errorOutput += bytes.suffix(Self.mostErrorOutput)
        if errorOutput.count > 4 * Self.mostErrorOutput { errorOutput.removeFirst(errorOutput.count - Self.mostErrorOutput) }
    }

    mutating func appendFrames(_ bytes: [UInt8]) {
        if frameText.count < 1 << 20 { frameText += bytes }
    }

    /// Whether the process has written the mark with which it ends what it tells of its end.
    var isToldInFull: Bool { frameText.suffix(4) == [0x45, 0x20, 0x30, 0x0A] }

    private var lines: [[Substring]] {
        // A library's path may hold spaces: what stands between the first and the last one is one word.
        String(decoding: frameText, as: UTF8.self).split(separator: "\n").map { line in
            guard let first = line.firstIndex(of: " "), let last = line.lastIndex(of: " ") else { return [line] }
            let middle = first < last ? [line[line.index(after: first)..<last]] : []
            return [line[..<first]] + middle + [line[line.index(after: last)...]]
        }
    }

    var cause: Cause {
        guard let first = lines.first(where: { $0.count == 2 && $0[0] != "F" }), let number = Int32(first[1]) else { return .unknown }
        return switch first[0] {
        case "S", "I": .signal(number)
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
            if line.hasPrefix("Fatal access conflict detected") {
                return "A variable was read or changed while a change of it was still going on, as when a function that gets it `inout` calls a closure that uses it."
            }
            if line.hasPrefix("Could not cast value of type") {
                return String(line).replacing(#/ \(0x[0-9a-f]+\)/#, with: "").replacing("'Swift.", with: "'").bounded(to: 1 << 14)
            }
            for marker in Self.runtimeMarkers {
                if let range = line.range(of: marker + ": ") { return String(line[range.upperBound...]).bounded(to: 1 << 14) }
            }
        }
        return nil
    }
}
