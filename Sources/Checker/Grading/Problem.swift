import Wire

/// A question of an exercise: ``CodingProblem``, ``EqualityProblem``, ``FunctionProblem``, ``ThoughtExperiment``
/// or ``MultipartProblem``.
public protocol Problem {
    var declaration: ProblemDeclaration { get }
}

/// What all kinds of problems come down to: a name, what it is worth, and how an answer is judged.
public struct ProblemDeclaration {
    package let name: String
    package let kind: ProblemOutline.Kind
    package var variables: [String] = []
    package var points: Double = 1
    package var isBonus = false
    package var parts: [ProblemDeclaration] = []
    /// What the author got wrong in this declaration.
    package var faults: [String] = []
    /// Throws a ``Judgement`` for anything but a plain "correct".
    package var check: (Answers) throws -> Void = { _ in }

    func outline(prefix: String) -> ProblemOutline {
        ProblemOutline(
            path: prefix + name, kind: kind, variables: variables, points: points, isBonus: isBonus,
            parts: parts.map { $0.outline(prefix: prefix + name + ".") })
    }

    func allFaults(prefix: String) -> [String] {
        let path = prefix + name
        var all: [String] = []
        if !isIdentifier(name) {
            all.append("\"\(path)\": a learner writes the problem's name in Swift, so each of its parts must be an identifier.")
        }
        if let reserved = ["check", "hint", "solution"].first(where: { $0 == name && !prefix.isEmpty }) {
            all.append("\(path): `\(reserved)` is what a learner calls on a problem, so no part can have that name.")
        }
        if !(points >= 0 && points.isFinite) { all.append("\(path): points must be 0 or more, not \(short(points)).") }
        for variable in variables where !isIdentifier(variable) {
            all.append("\(path): \"\(variable)\" can't be the name of a learner's variable.")
        }
        all += faults.map { "\(path): \($0)" }
        return all + repeatedNames(parts, in: path) + parts.flatMap { $0.allFaults(prefix: path + ".") }
    }

    /// The verdict on the learner's answer.
    /// - Throws: only what asking for the answer throws.
    func judge(_ path: String, _ answers: Answers) throws -> Verdict {
        if kind == .thought { return Verdict(problem: path, outcome: .unread, maximum: points) }
        let verdict = verdict(path, answers)
        if let loss = answers.loss { throw loss }
        return verdict
    }

    private func verdict(_ path: String, _ answers: Answers) -> Verdict {
        do {
            try check(answers)
            return Verdict(problem: path, outcome: .correct, points: points, maximum: points)
        } catch let judgement as Judgement {
            return judgement.verdict(path, maximum: points)
        } catch {
            return Verdict(
                problem: path, outcome: .checkerFailed,
                feedback: "The checker of this question failed, which is no fault of yours; your answer was not judged. "
                    + "(It ended in \(inlineCode(String(describing: type(of: error)))).)",
                maximum: points)
        }
    }
}

/// A question to think about: it has a solution to read and nothing to check, and is worth no points unless told.
public struct ThoughtExperiment: Problem {
    public let declaration: ProblemDeclaration

    public init(_ name: String, points: Double = 0, isBonus: Bool = false) {
        declaration = ProblemDeclaration(name: name, kind: .thought, points: points, isBonus: isBonus)
    }
}

/// A question in several parts, each judged for itself. It is worth what its parts that are no bonus add up to.
public struct MultipartProblem: Problem {
    public let declaration: ProblemDeclaration

    /// - Parameter points: what the parts must add up to; nil takes whatever they add up to.
    public init(_ name: String, points: Double? = nil, @ProblemBuilder _ parts: () -> [any Problem]) {
        let parts = parts().map(\.declaration)
        let sum = parts.reduce(0) { $0 + ($1.isBonus ? 0 : $1.points) }
        var faults: [String] = []
        if parts.isEmpty { faults.append("a multipart problem needs parts: declare at least one.") }
        if parts.contains(where: { $0.kind == .multipart }) { faults.append("a part can't have parts of its own.") }
        if let points, abs(points - sum) > 1e-9 {
            faults.append("\(short(points)) points are declared, and the parts add up to \(short(sum)).")
        }
        declaration = ProblemDeclaration(name: name, kind: .multipart, points: sum, parts: parts, faults: faults)
    }
}

func repeatedNames(_ problems: [ProblemDeclaration], in place: String) -> [String] {
    var seen: Set<String> = [], told: Set<String> = []
    return problems.compactMap { problem in
        guard !seen.insert(problem.name).inserted, told.insert(problem.name).inserted else { return nil }
        return "\(place) has several problems named \"\(problem.name)\": each needs a name of its own."
    }
}
