/// The names that a compiled cell calls on its own: how its last value is shown, and how its answers are bound.
public struct Glue: Hashable, Sendable {
    /// The module that declares ``show``, imported by every cell that shows a value; nil when values are not shown.
    public var displayModule: String?
    /// A generic function of one value.
    public var show: String
    /// The module that declares ``bind``, imported by cells that bind answers; nil when there is none.
    public var answerModule: String?
    /// A function of a name and a closure that gives the variable's present value.
    public var bind: String

    public init(
        displayModule: String? = "Display", show: String = "EtudeCell.show",
        answerModule: String? = "SessionRuntime", bind: String = "AnswerBinding.bind"
    ) {
        (self.displayModule, self.show) = (displayModule, show)
        (self.answerModule, self.bind) = (answerModule, bind)
    }

    /// No value is shown and no answer is bound.
    public static let none = Glue(displayModule: nil, answerModule: nil)
}

/// A variable or function of a cell that a check will ask for.
public struct AnswerVariable: Hashable, Sendable {
    public var name: String
    /// The type that the checker expects, for example `(Int) -> Int`: it tells overloads and generic functions apart.
    public var expectedType: String?

    public init(_ name: String, as expectedType: String? = nil) {
        (self.name, self.expectedType) = (name, expectedType)
    }
}
