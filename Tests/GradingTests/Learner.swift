import Foundation
import Wire

@testable import Grading

/// A learner's answers for a check within the test's own process.
struct Learner {
    var replies: [String: LearnerAnswer] = [:]
    var functions: [String: ([Any]) -> AnswerReply] = [:]

    init(_ values: KeyValuePairs<String, any Encodable> = [:]) {
        for (name, value) in values { replies[name] = Learner.answer(value) }
    }

    init(replies: [String: AnswerReply]) { self.replies = replies.mapValues { LearnerAnswer($0) } }

    init(function name: String, _ body: @escaping ([Any]) -> AnswerReply) {
        replies = [name: LearnerAnswer(.function(type: "(Double) -> Double"))]
        functions = [name: body]
    }

    static func answer(_ value: some Encodable) -> LearnerAnswer {
        LearnerAnswer(reply(value))
    }

    static func reply(_ value: some Encodable) -> AnswerReply {
        let encoder = JSONEncoder()
        encoder.nonConformingFloatEncodingStrategy = .convertToString(positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        guard let data = try? encoder.encode(value) else { return .other(type: "\(type(of: value))") }
        return .json(String(decoding: data, as: UTF8.self), type: "\(type(of: value))")
    }

    var answers: Answers {
        Answers { query in
            switch query {
            case .value(let variable): return replies[variable] ?? LearnerAnswer(.missing)
            case .call(let name, let text):
                let arguments = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [Any] ?? []
                return LearnerAnswer(functions[name]?(arguments) ?? .missing)
            }
        }
    }

    /// The verdict on this learner's answer to a problem that stands alone.
    func verdict(_ problem: some Problem) throws -> Verdict {
        try Exercise("Alone") { problem }.judge(problem.declaration.name, answers)
    }
}
