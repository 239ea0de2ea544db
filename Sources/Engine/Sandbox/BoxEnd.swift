/// How a box ended, and what it had used.
public struct BoxEnd: Equatable, Sendable {
    public enum Reason: Equatable, Sendable {
        /// Its program ended by itself, with this status; 128 and more for a signal.
        case exited(Int32)
        case outOfTime
        case outOfProcessorTime
        case outOfMemory
        /// The host had it ended.
        case ended
    }

    public var reason: Reason
    public var processorTime: Duration = .zero
    /// The most bytes of memory at a time; 0 where that was not measured.
    public var memory: UInt64 = 0

    /// From the launcher's last words: `ended REASON STATUS MICROSECONDS BYTES`.
    init?(_ words: [Substring]) {
        guard words.count == 5, words[0] == "ended", let status = Int32(words[2]), let time = Int64(words[3]), let memory = UInt64(words[4])
        else { return nil }
        switch words[1] {
        case "exited": reason = .exited(status)
        case "wall": reason = .outOfTime
        case "cpu": reason = .outOfProcessorTime
        case "memory": reason = .outOfMemory
        case "host": reason = .ended
        default: return nil
        }
        (processorTime, self.memory) = (.microseconds(time), memory)
    }

    init(_ reason: Reason) { self.reason = reason }
}
