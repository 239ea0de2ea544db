import Courses
import Foundation
import Testing
@testable import Workspace

@Suite("A damaged workspace")
struct WorkspaceDoctorTests {
    /// A workspace with three attempts and a commit of the learner's, then something done to its repository.
    private func damaged(_ commands: String) throws -> TestRepository {
        let place = try TestRepository("mkdir empty")
        _ = try Workspace.create(
            at: place.folder + "/w", of: WorkspaceDescription(course: "embeddings", courseVersion: "1.2"), files: ["1-embedding-layers.swift": Data("let b = <#b#>\n".utf8)])
        for number in 0..<3 { try place.attempts("w").record(.number(number)) }
        try place.shell("echo more >> 1-embedding-layers.swift; git commit -qam more", in: "w")
        try place.shell("ref=.git/refs/etude/attempts/embeddings/1\nobject() { id=$(git rev-parse $1); echo .git/objects/$(echo $id | cut -c 1-2)/$(echo $id | cut -c 3-); }\n" + commands, in: "w")
        return place
    }

    private func findings(_ place: TestRepository, repairs: Bool = false) throws -> [WorkspaceDoctor.Finding] {
        try #require(WorkspaceDoctor.findings(in: place.folder + "/w", repairs: repairs, store: CourseStore(folder: place.home + "/store")))
    }

    @Test("that is whole is left as it is")
    func well() throws {
        let place = try damaged(":")
        let before = try place.shell("find . -type f | sort | xargs sha1sum", in: "w")
        #expect(try findings(place, repairs: true).allSatisfy { $0.state == .well })
        #expect(try place.shell("find . -type f | sort | xargs sha1sum", in: "w") == before)
    }

    @Test("is repaired, with all attempts that can be read, and git finds nothing wrong", arguments: [
        ("rm .git/HEAD", 3), ("printf '' > .git/HEAD", 3), ("head -c 40 /dev/urandom > .git/config", 3), ("printf 'DIRC\\0\\0' > .git/index", 3),
        ("printf '' > .git/refs/heads/main", 3), ("rm $ref", 3), ("printf '' > $ref", 3), ("echo 1234567890123456789012345678901234567890 > $ref", 3),
        ("f=$(object refs/etude/attempts/embeddings/1); chmod u+w $f; printf '' > $f", 2),
        ("f=$(object refs/etude/attempts/embeddings/1~1); chmod u+w $f; head -c 30 $f > cut; cp cut $f; rm cut", 2),
        ("rm -f $(object refs/etude/attempts/embeddings/1~1:)", 2),
        ("git gc -q; chmod u+w .git/objects/pack/*.idx; for f in .git/objects/pack/*.idx; do head -c 1100 /dev/zero > $f; done", 3),
        ("git gc -q; rm -f .git/objects/pack/*.idx", 3), ("touch -d '1 hour ago' .git/index.lock .git/refs/etude/attempts/embeddings/1.lock", 3),
        ("mkdir -p .git/etude .git/refs/etude/updates; printf '{' > .git/etude/update.json; printf '' > .git/refs/etude/updates/embeddings", 3),
        ("printf x > .etude/workspace.json", 3), ("rm .etude/workspace.json", 3),
        ("rm .git/HEAD .git/config .git/index $ref; printf '' > .git/refs/heads/main; printf '{' > .etude/workspace.json", 3),
    ])
    func repairs(_ commands: String, _ attempts: Int) throws {
        let place = try damaged(commands)
        let found = try findings(place)
        #expect(found.contains { $0.state == .damaged && $0.remedy != nil }, "\(found)")
        let before = try place.shell("find . -type f | sort | xargs sha1sum", in: "w")
        #expect(try findings(place) == found)
        #expect(try place.shell("find . -type f | sort | xargs sha1sum", in: "w") == before, "To look changes nothing.")

        let repaired = try findings(place, repairs: true)
        #expect(repaired.contains { $0.state == .repaired } && !repaired.contains { $0.state == .damaged }, "\(repaired)")
        #expect(try findings(place).allSatisfy { $0.state == .well })
        let history = try place.attempts("w").history()
        #expect(history.problem == nil && history.attempts.count == attempts)
        try place.attempts("w").record(.number(7))
        #expect(try place.shell("git log --format=%s main", in: "w") == "more\nStart the course")
        #expect(try place.shell("git status --porcelain", in: "w") == "")
        #expect(try Workspace.open(containing: place.folder + "/w")?.description?.course == "embeddings")
        #expect(try place.complaints(in: "w") == "")
    }

    @Test("A folder that is no workspace has nothing to be found")
    func none() throws {
        let place = try TestRepository()
        #expect(WorkspaceDoctor.findings(in: place.folder, repairs: true, store: CourseStore(folder: place.home)) == nil)
    }
}
