/// What decides how an answer is judged: two runs with the same key can be compared.
public struct GradingKey: Hashable, Sendable {
    /// How values that are drawn at random come about.
    public enum Seeds: Hashable, Sendable, CustomStringConvertible {
        /// Each run draws a seed, which is kept with its results.
        case drawn
        /// All runs have this one.
        case fixed(UInt64)

        public var description: String {
            switch self {
            case .drawn: "drawn"
            case .fixed(let seed): "fixed:\(seed)"
            }
        }

        init?(_ text: String) {
            if text == "drawn" { self = .drawn } else if text.hasPrefix("fixed:"), let seed = UInt64(text.dropFirst(6)) { self = .fixed(seed) } else { return nil }
        }
    }

    /// The version of the course whose notebook, set-up and checkers are used.
    public var courseVersion: String
    /// Names the checkers by their content.
    public var checkers: String
    public var seeds: Seeds

    public init(courseVersion: String, checkers: String, seeds: Seeds = .drawn) {
        (self.courseVersion, self.checkers, self.seeds) = (courseVersion, checkers, seeds)
    }
}
