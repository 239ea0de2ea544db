import Display

/// What the host asks of a session.
public enum SessionCommand: Codable, Equatable, Sendable {
    /// Load a compiled cell and run it. Ends with ``SessionReport/finished(_:run:)``.
    case run(library: String, entryPoint: String)
    /// Tell an answer, or call a learner's function. Ends with ``SessionReport/answer(_:)``.
    case answer(AnswerQuery)
    /// What was printed before a shown value has been taken in: the cell goes on. Text and values travel apart, and
    /// only so keep their order.
    case proceed
    /// The question that a cell asked about (`part1.check()`) is dealt with: the cell goes on.
    case questionDone
    /// Make a copy of the process, which goes on from the same state while this one stays as it is. Answered by
    /// ``SessionReport/copying`` or ``SessionReport/hasThreads(_:)``; after the first, the copy's descriptors follow as
    /// one byte with rights, the copy says ``SessionReport/ready(version:process:)`` on its own socket, and this process
    /// ``SessionReport/copied(failure:)``.
    case copy
}

/// What a session tells the host. It comes from a process in which a learner's code runs: nothing in it is trusted.
public enum SessionReport: Codable, Equatable, Sendable {
    /// `process` is the system's number of the process.
    case ready(version: Int, process: Int32)
    case display(DisplayValue, identifier: Int?)
    case save(DisplayValue, path: String)
    case question(QuestionRequest)
    case answer(AnswerReply)
    /// A cell came to its end: the first that the process ran is run 1, so that no late word ends another cell.
    case finished(CellEnd, run: Int)
    /// The process can be copied, and waits for the copy's descriptors.
    case copying
    /// The process has more threads than the one that cells run on: they would be missing in a copy.
    case hasThreads(Int)
    /// Whether the copy could be made; the system's error number when not.
    case copied(failure: Int32?)
    /// A learner's mistake after which the process ends; where it happened follows on the pipe of frames.
    case mistake(String)
}

/// The version of the messages between a host and its session and checker processes.
public let wireVersion = 2

/// How a cell that did not take the process with it came to its end.
public enum CellEnd: Codable, Equatable, Sendable {
    case completed
    /// An error was thrown at the top level and not caught.
    case threw(String)
    /// The cell called `exit`.
    case exited(Int32)
    /// A top-level `await` waits for something that can't come.
    case waitsForever
    /// The library could not be loaded.
    case unloadable(String)
}

/// A learner's `check()`, `hint()` or `solution()`.
public struct QuestionRequest: Codable, Equatable, Sendable {
    public enum Action: Codable, Equatable, Sendable {
        case check
        /// nil asks for the next hint.
        case hint(Int?)
        case solution
    }
    /// For example `part3.c`.
    public var problem: String
    public var action: Action
    public init(problem: String, action: Action) { (self.problem, self.action) = (problem, action) }
}

/// What a checker wants to know of a learner's answer.
public enum AnswerQuery: Codable, Equatable, Sendable {
    case value(variable: String)
    /// Calls the function that the variable or function of that name holds; `arguments` is a JSON array.
    case call(function: String, arguments: String)
}

/// A learner's answer as data. An attachment travels with `model`, `layer` and `dataFrame`: their archive.
public enum AnswerReply: Codable, Equatable, Sendable {
    /// No cell that ran declares it.
    case missing
    case null
    /// A Codable value as JSON, in an array of one, with its type's name; for a call, what the function returned.
    case json(String, type: String)
    case model
    case layer
    case dataFrame
    case function(type: String)
    /// A value of a type that can't cross.
    case other(type: String)
    /// The learner's function threw, or its arguments did not fit.
    case threw(String)
    /// The session ended while it answered.
    case ended(String)
}
