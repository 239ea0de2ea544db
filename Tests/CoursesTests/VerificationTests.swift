import Foundation
import Notebook
import Testing

@testable import Courses

@Suite("The proof of a course") struct VerificationTests {
    private static let starter = """
        // %% [markdown] id="text"
        // Look at [the picture](picture.svg).
        // %% id="setup"
        import Small
        let five = 5
        // %% id="answer" problem="part1"
        let n = <#a number#>
        part1.check()
        // %% id="after"
        let m = n + 1
        // %% id="word" problem="part2.b"
        let word = ""
        part2.b.check()

        """

    private static let checkers = """
        import Foundation
        import Grading

        let exercise = Exercise("Small") {
            CodingProblem("part1", variable: "n") { (n: Int) in
                try expect(n >= 0, "A number that is not negative.", mistake: "negative")
                try expect(n == 6, "Another number.", mistake: "another")
            }
            MultipartProblem("part2") {
                ThoughtExperiment("a")
                CodingProblem("b", variable: "word") { (word: String) in
                    if word.isEmpty { throw notAttempted("No word yet.") }
                    if word == "throw" { throw CocoaError(.fileNoSuchFile) }
                    try expect(word == "yes", "Another word.", mistake: "another")
                }
            }
        }
        """

    private static let solutions = """
        // %% [markdown] problem="part1" role="hint"
        // Count to [six](picture.svg).
        // %% [markdown] problem="part1" role="solution"
        // It is
        // %% problem="part1" role="solution"
        let n = five + 1
        let (a, b) = (n, [n, n])
        // %% problem="part1" role="right"
        let n = 6
        // %% problem="part1" role="right"
        let n = five + 1
        // %% problem="part1" role="wrong" mistake="negative"
        let n = -1
        // %% problem="part1" role="wrong" mistake="trap"
        let n = [five][five]
        // %% problem="part1" role="wrong" mistake="cannot_convert_initializer_value"
        let n: Int = "6"
        // %% [markdown] problem="part2.a" role="solution"
        // Because.
        // %% [markdown] problem="part2.b" role="solution"
        // Yes.
        // %% problem="part2.b" role="right"
        let word = "yes"
        // %% problem="part2.b" role="wrong" mistake="another"
        let word = "no"

        """

    private func findings(
        starter: String = starter, checkers: String = checkers, solutions: String = solutions, workers: Int = 2
    ) throws -> [Finding] {
        let course = try SmallCourse(starter: starter, checkers: checkers, solutions: solutions, files: ["exercises/small/picture.svg": ""])
        var findings: [Finding] = []
        let passed = try Verification(Workshop.studio(course.root), workers: workers) { findings.append($0) }.verify(course.course())
        #expect(passed == findings.allSatisfy(\.passed))
        return findings
    }

    private static func replacing(_ old: String, _ new: String, in text: String) -> String {
        precondition(text.contains(old))
        return text.replacingOccurrences(of: old, with: new)
    }

