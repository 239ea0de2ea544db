import CellCompiler
import Foundation
import Notebook
import Testing
import Wire

@testable import Courses

@Suite("A clean run before handing in") struct CleanRunTests {
    private static let starter = """
        // %% id="setup"
        import Small
        let five = 5
        // %% id="one" problem="part1"
        let n = <#a number#>
        part1.check()
        // %% id="two" problem="part2"
        let word = ""
        part2.check()

        """

    private static let checkers = """
        import Grading

        let exercise = Exercise("Small") {
            CodingProblem("part1", variable: "n") { (n: Int) in try expect(n == 6, "Another number.", mistake: "another") }
            CodingProblem("part2", variable: "word") { (word: String) in try expect(word == "yes", "Another word.", mistake: "another") }
        }
        """

    private let course: SmallCourse
    private let studio: Studio

    init() throws {
        course = try SmallCourse(starter: Self.starter, checkers: Self.checkers)
        studio = try Workshop.studio(course.root)
    }

    /// What is told of a learner's text, after a run of it and a clean one.
    private func differences(_ text: String, earlier: [String] = [], limits: GradingLimits = .standard) throws -> [RunDifference] {
        let exercise = try studio.catalog.exercise(named: "small/1"), learner = try Notebook(script: text)
        let folder = Workshop.newFolder("learner")
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try Data("6".utf8).write(to: URL(fileURLWithPath: folder + "/mine.txt"))
        let before = try studio.wholeRun(of: learner, as: exercise, workingDirectory: folder, audience: Watcher())
        let graded = try GradedNotebook(starter: exercise.starter(), learner: learner)
        let clean = try studio.cleanRun(of: graded, as: exercise, limits: limits, audience: Watcher())
        #expect(clean.verdicts.map(\.problem) == ["part1", "part2"])
        let explanation = DifferenceExplanation(
            learner: learner, graded: graded, clean: clean, earlier: try earlier.map { try Notebook(script: $0) }, outline: studio.compiler.outline)
        return explanation.differences(from: before.outcomes, isFromCheck: false)
    }

    @Test("Answers that stand on their own come out as they did")
    func same() throws {
        #expect(try differences(Self.starter.replacing("<#a number#>", with: "five + 1")) == [])
    }

    @Test("A name that only a cell of the learner's own declares is told, with what to do")
    func ownCell() throws {
        let found = try differences(Self.starter.replacing("// %% id=\"one\"", with: "// %% id=\"mine\"\nlet helper = 6\n// %% id=\"one\"").replacing("<#a number#>", with: "helper"))
        #expect(found.map(\.problem) == ["part1"] && found[0].before == .correct && found[0].now == .error)
        #expect(found[0].sentence == "part1 was right in a run of your notebook, but in a clean run cell 3 (`one`) does not compile: `helper` is declared only in a cell of your own, cell 2 (`mine`), which grading does not take. Move it into the answer's cell.")
    }

    @Test("A change of the set-up is told where an answer needs it")
    func changedSetup() throws {
        let found = try differences(Self.starter.replacing("let five = 5", with: "let five = 6").replacing("<#a number#>", with: "five"))
        #expect(found.map(\.sentence) == ["part1 was right in a run of your notebook, but in a clean run it is wrong. It needs your version of cell 1 (`setup`) for `five`, which grading does not take. Grading uses the course's; put what the answer needs into the answer's cell."])
    }

    @Test("A name that only a deleted cell declared is told from the attempts before; files that grading does not have are suspected; a limit is named")
    func others() throws {
        let exercise = try studio.catalog.exercise(named: "small/1")
        let learner = try Notebook(script: Self.starter.replacing("<#a number#>", with: "helper"))
        let graded = try GradedNotebook(starter: exercise.starter(), learner: learner)
        let clean = try studio.cleanRun(of: graded, as: exercise, audience: Watcher())
        let earlier = try Notebook(script: "// %% id=\"gone\"\nlet helper = 6\n" + Self.starter)
        let gone = DifferenceExplanation(learner: learner, graded: graded, clean: clean, earlier: [learner, earlier], outline: studio.compiler.outline)
            .differences(from: ["part1": .correct], isFromCheck: true)
        #expect(gone.map(\.sentence) == ["part1 was right when you checked it last, but in a clean run cell 2 (`one`) does not compile: `helper` was declared only in a cell that is gone by now (`gone`). Declare it in the answer's cell."])

        let file = try differences(Self.starter.replacing("let n = <#a number#>", with: "import Foundation\nlet n = FileManager.default.fileExists(atPath: \"mine.txt\") ? 6 : 0"))
        #expect(file.count == 1 && file[0].sentence.contains("Nothing that you changed explains it"), "\(file)")

        let slow = try differences(Self.starter.replacing("let n = <#a number#>", with: "let n = 6\nfor i in 0..<2_000_000_000 where i * i == -1 { print(i) }\nvar sum = 0.0\nfor i in 0..<3_000_000_000 { sum += Double(i) }\nprint(sum)"), limits: GradingLimits(cellDuration: .milliseconds(100)))
        #expect(slow.first?.sentence.contains("ran for longer than") == true, "\(slow)")
    }

    @Test("An interrupted run is an interruption, and leaves no folder behind")
    func interrupted() throws {
        let exercise = try studio.catalog.exercise(named: "small/1")
        studio.interruption.request()
        let graded = try GradedNotebook(starter: exercise.starter(), learner: Notebook(script: Self.starter.replacing("<#a number#>", with: "6")))
        #expect(throws: (any Error).self) { try studio.cleanRun(of: graded, as: exercise, audience: Watcher()) }
    }
}
