/// A question whose answer lies in variables, judged by whatever code the author writes.
///
/// For example:
///
///     CodingProblem("center", variables: "x", "y") { (x: Double, y: Double) in
///         try expect(x * x + y * y < 1, "That point lies outside the circle.", mistake: "outside")
///     }
///
/// The answer is correct when the check runs to its end. It is incorrect when ``expect(_:_:mistake:credit:)`` finds
/// something, or when a variable holds a value of another type than the check asks for.
public struct CodingProblem: Problem {
    public let declaration: ProblemDeclaration

    /// - Parameters:
    ///   - variable: the name of the learner's variable.
    ///   - starter: the value that the exercise starts with: as long as it is there, the question is not attempted.
    ///   - nilIsNotAttempted: the same for nil, whatever type is asked for.
    ///   - typeHint: a sentence that follows when the value is of another type.
    ///   - check: gets the answer as a `Decodable` value, `Model`, `Layer`, `DataFrame`, ``LearnerFunction``, or an
    ///     optional of these.
    public init<Answer>(
        _ name: String, variable: String, points: Double = 1, isBonus: Bool = false, starter: Answer? = nil,
        nilIsNotAttempted: Bool = false, typeHint: String? = nil, check: @escaping (Answer) throws -> Void
    ) {
        self.init(
            name, [variable], points, isBonus, nilIsNotAttempted, typeHint, types: [Answer.self],
            isStarter: { values in starter.map { firstDifference(values[0], $0, tolerance: 0) == nil } ?? false }
        ) { values in
            guard let value = values[0] as? Answer else { return }
            try check(value)
        }
    }

    /// - Parameters:
    ///   - variables: the names of the learner's variables, as many as the check has parameters.
    ///   - starter: the values that the exercise starts with: as long as all are there, the question is not attempted.
    ///   - nilIsNotAttempted: the question is not attempted as long as one of the variables is nil.
    ///   - check: gets the answers in the order of `variables`.
    public init<each Answer>(
        _ name: String, variables: String..., points: Double = 1, isBonus: Bool = false,
        starter: (repeat each Answer)? = nil, nilIsNotAttempted: Bool = false, typeHint: String? = nil,
        check: @escaping (repeat each Answer) throws -> Void
    ) {
        var types: [Any.Type] = []
        repeat types.append((each Answer).self)
        self.init(
            name, variables, points, isBonus, nilIsNotAttempted, typeHint, types: types,
            isStarter: { values in
                guard let starter else { return false }
                var isStarter = true, rest = values[...]
                for value in repeat each starter {
                    isStarter = isStarter && firstDifference(rest.removeFirst(), value, tolerance: 0) == nil
                }
                return isStarter
            }
        ) { values in
            var rest = values[...]
            func next<Value>(_ type: Value.Type) throws -> Value {
                guard let value = rest.popFirst() as? Value else { throw AnswerCountMismatch() }
                return value
            }
            try check(repeat try next((each Answer).self))
        }
    }

    private init(
        _ name: String, _ variables: [String], _ points: Double, _ isBonus: Bool, _ nilIsNotAttempted: Bool, _ typeHint: String?,
        types: [Any.Type], isStarter: @escaping ([Any]) -> Bool, check: @escaping ([Any]) throws -> Void
    ) {
        var faults = types.compactMap(AnswerReading.fault)
        if variables.isEmpty { faults.append("a CodingProblem needs the name of at least one variable.") }
        if variables.count != types.count {
            faults.append("\(variables.count) variables are named, and the check has \(types.count) parameters.")
        }
        declaration = ProblemDeclaration(
            name: name, kind: .coding, variables: variables, points: points, isBonus: isBonus, faults: faults
        ) { answers in
            let found = try answers.values(of: variables, nilIsNotAttempted: nilIsNotAttempted)
            let values = try zip(types, zip(variables, found)).map { type, answer in
                do { return try read(type, answer.0, answer.1, answers) } catch var judgement as Judgement {
                    if let typeHint, judgement.mistake == "wrong-type" { judgement.feedback += " " + typeHint }
                    throw judgement
                }
            }
            if isStarter(values) {
                throw notAttempted(
                    "\(list(variables)) still \(variables.count == 1 ? "holds" : "hold") what the exercise started with.")
            }
            try check(values)
        }
    }
}

/// Opens a type known only while the program runs.
private func read(_ type: Any.Type, _ variable: String, _ answer: LearnerAnswer, _ answers: Answers) throws -> Any {
    func open<Value>(_ type: Value.Type) throws -> Any { try AnswerReading.read(type, variable, answer, answers) }
    return try _openExistential(type, do: open)
}

private struct AnswerCountMismatch: Error {}