    @Test("of a good one finds all well, in an order that does not depend on how many answers are tried at a time")
    func good() throws {
        let findings = try findings()
        #expect(findings.filter { !$0.passed } == [])
        #expect(findings.map { "\($0.problem) \($0.subject)" } == [
            " links and images", " names of questions", " starter runs", "part1 starter", "part2.a starter", "part2.b starter",
            " answered runs", " answered is correct", "part1 right 1", "part1 right 2", "part1 wrong negative", "part1 wrong trap",
            "part1 wrong cannot_convert_initializer_value", "part1 solution", "part1 solution runs", "part1 hint 1", "part2.a solution",
            "part2.b right 1", "part2.b wrong another", "part2.b solution",
        ])
        #expect(findings.first { $0.subject == "wrong negative" }?.detail == "A number that is not negative.")
        #expect(try self.findings(workers: 1) == findings)
    }

    private struct Fault {
        var problem = "part1", subject: String, detail: String
        var starter = VerificationTests.starter, checkers = VerificationTests.checkers, solutions = VerificationTests.solutions
    }

    private static let faults: [Fault] = [
        Fault(problem: "", subject: "starter runs", detail: "cell 2 (setup)", starter: replacing("let five = 5", "let five = [5][5]", in: starter)),
        Fault(problem: "", subject: "starter runs", detail: "cell 2 (setup) line 2", starter: replacing("let five = 5", "let five: String = 5", in: starter)),
        Fault(problem: "part2.b", subject: "starter", detail: "judged as an answer: correct",
            checkers: replacing("if word.isEmpty { throw notAttempted(\"No word yet.\") }", "if word.isEmpty { return }", in: checkers)),
        Fault(subject: "right 2", detail: "incorrect, another", solutions: replacing("role=\"right\"\nlet n = five + 1", "role=\"right\"\nlet n = five + 2", in: solutions)),
        Fault(problem: "", subject: "answered is correct", detail: "part1: incorrect", solutions: replacing("let n = 6", "let n = 7", in: solutions)),
        Fault(subject: "wrong negative", detail: "correct, no mistake id", solutions: replacing("let n = -1", "let n = 6 + 0", in: solutions)),
        Fault(subject: "wrong negative", detail: "incorrect, another", solutions: replacing("let n = -1", "let n = 1", in: solutions)),
        Fault(problem: "part2.b", subject: "wrong another", detail: "checkerFailed", solutions: replacing("let word = \"no\"", "let word = \"throw\"", in: solutions)),
        Fault(subject: "solution runs", detail: "Index out of range", solutions: replacing("(n, [n, n])", "(n, [n, n][n])", in: solutions)),
        Fault(subject: "solution runs", detail: "cell 4 (solution-1) line 2", solutions: replacing("(n, [n, n])", "(n, o)", in: solutions)),
        Fault(subject: "hint 1", detail: "gives away: let n = five + 1 let ( a , b )",
            solutions: replacing("Count to", "Write `let n = five + 1` and `let (a, b)`, or", in: solutions).replacingOccurrences(of: "` and `", with: " ")),
        Fault(problem: "", subject: "links and images", detail: "picture.png (cell text)", starter: replacing("picture.svg", "picture.png", in: starter)),
        Fault(problem: "", subject: "links and images", detail: "gone.md (cell hint 1 of part1)", solutions: replacing("picture.svg", "gone.md", in: solutions)),
        Fault(problem: "part2.b", subject: "right answers", detail: "the solutions hold none",
            solutions: replacing("// %% problem=\"part2.b\" role=\"right\"\nlet word = \"yes\"\n", "", in: solutions)),
        Fault(subject: "right answers", detail: "no cell of the exercise is for part1", starter: replacing(" problem=\"part1\"", "", in: starter)),
        Fault(problem: "part2.a", subject: "solution", detail: "the solutions hold none",
            solutions: replacing("// %% [markdown] problem=\"part2.a\" role=\"solution\"\n// Because.\n", "", in: solutions)),
        Fault(problem: "", subject: "names of questions", detail: "the solutions are for part2.c", solutions: replacing("part2.a", "part2.c", in: solutions)),
        Fault(problem: "", subject: "names of questions", detail: "a cell belongs to part3", starter: replacing("id=\"after\"", "id=\"after\" problem=\"part3\"", in: starter)),
        Fault(problem: "", subject: "files", detail: "Small.swift:5: ", checkers: replacing("CodingProblem(\"part1\"", "Problem(\"part1\"", in: checkers)),
        Fault(problem: "", subject: "files", detail: "1-small.swift:1: The role \"answer\" is not known", solutions: replacing("role=\"hint\"", "role=\"answer\"", in: solutions)),
    ]

    @Test("catches each kind of fault", arguments: faults.indices)
    func bad(index: Int) throws {
        let fault = Self.faults[index]
        let findings = try findings(starter: fault.starter, checkers: fault.checkers, solutions: fault.solutions)
        let finding = try #require(findings.first { !$0.passed && $0.problem == fault.problem && $0.subject == fault.subject }, "\(findings.filter { !$0.passed })")
        #expect(finding.detail.contains(fault.detail), "\(finding.detail)")
    }

    @Test("stops at Ctrl-C, and leaves no request behind")
    func interrupted() throws {
        let course = try SmallCourse(starter: Self.starter, checkers: Self.checkers, solutions: Self.solutions, files: ["exercises/small/picture.svg": ""])
        let studio = try Workshop.studio(course.root)
        var findings: [Finding] = []
        #expect(throws: ExerciseError.interrupted) {
            try Verification(studio) { finding in
                if findings.isEmpty { studio.interruption.request() }
                findings.append(finding)
            }.verify(course.course())
        }
        #expect(!studio.interruption.isRequested && findings.count < 20)
    }

    @Test("leaves what the author has seen as a learner alone")
    func states() throws {
        let course = try SmallCourse(
            starter: Self.replacing("let five = 5", "let five = 5\npart1.hint()\npart2.solution()", in: Self.starter), checkers: Self.checkers, solutions: Self.solutions,
            files: ["exercises/small/picture.svg": ""])
        let studio = try Workshop.studio(course.root)
        #expect(try Verification(studio) { _ in }.verify(course.course()))
        #expect(try studio.states.state(of: course.exercise()) == LearnerState())
    }
}

@Suite("Work that is done side by side") struct InOrderTests {
    @Test("comes out in its order, each tool used by one thread")
    func order() throws {
        final class Tool { var uses = 0 }
        let tools = (0..<3).map { _ in Tool() }
        var taken: [Int] = []
        try inOrder((0..<500).map { number in { (tool: Tool) in tool.uses += 1; return number } }, tools: tools) { taken.append($0) }
        #expect(taken == Array(0..<500) && tools.reduce(0) { $0 + $1.uses } == 500)
        try inOrder([(Tool) throws -> Int](), tools: tools) { _ in Issue.record("nothing was to be done") }
    }

    @Test("ends at the first failure, with what came before it taken")
    func failure() {
        struct Failure: Error {}
        var taken: [Int] = []
        #expect(throws: Failure.self) {
            try inOrder((0..<500).map { number in { (_: Int) in if number == 7 { throw Failure() }; return number } }, tools: [0, 1]) { taken.append($0) }
        }
        #expect(taken == Array(0..<7))
    }
}
