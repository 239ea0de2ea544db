import Glibc

/// What a cell, or all of a notebook's cells together, had too much of.
public enum PassedLimit: String, Codable, Sendable {
    /// The time that one cell may run.
    case cellDuration
    /// The time that all may take.
    case duration
    case processorTime
    case memory
    /// The room for files.
    case disk
}

extension DeathReport {
    /// - Parameter isBoxed: in a box, the system ends a process for two reasons only, beside what its cell does itself.
    func limit(isBoxed: Bool) -> PassedLimit? {
        if passedDeadline != nil { return .cellDuration }
        if boxIsFull { return .disk }
        switch box?.reason {
        case .outOfTime: return .duration
        case .outOfProcessorTime: return .processorTime
        case .outOfMemory: return .memory
        case .exited, .ended, nil: break
        }
        guard isBoxed else { return nil }
        switch termination {
        case .signalled(SIGXCPU): return .processorTime
        case .signalled(SIGXFSZ): return .disk
        case .signalled(SIGKILL): return .memory
        default: return nil
        }
    }
}
