import Courses
import Foundation
import Notebook
import Testing
import Wire

@testable import Workspace

@Suite("A notebook's timeline") struct TimelineTests {
    private let repository: TestRepository
    private let file: LearnerFile
    private let path: String

    init() throws {
        repository = try TestRepository()
        path = repository.folder + "/1-embedding-layers.swift"
        file = LearnerFile(path, stateFolder: repository.home + "/state")
    }

    private func save(_ text: String) throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        try file.remember()
    }

    private func attempt(_ text: String, at date: Date = Date(), file: String = "1-embedding-layers.swift") throws {
        try repository.attempts().record(Attempt(exercise: .first, file: file, date: date, results: [], notebook: Data(text.utf8)))
    }

    private func timeline() throws -> Timeline { Timeline(of: file, attempts: try repository.attempts()) }

    private func texts(_ timeline: Timeline) throws -> [String] { try timeline.moments.map { String(decoding: try timeline.contents(of: $0), as: UTF8.self) } }

    @Test("has attempts, counted from the first, and between them the saves that hold something else")
    func merged() throws {
        try save("// %%\n1\n")
        try save("// %%\n2\n")
        try attempt("// %%\n2\n")
        try save("// %%\n3\n")
        try save("// %%\n2\n")
        try save("// %%\n4\n")
        try attempt("// %%\n4\n")
        try save("// %%\n4\n")
        let timeline = try timeline()
        #expect(try texts(timeline) == ["// %%\n4\n", "// %%\n3\n", "// %%\n2\n", "// %%\n1\n"])
        let numbers = timeline.moments.map { if case .attempt(let number, _) = $0 { number } else { 0 } }
        #expect(numbers == [2, 0, 1, 0] && timeline.problem == nil)
        #expect(timeline.changes(at: 1) == .cells(changed: ["cell 1"], gone: []) && timeline.changes(at: 3) == .oldest)
    }

    @Test("knows which moment the file is as, or what is other than in the newest")
    func present() throws {
        try attempt("// %% id=\"a\"\n1\n")
        try attempt("// %% id=\"a\"\n2\n")
        try Data("// %% id=\"a\"\n1\n".utf8).write(to: URL(fileURLWithPath: path))
        func present() throws -> Timeline.Present { try timeline().present(among: timeline().moments.indices) }
        #expect(try present() == .kept(index: 1))
        try Data("// %% id=\"b\"\n1\n".utf8).write(to: URL(fileURLWithPath: path))
        #expect(try present() == .changed(.cells(changed: ["b"], gone: ["a"])))
        unlink(path)
        #expect(try present() == .gone)
    }

    @Test("finds an attempt by its number, and by a time the newest of then")
    func names() throws {
        let zone = try #require(TimeZone(identifier: "Europe/Berlin"))
        let day = try #require(ISO8601DateFormatter().date(from: "2026-03-01T13:00:00Z"))
        for (seconds, text) in [(0.25, "1"), (59.5, "2"), (60.125, "3")] { try attempt(text, at: day + seconds) }
        let timeline = try timeline()
        func number(_ name: String) throws -> Int? {
            if case .attempt(let number, _) = try timeline.moment(named: name, now: day, timeZone: zone) { number } else { nil }
        }
        #expect(try number("1") == 1 && number("3") == 3)
        #expect(try number("14:00") == 2 && number("14:01") == 3 && number("14:00:58") == 1 && number("14:00:59") == 2 && number("23:59") == 3)
        #expect(try number("2026-03-01 14:00") == 2 && number("2026-03-01T14:01:00") == 3 && number("2026-03-02 00:00") == 3)
        #expect(try number("2026-03-01T13:00:59Z") == 2 && number("2026-03-01T13:00:59.500Z") == 2 && number("2026-03-01T13:00:59.499Z") == 1)
        for name in ["0", "4", "-1", "13:59", "2026-02-28 23:00", "yesterday", "25:00", ""] { #expect(throws: TimelineError.self, "\(name)") { try number(name) } }
        #expect(throws: TimelineError.nothingKept) { try Timeline(of: LearnerFile(path + "x", stateFolder: repository.home), attempts: nil).moment(named: "1") }
    }

    @Test("gives an attempt at the other form of the notebook in the file's own")
    func converted() throws {
        let notebook = try Notebook(script: "// %% id=\"a\"\nlet a = 1\n")
        try attempt(String(decoding: notebook.bytes(forFile: "x.ipynb").data, as: UTF8.self), file: "1-embedding-layers.ipynb")
        #expect(try texts(timeline()) == ["// %% id=\"a\"\nlet a = 1\n"])
    }

    @Test("is kept by a keeper where there is a workspace, with what changed since the attempt before, or the starter")
    func keeper() throws {
        let folder = repository.folder + "/w", path = folder + "/1-sums.swift"
        let starter = "// %% id=\"a\"\n1\n// %% id=\"b\"\n2\n"
        let workspace = try Workspace.create(at: folder, of: WorkspaceDescription(course: "sums", courseVersion: "7"), files: ["1-sums.swift": Data(starter.utf8)])
        let keeper = try #require(AttemptKeeper(file: path, exercise: "sums/1", starter: Notebook(script: starter)))
        let verdict = Verdict(problem: "p", outcome: .correct, points: 1, maximum: 1)
        let first = Data("// %% id=\"a\"\n9\n// %% id=\"b\"\n2\n".utf8), second = Data("// %% id=\"a\"\n9\n// %% id=\"c\"\n3\n".utf8)
        #expect(try keeper.keep([Verdict(problem: "q", outcome: .unread, maximum: 0)], notebook: first) == nil)
        try keeper.keep([verdict], notebook: first)
        try keeper.keep([verdict], notebook: second)
        let same = try keeper.keep(before: .restore, notebook: second)
        try #require(keeper.keep(before: .reset, notebook: first) != nil)
        let all = try workspace.attempts(at: #require(ExerciseName("sums/1"))).history().attempts
        #expect(all.map(\.attempt.changedCells) == [["b"], ["c"], ["a"]] && all.map(\.attempt.goneCells) == [["c"], ["b"], []])
        #expect(all.map(\.attempt.occasion) == [.reset, .check, .check] && all[1].id == same && all.allSatisfy { $0.attempt.courseVersion == "7" })
        #expect(all[0].attempt.results.isEmpty && all[1].attempt.results == [Attempt.Result(verdict)])
        #expect(AttemptKeeper(file: path, exercise: nil, starter: nil) == nil)
        #expect(try AttemptKeeper(file: repository.folder + "/other.swift", exercise: "sums/1", starter: nil)?.keep([verdict], notebook: first) == nil)
        #expect(try repository.complaints(in: "w") == "")
    }
}
