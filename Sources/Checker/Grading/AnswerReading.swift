import DataFrames
import Foundation
import Training
import Wire

/// Turns a learner's answer, which is data, into a value of the type that a checker asks for.
///
/// The types are those that can cross from one process to another: what is `Decodable`, `Model`, `Layer`,
/// `DataFrame`, ``LearnerFunction``, and optionals of these.
enum AnswerReading {
    /// A sentence about a type that no answer can have; nil for one that some can.
    static func fault(of type: Any.Type) -> String? {
        if let optional = type as? any OptionalAnswer.Type { return fault(of: optional.wrappedType) }
        if type == LearnerFunction.self || archived(type) != nil || type is any Decodable.Type { return nil }
        return "\(type) is no type that an answer can have. Those are Decodable types, Model, Layer, DataFrame, "
            + "LearnerFunction, and optionals of them."
    }

    /// A value of that type.
    /// - Throws: ``Judgement`` when the answer is of another type.
    static func read(_ type: Any.Type, _ variable: String, _ answer: LearnerAnswer, _ answers: Answers) throws -> Any {
        if let optional = type as? any OptionalAnswer.Type {
            if isNull(answer) { return optional.none }
            return optional.some(try read(optional.wrappedType, variable, answer, answers)) as Any
        }
        if type == LearnerFunction.self { return try function(variable, answer, answers) }
        if let archive = archived(type) {
            guard archive.matches(answer.reply) else { throw wrongType(variable, answer, type) }
            do { return try archive.open(answer.attachment) } catch {
                throw incorrect("\(inlineCode(variable)) could not be read: \(plainText(String(describing: error)))", mistake: "wrong-type")
            }
        }
        guard case .json(let text, let name) = answer.reply, let decodable = type as? any Decodable.Type else {
            throw wrongType(variable, answer, type)
        }
        guard let value = decode(text, as: decodable) else { throw wrongType(variable, answer, type) }
        try rejectLoss(of: value, variable, name, answer, type)
        return value
    }

    /// - Throws: ``Judgement`` when the answer is no function, or one that can't be called from another process.
    static func function(_ name: String, _ answer: LearnerAnswer, _ answers: Answers) throws -> LearnerFunction {
        guard case .function = answer.reply else { throw noFunction(name, answer) }
        return LearnerFunction(name: name, answers: answers)
    }

    /// An array can stand for a set, as long as nothing in it is lost that way.
    private static func rejectLoss(of value: Any, _ variable: String, _ name: String, _ answer: LearnerAnswer, _ type: Any.Type) throws {
        let name = typeName(name)
        if let set = value as? Set<AnyHashable>, name.hasPrefix("Array<"), case .json(let text, _) = answer.reply,
            let elements = try? JSONSerialization.jsonObject(with: Data(text.utf8)) as? [[Any]], elements[0].count > set.count
        {
            throw incorrect(
                "\(inlineCode(variable)) is \(withArticle(name)) that holds something twice; \(withArticle("\(type)")) was expected, "
                    + "which holds each value once.", mistake: "wrong-type")
        }
        if value is [Any], name.hasPrefix("Set<") { throw wrongType(variable, answer, type) }
    }

    static func wrongType(_ variable: String, _ answer: LearnerAnswer, _ type: Any.Type) -> Judgement {
        let found = switch answer.reply {
        case .null: "nil"
        case .json(_, let name), .other(let name), .function(let name): withArticle(name)
        case .model: "a `Model`"
        case .layer: "a `Layer`"
        case .dataFrame: "a `DataFrame`"
        case .missing, .threw, .ended: "not there"
        }
        let expected = type == LearnerFunction.self ? "a function" : withArticle("\((type as? any OptionalAnswer.Type)?.wrappedType ?? type)")
        return incorrect("\(inlineCode(variable)) is \(found); \(expected) was expected.", mistake: "wrong-type")
    }

    /// What to say of something that is no function, or one that can't be called from another process.
    private static func noFunction(_ variable: String, _ answer: LearnerAnswer) -> Judgement {
        guard case .other(let name) = answer.reply, let arrow = name.range(of: "->", options: .backwards) else {
            return wrongType(variable, answer, LearnerFunction.self)
        }
        if ["()", "Void", "Swift.Void"].contains(name[arrow.upperBound...].trimmingCharacters(in: .whitespaces)) {
            return incorrect("\(inlineCode(variable)) returns nothing: it should return its result.", mistake: "no-result")
        }
        return incorrect(
            "\(inlineCode(variable)) is \(withArticle(name)), and takes or returns something that can't be checked.", mistake: "wrong-type")
    }

    static func isNull(_ answer: LearnerAnswer) -> Bool { answer.reply == .null }

    /// A value travels as a JSON array that holds just it.
    /// - Returns: nil when the text is not that type's JSON.
    static func decode<Value: Decodable>(_ text: String, as type: Value.Type) -> Value? {
        let decoder = JSONDecoder()
        decoder.nonConformingFloatDecodingStrategy = .convertFromString(positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        guard let values = try? decoder.decode([Value].self, from: Data(text.utf8)), values.count == 1 else { return nil }
        return values[0]
    }
}

/// How an optional is taken apart and put together when its type is known only while the program runs.
protocol OptionalAnswer {
    static var wrappedType: Any.Type { get }
    static var none: Any { get }
    static func some(_ value: Any) -> Any?
    var wrapped: Any? { get }
}

extension Optional: OptionalAnswer {
    static var wrappedType: Any.Type { Wrapped.self }
    static var none: Any {
        let nothing: Wrapped? = nil
        return nothing as Any
    }
    static func some(_ value: Any) -> Any? {
        guard let value = value as? Wrapped else { return nil }
        let something: Wrapped? = value
        return something as Any
    }
    var wrapped: Any? { self }
}
