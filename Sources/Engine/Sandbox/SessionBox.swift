/// The box that a notebook's cells run in.
public struct SessionBox: Sendable {
    public var sandbox: Sandbox
    public var limits: SandboxLimits
    /// The folder with the course's data, seen in the box as /data.
    public var data: String?

    public init(_ sandbox: Sandbox, limits: SandboxLimits = .session, data: String? = nil) {
        (self.sandbox, self.limits, self.data) = (sandbox, limits, data)
    }
}
