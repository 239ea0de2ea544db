/// What a box may use, all its processes together. What goes beyond ends the box, or is refused to the program in it.
public struct SandboxLimits: Sendable {
    /// Seconds of processor time.
    public var processorSeconds: Int
    /// How long it may last.
    public var duration: Duration
    /// Bytes of memory, those of its files in /tmp and /cells included.
    public var memory: UInt64
    public var processes: Int
    /// Bytes of files in /tmp, and as many in /cells.
    public var disk: UInt64
    /// How many files and folders there can be in each of these.
    public var files: Int

    public init(processorSeconds: Int, duration: Duration, memory: UInt64, processes: Int, disk: UInt64, files: Int) {
        (self.processorSeconds, self.duration, self.memory) = (processorSeconds, duration, memory)
        (self.processes, self.disk, self.files) = (processes, disk, files)
    }

    /// For a whole notebook. The course's first exercise, training included, needs a tenth of each.
    public static let session = SandboxLimits(
        processorSeconds: 600, duration: .seconds(900), memory: 4 << 30, processes: 256, disk: 256 << 20, files: 8_192)
    /// For the compiler at one cell.
    public static let tool = SandboxLimits(
        processorSeconds: 60, duration: .seconds(60), memory: 3 << 30, processes: 32, disk: 256 << 20, files: 2_048)
}
