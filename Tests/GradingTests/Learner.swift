import Foundation
import Wire

@testable import Grading

/// A learner's answers for a check within the test's own process.
struct Learner {
    var replies: [String: LearnerAnswer] = [:]
    /// What each function does with its arguments, a JSON array.
    var functions: [String: (Data) -> AnswerReply] = [:]

    init(_ values: KeyValuePairs<String, any Encodable> = [:]) {
        for (name, value) in values { replies[name] = Learner.answer(value) }
    }

    init(replies: [String: AnswerReply]) { self.replies = replies.mapValues { LearnerAnswer($0) } }

    init(function name: String, _ body: @escaping (Data) -> AnswerReply) {
        replies = [name: LearnerAnswer(.function(type: "(Double) -> Double"))]
        functions = [name: body]
    }

    static func answer(_ value: some Encodable) -> LearnerAnswer {
        LearnerAnswer(reply(value))
    }

    static func reply(_ value: some Encodable) -> AnswerReply {
        let encoder = JSONEncoder()
        encoder.nonConformingFloatEncodingStrategy = .convertToString(positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        guard let data = try? encoder.encode([value]) else { return .other(type: "\(type(of: value))") }
        let text = String(decoding: data, as: UTF8.self)
        return text == "[null]" ? .null : .json(text, type: "\(type(of: value))")
    }

    var answers: Answers {
        Answers { query in
            switch query {
            case .value(let variable): return replies[variable] ?? LearnerAnswer(.missing)
            case .call(let name, let text):
                return LearnerAnswer(functions[name]?(Data(text.utf8)) ?? .missing)
            }
        }
    }

    /// The verdict on this learner's answer to a problem that stands alone.
    func verdict(_ problem: some Problem) throws -> Verdict {
        try Exercise("Alone") { problem }.judge(problem.declaration.name, answers)
    }
}
