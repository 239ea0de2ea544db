import Wire

/// A learner's answer as it came: what kind it is, and the archive of a model, a layer or a table.
package struct LearnerAnswer {
    package var reply: AnswerReply
    package var attachment: [UInt8]
    package init(_ reply: AnswerReply, attachment: [UInt8] = []) { (self.reply, self.attachment) = (reply, attachment) }
}

/// Where a checker gets the learner's answers from, during one judgement.
package final class Answers {
    private let ask: (AnswerQuery) throws -> LearnerAnswer
    /// Why the learner's process can't be asked any more. It outlives a check that catches errors of its own, so
    /// that a lost process never ends in a verdict.
    private(set) var loss: (any Error)?

    /// - Parameter ask: waits for the learner's process; what it throws ends the judgement without a verdict.
    package init(ask: @escaping (AnswerQuery) throws -> LearnerAnswer) { self.ask = ask }

    /// - Throws: what `ask` throws, then and from then on.
    func reply(to query: AnswerQuery) throws -> LearnerAnswer {
        if let loss { throw loss }
        do { return try ask(query) } catch {
            loss = error
            throw error
        }
    }

    /// The answers in these variables.
    /// - Parameter nilIsNotAttempted: one that is nil stands for an answer that was not attempted, even where others
    ///   are not there yet.
    /// - Throws: ``Judgement`` when some, or all, are not there.
    func values(of variables: [String], nilIsNotAttempted: Bool = false) throws -> [LearnerAnswer] {
        let answers = try variables.map { try reply(to: .value(variable: $0)) }
        for (variable, answer) in zip(variables, answers) {
            switch answer.reply {
            case .ended(let text):
                throw Judgement(
                    outcome: .error, feedback: "Your code ended while \(inlineCode(variable)) was read: \(plainText(text))", mistake: "ended")
            case .threw(let text):
                throw Judgement(
                    outcome: .error, feedback: "\(inlineCode(variable)) could not be read: \(plainText(text))", mistake: "unreadable-answer")
            default: continue
            }
        }
        if nilIsNotAttempted, let index = answers.firstIndex(where: { $0.reply == .null }) {
            throw notAttempted("\(inlineCode(variables[index])) is still nil.")
        }
        let missing = zip(variables, answers).filter { $0.1.reply == .missing }.map(\.0)
        if missing.isEmpty { return answers }
        if missing.count == variables.count {
            throw notAttempted(
                "There \(missing.count == 1 ? "is" : "are") no \(list(missing)) yet: run the cell that declares "
                    + "\(missing.count == 1 ? "it under this name" : "them under these names").")
        }
        throw incorrect(
            "\(list(missing)) \(missing.count == 1 ? "is" : "are") missing: run the cell that declares "
                + "\(missing.count == 1 ? "it" : "them"), too.",
            mistake: "missing-variable")
    }
}
