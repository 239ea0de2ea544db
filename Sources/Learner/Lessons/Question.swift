@_exported import Display
import Wire

/// A question of an exercise, or a part of one: `part1`, `part3.c`.
///
///     part1.check()        // judges the answer
///     part1.hint()         // the next hint; hint(2) the second one
///     part1.solution()     // the solution, explained
public struct Question: CustomStringConvertible, Displayable, Sendable {
    /// Where the question stands in its exercise, for example `part3.c`.
    public let path: String

    public init(_ path: String) { self.path = path }

    /// Judges the answer as it is now, and shows the verdict.
    public func check() { ask(.check) }

    /// Shows the next hint. Asked again, the one after it.
    public func hint() { ask(.hint(nil)) }

    /// Shows hint number `number`, counted from 1.
    public func hint(_ number: Int) { ask(.hint(number)) }

    /// Shows the solution, explained.
    public func solution() { ask(.solution) }

    public var description: String { "\(path): call \(path).check(), \(path).hint() or \(path).solution()" }
    public var displayValue: DisplayValue { .text(description) }

    private func ask(_ action: QuestionRequest.Action) {
        QuestionDoor.ask(QuestionRequest(problem: path, action: action))
    }
}

/// Who answers a question's requests: the session's host. Set once, at the session's start.
public enum QuestionDoor {
    nonisolated(unsafe) public static var ask: (QuestionRequest) -> Void = { request in
        print("\(request.problem) can be asked only in a session of etude.")
    }
}
