import Foundation
import Wire

/// A learner's function, to be called with arguments of the checker's own. Each call runs in the learner's process.
///
/// For example:
///
///     FunctionProblem("norm", function: "norm") { (norm: LearnerFunction) in
///         let length: Double = try norm([3.0, 4.0])
///         try expect(length >= 0, "A norm is never negative.", mistake: "negative-norm")
///         try norm.expect(5.0, for: [3.0, 4.0])
///     }
public struct LearnerFunction {
    /// Its name, as the learner declares it.
    public let name: String
    let answers: Answers

    /// Calls the function.
    /// - Throws: ``Judgement`` when the learner's function threw, returned nothing, or something of another type.
    public func callAsFunction<each Argument: Encodable, Result: Decodable>(
        _ arguments: repeat each Argument
    ) throws -> Result {
        var list: [any Encodable] = []
        repeat list.append(each arguments)
        return try result(Result.self, for: list).value
    }

    /// Calls the function and compares what it returns.
    ///
    /// - Parameter tolerance: how far a floating-point number may be off, as a part of it.
    /// - Throws: ``Judgement`` that says what was returned, and not what was expected.
    public func expect<each Argument: Encodable, Result: Decodable>(
        _ expected: Result, for arguments: repeat each Argument, tolerance: Double = defaultTolerance,
        mistake: String = "wrong-result", credit: Double = 0
    ) throws {
        var list: [any Encodable] = []
        repeat list.append(each arguments)
        try expect(expected, arguments: list, tolerance: tolerance, mistake: mistake, credit: credit)
    }

    func expect<Result: Decodable>(
        _ expected: Result, arguments: [any Encodable], tolerance: Double, mistake: String, credit: Double
    ) throws {
        let (value, call) = try result(Result.self, for: arguments)
        guard let difference = firstDifference(value, expected, tolerance: tolerance) else { return }
        throw incorrect(
            "\(call) returned \(inlineCode(literal(value))), which is not the right result"
                + (difference.place.isEmpty ? "." : ": \(inlineCode("result" + difference.place)) \(difference.finding)"),
            mistake: mistake, credit: credit)
    }

    private func result<Result: Decodable>(
        _ type: Result.Type, for arguments: [any Encodable]
    ) throws -> (value: Result, call: String) {
        let call = inlineCode("\(name)(\(arguments.map { literal($0) }.joined(separator: ", ")))", limit: 120)
        let answer = try answers.reply(to: .call(function: name, arguments: try json(arguments)))
        switch answer.reply {
        case .missing: throw notAttempted("There is no \(inlineCode(name)) yet: run the cell that declares it under this name.")
        case .threw(let text): throw incorrect("\(call) threw an error: \(plainText(text))", mistake: "function-threw")
        case .ended(let text):
            throw Judgement(outcome: .error, feedback: "\(call) ended your code: \(plainText(text))", mistake: "ended")
        case .null:
            guard let optional = type as? any OptionalAnswer.Type, let none = optional.none as? Result else {
                throw incorrect("\(call) returned nothing: is a `return` missing?", mistake: "no-result")
            }
            return (none, call)
        case .json(let text, let found):
            guard let value = AnswerReading.decode(text, as: type) else {
                throw incorrect(
                    "\(call) returned \(withArticle(found)); \(withArticle("\(type)")) was expected.", mistake: "wrong-type")
            }
            return (value, call)
        default: throw AnswerReading.wrongType(name, answer, LearnerFunction.self)
        }
    }

    private func json(_ arguments: [any Encodable]) throws -> String {
        let encoder = JSONEncoder()
        encoder.nonConformingFloatEncodingStrategy = .convertToString(positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        let texts = try arguments.map { String(decoding: try encoder.encode($0), as: UTF8.self) }
        return "[" + texts.joined(separator: ",") + "]"
    }
}
