import Courses
import Foundation
import Notebook
import Processes
import Testing
@testable import Workspace

@Suite("A course's new version")
struct UpdateTests {
    private func sorted(_ plan: UpdatePlan) -> [String] { plan.files.map { "\($0.path): \($0.kind)" } }

    @Test("What the learner did not change is the course's, and what the learner wrote stays; nothing but the folder's files moves")
    func updates() throws {
        let course = try UpdatedCourse()
        try course.edit("1-a.swift", "<#x#>", "42 // mine")
        try course.write("2-b.swift", "// %% id=\"b\"\nlet b = 1\n\n// %%\nlet mine = b\n")
        try course.write("own.swift", "let own = 1\n")
        let index = try course.place.shell("git rev-parse HEAD && git ls-files --stage", in: "w")
        let plan = try course.open().update(to: UpdatedCourse.release())
        #expect(sorted(plan) == [
            "1-a.swift: merged", "2-better.swift: updated", "course.json: updated", "images/a.svg: updated", "images/b.svg: added", "notes.txt: updated", "old.txt: removed",
        ])
        #expect(plan.files[0].cells.map { "\($0.cell) \($0.kind)" } == ["text updated", "answer renamed", "more added"])
        #expect(plan.files[1].formerPath == "2-b.swift" && plan.files[1].exercise == 2)
        #expect(plan.renames.mapValues(\.names) == [1: ["part1": "first"]])
        var expected = UpdatedCourse.second
        expected["1-a.swift"] = expected["1-a.swift"]!.replacingOccurrences(of: "<#x#>", with: "42 // mine")
        expected["2-better.swift"]! += "\n// %%\nlet mine = b\n"
        expected["own.swift"] = "let own = 1\n"
        var contents = try course.contents()
        contents[".etude/workspace.json"] = nil
        #expect(contents == expected)
        #expect(try course.version() == "two")
        #expect(try course.open().courseFiles() == UpdatedCourse.release().files)
        #expect(try course.place.shell("git rev-parse HEAD && git ls-files --stage", in: "w") == index)
        #expect(try course.place.complaints(in: "w") == "")
        #expect(try course.open().update(to: UpdatedCourse.release()).isNothing)
    }

    @Test("A plan says what would happen and changes nothing")
    func plan() throws {
        let course = try UpdatedCourse()
        let before = try (course.contents(), course.place.shell("git for-each-ref", in: "w"))
        #expect(try course.open().planUpdate(to: UpdatedCourse.release()).files.count == 7)
        #expect(try course.contents() == before.0 && course.place.shell("git for-each-ref", in: "w") == before.1)
    }

    @Test("Of a file that is no notebook and both changed, the learner's stays and the course's lies beside it; what the learner deleted is there again only where it changed")
    func otherFiles() throws {
        let course = try UpdatedCourse()
        try course.write("notes.txt", "My notes.\n")
        try course.write("old.txt", "My old.\n")
        try course.write("1-a.swift", "// %% id=\"a\"\n// %% id=\"a\"\n")
        for name in ["images/a.svg", "2-b.swift"] { try FileManager.default.removeItem(atPath: "\(course.folder)/\(name)") }
        var files = UpdatedCourse.second
        files["2-better.swift"] = UpdatedCourse.first["2-b.swift"]
        let plan = try course.open().update(to: UpdatedCourse.release("two", files))
        #expect(sorted(plan).contains("notes.txt: beside(\"notes.new-from-course.txt\")") && sorted(plan).contains("old.txt: kept") && sorted(plan).contains("images/a.svg: returned"))
        #expect(try course.read("notes.txt") == "My notes.\n" && course.read("notes.new-from-course.txt") == "New notes.\n" && course.read("old.txt") == "My old.\n")
        #expect(try course.read("1-a.swift").hasPrefix("// %% id=\"a\"") && course.read("1-a.new-from-course.swift") == UpdatedCourse.second["1-a.swift"])
        #expect(!FileManager.default.fileExists(atPath: "\(course.folder)/2-better.swift"))
        // The next version takes the place of the last beside it.
        files["notes.txt"] = "Newer notes.\n"
        try course.open().update(to: UpdatedCourse.release("three", files))
        #expect(try course.read("notes.new-from-course.txt") == "Newer notes.\n" && course.contents().keys.filter { $0.hasPrefix("notes") }.count == 2)
    }

    @Test("A learner's Jupyter notebook in place of the script is brought up to date, and no script comes back")
    func jupyter() throws {
        let course = try UpdatedCourse()
        var notebook = try Notebook(contentsOf: "\(course.folder)/1-a.swift")
        notebook.cells[1].source = notebook.cells[1].source.replacingOccurrences(of: "<#x#>", with: "42")
        try notebook.write(to: "\(course.folder)/1-a.ipynb")
        try FileManager.default.removeItem(atPath: "\(course.folder)/1-a.swift")
        try course.open().update(to: UpdatedCourse.release())
        let updated = try Notebook(contentsOf: "\(course.folder)/1-a.ipynb")
        #expect(updated.cells.map(\.id) == ["text", "answer", "more"] && updated.cells[1].source == "let answer = 42\nfirst.check()" && updated.cells[0].source == "New words.")
        #expect(!FileManager.default.fileExists(atPath: "\(course.folder)/1-a.swift"))
        try course.edit("1-a.ipynb", "42", "43")
        try course.open().undoUpdate()
        #expect(try Notebook(contentsOf: "\(course.folder)/1-a.ipynb").cells.map(\.source) == ["Words.", "let answer = 43\npart1.check()"])
    }

    @Test("Names that a later version no longer speaks of stay what they are")
    func forgottenNames() throws {
        let course = try UpdatedCourse()
        try course.open().update(to: UpdatedCourse.release())
        try course.edit("1-a.swift", "<#x#>", "42")
        let forgetful = try #require(UpdatedCourse.second["course.json"]?.replacingOccurrences(of: ", \"renamedQuestions\": {\"part1\": \"first\"}", with: ""))
        #expect(try course.open().update(to: UpdatedCourse.release("three", UpdatedCourse.second.merging(["course.json": forgetful]) { $1 })).renames.isEmpty)
        #expect(try course.read("1-a.swift").contains("42\nfirst.check()"))
        // The course's own way back is one, too.
        #expect(try course.open().update(to: UpdatedCourse.release("one", UpdatedCourse.first)).renames.isEmpty)
        try course.open().undoUpdate()
        #expect(try course.open().undoUpdate()?.to == "two" && course.open().undoUpdate()?.renames.mapValues(\.names) == [1: ["first": "part1"]])
    }

    @Test("Taken back, the folder is as it was; what was edited since stays, and it can be updated again")
    func undo() throws {
        let course = try UpdatedCourse()
        try course.edit("1-a.swift", "<#x#>", "42")
        try course.write("notes.txt", "My notes.\n")
        let before = try course.contents()
        try course.open().update(to: UpdatedCourse.release())
        let after = try course.contents()
        #expect(try course.open().planUndo()?.to == "one" && course.contents() == after)
        let plan = try #require(try course.open().undoUpdate())
        #expect(try course.contents() == before)
        #expect(plan.renames.mapValues(\.names) == [1: ["first": "part1"]])
        #expect(try course.open().courseFiles() == UpdatedCourse.release("one", UpdatedCourse.first).files)
        #expect(try course.open().undoUpdate() == nil && course.contents() == before)

        try course.open().update(to: UpdatedCourse.release())
        #expect(try course.contents() == after)
        try course.open().update(to: UpdatedCourse.release("three", UpdatedCourse.second.merging(["images/c.svg": "<svg/>"]) { $1 }))
        try course.edit("1-a.swift", "42", "43")
        try course.open().undoUpdate()
        #expect(try course.version() == "two" && course.read("1-a.swift").contains("43\nfirst.check()"))
        try course.open().undoUpdate()
        #expect(try course.version() == "one")
        #expect(try course.contents() == before.merging(["1-a.swift": before["1-a.swift"]!.replacingOccurrences(of: "42", with: "43")]) { $1 })
        #expect(try course.place.complaints(in: "w") == "")
    }

    @Test("Attempts at a question count under the name that it has in the version that the learner works on")
    func attempts() throws {
        let course = try UpdatedCourse(), name = try #require(ExerciseName("small/1"))
        func record(_ version: String, _ question: String) throws {
            let result = Attempt.Result(problem: question, outcome: .correct, points: 1)
            try course.open().attempts(at: name).record(Attempt(exercise: name, courseVersion: version, file: "1-a.swift", results: [result], notebook: Data()))
        }
        func questions() throws -> [String] {
            let workspace = try course.open()
            return try workspace.naming(workspace.attempts(at: name).history().attempts, ofExercise: 1).flatMap { $0.attempt.results.map(\.problem) }
        }
        try record("one", "part1")
        try course.open().update(to: UpdatedCourse.release())
        try record("two", "first")
        #expect(try questions() == ["first", "first"])
        // The third version still says which names were others in the first.
        try course.open().update(to: UpdatedCourse.release("three", UpdatedCourse.second.merging(["x.txt": "x"]) { $1 }))
        #expect(try questions() == ["first", "first"])
        for _ in 0..<2 { try course.open().undoUpdate() }
        #expect(try questions() == ["part1", "part1"])
    }

    @Test("In a learner's own repository, whatever its state, no branch, index or working tree but the folder's files moves", arguments: [
        "git init -q -b main .", "git init -q -b main . && git commit -q --allow-empty -m first && git checkout -q --detach",
        "git init -q -b main . && echo 1 > x && git add . && git commit -q -m first && echo 2 > x && git add x && echo 3 > x",
    ])
    func repositories(setUp: String) throws {
        let course = try UpdatedCourse(setUp, name: "deep/course")
        let state = "cat .git/HEAD; git rev-parse -q --verify HEAD || true; git ls-files --stage; git for-each-ref refs/heads; cat x 2> /dev/null || true"
        let before = try course.place.shell(state)
        try course.open().update(to: UpdatedCourse.release())
        #expect(try course.version() == "two" && course.place.shell(state) == before)
        try course.open().undoUpdate()
        #expect(try course.version() == "one" && course.place.shell(state) == before && course.place.complaints() == "")
    }

    @Test("Working trees of one repository are updated and taken back each for itself")
    func worktrees() throws {
        let course = try UpdatedCourse()
        try course.place.shell("git worktree add -q ../other", in: "w")
        let other = try #require(try Workspace.open(containing: course.place.folder + "/other"))
        try other.update(to: UpdatedCourse.release())
        #expect(try course.version() == "one")
        try course.open().update(to: UpdatedCourse.release("three", UpdatedCourse.second))
        #expect(try WorkspaceDescription(in: other.folder)?.courseVersion == "two")
        #expect(try Workspace.open(containing: other.folder)?.undoUpdate()?.to == "one")
        #expect(try course.open().undoUpdate()?.to == "one" && course.open().undoUpdate() == nil)
    }

    @Test("A link or a folder in the way is left, and said")
    func inTheWay() throws {
        let course = try UpdatedCourse()
        try course.place.shell("mkdir ../outside; rm -r images notes.txt; ln -s ../../outside images; mkdir notes.txt", in: "w")
        let plan = try course.open().update(to: UpdatedCourse.release())
        let skipped = plan.files.filter { if case .skipped = $0.kind { true } else { false } }
        #expect(skipped.map(\.path) == ["images/a.svg", "images/b.svg", "notes.txt"])
        #expect(try course.place.shell("ls ../outside", in: "w") == "")
        var files = UpdatedCourse.second
        files["../x"] = ""
        #expect(throws: GitError.self) { try course.open().update(to: UpdatedCourse.release("three", files)) }
        #expect(try course.version() == "two")
    }

    @Test("A file that is saved after the update was planned keeps what was saved")
    func savedMeanwhile() throws {
        let course = try UpdatedCourse()
        let workspace = try course.open(), plan = try workspace.planUpdate(to: UpdatedCourse.release())
        try course.edit("1-a.swift", "<#x#>", "42")
        try course.write("notes.txt", "Saved.\n")
        try course.write("old.txt", "Saved.\n")
        try UpdateJournal.carryOut(plan.writes, in: "", of: workspace.repository)
        #expect(try course.read("1-a.swift").contains("New words") && course.read("1-a.swift").contains("42"))
        #expect(try course.read("notes.txt") == "Saved.\n" && course.read("old.txt") == "Saved.\n" && course.read("images/a.svg") == "<svg>new</svg>")
    }

    @Test("Two updates at once are one")
    func atOnce() throws {
        let course = try UpdatedCourse()
        try course.edit("1-a.swift", "<#x#>", "42")
        let files = try course.folder(of: UpdatedCourse.second)
        let children = try (0..<2).map { _ in try ChildProcess(Recorder.program, ["--update", course.folder, "two", files], descriptors: [:]) }
        for child in children { #expect(child.wait(until: .now + .seconds(60)) == .exited(0)) }
        #expect(try course.version() == "two" && course.read("1-a.swift").contains("42\nfirst.check()"))
        #expect(try course.open().undoUpdate()?.to == "one" && course.open().undoUpdate() == nil && course.place.complaints(in: "w") == "")
    }

    @Test("An update that was cut off is finished before the folder's files are read")
    func cutOff() throws {
        let course = try UpdatedCourse()
        let blobs = try ["old.txt", "1-a.swift"].map { try course.place.shell("git hash-object -w --no-filters \($0)", in: "w") }
        let journal = #"{"version": 1, "folder": "", "files": [{"path": "old.txt", "before": "\#(blobs[0])", "after": "\#(blobs[1])"}]}"#
        try course.write(".git/etude/update.json", journal)
        try Workspace.finishUpdate(containing: course.folder + "/1-a.swift")
        #expect(try course.read("old.txt") == UpdatedCourse.first["1-a.swift"])
        #expect(!FileManager.default.fileExists(atPath: course.folder + "/.git/etude/update.json"))
    }

    @Test("A journal that can't be read is a sentence with a way out")
    func badJournal() throws {
        let course = try UpdatedCourse()
        try course.place.shell("mkdir -p .git/etude && echo '{\"version\": 9}' > .git/etude/update.json", in: "w")
        #expect { try course.open() } throws: { "\($0)".contains("A newer Etude") }
        try course.place.shell("echo '{\"version\": 1, \"folder\": \"\", \"files\": [{\"path\": \"../x\", \"after\": null}]}' > .git/etude/update.json", in: "w")
        #expect { try course.open() } throws: { "\($0)".contains("Move that file away") }
    }
}
