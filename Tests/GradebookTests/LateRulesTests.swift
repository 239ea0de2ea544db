import Foundation
@testable import Gradebook
import Testing
import Tiers
@testable import Workspace

@Suite("Late rules")
struct LateRulesTests {
    static let sample = """
        {
          "version": 1,
          "assignments": {
            "small/1": {
              "due": "2026-01-01T01:00:00+01:00",
              "clock": "claimed",
              "graceMinutes": 10,
              "percentPerDay": 10,
              "atMostPercent": 25,
              "takenFrom": "earned",
              "closesAfterDays": 7,
              "extensions": [
                {"learner": "bob", "until": "2026-01-03T00:00:00Z", "reason": "ill"},
                {"learner": "CLEO@example.org", "until": "2026-01-01T12:00Z"}
              ]
            }
          }
        }
        """

    func rules(_ text: String = sample) throws -> LateRules { try LateRules(json: Data(text.utf8)) }

    func rule(_ members: String) throws -> LateRules.Rule {
        try #require(rules("{\"version\": 1, \"assignments\": {\"small/1\": {\"due\": \"2026-01-01T00:00:00Z\"\(members)}}}")[ExerciseName("small/1")!])
    }

    func submission(_ learner: String = "ada", after seconds: Int) -> GradedSubmission {
        let hash = FileHash(of: Data())
        return GradedSubmission(
            id: GradedSubmission.ID(row: 1), student: Student(learner: learner, email: "\(learner)@example.org"), exercise: ExerciseName("small/1")!, hash: hash, notebook: hash,
            collection: "/c", folder: learner, file: "1-small.swift", claimed: Desk.date(seconds), received: Desk.date(1_000_000), trust: .plain, problems: [], counts: true)
    }

    @Test("A day begins with its first second, but for the grace; what is taken grows to its limit, and after the last day all is lost")
    func days() throws {
        let rule = try #require(rules()[ExerciseName("small/1")!]), day = 86_400
        let expected: [(seconds: Int, days: Int, percent: Double, points: Double)] = [
            (-5, 0, 0, 8), (0, 0, 0, 8), (600, 0, 0, 8), (601, 1, 10, 7.2), (day, 1, 10, 7.2), (day + 1, 2, 20, 6.4), (2 * day + 1, 3, 25, 6),
            (7 * day, 7, 25, 6), (7 * day + 1, 8, 100, 0), (900 * day, 900, 100, 0),
        ]
        for row in expected {
            let lateness = rule.lateness(of: submission(after: row.seconds))
            #expect((lateness.days, lateness.percent) == (row.days, row.percent), "\(row)")
            #expect(abs(lateness.points(of: 8, maximum: 10) - row.points) < 1e-9, "\(row)")
        }
    }

    @Test("An extension moves the day for one student, by folder or address, and never to an earlier one")
    func extensions() throws {
        let rule = try #require(rules()[ExerciseName("small/1")!]), day = 86_400
        #expect(!rule.lateness(of: submission("bob", after: 2 * day)).isLate)
        #expect(rule.lateness(of: submission("bob", after: 2 * day + 601)).days == 1)
        #expect(!rule.lateness(of: submission("cleo", after: day / 2)).isLate)
        #expect(rule.lateness(of: submission("ada", after: day / 2)).isLate)
        let earlier = try self.rule(", \"extensions\": [{\"learner\": \"ada\", \"until\": \"2025-12-01T00:00:00Z\"}]")
        #expect(!earlier.lateness(of: submission(after: 0)).isLate)
        #expect(try rules().strangers(among: [Student(learner: "bob")], for: ExerciseName("small/1")!) == ["CLEO@example.org"])
    }

    @Test("A part of the maximum may be taken, and the time of arrival may count; points never fall below nothing")
    func choices() throws {
        let rule = try rule(", \"percentPerDay\": 40, \"takenFrom\": \"maximum\"")
        let lateness = rule.lateness(of: submission(after: 1))
        #expect(lateness.points(of: 8, maximum: 10) == 4 && lateness.points(of: 3, maximum: 10) == 0)
        #expect(try self.rule(", \"clock\": \"received\"").lateness(of: submission(after: -9)).days == 12)
        #expect(try self.rule("").lateness(of: submission(after: 9)).percent == 0)
    }

