import Testing
import Tiers

@testable import CellCompiler

/// A file whose cells run and are edited.
private struct Desk {
    var cells: [(id: String, text: String)]
    var log = RunLog()
    var graph: CellGraph { CellGraph(cells.map { ($0.id, CellReader.outline(of: $0.text)) }) }

    /// All cells have run, in order; they are called 0, 1, 2, …
    init(_ texts: String...) {
        cells = texts.enumerated().map { ("\($0)", $1) }
        run(cells.map(\.id))
    }

    mutating func run(_ ids: [String]) { for id in ids { log.ran(id, in: graph) } }
    mutating func run(_ ids: String...) { run(ids) }

    /// `current`, `?` for doubtful, or why a cell is out of date.
    func state(_ id: String) -> String {
        let freshness = log.freshness(of: id, in: graph)
        let sentence = freshness.sentence { "cell \($0)" }
        return if case .doubtful = freshness { "? " + sentence! } else { sentence ?? "current" }
    }
}

@Suite("Whether a cell is up to date") struct RunLogTests {
    @Test("After a run from the top all is current, and white space changes nothing")
    func current() {
        var desk = Desk("let a = 1", "let b = a", "print(b)")
        desk.cells[0].text = "let a  =  1 // one"
        #expect(["0", "1", "2"].map(desk.state) == ["current", "current", "current"])
        desk.cells.append(("new", "print(a)"))
        #expect(desk.state("new") == "It has not run yet." && desk.state("none") == "It has not run yet.")
    }

    @Test("An edit reaches all that needs the cell, and no other")
    func edit() {
        var desk = Desk("let a = 1", "let b = a", "print(b)", "print(4)")
        desk.cells[0].text = "let a = 2"
        #expect(desk.state("0") == "It was edited since it ran.")
        #expect(desk.state("1") == "Cell 0, which gives `a`, was edited since this ran.")
        #expect(desk.state("2") == "Cell 1, which gives `b`, is out of date." && desk.state("3") == "current")
        desk.run("0")
        #expect(desk.state("1") == "Cell 0, which gives `a`, ran again since this ran.")
        desk.run("1", "2")
        #expect(desk.state("2") == "current")
        desk.run("1")
        #expect(desk.state("2") == "Cell 1, which gives `b`, ran again since this ran.")
    }

    @Test("A cell that appears, goes, or moves between giver and user matters")
    func structure() {
        var desk = Desk("var a = 1", "a = 2", "a = 3", "print(a)")
        let whole = desk.cells
        desk.cells.remove(at: 1)
        #expect(desk.state("3") == "Cell 2, which gives `a`, is out of date.")
        desk.cells.remove(at: 1)
        #expect(desk.state("3") == "The cell that gave `a` when this ran does so no more.")
        desk.cells = whole
        desk.cells.insert(("new", "a += 1"), at: 3)
        #expect(desk.state("3") == "Cell new gives or changes `a` now.")
        desk.cells = whole
        desk.cells.swapAt(1, 2)
        #expect(desk.state("3") != "current" && desk.state("0") == "current")
        desk.cells = whole
        desk.cells.insert(("shadow", "let a = 9"), at: 3)
        #expect(desk.state("3") == "Cell shadow gives or changes `a` now.")
        desk = Desk("func f() -> Int { 1 }", "func f() -> Int { 2 }", "f()")
        desk.cells.swapAt(0, 1)
        #expect(desk.state("2") == "The cells that give `f` stand in another order than when this ran.")
    }

    @Test("What may matter leaves doubt")
    func doubt() {
        var desk = Desk("let model = Model()", "model.fit(epochs: 1)", "model.evaluate()")
        desk.cells[1].text = "model.fit(epochs: 2)"
        #expect(desk.state("2") == "? Cell 1, which may change `model`, was edited since this ran.")
        desk.run("1")
        #expect(desk.state("2") == "? Cell 1, which may change `model`, ran again since this ran.")
        desk.run("2")
        #expect(desk.state("2") == "current")
    }

