import Foundation
import Notebook
import Sessions
import Testing
import Wire

@testable import Courses

@Suite("The desk that answers questions") struct QuestionDeskTests {
    private static let outline = ExerciseOutline(name: "Small", problems: [
        ProblemOutline(path: "a", kind: .coding, variables: ["n"], points: 2),
        ProblemOutline(path: "why", kind: .thought, variables: [], points: 0),
        ProblemOutline(path: "p", kind: .multipart, variables: [], points: 3, parts: [
            ProblemOutline(path: "p.x", kind: .coding, variables: ["x"], points: 1),
            ProblemOutline(path: "p.y", kind: .coding, variables: ["y"], points: 2),
            ProblemOutline(path: "p.z", kind: .coding, variables: ["z"], points: 5, isBonus: true),
            ProblemOutline(path: "p.t", kind: .thought, variables: [], points: 0),
        ]),
        ProblemOutline(path: "q", kind: .multipart, variables: [], points: 0, parts: [ProblemOutline(path: "q.t", kind: .thought, variables: [], points: 0)]),
    ])

    private static let solutions = """
        // %% [markdown] problem="a" role="hint"
        // First.
        // %% [markdown] problem="a" role="hint"
        // Second.
        // %% problem="a" role="solution"
        let n = 6
        // %% [markdown] problem="why" role="solution"
        // Because.
        // %% [markdown] problem="p.x" role="hint"
        // Of x.
        // %% [markdown] problem="q.t" role="solution"
        // Because.
        """

    private let store = LearnerStateStore(folder: Workshop.newFolder("state"))

