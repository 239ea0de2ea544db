import Wire

/// The Swift module that a learner imports to ask an exercise's questions, written from the outline that its
/// checker gives: `part1` and `part3.c` are values, so a mistyped part is a compile error and completion offers them.
public enum ExerciseModule {
    public static func source(for outline: ExerciseOutline) -> String {
        var lines = ["@_exported import Lessons", ""]
        for problem in outline.problems {
            if problem.parts.isEmpty {
                lines.append(documentation(problem.path))
                lines.append("public let \(problem.path) = Question(\"\(problem.path)\")")
                continue
            }
            let type = "Parts_of_\(problem.path)"
            let names = problem.parts.map { $0.path.split(separator: ".").last.map(String.init) ?? $0.path }
            lines += [
                "/// A question in \(names.count) parts: \(names.joined(separator: ", ")).",
                "public struct \(type): CustomStringConvertible, Displayable, Sendable {",
            ]
            for (name, part) in zip(names, problem.parts) {
                lines += ["    " + documentation(part.path), "    public let \(name) = Question(\"\(part.path)\")"]
            }
            let sentence = "\(problem.path) has \(names.count) parts: \(names.joined(separator: ", ")). Call \(problem.path).\(names[0]).check(), or \(problem.path).check() for all of them."
            lines += [
                "    /// Judges all parts and sums them up.",
                "    public func check() { Question(\"\(problem.path)\").check() }",
                "    public func hint() { Question(\"\(problem.path)\").hint() }",
                "    public func solution() { Question(\"\(problem.path)\").solution() }",
                "    public var description: String { \"\(sentence)\" }",
                "    public var displayValue: DisplayValue { .text(description) }",
                "}",
                "/// \(sentence)",
                "public let \(problem.path) = \(type)()",
            ]
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// What an editor shows where the question is pointed at.
    private static func documentation(_ path: String) -> String {
        "/// A question of this exercise: `\(path).check()` judges your answer, `\(path).hint()` and `\(path).solution()` help."
    }
}
