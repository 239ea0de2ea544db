import Foundation
@testable import Gradebook
import Testing
@testable import Workspace

@Suite("Loading a collection")
struct LoadingTests {
    @Test("Loading twice changes nothing; what is new is added, and queued where grading has begun")
    func idempotent() throws {
        let desk = try Desk()
        let (gradebook, round) = try desk.began("ada", "bob")
        #expect(try gradebook.load(collectionIn: desk.folder) == LoadReport(added: 0, known: 2))
        #expect(try gradebook.progress(of: round.id).open == 2)
        try gradebook.gradeAll(round)
        try desk.put("cleo")
        #expect(try gradebook.load(collectionIn: desk.folder) == LoadReport(added: 1, known: 2))
        let progress = try gradebook.progress(of: round.id)
        #expect((progress.open, progress.done) == (1, 2))
        let ada = try gradebook.submissions(of: desk.exercise)[0]
        #expect(ada.student == Student(learner: "ada", name: "Ada", email: "ada@example.org"))
        #expect(ada.collection == desk.folder && ada.folder == "ada/small-1" && ada.file == "1-small.swift" && ada.courseVersion == "v1")
        #expect(ada.claimed == Desk.date(0) && ada.trust == .hashesMatch && ada.counts)
    }

    @Test("The newest counts, whatever the order in which they come; the others are kept, and leave the queue")
    func newest() throws {
        let desk = try Desk()
        let (gradebook, round) = try desk.began()
        try desk.put("ada", second: 5, number: 1)
        try gradebook.load(collectionIn: desk.folder)
        let early = try gradebook.claim(1, round)[0]
        try desk.put("ada", second: 5, number: 2)
        try desk.put("ada", second: 3, number: 3)
        try gradebook.load(collectionIn: desk.folder)
        #expect(try gradebook.submissions(of: desk.exercise).map(\.number) == [2, 1, 3])
        #expect(try gradebook.submissions(of: desk.exercise).map(\.counts) == [true, false, false])
        #expect(try gradebook.finish(early, with: early.run()) == .discarded)
        try gradebook.gradeAll(round)
        #expect(try gradebook.number("SELECT count(*) FROM result") == 2)
        #expect(try gradebook.grades(of: desk.exercise)[0].submission?.number == 2)
    }

    @Test("What a later collection knows better of a submission is taken over; when it first came stays")
    func better() throws {
        let desk = try Desk()
        let (gradebook, _) = try desk.began("ada")
        let before = try gradebook.submissions(of: desk.exercise)[0]
        var entry = desk.collection[0]
        (entry.trust, entry.folder, entry.problems) = (.signed, "ada/small-1/earlier/x", ["Two senders."])
        try desk.write([entry])
        try gradebook.load(collectionIn: desk.folder)
        let after = try gradebook.submissions(of: desk.exercise)
        #expect(after.count == 1 && after[0].trust == .signed && after[0].folder == "ada/small-1/earlier/x" && after[0].problems == ["Two senders."])
        #expect(after[0].received == before.received)
    }

    @Test("A folder without a collection, and one that is not as collect writes it, are sentences, and nothing changes")
    func refusals() throws {
        let desk = try Desk()
        let gradebook = try desk.gradebook()
        #expect(sentence { try gradebook.load(collectionIn: desk.folder) }.contains("etude collect"))
        try desk.put("ada")
        var entry = desk.collection[0]
        entry.time = "yesterday"
        try desk.write([desk.collection[0], entry])
        #expect(sentence { try gradebook.load(collectionIn: desk.folder) }.contains("Collect anew"))
        try Data("{\"version\": 1}".utf8).write(to: URL(fileURLWithPath: "\(desk.folder)/collection.json"))
        #expect(sentence { try gradebook.load(collectionIn: desk.folder) }.contains("is not as Etude writes it"))
        #expect(try gradebook.number("SELECT count(*) FROM submission") == 0)
    }
}
