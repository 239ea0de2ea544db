import Foundation
import Notebook
import Testing
import Tiers

@testable import Courses

@Suite("The notebook that is graded") struct GradedNotebookTests {
    private let starter = [
        Cell(id: "text", kind: .markdown, source: "Count."),
        Cell(id: "setup", source: "let five = 5"),
        .answer("one", "part1", "let n = <#n#>"),
        Cell(id: "between", source: "let m = n + 1"),
        .answer("two", "part2", "let w = \"\""),
    ]

    private func graded(_ cells: [Cell]) -> GradedNotebook { GradedNotebook(starter: Notebook(cells: starter), learner: Notebook(cells: cells)) }
    private func changes(_ graded: GradedNotebook) -> [String] { graded.changes.map { "\($0.kind) \($0.cell)" } }

    @Test("An answer is taken, and nothing else changes")
    func answers() {
        var cells = starter
        cells[2].source = "let n = 6"
        let result = graded(cells)
        #expect(result.notebook.cells == cells && result.changes.isEmpty && result.answers == ["one": "one", "two": "two"])
    }

    @Test("Set-up, checks and prose are the course's, whatever the learner made of them, and what was made of them is told")
    func others() {
        var cells = starter
        (cells[0].source, cells[1].source, cells[4].source) = ("Count well.", "let five = 6", "let w = \"yes\"")
        cells.insert(Cell(id: "mine", source: "let helper = 1"), at: 2)
        cells.remove(at: 4)
        let result = graded(cells)
        #expect(result.notebook.cells.map(\.id) == starter.map(\.id) && result.notebook.cells.map(\.source) == starter.dropLast().map(\.source) + ["let w = \"yes\""])
        #expect(changes(result) == ["edited text", "edited setup", "added mine", "deleted between"])
        #expect(result.changes.map(\.sentence) == [
            "You changed cell 1 (`text`); grading uses the course's.", "You changed cell 2 (`setup`); grading uses the course's.",
            "Cell 3 (`mine`) is your own; grading does not take it.", "You deleted the cell `between`; grading has it.",
        ])
    }

    @Test("Cells that were moved stand where the course has them; as few as possible are told")
    func moved() {
        let result = graded([starter[4], starter[0], starter[1], starter[2], starter[3]])
        #expect(result.notebook.cells == starter && changes(result) == ["moved two"])
    }

    @Test("An answer whose cell has lost its id is known by its question; further cells for it are not taken")
    func lostIDs() {
        let result = graded([
            starter[0], starter[1], .answer("x1", "part1", "let n = 1"), .answer("x2", "part1", "let n = 2"), starter[3], starter[4], .answer("x3", "part2", "let w = \"late\""),
        ])
        #expect(result.notebook.cell(id: "one")?.source == "let n = 1" && result.notebook.cell(id: "two")?.source == starter[4].source)
        #expect(changes(result) == ["otherID x1", "duplicate x2", "duplicate x3"] && result.answers["one"] == "x1")
    }

    @Test("A cell of the course's own does not become an answer by naming a question, nor does prose")
    func disguised() {
        var cells = starter
        cells[1] = .answer("setup", "part1", "let five = 6")
        cells[2] = Cell(id: "one", kind: .markdown, source: "let n = 6")
        cells[4].problem = "part1"
        let result = graded(cells)
        #expect(result.notebook.cell(id: "setup")?.source == "let five = 5" && result.notebook.cell(id: "one")?.source == starter[2].source)
        #expect(changes(result) == ["edited setup", "added one", "otherProblem two", "deleted one"])
        #expect(result.changes.last?.sentence.contains("counts as not attempted") == true)
    }

    @Test("The course's cells whose ids were lost are known by their texts")
    func lostCourseIDs() {
        var cells = starter
        (cells[1].id, cells[3].id) = ("a", "b")
        #expect(graded(cells).changes.isEmpty)
    }

    @Test("An answer that is too long is not taken, and told")
    func tooLong() {
        var cells = starter
        cells[2].source = String(repeating: "/", count: GradedNotebook.greatestAnswer + 1)
        #expect(changes(graded(cells)) == ["tooLong one"] && graded(cells).notebook.cells == starter)
    }

    @Test("Whatever a notebook holds, the course's cells stand in their order, and only answers come from it")
    func anything() {
        var random = SplitMix(state: 5)
        for _ in 0..<rounds(2_000) {
            var cells = starter.shuffled(using: &random)
            for number in 0..<Int.random(in: 0...4, using: &random) {
                let kind = Cell.Kind.allCases.randomElement(using: &random)!
                var cell = Cell(id: "new\(number)", kind: kind, source: "let v = \(Int.random(in: 0...1, using: &random))")
                if Bool.random(using: &random) { cell.problem = ["part1", "part2", "part9"].randomElement(using: &random)! }
                let place = Int.random(in: 0..<cells.count, using: &random)
                if Bool.random(using: &random) { cells.insert(cell, at: place) } else { cells[place] = cell }
            }
            let result = graded(cells)
            #expect(result.notebook.cells.map(\.id) == starter.map(\.id))
            for (cell, original) in zip(result.notebook.cells, starter) where !original.isAnswer { #expect(cell == original) }
            for (answer, source) in result.answers {
                #expect(result.notebook.cell(id: answer)?.source == cells.first { $0.id == source && $0.kind == .code }?.source)
            }
            // Each of the learner's cells is taken, or the course's own, or told.
            for cell in cells where !starter.contains(cell) && !result.answers.values.contains(cell.id) { #expect(result.changes.contains { $0.cell == cell.id }) }
        }
    }

    @Test("A notebook of a hundred thousand cells is no trouble")
    func large() {
        let cells = (0..<100_000).map { $0 % 2 == 0 ? Cell(id: "c\($0)", source: "let a = 1") : .answer("c\($0)", "part1", "1") }
        #expect(graded(cells).changes.count == 100_000 - 1 + 1 + 4)
    }
}

extension Cell {
    static func answer(_ id: String, _ problem: String, _ source: String) -> Cell {
        var cell = Cell(id: id, source: source)
        cell.problem = problem
        return cell
    }
}