    @Test("They are shown before they count, count once they are adopted, and a later file takes their place")
    func adoption() throws {
        let desk = try Desk()
        try desk.put("ada", second: 90_000)
        try desk.put("bob", second: 90_000)
        try desk.put("cleo", second: 0)
        let (gradebook, round) = try desk.began("dora")
        try gradebook.gradeAll(round) { _, question in QuestionResult(question, .correct, points: 1) }
        let effects = try gradebook.effects(of: rules(), on: desk.exercise)
        #expect(effects.map(\.student.learner) == ["ada", "bob", "cleo"])
        #expect(effects.map(\.before) == [2, 2, 2] && effects.map(\.after) == [1.6, 2, 2])
        #expect(effects[1].lateness?.extension?.reason == "ill")
        #expect(try gradebook.grades(of: desk.exercise).map(\.points) == [2, 2, 2, 2] && gradebook.lateRules() == nil)

        try gradebook.adopt(rules(), by: "grace")
        #expect(try gradebook.lateRules() == rules())
        let ada = try gradebook.grades(of: desk.exercise)[0]
        #expect(ada.points == 1.6 && ada.earned == 2)
        // A person's points are late, too.
        try gradebook.mark(#require(ada.submission), question: "second", points: 2, by: "grace")
        #expect(abs(try gradebook.grades(of: desk.exercise)[0].points - 2.4) < 1e-9)
        let none = try rules("{\"version\": 1, \"assignments\": {}}")
        #expect(try gradebook.effects(of: none, on: desk.exercise).map(\.student.learner) == ["ada"])
        try gradebook.adopt(none, by: "grace")
        #expect(try gradebook.grades(of: desk.exercise)[0].points == 3)
    }

    @Test("What is mistyped is a sentence with its place, not a rule that is silently another", arguments: [
        ("", "a value was expected"), ("[]", "should be an object, not a list"), ("{}", "should have \"version\""), ("{\"version\": 2, \"assignments\": {}}", "version should be 1"),
        ("{\"version\": 1, \"assignments\": {}, \"assignments\": {}}", "twice"), ("{\"version\": 1, \"assignments\": {\"Small 1\": {}}}", "embeddings/1"),
        ("{\"version\": 1, \"assignments\": {\"small/1\": {}}}", "assignments.small/1 should have \"due\""), ("@\"percentPerDy\": 1", "has \"percentPerDy\""),
        ("@\"percentPerDay\": 101", "assignments.small/1.percentPerDay should be a number from 0 to 100"), ("@\"percentPerDay\": \"10\"", "not a string"),
        ("@\"percentPerDay\": NaN", "from 0 to 100"), ("@\"graceMinutes\": 1.5", "whole number"), ("@\"takenFrom\": \"total\"", "\"earned\" or \"maximum\""),
        ("@\"extensions\": [{\"learner\": \"ada\"}]", "assignments.small/1.extensions[0] should have \"until\""),
        ("@\"extensions\": [{\"learner\": \"\", \"until\": \"2026-01-01T00:00Z\"}]", "extensions[0].learner should be a text"),
        ("@\"extensions\": [{\"learner\": \"a\", \"until\": \"2026-02-30T00:00Z\"}]", "there is no 2026-02-30"), ("@\"extensions\": [{\"learner\": \"a\", \"until\": \"2026-01-01T00:00\"}]", "with its zone"),
    ])
    func mistakes(text: String, expected: String) throws {
        let whole = text.hasPrefix("@") ? "{\"version\": 1, \"assignments\": {\"small/1\": {\"due\": \"2026-01-01T00:00Z\", \(text.dropFirst())}}}" : text
        let said = sentence { _ = try rules(whole) }
        #expect(said.hasPrefix("late.json") && said.contains(expected), "\(said)")
    }

    @Test("Whatever bytes a file has, it is read or refused in a sentence")
    func anyBytes() throws {
        var random = SplitMix(state: 6)
        for _ in 0..<rounds(500) {
            var bytes = Array(Self.sample.utf8)
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let place = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<3, using: &random) {
                case 0: bytes[place] = .random(in: 0...255, using: &random)
                case 1: bytes.remove(at: place)
                default: bytes.insert(contentsOf: bytes[place..<min(bytes.count, place + 9)], at: Int.random(in: 0..<bytes.count, using: &random))
                }
            }
            do {
                let rules = try LateRules(json: Data(bytes))
                for rule in rules.rules.values { _ = rule.lateness(of: submission(after: 100_000)) }
            } catch { #expect(error is GradebookError) }
        }
    }
}
