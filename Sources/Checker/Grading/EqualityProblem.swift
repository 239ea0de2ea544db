/// A question with one right answer. Feedback says where the learner's value first differs from it, and never shows it.
///
/// For example: `EqualityProblem("mean", variable: "meanRating", expected: 3.54, tolerance: 0.01)`, or for several
/// variables `EqualityProblem("split", expected: ["trainingCount": 95, "validationCount": 5])`.
public struct EqualityProblem: Problem {
    public let declaration: ProblemDeclaration

    /// - Parameters:
    ///   - expected: a value of a type that can cross: see ``CodingProblem``.
    ///   - tolerance: how far a floating-point number may be off, as a part of it.
    ///   - starter: the value that the exercise starts with: as long as it is there, the question is not attempted.
    ///   - mistake: the kind of mistake that a wrong value is.
    public init<Value>(
        _ name: String, variable: String, expected: Value, tolerance: Double = defaultTolerance, starter: Value? = nil,
        points: Double = 1, isBonus: Bool = false, mistake: String = "wrong-value"
    ) {
        let starters: KeyValuePairs<String, Any> = [variable: starter ?? expected]
        self.init(
            name, expected: [variable: expected], tolerance: tolerance, starters: starter == nil ? [:] : starters,
            points: points, isBonus: isBonus, mistake: mistake)
    }

    /// - Parameters:
    ///   - expected: what each variable should hold, compared in this order.
    ///   - starters: what variables hold when the exercise starts: as long as all of these are there, the question is
    ///     not attempted.
    public init(
        _ name: String, expected: KeyValuePairs<String, Any>, tolerance: Double = defaultTolerance,
        starters: KeyValuePairs<String, Any> = [:], points: Double = 1, isBonus: Bool = false,
        mistake: String = "wrong-value"
    ) {
        let variables = expected.map(\.key)
        var faults = expected.compactMap { AnswerReading.fault(of: type(of: $0.value)) }
        if variables.isEmpty { faults.append("an EqualityProblem needs at least one variable.") }
        if Set(variables).count != variables.count { faults.append("a variable is named twice.") }
        faults += starters.filter { !variables.contains($0.key) }.map { "there is a starter value for \($0.key), which no answer is in." }
        declaration = ProblemDeclaration(
            name: name, kind: .equality, variables: variables, points: points, isBonus: isBonus, faults: faults
        ) { answers in
            let found = try answers.values(of: variables)
            let pairs = zip(expected, found).map { (variable: $0.0.key, expected: $0.0.value, answer: $0.1) }
            let isStarter = !starters.isEmpty && starters.allSatisfy { variable, starter in
                pairs.contains { $0.variable == variable && isEqual($0.answer, starter, variable, answers) }
            }
            if isStarter {
                throw notAttempted("\(list(variables)) still \(variables.count == 1 ? "holds" : "hold") what the exercise started with.")
            }
            for pair in pairs {
                try compare(pair.answer, pair.expected, pair.variable, answers, tolerance: tolerance, mistake: mistake)
            }
        }
    }
}

private func compare(
    _ answer: LearnerAnswer, _ expected: Any, _ variable: String, _ answers: Answers, tolerance: Double, mistake: String
) throws {
    let value = try AnswerReading.read(type(of: expected), variable, answer, answers)
    if let difference = firstDifference(value, expected, tolerance: tolerance) {
        throw incorrect("\(inlineCode(variable + difference.place)) \(difference.finding)", mistake: mistake)
    }
}

private func isEqual(_ answer: LearnerAnswer, _ starter: Any, _ variable: String, _ answers: Answers) -> Bool {
    guard let value = try? AnswerReading.read(type(of: starter), variable, answer, answers) else { return false }
    return firstDifference(value, starter, tolerance: 0) == nil
}
