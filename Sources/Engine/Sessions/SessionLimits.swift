import Foundation

/// What a session may use.
public struct SessionLimits: Sendable {
    /// Bytes of memory; 0 for no limit.
    public var memory: UInt64
    /// How long a cell may run; nil for as long as the learner likes.
    public var cellDuration: Duration?
    /// The most bytes that a cell may print.
    public var output: Int
    /// How many bytes the states before earlier cells may take, beyond those that the newest state has too.
    public var snapshots: UInt64

    public init(
        memory: UInt64, cellDuration: Duration?, output: Int, snapshots: UInt64 = ProcessInfo.processInfo.physicalMemory / 4
    ) {
        (self.memory, self.cellDuration, self.output, self.snapshots) = (memory, cellDuration, output, snapshots)
    }

    /// A learner's own session: half of the machine's memory, no time limit but Ctrl-C; a quarter of the memory for
    /// snapshots.
    public static let learner = SessionLimits(memory: ProcessInfo.processInfo.physicalMemory / 2, cellDuration: nil, output: 64 << 20)
}
