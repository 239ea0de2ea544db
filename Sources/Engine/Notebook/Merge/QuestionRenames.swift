/// Which questions of an exercise a course has given other names: what was `part3.c` is `part4.c` now.
///
/// A name stands for its parts, too: where `part3` has become `part4`, `part3.a` is `part4.a`, unless it is named itself.
public struct QuestionRenames: Equatable, Sendable {
    /// The names of now, by those of before.
    public let names: [String: String]

    public static let none = QuestionRenames([:])

    public init(_ names: [String: String]) { self.names = names.filter { $0 != $1 } }

    public var isEmpty: Bool { names.isEmpty }

    /// The way back. Of questions that have become one, the first by name counts.
    public var reversed: QuestionRenames { QuestionRenames(Dictionary(names.map { ($1, $0) }, uniquingKeysWith: min)) }

    /// What a question is called now.
    public func name(of question: String) -> String {
        var beginning = question.split(separator: ".", omittingEmptySubsequences: false), rest: [Substring] = []
        while let last = beginning.last {
            if let name = names[beginning.joined(separator: ".")] { return ([Substring(name)] + rest).joined(separator: ".") }
            rest.insert(last, at: 0)
            beginning.removeLast()
        }
        return question
    }

    /// A cell's code with its calls to questions, such as `part3.c.check()`, as they read now. Strings stay as they are,
    /// and so do comments that are more than such a call: one that is commented out follows.
    public func code(_ code: String) -> String {
        var scanner = QuestionCallScanner(code, renames: self)
        return names.isEmpty ? code : scanner.renamed()
    }

    /// The notebook with the questions as they are called now.
    public func notebook(_ notebook: Notebook) -> Notebook {
        guard !names.isEmpty else { return notebook }
        var notebook = notebook
        for index in notebook.cells.indices {
            let cell = notebook.cells[index]
            if let problem = cell.problem, name(of: problem) != problem { notebook.cells[index].problem = name(of: problem) }
            guard cell.kind == .code else { continue }
            let code = code(cell.source)
            if !code.hasSameBytes(as: cell.source) { notebook.cells[index].source = code }
        }
        return notebook
    }
}
