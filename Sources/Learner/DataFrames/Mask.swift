import Display

/// One truth value a row, from comparing a column: it picks rows, as in `movies[movies["n_ratings"] >= 20]`.
///
/// Masks combine by `&&`, `||` and `!`. A missing value satisfies no comparison.
public struct Mask: Sendable, Equatable {
    /// The truth values, from the first row on.
    public let flags: [Bool]

    /// A mask of these truth values.
    public init(_ flags: [Bool]) { self.flags = flags }

    /// How many rows the mask is for.
    public var count: Int { flags.count }

    /// How many rows the mask picks.
    public var trueCount: Int { flags.reduce(0) { $1 ? $0 + 1 : $0 } }

    /// The rows that the mask picks, from 0.
    public var rows: [Int] { flags.indices.filter { flags[$0] } }

    /// The rows that both masks pick.
    public static func && (left: Mask, right: Mask) -> Mask { combine(left, right) { $0 && $1 } }

    /// The rows that one of the masks picks, or both.
    public static func || (left: Mask, right: Mask) -> Mask { combine(left, right) { $0 || $1 } }

    /// The rows that the mask leaves out.
    public static prefix func ! (mask: Mask) -> Mask { Mask(mask.flags.map { !$0 }) }

    private static func combine(_ left: Mask, _ right: Mask, _ operation: (Bool, Bool) -> Bool) -> Mask {
        if left.count != right.count {
            learnerMistake(
                "These masks are for \(left.count) and \(counted(right.count, "row")): only masks of one data frame's columns combine.")
        }
        return Mask(zip(left.flags, right.flags).map(operation))
    }
}