    @Test("Of a cell that imports only the imports reach all, of one that sets the random generator only that")
    func surroundings() {
        var desk = Desk("import Training\nsetRandomSeed(1)\nlet rows = 3\n", "print(rows)", "print(4)")
        desk.cells[0].text = "import Training\nsetRandomSeed(1)\nlet rows = 4"
        desk.run("0")
        #expect(desk.state("1") == "Cell 0, which gives `rows`, ran again since this ran.")
        #expect(desk.state("2") == "current")
        desk.cells[0].text = "import Training\nsetRandomSeed(2)\nlet rows = 4"
        #expect(desk.state("2").hasPrefix("? Cell 0 has changed"))
        desk.cells[0].text = "import Foundation\nsetRandomSeed(1)\nlet rows = 3"
        #expect(desk.state("2").hasPrefix("? Cell 0 has changed"))
    }

    @Test("A run that is taken back never was")
    func forgotten() {
        var desk = Desk("let a = 1", "print(a)")
        let before = desk.log
        desk.log.forget("0")
        #expect(desk.state("0") == "It has not run yet." && desk.state("1") == "Cell 0, which gives `a`, has not run.")
        desk.run("0")
        #expect(desk.state("1") == "Cell 0, which gives `a`, ran again since this ran.")
        desk.log = before
        #expect(desk.state("1") == "current")
        desk.log.forgetAll()
        #expect(!desk.log.hasRun("1"))
    }

    @Test("No cell is called current that would come out otherwise, whatever was edited and run before", arguments: 0..<8)
    func neverSilent(seed: Int) {
        var outlines: [String: CellOutline] = [:]
        func graph(_ cells: [Toy.Cell]) -> CellGraph {
            CellGraph(cells.map { cell in
                let outline = outlines[cell.text] ?? CellReader.outline(of: cell.text)
                outlines[cell.text] = outline
                return (cell.id, outline)
            })
        }
        for round in 0..<rounds(15) {
            var writer = Toy.Writer(random: SplitMix(state: UInt64(seed * 100_003 + round)))
            var cells = writer.opening() + (0..<9).map { writer.cell("c\($0)") }
            var log = RunLog(), held: [String: String] = [:], made = 9
            for _ in 0..<6 {
                let graph = graph(cells)
                let truth = Toy.results(of: cells)
                for cell in cells where log.freshness(of: cell.id, in: graph) == .current {
                    #expect(held[cell.id] == truth[cell.id], "\(cell.id) in\n\(cells.map { "// \($0.id)\n" + $0.text }.joined(separator: "\n"))")
                    if held[cell.id] != truth[cell.id] { return }
                }
                // Some cells are brought up to date, each after those that it needs: it then comes out as from the top.
                for target in cells where writer.random.next() % 2 == 0 {
                    for id in graph.needs(of: target.id).map(\.cell) + [target.id] where log.freshness(of: id, in: graph) != .current {
                        log.ran(id, in: graph)
                        held[id] = truth[id]
                    }
                }
                let place = Int(writer.random.next() % UInt64(cells.count))
                switch writer.random.next() % 6 {
                case 0 where place > 0: cells.remove(at: place)
                case 1: cells.insert(writer.cell("c\(made)"), at: Swift.max(1, place)); made += 1
                case 2 where place > 1: cells.swapAt(place, 1 + Int(writer.random.next() % UInt64(cells.count - 1)))
                default: cells[place] = place == 0 ? writer.firstCell() : writer.cell(cells[place].id)
                }
            }
        }
    }

    @Test("After all that is not current has run in order, all is")
    func settles() {
        var writer = Toy.Writer(random: SplitMix(state: 99))
        var cells = writer.opening() + (0..<12).map { writer.cell("c\($0)") }
        var log = RunLog(), kept = 0
        for _ in 0..<rounds(40) {
            cells[Int(writer.random.next() % 12) + 5].statements = writer.cell("x").statements
            let graph = CellGraph(cells.map { ($0.id, CellReader.outline(of: $0.text)) })
            for cell in cells {
                if log.freshness(of: cell.id, in: graph) == .current { kept += 1 } else { log.ran(cell.id, in: graph) }
            }
            #expect(log.freshness(in: graph).values.allSatisfy { $0 == .current })
        }
        // It would be no use to run everything always.
        #expect(kept > rounds(40) * 4)
    }
}
