import Sessions

/// What an exercise may use while it is graded, and in the dry run before it is handed in. The same on every machine.
public struct GradingLimits: Equatable, Sendable {
    /// How long a cell may run by the clock, with all threads that it has.
    public var cellDuration: Duration
    /// Bytes of memory.
    public var memory: UInt64
    /// The most bytes that a cell may print.
    public var output: Int

    public init(cellDuration: Duration = .seconds(600), memory: UInt64 = 4 << 30, output: Int = 16 << 20) {
        (self.cellDuration, self.memory, self.output) = (cellDuration, memory, output)
    }

    public static let standard = GradingLimits()

    /// Nothing runs twice, so no earlier state need be kept.
    var session: SessionLimits { SessionLimits(memory: memory, cellDuration: cellDuration, output: output, snapshots: 0) }
}
