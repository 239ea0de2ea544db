public enum SessionError: Error, CustomStringConvertible, Equatable {
    case didNotStart(String)
    /// A cell that ran before did not when its session had to be started anew.
    case couldNotRepeat(cell: String, reason: String)
    /// A person asked to stop while the session was started.
    case interrupted

    /// Whether a cell is the cause, and the next session can do without it.
    var isOfACell: Bool { if case .couldNotRepeat = self { true } else { false } }

    public var description: String {
        switch self {
        case .didNotStart(let reason): "The session in which cells run could not start: \(reason)"
        case .couldNotRepeat(let cell, let reason):
            "The session was started anew, but \(cell), which ran before, failed this time: \(reason) Run it again, then this one."
        case .interrupted: "Interrupted while the session was being started."
        }
    }
}
