import Wire

/// How a check ends before its last line: thrown by ``expect(_:_:mistake:credit:)`` and its kin, or by the author.
public struct Judgement: Error {
    package var outcome: Verdict.Outcome
    package var feedback: String
    package var mistake: String? = nil
    /// The part of the problem's points that is earned, from 0 to 1.
    package var credit: Double = 0

    package func verdict(_ path: String, maximum: Double) -> Verdict {
        if let mistake, !isKebabCase(mistake) {
            return Verdict(
                problem: path, outcome: .checkerFailed,
                feedback: "The checker of this question calls a mistake \(inlineCode(mistake)); such a name is made of "
                    + "small letters, digits and hyphens. Your answer was not judged.",
                maximum: maximum)
        }
        guard credit >= 0, credit <= 1 else {
            return Verdict(
                problem: path, outcome: .checkerFailed,
                feedback: "The checker of this question gives a credit of \(short(credit)), outside 0 to 1. Your answer was not judged.",
                maximum: maximum)
        }
        return Verdict(
            problem: path, outcome: outcome, feedback: feedback, mistake: mistake,
            points: credit * maximum, maximum: maximum)
    }
}

/// Goes on when `condition` holds, and otherwise ends the check as incorrect.
///
/// For example: `try expect(norm >= 0, "A norm is never negative.", mistake: "negative-norm")`.
///
/// - Parameters:
///   - feedback: a sentence to the learner, in Markdown, that names the kind of mistake and not the answer.
///   - mistake: the kind of mistake, in kebab case; wrong answers in a course's solutions refer to it.
///   - credit: the part of the problem's points that is earned nevertheless, from 0 to 1.
/// - Throws: ``Judgement`` when the condition does not hold.
public func expect(
    _ condition: Bool, _ feedback: @autoclosure () -> String, mistake: String? = nil, credit: Double = 0
) throws {
    guard condition else { throw incorrect(feedback(), mistake: mistake, credit: credit) }
}

/// The value, or the end of the check as incorrect when there is none.
///
/// For example: `let layer = try require(model.layer(named: "bias"), "No layer is named bias.", mistake: "no-bias")`.
/// - Throws: ``Judgement`` when `value` is nil.
public func require<Value>(
    _ value: Value?, _ feedback: @autoclosure () -> String, mistake: String? = nil, credit: Double = 0
) throws -> Value {
    guard let value else { throw incorrect(feedback(), mistake: mistake, credit: credit) }
    return value
}

/// Ends the check with some of the points: `try award(0.5, of: 1, "It works, slowly.", mistake: "quadratic")`.
///
/// All of the points make the answer correct.
/// - Throws: always, a ``Judgement``.
public func award(
    _ points: Double, of total: Double = 1, _ feedback: String, mistake: String? = nil
) throws -> Never {
    let credit = points / total
    throw credit == 1 ? correct(feedback) : incorrect(feedback, mistake: mistake, credit: credit)
}

/// To throw where an answer is right and there is something to say: `throw correct("And it is the shortest way.")`.
public func correct(_ feedback: String) -> Judgement {
    Judgement(outcome: .correct, feedback: feedback, credit: 1)
}

/// To throw where an answer is wrong: `throw incorrect("A norm is never negative.", mistake: "negative-norm")`.
public func incorrect(_ feedback: String, mistake: String? = nil, credit: Double = 0) -> Judgement {
    Judgement(outcome: .incorrect, feedback: feedback, mistake: mistake, credit: credit)
}

/// To throw where there is no answer yet: `throw notAttempted("The list is still empty.")`.
public func notAttempted(_ reason: String) -> Judgement {
    Judgement(outcome: .notAttempted, feedback: reason)
}
