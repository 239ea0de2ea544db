import Display
import Wire

/// What a session's process does that someone shall see or answer, while a cell runs.
public protocol SessionObserver: AnyObject {
    /// Text that the cell printed; `isError` for standard error.
    func sessionPrinted(_ bytes: [UInt8], isError: Bool)
    /// A displayed value; values with one identifier replace each other.
    func sessionDisplayed(_ value: DisplayValue, identifier: Int?)
    /// A value to be drawn into a file.
    func sessionSaves(_ value: DisplayValue, path: String)
    /// `check()`, `hint()` or `solution()`: the cell waits until this returns.
    func sessionAsks(_ request: QuestionRequest, answers: any AnswerSource)
}

/// Where a checker's queries about a learner's answers go.
public protocol AnswerSource: AnyObject {
    /// The reply, with the archive of a model, layer or table.
    func answer(to query: AnswerQuery) -> (reply: AnswerReply, attachment: [UInt8])
}

