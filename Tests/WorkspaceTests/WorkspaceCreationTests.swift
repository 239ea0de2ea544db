import Courses
import Foundation
import Processes
import Testing
@testable import Workspace

@Suite("Workspaces")
struct WorkspaceCreationTests {
    private let files = [
        "0-tutorial.swift": Data("let a = 1\r\n".utf8), "1-embedding-layers.swift": Data("let b = <#b#>\n".utf8), "images/größe.svg": Data("<svg/>".utf8),
    ]

    private func create(_ place: TestRepository, _ folder: String = ".") throws -> Workspace {
        try Workspace.create(at: "\(place.folder)/\(folder)", of: WorkspaceDescription(course: "embeddings", courseVersion: "1.2"), files: files)
    }

    @Test("A new folder becomes a clean repository whose first commit holds the course's files, and records attempts", arguments: ["embeddings", "deep/er", "empty"])
    func fresh(_ name: String) throws {
        let place = try TestRepository("mkdir empty")
        let workspace = try create(place, name)
        #expect(workspace.folder == realPath("\(place.folder)/\(name)"))
        #expect(workspace.description == WorkspaceDescription(course: "embeddings", courseVersion: "1.2"))
        #expect(try place.shell("git status --porcelain", in: name) == "")
        #expect(try place.shell("git log --format=%s main", in: name) == "Start the course")
        #expect(try place.shell("git -c core.quotepath=off ls-files", in: name) == ".etude/workspace.json\n0-tutorial.swift\n1-embedding-layers.swift\nimages/größe.svg")
        #expect(try place.shell("git cat-file blob main:0-tutorial.swift | od -An -c | tr -d ' '", in: name) == #"leta=1\r\n"#)
        try place.shell("mkdir .vscode && touch .vscode/settings.json compile_commands.json", in: name)
        #expect(try place.shell("git status --porcelain", in: name) == "")
        let id = try workspace.attempts(at: .first).record(.number(1))
        #expect(try Workspace.open(containing: "\(place.folder)/\(name)/images/größe.svg")?.attempts(at: .first).attempt(id) == .number(1))
        #expect(try place.complaints(in: name) == "")
        #expect(try place.shell("find . -name '.etude-new*'") == "")
    }

    @Test("A folder that has files already keeps them, and git shows what differs from the course")
    func plainFolder() throws {
        let place = try TestRepository("mkdir w && printf 'let b = 5\\n' > w/1-embedding-layers.swift && echo mine > w/notes.txt")
        _ = try create(place, "w")
        #expect(try place.shell("git status --porcelain", in: "w") == "M 1-embedding-layers.swift\n?? notes.txt")
        #expect(try place.shell("cat 1-embedding-layers.swift notes.txt", in: "w") == "let b = 5\nmine")
        #expect(try place.complaints(in: "w") == "")
    }

    @Test("A repository is left as it is: no commit, nothing staged, no file replaced", arguments: [".", "course"])
    func repository(_ subfolder: String) throws {
        let place = try TestRepository.withWork()
        try place.shell("mkdir course; printf 'let b = 5\\n' | tee 1-embedding-layers.swift > course/1-embedding-layers.swift")
        let before = try place.contents()
        let workspace = try create(place, subfolder)
        #expect(workspace.folder == realPath("\(place.folder)/\(subfolder)"))
        #expect(workspace.repository.workingFolder.map(realPath) == realPath(place.folder))
        let after = try place.contents()
        #expect(Set(before).subtracting(after) == [])
        #expect(Set(after).subtracting(before).count == 3)
        try workspace.attempts(at: .first).record(.number(1))
        #expect(try place.attempts().history().attempts.count == 1)
    }

    @Test("What a file lies in is told: a workspace of Etude's, another repository, or none")
    func opens() throws {
        let place = try TestRepository("git init -q other && touch other/a.swift && mkdir none && touch none/a.swift && git init -q --bare bare && git init -q damaged && rm damaged/.git/HEAD")
        #expect(try Workspace.open(containing: place.folder + "/none/a.swift") === nil)
        #expect(try Workspace.open(containing: place.folder + "/none/not/there.swift") === nil)
        #expect(try Workspace.open(containing: place.folder + "/bare") === nil)
        let other = try #require(try Workspace.open(containing: place.folder + "/other/a.swift"))
        #expect(other.description == nil)
        #expect(other.folder == realPath(place.folder + "/other"))
        _ = try create(place, "ours")
        try place.shell("ln -s ours link")
        #expect(try Workspace.open(containing: place.folder + "/link/0-tutorial.swift")?.description?.course == "embeddings")
    }

    @Test("A course's file with a name that some system reads otherwise is refused before anything is made", arguments: [
        "../a", "/a", "a/../b", "a//b", "", ".git/config", "a/.GIT/hooks/post-commit", "git~1", ".gitmodules", ".g\u{200C}it/config", "a\\b", "c:d", "a\u{1B}[2J",
        "a/", "./a", "nul.swift", "a ", "a.", ".etude/workspace.json", ".ETUDE/x", String(repeating: "a", count: 256), "0-Tutorial.swift", "images", "Images/größe.svg",
    ])
    func hostileNames(_ name: String) throws {
        let place = try TestRepository("true")
        var files = files
        files[name] = Data("x".utf8)
        #expect { try Workspace.create(at: place.folder + "/w", of: WorkspaceDescription(course: "embeddings", courseVersion: "1"), files: files) } throws: {
            ($0 as? GitError)?.code == .refused && "\($0)".hasPrefix("Can't make a workspace at ")
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: place.folder) == [])
    }

    @Test("A link in the learner's folder does not lead a course's file out of it")
    func linkOut() throws {
        let place = try TestRepository("mkdir w outside && echo x > w/mine && ln -s ../outside w/images")
        #expect { try create(place, "w") } throws: { "\($0)".contains("would lie elsewhere") }
        #expect(try place.shell("ls outside") == "")
        #expect(!FileManager.default.fileExists(atPath: place.folder + "/w/.git"))
    }

    @Test("A workspace.json that can't be read gives a sentence", arguments: [
        "", "[]", #"{"version": 2}"#, #"{"version": 1}"#, #"{"version": 1, "course": "../x", "courseVersion": "1"}"#, #"{"version": 1, "course": 5, "courseVersion": "1"}"#,
    ])
    func badDescription(_ text: String) throws {
        let place = try TestRepository("git init -q . && mkdir .etude")
        try Data(text.utf8).write(to: URL(fileURLWithPath: place.folder + "/.etude/workspace.json"))
        #expect { try Workspace.open(containing: place.folder) } throws: { ($0 as? CourseError)?.file == realPath(place.folder) + "/.etude/workspace.json" }
    }

    @Test("Two that make one workspace at once: one does, the other says so or uses it, and it is whole")
    func race() throws {
        for _ in 0..<5 {
            let place = try TestRepository("true")
            let files = files
            let outcomes = try concurrently(4) { _ in
                Result { _ = try Workspace.create(at: place.folder + "/w", of: WorkspaceDescription(course: "embeddings", courseVersion: "1.2"), files: files) }
            }
            #expect(outcomes.contains { (try? $0.get()) != nil })
            for case .failure(let error) in outcomes { #expect((error as? GitError)?.code == .exists) }
            #expect(try place.shell("git status --porcelain && git rev-list --count main", in: "w") == "1")
            #expect(try place.complaints(in: "w") == "")
            #expect(try place.shell("find . -name '.etude-new*'") == "")
        }
    }
}
