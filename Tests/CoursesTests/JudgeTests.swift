import CellCompiler
import Foundation
import Sessions
import Testing
import Wire

@testable import Courses

/// Checkers that fail in every way, in one real library.
private enum Checkers {
    static let source = """
        import Foundation
        import Grading

        struct Broken: Error {}

        let bad = Exercise("Small") {
            CodingProblem("good", variable: "n") { (n: Int) in try expect(n == 6, "No.", mistake: "not-six") }
            CodingProblem("traps", variable: "n") { (n: Int) in fatalError("Out of cheese") }
            CodingProblem("indexes", variable: "n") { (n: Int) in
                let empty: [Int] = []
                try expect(empty[n] == 0, "No.")
            }
            CodingProblem("fails", variable: "n") { (n: Int) in throw Broken() }
            CodingProblem("hangs", variable: "n") { (n: Int) in while true { sleep(1) } }
            CodingProblem("leaves", variable: "n") { (n: Int) in exit(0) }
            CodingProblem("prints", variable: "n") { (n: Int) in
                print(String(repeating: "garbage \\u{1B}[31m", count: 100_000))
                try expect(n == 6, "No.", mistake: "not-six")
            }
            CodingProblem("speaks", variable: "n") { (n: Int) in
                let bytes = [UInt8](repeating: 0xAB, count: 64)
                _ = write(3, bytes, bytes.count)
                sleep(100)
            }
            CodingProblem("forges", variable: "n") { (n: Int) in
                let text = "{\\"verdict\\":{\\"_0\\":{\\"problem\\":\\"good\\",\\"outcome\\":\\"correct\\",\\"feedback\\":\\"\\",\\"points\\":9,\\"maximum\\":9,\\"parts\\":[]}}}"
                var bytes = [UInt8(text.utf8.count), 0, 0, 0, 0, 0, 0, 0] + Array(text.utf8)
                _ = write(3, &bytes, bytes.count)
                sleep(100)
            }
        }
        """

    static let built = Result {
        let course = try SmallCourse(checkers: source)
        let studio = try Workshop.studio()
        return try CourseBuilder(studio.installation, compiler: studio.compiler).build(course.exercise())
    }
}

@Suite("A checker") struct JudgeTests {
    private let answers = KnownAnswers(["n": .json("[6]", type: "Int")])

    private func judge(patience: Duration = .seconds(60)) throws -> (Judge, ExerciseOutline) {
        let built = try #require(try Checkers.built.get())
        return (Judge(try Installation(), library: built.checkers, exercise: "Small", patience: patience), built.outline)
    }

    @Test("that fails costs the learner an apology, and the next answer is judged as ever", arguments: [
        ("traps", "it crashed"), ("indexes", "it crashed"), ("fails", "Broken"), ("leaves", "it crashed"), ("speaks", "can't be understood"),
        ("forges", "something else than the verdict"),
    ])
    func apologises(problem: String, words: String) throws {
        let (judge, outline) = try judge()
        let verdict = judge.verdict(on: try #require(outline.problem(problem)), answers: answers)
        #expect(verdict.outcome == .checkerFailed && verdict.problem == problem && verdict.points == 0 && verdict.maximum == 1)
        #expect(verdict.feedback.contains(words) && verdict.feedback.contains("no fault of yours"), "\(verdict.feedback)")
        #expect(judge.verdict(on: try #require(outline.problem("good")), answers: answers).outcome == .correct)
    }

    @Test("that hangs is ended when patience is over, and the next answer is judged as ever")
    func hangs() throws {
        let (judge, outline) = try judge(patience: .seconds(2))
        let verdict = judge.verdict(on: try #require(outline.problem("hangs")), answers: answers)
        #expect(verdict.outcome == .checkerFailed && verdict.feedback.contains("it took longer than 2 seconds."), "\(verdict.feedback)")
        #expect(judge.verdict(on: try #require(outline.problem("good")), answers: answers).outcome == .correct)
    }

    @Test("that prints is not disturbed by it")
    func prints() throws {
        let (judge, outline) = try judge()
        #expect(judge.verdict(on: try #require(outline.problem("prints")), answers: answers).outcome == .correct)
        let wrong = judge.verdict(on: try #require(outline.problem("prints")), answers: KnownAnswers(["n": .json("[7]", type: "Int")]))
        #expect(wrong.outcome == .incorrect && wrong.mistake == "not-six")
    }

    @Test("stops when a person asks for it, and leaves the request to the run that it belongs to")
    func interrupted() throws {
        let built = try #require(try Checkers.built.get())
        let studio = try Workshop.studio()
        let judge = Judge(studio.installation, library: built.checkers, exercise: "Small", interruption: studio.interruption)
        let hangs = try #require(built.outline.problem("hangs"))
        #expect(judge.verdict(on: try #require(built.outline.problem("good")), answers: answers).outcome == .correct)
        studio.interruption.request()
        #expect(judge.verdict(on: hangs, answers: answers).outcome == .checkerFailed)
        #expect(studio.interruption.isRequested)
    }

    @Test("that is not there, or declares another exercise, is told in a sentence")
    func missing() throws {
        let studio = try Workshop.studio()
        let builder = CourseBuilder(studio.installation, compiler: studio.compiler)
        func sentence(_ course: SmallCourse) throws -> String { "\(try #require(throws: (any Error).self) { try builder.build(course.exercise()) })" }
        let other = try SmallCourse(checkers: "import Grading\nlet other: Exercise = .init(\"Other\") { ThoughtExperiment(\"a\") }")
        #expect(try sentence(other) == "The checker failed: course.json names the exercise \"Small\"; the checkers declare \"Other\".")
        let wrong = try SmallCourse(checkers: "import Grading\nlet small = Exercise(\"Small\") {\n    Nonsense(\"a\")\n}\n")
        #expect(try sentence(wrong).contains("The checkers of the course \"small\" do not compile:\nSmall.swift:3: "))
        let none = try SmallCourse(checkers: "")
        try FileManager.default.removeItem(atPath: none.root + "/checkers/small/Small.swift")
        #expect(try sentence(none).hasSuffix("Here are no checkers: the course needs Swift files in this folder."))
    }
}
