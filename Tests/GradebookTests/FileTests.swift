import Foundation
@testable import Gradebook
import GRDB
import Processes
import Testing

@Suite("The gradebook's file")
struct FileTests {
    @Test("Only its owner can read it")
    func isPrivate() throws {
        let desk = try Desk()
        let (gradebook, _) = try desk.began("ada")
        for name in try FileManager.default.contentsOfDirectory(atPath: desk.folder) where name.hasPrefix(SQLiteGradebook.file) {
            let mode = try FileManager.default.attributesOfItem(atPath: "\(desk.folder)/\(name)")[.posixPermissions] as? Int
            #expect(mode == 0o600, "\(name)")
        }
        #expect(gradebook.path == desk.path)
    }

    @Test("What others wrote, what is damaged, and what a newer Etude made is left as it is, and said in a sentence")
    func refusals() throws {
        let desk = try Desk()
        let other = try DatabaseQueue(path: desk.path)
        try other.write { try $0.execute(sql: "CREATE TABLE recipe (name TEXT)") }
        try other.close()
        let before = FileManager.default.contents(atPath: desk.path)
        #expect(sentence { _ = try desk.gradebook() }.contains("another program's"))
        #expect(FileManager.default.contents(atPath: desk.path) == before)
        unlink(desk.path)

        try Data("This is no gradebook at all, whatever its name may say.".utf8).write(to: URL(fileURLWithPath: desk.path))
        #expect(sentence { _ = try desk.gradebook() }.contains("is no gradebook"))
        unlink(desk.path)

        try desk.gradebook().write { try $0.execute(sql: "PRAGMA user_version = 99") }
        #expect(sentence { _ = try desk.gradebook() }.contains("version 99"))
        #expect(sentence { _ = try SQLiteGradebook(at: desk.folder + "/none/gradebook.sqlite") }.contains("can't be opened"))
    }

    @Test("The program sqlite3 reads it, and finds nothing wrong")
    func sqlite3() throws {
        let desk = try Desk()
        let (gradebook, round) = try desk.began("ada")
        try gradebook.gradeAll(round)
        let said = try run("/usr/bin/env", ["sqlite3", "-readonly", desk.path, "PRAGMA integrity_check; PRAGMA foreign_key_check; PRAGMA user_version; SELECT learner, question, points FROM result JOIN grading ON grading.id = grading JOIN submission ON submission.id = submission JOIN student ON student.id = student"])
        #expect(String(decoding: said.output, as: UTF8.self) == "ok\n1\nada|first|1.0\nada|second|1.0\n", "\(said.errorText)")
    }

    @Test("On a full disk calls say so, nothing is half done, and with room again all goes on", .enabled(if: getuid() == 0, "only root can make a small disk"))
    func fullDisk() throws {
        let desk = try Desk()
        guard mount("none", desk.folder, "tmpfs", 0, "size=12m") == 0 else { return withKnownIssue { Issue.record("This machine lets nobody mount a disk.") } }
        defer { umount2(desk.folder, 2 /* when nobody uses it any more */) }
        try desk.put(200)
        let gradebook = try desk.gradebook()
        try gradebook.load(collectionIn: desk.folder)
        let round = try gradebook.beginGrading(desk.exercise, questions: desk.questions, key: desk.key, by: "grace")
        let filler = open(desk.folder + "/filler", O_WRONLY | O_CREAT, 0o600)
        for size in [65_536, 512, 1] { while write(filler, [UInt8](repeating: 0, count: size), size) > 0 {} }
        close(filler)

        var recorded = 0, said = ""
        for number in 0..<200 {
            let result = Result { () throws -> Receipt in
                let claim = try gradebook.claim(1, round, by: "w\(number)", for: .zero)[0]
                return try gradebook.finish(claim, with: claim.run(.correct, String(repeating: "long ", count: 200)))
            }
            switch result {
            case .success(let receipt): recorded += receipt == .recorded ? 1 : 0
            case .failure(let error): said = "\(error)"
            }
        }
        #expect(recorded < 200)
        #expect(said.contains("the disk is full") || said.contains("Is there room"), "\(said)")
        #expect(try gradebook.progress(of: round.id).done == recorded)
        unlink(desk.folder + "/filler")
        try gradebook.gradeAll(round)
        #expect(try gradebook.progress(of: round.id).done == 200)
        #expect(try gradebook.number("SELECT count(*) FROM result") == 400)
        #expect(try gradebook.text("PRAGMA integrity_check") == "ok")
    }
}
