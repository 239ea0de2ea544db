import Courses
import Foundation
import Notebook
import Testing

@Suite struct StepTests {
    private func steps(_ script: String, _ problems: [String]) throws -> [String] {
        try Notebook(script: Data(script.utf8)).steps(for: problems).map { "\($0.title)|\($0.problem ?? "")|\($0.cells.lowerBound)..<\($0.cells.upperBound)" }
    }

    @Test("A step begins at each heading of the first two levels; a question stands where the cell with its answer does")
    func followsHeadings() throws {
        let script = """
            // %% [markdown]
            // # Title
            // %% [markdown]
            // ## Setup
            // %%
            let a = 1
            // %% [markdown]
            // ## Part 1
            // %% [markdown]
            // Look at this.
            // %%
            a
            // %% problem="part1"
            let b = <#b#>
            // %%
            // part1.solution()

            """
        #expect(try steps(script, ["part1"]) == ["Title||0..<1", "Setup||1..<3", "Part 1|part1|3..<8"])
    }

    @Test("Two questions below one heading are two steps, parted by the first prose between them, or by a heading if there is one")
    func partsQuestions() throws {
        let script = """
            // %% [markdown]
            // ## Part 3
            // %%
            // part3.a.solution()
            // %% [markdown]
            // What else?
            // %%
            // part3.b.hint()
            // %% [markdown]
            // Stuck? Ask.
            // %%
            // part3.b.solution()
            // %% [markdown]
            // ### Build it
            // %% problem="part3.c"
            let c = 1
            // %% problem="part3.d"
            let d = 1

            """
        #expect(
            try steps(script, ["part3.a", "part3.b", "part3.c", "part3.d"])
                == ["Part 3|part3.a|0..<2", "|part3.b|2..<6", "Build it|part3.c|6..<8", "|part3.d|8..<9"])
    }

    @Test("A notebook without headings and questions is one step; an empty one has none; every cell is in one step")
    func coversAll() throws {
        #expect(try steps("// %%\nlet a = 1\n// %%\na\n", []) == ["||0..<2"])
        #expect(Notebook(cells: []).steps(for: ["part1"]).isEmpty)
        let kinds: [Cell] = [
            Cell(id: "a", kind: .markdown, source: "# A"), Cell(id: "b", kind: .markdown, source: "b"), Cell(id: "c", source: "q1.check()"),
            Cell(id: "d", source: "q2.check()"), Cell(id: "e", kind: .raw, source: "# A"), Cell(id: "f", kind: .markdown, source: "#no heading"),
        ]
        for _ in 0..<500 {
            let notebook = Notebook(cells: (0..<Int.random(in: 1...12)).map { index in
                var cell = kinds.randomElement()!
                cell.id = "\(index)"
                return cell
            })
            let steps = notebook.steps(for: ["q1", "q2"])
            #expect(steps.flatMap { Array($0.cells) } == Array(notebook.cells.indices))
        }
    }
}

@Suite struct LearnerPlaceTests {
    private let folder = NSTemporaryDirectory() + "etude-places-\(UUID().uuidString)"
    private var store: LearnerStateStore { LearnerStateStore(folder: folder) }

    private func place(_ name: String, step: Int = 0) throws -> LearnerPlace {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try Data().write(to: URL(fileURLWithPath: "\(folder)/\(name)"))
        return LearnerPlace(file: "\(folder)/\(name)", exercise: "course/1", step: step, outcomes: ["part1": "correct"])
    }

    @Test("The last place comes first, each file once, and a file that is gone not at all")
    func remembers() throws {
        #expect(store.places.isEmpty)
        try store.remember(place("a.swift"))
        try store.remember(place("b.swift"))
        try store.remember(place("a.swift", step: 3))
        #expect(store.places == [try place("a.swift", step: 3), try place("b.swift")])
        try FileManager.default.removeItem(atPath: "\(folder)/a.swift")
        #expect(store.places.map(\.file) == ["\(folder)/b.swift"])
        try FileManager.default.removeItem(atPath: folder)
    }

    @Test("A file of places that a newer Etude wrote is left as it is; one that can't be read is replaced")
    func sparesNewer() throws {
        let place = try place("a.swift"), file = URL(fileURLWithPath: "\(folder)/places.json")
        let newer = Data(#"{"version":2,"places":"elsewhere"}"#.utf8)
        try newer.write(to: file)
        store.remember(place)
        #expect(try Data(contentsOf: file) == newer && store.places.isEmpty)
        try Data("broken".utf8).write(to: file)
        store.remember(place)
        #expect(store.places == [place])
        try FileManager.default.removeItem(atPath: folder)
    }
}
