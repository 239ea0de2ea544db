import Wire

/// The questions of one exercise, and how each answer is judged.
///
/// For example:
///
///     let vectors = Exercise("Vectors") {
///         EqualityProblem("sum", variable: "total", expected: 6)
///         ThoughtExperiment("why")
///         MultipartProblem("norms") {
///             CodingProblem("a", variable: "norm") { (norm: Double) in
///                 try expect(norm >= 0, "A norm is never negative.", mistake: "negative-norm")
///             }
///         }
///     }
///
/// The name is the module that a learner imports; a problem's name is how the learner asks: `sum.check()`,
/// `norms.a.hint()`. What an author got wrong in these declarations is told when the exercise is described,
/// see ``faults``.
public struct Exercise {
    public let name: String
    package let problems: [ProblemDeclaration]
    private let declaredPoints: Double?

    /// - Parameters:
    ///   - name: an identifier, the module that the learner imports.
    ///   - points: what the problems that are no bonus must add up to; nil takes whatever they add up to.
    public init(_ name: String, points: Double? = nil, @ProblemBuilder _ problems: () -> [any Problem]) {
        self.name = name
        self.problems = problems().map(\.declaration)
        declaredPoints = points
    }

    /// What the problems that are no bonus add up to.
    public var points: Double { problems.reduce(0) { $0 + ($1.isBonus ? 0 : $1.points) } }

    /// What is wrong with the declarations, a sentence each; empty when all is well.
    public var faults: [String] {
        var faults: [String] = []
        if !isIdentifier(name) { faults.append("Exercise(\"\(name)\"): a learner imports that name, so it must be an identifier.") }
        if problems.isEmpty { faults.append("Exercise(\"\(name)\") has no problems: declare at least one.") }
        if let declaredPoints, abs(declaredPoints - points) > 1e-9 {
            faults.append("Exercise(\"\(name)\") declares \(short(declaredPoints)) points, and its problems add up to \(short(points)).")
        }
        return faults + repeatedNames(problems, in: "Exercise(\"\(name)\")") + problems.flatMap { $0.allFaults(prefix: "") }
    }

    package var outline: ExerciseOutline {
        ExerciseOutline(name: name, problems: problems.map { $0.outline(prefix: "") })
    }

    /// Judges one problem.
    ///
    /// - Parameters:
    ///   - path: for example `part3.c`; no multipart problem.
    ///   - answers: where the learner's answers come from.
    /// - Throws: ``UnknownProblem``, and what asking for an answer throws. What a checker throws becomes a verdict.
    package func judge(_ path: String, _ answers: Answers) throws -> Verdict {
        var candidates = problems
        var found: ProblemDeclaration?
        for name in path.split(separator: ".", omittingEmptySubsequences: false) {
            found = candidates.first { $0.name == name }
            candidates = found?.parts ?? []
        }
        guard let found, found.kind != .multipart else {
            throw UnknownProblem(exercise: name, path: path, isMultipart: found != nil)
        }
        return try found.judge(path, answers)
    }
}

/// A problem was asked for that can't be judged.
package struct UnknownProblem: Error, CustomStringConvertible {
    let exercise: String
    let path: String
    let isMultipart: Bool
    package var description: String {
        isMultipart
            ? "\(path) of \(exercise) has parts: each part is judged for itself."
            : "\(exercise) has no problem \(path)."
    }
}

/// Collects the problems of an exercise, or the parts of a problem.
@resultBuilder
public enum ProblemBuilder {
    public static func buildExpression(_ problem: any Problem) -> [any Problem] { [problem] }
    public static func buildBlock(_ problems: [any Problem]...) -> [any Problem] { problems.flatMap { $0 } }
    public static func buildArray(_ problems: [[any Problem]]) -> [any Problem] { problems.flatMap { $0 } }
    public static func buildOptional(_ problems: [any Problem]?) -> [any Problem] { problems ?? [] }
    public static func buildEither(first problems: [any Problem]) -> [any Problem] { problems }
    public static func buildEither(second problems: [any Problem]) -> [any Problem] { problems }
}
