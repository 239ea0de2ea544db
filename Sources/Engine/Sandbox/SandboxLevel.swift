/// How well a box holds. A grade records it. There is no third: where less can be had, nothing is run.
public enum SandboxLevel: String, Codable, Sendable {
    /// Namespaces, the filter of system calls, and control groups: memory, processes and time are bounded by the system.
    case full = "A"
    /// The same without control groups: memory and time of a box as a whole are measured, so that a box may pass its limits
    /// for the twentieth of a second.
    case measured = "B"
}

/// There is no box, and why, in a sentence that says what to do about it.
public struct SandboxRefusal: Error, Equatable, CustomStringConvertible, Sendable {
    public let description: String
    public init(_ description: String) { self.description = description }
}
