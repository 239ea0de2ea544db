import DataFrames
import Foundation
import Training
import Wire

/// How the engine's own lines in a cell say which variable holds an answer: a closure that reads the variable's
/// present value, so that an answer is what it is when `check()` is called.
public enum AnswerBinding {
    /// An answer on its way to the checker.
    struct Answer {
        var reply: AnswerReply
        var attachment: [UInt8] = []
    }

    nonisolated(unsafe) private static var readers: [String: () throws -> Answer] = [:]
    nonisolated(unsafe) private static var functions: [String: (Data) throws -> Answer] = [:]

    // The more particular overload wins; the last takes all.

    public static func bind<T: Model>(_ name: String, _ value: @escaping () -> T?) {
        read(name) { value().map { Answer(reply: .model, attachment: $0.archive()) } }
    }

    public static func bind<T: Layer>(_ name: String, _ value: @escaping () -> T?) {
        read(name) { value().map { Answer(reply: .layer, attachment: $0.archive()) } }
    }

    public static func bind(_ name: String, _ value: @escaping () -> DataFrame?) {
        read(name) { value().map { Answer(reply: .dataFrame, attachment: $0.archive()) } }
    }

    public static func bind<T: Encodable>(_ name: String, _ value: @escaping () -> T) {
        read(name) { try encoded(value()) }
    }

    public static func bind<each A: Decodable, R: Encodable>(_ name: String, _ value: @escaping () -> (repeat each A) throws -> R) {
        bindFunction(name, type: "\(((repeat each A) throws -> R).self)") { arguments in
            let pack = try decode(Arguments<repeat each A>.self, arguments)
            return try encoded(try value()(repeat each pack.values))
        }
    }

    public static func bind<each A: Decodable, R: Encodable>(_ name: String, _ value: @escaping () -> (repeat each A) async throws -> R) {
        bindFunction(name, type: "\(((repeat each A) async throws -> R).self)") { arguments in
            let pack = try decode(Arguments<repeat each A>.self, arguments)
            let box = ResultBox<R>()
            nonisolated(unsafe) let function = value()
            Task { do { box.result = .success(try await function(repeat each pack.values)) } catch { box.result = .failure(error) } }
            OneThread.shared.runJobs(until: { box.result != nil })
            guard let result = box.result else { throw AnswerError(sentence: "\(name) waits for something that can't come.") }
            return try encoded(try result.get())
        }
    }

    @_disfavoredOverload public static func bind<T>(_ name: String, _ value: @escaping () -> T) {
        read(name) {
            let value = value()
            switch value as Any {
            case let model as Model: return Answer(reply: .model, attachment: model.archive())
            case let layer as Layer: return Answer(reply: .layer, attachment: layer.archive())
            case let encodable as any Encodable: return try encoded(encodable)
            default: return Answer(reply: .other(type: "\(T.self)"))
            }
        }
    }

    /// The answer to a checker's query.
    static func answer(_ query: AnswerQuery) -> Answer {
        do {
            switch query {
            case .value(let variable):
                return try readers[variable]?() ?? Answer(reply: .missing)
            case .call(let function, let arguments):
                return try functions[function]?(Data(arguments.utf8)) ?? Answer(reply: .missing)
            }
        } catch {
            return Answer(reply: .threw(describe(error)))
        }
    }

    private static func read(_ name: String, _ reader: @escaping () throws -> Answer?) {
        functions[name] = nil
        readers[name] = { try reader() ?? Answer(reply: .null) }
    }

    private static func bindFunction(_ name: String, type: String, _ call: @escaping (Data) throws -> Answer) {
        readers[name] = { Answer(reply: .function(type: type)) }
        functions[name] = call
    }

    /// JSON has no bare values in older decoders and no `nil` at its top, so a value travels in an array of one.
    private static func encoded(_ value: some Encodable) throws -> Answer {
        let encoder = JSONEncoder()
        encoder.nonConformingFloatEncodingStrategy = .convertToString(positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        let json = String(decoding: try encoder.encode([value]), as: UTF8.self)
        return Answer(reply: json == "[null]" ? .null : .json(json, type: "\(type(of: value))"))
    }

    private static func decode<each A: Decodable>(_ type: Arguments<repeat each A>.Type, _ arguments: Data) throws -> Arguments<repeat each A> {
        var parameters = 0
        for _ in repeat (each A).self { parameters += 1 }
        let decoder = JSONDecoder()
        decoder.nonConformingFloatDecodingStrategy = .convertFromString(positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        do {
            guard try decoder.decode(ArgumentCount.self, from: arguments).count == parameters else { throw WireError.undecodable("\(type)") }
            return try decoder.decode(type, from: arguments)
        } catch {
            throw AnswerError(sentence: "The function takes other arguments than the question asks for.")
        }
    }
}

/// A function's arguments, decoded from a JSON array one by one.
private struct Arguments<each A: Decodable>: Decodable {
    var values: (repeat each A)

    init(from decoder: any Decoder) throws {
        var container = try decoder.unkeyedContainer()
        values = (repeat try container.decode((each A).self))
    }
}

/// How many arguments a call brings, to refuse more than the function has parameters.
private struct ArgumentCount: Decodable {
    var count: Int
    init(from decoder: any Decoder) throws { count = try decoder.unkeyedContainer().count ?? 0 }
}

private final class ResultBox<R> {
    var result: Result<R, any Error>?
}

struct AnswerError: Error, LocalizedError, CustomStringConvertible {
    var sentence: String
    var description: String { sentence }
    var errorDescription: String? { sentence }
}

/// What an error says to a person.
func describe(_ error: any Error) -> String {
    if let localized = error as? any LocalizedError, let text = localized.errorDescription { return text }
    return String(describing: error)
}