    /// The checker is real where an answer is judged: all that this exercise's declares is 6.
    private func desk(judging: Bool = false) throws -> QuestionDesk {
        let course = try SmallCourse(checkers: """
            import Grading
            func six(_ name: String, _ variable: String, points: Double, isBonus: Bool = false) -> CodingProblem {
                CodingProblem(name, variable: variable, points: points, isBonus: isBonus) { (n: Int) in try expect(n == 6, "No.", mistake: "not-six") }
            }
            let small = Exercise("Small") {
                six("a", "n", points: 2)
                ThoughtExperiment("why")
                MultipartProblem("p") { six("x", "x", points: 1); six("y", "y", points: 2); six("z", "z", points: 5, isBonus: true); ThoughtExperiment("t") }
                MultipartProblem("q") { ThoughtExperiment("t") }
            }
            """)
        let studio = try Workshop.studio()
        let built = judging ? try CourseBuilder(studio.installation, compiler: studio.compiler).build(course.exercise()) : nil
        if let built { #expect(built.outline == Self.outline) }
        return QuestionDesk(
            exercise: try course.exercise(), outline: Self.outline,
            judge: Judge(studio.installation, library: built?.checkers ?? "/none", exercise: "Small"),
            solutions: try SolutionsFile(Notebook(script: Self.solutions), file: "s.swift"), states: store)
    }

    private func words(_ notice: QuestionNotice) -> String {
        switch notice {
        case .hint(let problem, let number, let total, let text): "\(problem) \(number)/\(total) \(text)"
        case .remark(_, let sentence): sentence
        case .solution(let problem, let cells): "\(problem): \(cells.map(\.source))"
        case .verdict(let verdict): "\(verdict.outcome)"
        }
    }

    @Test("gives hints one at a time, and past the last a friendly sentence")
    func hints() throws {
        let desk = try desk(), a = try desk.problem("a")
        #expect(words(desk.hint(nil, for: a)) == "a 1/2 First.")
        #expect(words(desk.hint(nil, for: a)) == "a 2/2 Second.")
        #expect(words(desk.hint(nil, for: a)) == "That was all: there are 2 hints for a. When you are stuck, a.solution() explains the answer.")
        #expect(words(desk.hint(1, for: a)) == "a 1/2 First.")
        for number in [0, -1, .min] { #expect(words(desk.hint(number, for: a)) == "Hints are counted from 1: a.hint(1) is the first of 2.") }
        for number in [3, .max] { #expect(words(desk.hint(number, for: a)).hasPrefix("That was all")) }
        #expect(words(desk.hint(nil, for: try desk.problem("why"))) == "There is no hint for this one.")
        #expect(words(desk.hint(nil, for: try desk.problem("p"))) == "Hints belong to the parts: try p.x.hint().")
        let one = try desk.problem("p.x")
        _ = desk.hint(nil, for: one)
        #expect(words(desk.hint(nil, for: one)).hasPrefix("That was all: there is one hint for p.x."))
    }

    @Test("begins with the first hint in each run, and goes on where earlier runs left it when asked to")
    func resumes() throws {
        let first = try desk(), a = try first.problem("a")
        _ = first.hint(nil, for: a)
        #expect(words(try desk().hint(nil, for: a)).hasPrefix("a 1/2"))
        let later = try desk()
        later.resumeHints()
        #expect(words(later.hint(nil, for: a)).hasPrefix("a 2/2"))
    }

    @Test("marks a thought experiment as read once its solution was shown")
    func solutions() throws {
        let desk = try desk(), why = try desk.problem("why"), q = try desk.problem("q")
        func outcome(_ problem: ProblemOutline) -> Verdict { desk.verdict(on: problem, state: { _ in .ran(nil) }, answers: KnownAnswers()) }
        #expect(outcome(why).outcome == .unread && outcome(why).feedback.contains("why.solution()"))
        #expect(desk.solution(of: why).map(words) == ["why: [\"Because.\"]"])
        #expect(outcome(why).outcome == .read && outcome(why).feedback.isEmpty)
        #expect(outcome(q).outcome == .unread && outcome(q).parts.map(\.outcome) == [.unread])
        #expect(desk.solution(of: q).map(words) == ["q.t: [\"Because.\"]"])
        #expect(outcome(q).outcome == .read)
        #expect(desk.solution(of: try desk.problem("p")).map(words).first == "The course gives no solution for p.x.")
    }

    @Test("judges no cell that is untouched, has gaps, or failed")
    func states() throws {
        let desk = try desk(), a = try desk.problem("a")
        func verdict(_ state: QuestionDesk.CellState) -> Verdict { desk.verdict(on: a, state: { _ in state }, answers: KnownAnswers()) }
        #expect(verdict(.untouched).outcome == .notAttempted && verdict(.untouched).feedback.contains("as you got it"))
        #expect(verdict(.waiting("A gap.")) == Verdict(problem: "a", outcome: .notAttempted, feedback: "A gap.", maximum: 2))
        #expect(verdict(.failed("Index out of range.", CellPlace(cell: "c", line: 3)))
            == Verdict(problem: "a", outcome: .error, feedback: "Index out of range.", maximum: 2, cell: "c", line: 3))
    }

    @Test("judges a check in a cell that runs again by that run, whatever became of the one before")
    func checksOfARerun() throws {
        let compiler = try Workshop.compiler(), watcher = Watcher()
        func notebook(_ answer: String) throws -> Notebook {
            try Notebook(script: "// %% id=\"cell\" problem=\"a\"\nimport Lessons\nlet n = \(answer)\nQuestion(\"a\").check()\n")
        }
        let run = ExerciseRun(
            try notebook("nonsense"), session: NotebookSession(.init(installation: try Installation(), answers: ["n"]), compiler: compiler),
            compiler: compiler, starter: nil, desk: try desk(judging: true), audience: watcher)
        defer { run.end() }
        #expect(try run.run())
        for answer in ["5", "6", "[1][2]", "6"] { #expect(try run.bringUpToDate(run.update(to: notebook(answer)))) }
        #expect(watcher.verdicts.map(\.outcome) == [.incorrect, .correct, .correct])
    }

    @Test("sums a question's parts up; a bonus adds points and is not asked for")
    func sums() throws {
        let desk = try desk(judging: true), p = try desk.problem("p")
        func verdict(x: Int? = 6, y: Int? = 6, z: Int? = 6) -> Verdict {
            let answers = KnownAnswers(["x": x, "y": y, "z": z].compactMapValues { $0.map { .json("[\($0)]", type: "Int") } })
            let missing = Set(["p.x": x, "p.y": y, "p.z": z].filter { $0.value == nil }.keys)
            return desk.verdict(on: p, state: { missing.contains($0.path) ? .untouched : .ran(nil) }, answers: answers)
        }
        let rows: [(Verdict, Verdict.Outcome, Double)] = [
            (verdict(), .correct, 8), (verdict(z: 1), .correct, 3), (verdict(z: nil), .correct, 3), (verdict(y: 1), .incorrect, 6),
            (verdict(x: nil), .notAttempted, 7), (verdict(x: nil, y: 1, z: nil), .incorrect, 0),
        ]
        for (verdict, outcome, points) in rows {
            #expect(verdict.outcome == outcome && verdict.points == points && verdict.maximum == 3)
            #expect(verdict.parts.map(\.problem) == ["p.x", "p.y", "p.z", "p.t"])
        }
        #expect(verdict(y: 1).feedback == "1 of 2 parts with an answer is correct.")
        #expect(verdict(y: 1).parts[1].mistake == "not-six")
    }

    @Test("names the questions that there are to who asks for another")
    func unknown() throws {
        let desk = try desk()
        let sentence = "There is no question \"b\". There are: a, why, p, p.x, p.y, p.z, p.t, q, q.t."
        #expect(throws: ExerciseError.unknownProblem("b", known: Self.outline.allProblems.map(\.path))) { try desk.problem("b") }
        let notices = desk.notices(for: QuestionRequest(problem: "b", action: .check), state: { _ in .ran(nil) }, answers: KnownAnswers())
        #expect(notices.map(words) == [sentence])
    }
}

@Suite("The state of a question's cell") struct CellStateTests {
    private typealias Row = (answer: String, outcome: Verdict.Outcome, words: String)
    private static let rows: [Row] = [
        ("let n = 0", .notAttempted, "as you got it"), ("let n  =  0 // mine", .notAttempted, "as you got it"),
        ("let n = <#six#>", .notAttempted, "six"), ("let n = missing + 1", .notAttempted, "`missing`, which a cell above"),
        ("let n: Int = \"6\"", .error, "does not compile"), ("let n = [1][n0 + 5]", .error, "Index out of range"),
        ("struct E: Error {}\nthrow E()\nlet n = 6", .error, "E()"), ("let n = 6\nstruct E: Error {}\nthrow E()", .correct, ""),
        ("let n = 6", .correct, ""), ("let n = 7", .incorrect, "Not six."), ("var n = 5\nn += 1\nsmall.check()", .correct, ""),
    ]

    @Test("is told from its text and how it came out", arguments: rows.indices)
    func states(row: Int) throws {
        let (answer, outcome, words) = Self.rows[row]
        let course = try SmallCourse(starter: Self.notebook("let n = 0"), checkers: """
            import Grading
            let exercise = Exercise("Small") { CodingProblem("small", variable: "n") { (n: Int) in try expect(n == 6, "Not six.", mistake: "not-six") } }
            """)
        let studio = try Workshop.studio(course.root), watcher = Watcher()
        let run = try studio.run(
            Notebook(script: Self.notebook(answer)), as: try course.exercise(), workingDirectory: course.root, audience: watcher)
        defer { run.end() }
        #expect(try run.run())
        let verdicts = try run.verdicts()
        #expect(verdicts.map(\.outcome) == [outcome], "\(verdicts) \(watcher.outcomes)")
        #expect(words.isEmpty ? verdicts[0].feedback.isEmpty : verdicts[0].feedback.contains(words), "\(verdicts[0].feedback)")
        if answer.contains("check()") { #expect(watcher.verdicts.map(\.outcome) == [outcome]) }
    }

    private static func notebook(_ answer: String) -> String {
        """
        // %% id="setup"
        import Small
        let n0 = 0
        // %% id="gap"
        let missing = <#a number#>
        // %% id="answer" problem="small"
        \(answer)

        """
    }

    @Test("A function that traps while it is judged is an error of its own question, and not of the next one")
    func trappingFunction() throws {
        let course = try SmallCourse(starter: "", checkers: """
            import Grading
            let exercise = Exercise("Small") {
                FunctionProblem("f", function: "f") { (f: LearnerFunction) in try f.expect(2, for: 1) }
                CodingProblem("n", variable: "n") { (n: Int) in try expect(n == 6, "Not six.", mistake: "not-six") }
            }
            """)
        let watcher = Watcher()
        let notebook = try Notebook(script: """
            // %% id="a" problem="f"
            func f(_ x: Int) -> Int {
                print("called")
                return [0][x]
            }
            // %% id="b" problem="n"
            let n = 6

            """)
        let run = try Workshop.studio(course.root).run(notebook, as: try course.exercise(), workingDirectory: course.root, audience: watcher)
        defer { run.end() }
        #expect(try run.run())
        let verdicts = try run.verdicts()
        #expect(verdicts.map(\.outcome) == [.error, .correct], "\(verdicts)")
        #expect(verdicts[0].feedback.contains("Index out of range"), "\(verdicts[0])")
        #expect(watcher.printed.contains("called"))
    }

    @Test("Ctrl-C while an answer is judged ends the judging")
    func interrupted() throws {
        let course = try SmallCourse(starter: "", checkers: """
            import Foundation
            import Grading
            let exercise = Exercise("Small") { CodingProblem("n", variable: "n") { (n: Int) in while true { sleep(1) } } }
            """)
        let studio = try Workshop.studio(course.root)
        let run = try studio.run(Notebook(script: "// %% problem=\"n\"\nlet n = 6\n"), as: try course.exercise(), workingDirectory: course.root, audience: Watcher())
        defer { run.end() }
        #expect(try run.run())
        studio.interruption.request()
        #expect(throws: ExerciseError.interrupted) { try run.verdicts() }
        #expect(!studio.interruption.isRequested)
    }
}
