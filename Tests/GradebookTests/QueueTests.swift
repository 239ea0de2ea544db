@testable import Gradebook
import Testing
import Wire

@Suite("The queue of gradings")
struct QueueTests {
    @Test("Claims give out each grading once, the oldest first, and finishing records a result for each question")
    func roundTrip() throws {
        let desk = try Desk()
        let (gradebook, round) = try desk.began("ada", "bob", "cleo")
        let first = try gradebook.claim(2, round, by: "one"), second = try gradebook.claim(9, round, by: "two")
        #expect(first.map(\.submission.student.learner) == ["ada", "bob"] && second.map(\.submission.student.learner) == ["cleo"])
        #expect(first[0].questions == ["first", "second"] && first[0].attempt == 1)
        #expect(try gradebook.claim(9, round, by: "three") == [])
        #expect(try gradebook.progress(of: round.id).claimed == 3)

        let used = Usage(processorTime: .milliseconds(812), duration: .milliseconds(1_030), memory: 90 << 20)
        let results = [
            QuestionResult("first", .learnerError, sentence: "Index out of range.", mistake: "off-by-one", cell: "a1", line: 3, seed: .max, used: used),
            QuestionResult("second", .correct, points: 2),
        ]
        #expect(try gradebook.finish(first[0], with: GradingRun(results, sandbox: "A", used: used)) == .recorded)
        let grade = try #require(try gradebook.grades(of: desk.exercise).first)
        #expect(grade.items.map(\.result?.result) == results)
        #expect(grade.items[0].result?.sandbox == "A" && grade.items[0].result?.worker == "one" && grade.items[0].result?.key == desk.key)
        #expect(grade.points == 2 && grade.maximum == 3 && grade.isComplete)
        let progress = try gradebook.progress(of: round.id)
        #expect((progress.open, progress.claimed, progress.done, progress.needPerson) == (0, 2, 1, 0) && !progress.isOver)
    }

    @Test("What a lost worker had comes to another, and what it finishes after that is discarded")
    func fence() throws {
        let desk = try Desk()
        let (gradebook, round) = try desk.began("ada")
        let lost = try gradebook.claim(1, round, by: "slow", for: .zero)[0]
        #expect(try gradebook.begin(lost, for: .zero))
        let next = try gradebook.claim(1, round, by: "other")[0]
        #expect(next.id == lost.id && next.attempt == 2)
        #expect(try !gradebook.begin(lost, for: .seconds(1)))
        #expect(try gradebook.renew("slow", for: .seconds(1)) == [])
        #expect(try gradebook.finish(lost, with: lost.run(.incorrect)) == .discarded)
        #expect(try gradebook.fail(lost, because: "late") == .discarded)
        #expect(try gradebook.finish(next, with: next.run()) == .recorded)
        // Twice the same, as when an answer was lost on its way.
        #expect(try gradebook.finish(next, with: next.run(.incorrect)) == .discarded)
        #expect(try gradebook.grades(of: desk.exercise)[0].points == 2)
        #expect(try gradebook.number("SELECT count(*) FROM result") == 2)
    }

    @Test("A worker that was given up too early may still finish, as long as no other has begun in its place")
    func givenUpEarly() throws {
        let desk = try Desk()
        let (gradebook, round) = try desk.began("ada", "bob", patience: Patience(failures: 3, losses: 1))
        let slow = try gradebook.claim(1, round, by: "slow", for: .zero)[0]
        #expect(try gradebook.begin(slow, for: .zero))
        // Another worker notices, and takes the one that has had less trouble.
        #expect(try gradebook.claim(1, round, by: "other")[0].submission.student.learner == "bob")
        #expect(try gradebook.progress(of: round.id).needPerson == 1)
        #expect(try gradebook.finish(slow, with: slow.run()) == .recorded)
        #expect(try gradebook.progress(of: round.id).needPerson == 0)
    }

    @Test("A heartbeat prolongs all that a worker has")
    func heartbeat() throws {
        let desk = try Desk()
        let (gradebook, round) = try desk.began("ada", "bob")
        let claims = try gradebook.claim(2, round, by: "w", for: .zero)
        #expect(try gradebook.renew("w", for: .seconds(600)) == Set(claims.map(\.id)))
        #expect(try gradebook.claim(2, round, by: "other") == [])
        #expect(try gradebook.progress(of: round.id).nextLapse.map { $0.timeIntervalSinceNow > 100 } == true)
    }

    @Test("A loss is held against a grading only where work at it had begun; after too many, or after too many failures, a person must look")
    func patience() throws {
        let desk = try Desk()
        let (gradebook, round) = try desk.began("ada", "bob", patience: Patience(failures: 2, losses: 2))
        for name in ["a", "b", "c"] {
            let claims = try gradebook.claim(9, round, by: name)
            #expect(claims.count == 2)
            try gradebook.lose(name, because: "Killed.")
        }
        for name in ["d", "e"] {
            let claims = try gradebook.claim(9, round, by: name)
            let ada = try #require(claims.first { $0.submission.student.learner == "ada" })
            #expect(try gradebook.begin(ada, for: .seconds(9)))
            try gradebook.lose(name, because: "Killed by signal 9.")
        }
        let troubles = try gradebook.troubles(of: round.id)
        #expect(troubles.map(\.submission.student.learner) == ["ada"])
        #expect(troubles[0].attempts.map(\.ending) == ["lost", "lost", "lost", "lost", "lost"] && troubles[0].attempts[4].sentence == "Killed by signal 9.")

        #expect(try gradebook.fail(gradebook.claim(1, round)[0], because: "No room.") == .triedAgain)
        #expect(try gradebook.fail(gradebook.claim(1, round)[0], because: "No room.") == .needsPerson)
        #expect(try gradebook.claim(9, round) == [] && gradebook.progress(of: round.id).isOver)
        #expect(try gradebook.tryAgain(round.id) == 2)
        try gradebook.gradeAll(round)
        #expect(try gradebook.progress(of: round.id).done == 2 && gradebook.troubles(of: round.id) == [])
    }

    @Test("What had trouble waits until all else is done")
    func order() throws {
        let desk = try Desk()
        let (gradebook, round) = try desk.began("ada", "bob")
        try gradebook.fail(gradebook.claim(1, round)[0], because: "No room.")
        #expect(try gradebook.claim(9, round).map(\.submission.student.learner) == ["bob", "ada"])
    }

    @Test("What a worker gives back is open at once, and nothing is held against it")
    func release() throws {
        let desk = try Desk()
        let (gradebook, round) = try desk.began("ada", patience: Patience(failures: 1, losses: 1))
        let claim = try gradebook.claim(1, round, by: "w")[0]
        #expect(try gradebook.begin(claim, for: .seconds(600)))
        try gradebook.release("w")
        #expect(try gradebook.finish(claim, with: claim.run()) == .discarded)
        #expect(try gradebook.claim(1, round, by: "other")[0].attempt == 2)
    }

    @Test("A grader's failure at one question is tried again; in the end the other results are there to be looked at, and the question has no points")
    func graderFailure() throws {
        let desk = try Desk()
        let (gradebook, round) = try desk.began("ada", patience: Patience(failures: 2, losses: 2))
        func run() throws -> Receipt {
            let claim = try gradebook.claim(1, round)[0]
            return try gradebook.finish(claim, with: GradingRun([
                QuestionResult("first", .correct, points: 1), QuestionResult("second", .graderFailure, sentence: "The checker ended."),
            ], sandbox: "A"))
        }
        #expect(try run() == .triedAgain)
        #expect(try gradebook.grades(of: desk.exercise)[0].items.allSatisfy { $0.result == nil })
        #expect(try run() == .needsPerson)
        var grade = try gradebook.grades(of: desk.exercise)[0]
        #expect(grade.items.map(\.points) == [1, nil] && !grade.isComplete)
        #expect(try gradebook.troubles(of: round.id)[0].attempts.map(\.sentence) == ["The checker ended.", "The checker ended."])

        try gradebook.tryAgain(round.id)
        try gradebook.gradeAll(round) { _, question in QuestionResult(question, .incorrect) }
        grade = try gradebook.grades(of: desk.exercise)[0]
        #expect(grade.isComplete && grade.points == 0)
        let history = try gradebook.history(of: #require(grade.submission), question: "first").results
        #expect(history.map(\.result.outcome) == [.correct, .incorrect] && history.map { $0.replaced == nil } == [false, true])
    }

    @Test("A newer submission that can't be graded does not cost the learner the earlier one")
    func notGradable() throws {
        let desk = try Desk()
        try desk.put("ada", second: 1, text: "good")
        let (gradebook, round) = try desk.began()
        try desk.put("ada", second: 2, text: "broken")
        try gradebook.load(collectionIn: desk.folder)
        let claim = try gradebook.claim(9, round)
        #expect(claim.count == 1 && claim[0].submission.claimed == Desk.date(2))
        #expect(try gradebook.finish(claim[0], with: claim[0].run(.notGradable, "It is no notebook.")) == .recorded)
        try gradebook.gradeAll(round)
        let grade = try gradebook.grades(of: desk.exercise)[0]
        #expect(grade.submission?.claimed == Desk.date(1) && grade.points == 2 && grade.isComplete)
    }

    @Test("A submission that comes to count again is graded as if for the first time, whatever trouble it had before")
    func countsAgain() throws {
        let desk = try Desk()
        let (gradebook, round) = try desk.began("ada", patience: Patience(failures: 1, losses: 1))
        try gradebook.gradeAll(round) { _, question in QuestionResult(question, question == "first" ? .graderFailure : .correct) }
        #expect(try gradebook.troubles(of: round.id).count == 1)
        try desk.put("ada", second: 2, text: "broken")
        try gradebook.load(collectionIn: desk.folder)
        #expect(try gradebook.troubles(of: round.id) == [])
        try gradebook.gradeAll(round) { _, question in QuestionResult(question, .notGradable) }
        try gradebook.gradeAll(round)
        let grade = try gradebook.grades(of: desk.exercise)[0]
        #expect(grade.submission?.claimed == Desk.date(0) && grade.points == 2 && grade.isComplete)
    }

    @Test("A checker's verdict becomes a result; of a thought experiment there is none")
    func verdicts() {
        let verdict = Verdict(problem: "first", outcome: .error, feedback: "It trapped.", mistake: "trap", points: 0, maximum: 2, cell: "a", line: 3)
        #expect(QuestionResult(verdict, seed: 7) == QuestionResult("first", .learnerError, sentence: "It trapped.", mistake: "trap", cell: "a", line: 3, seed: 7))
        #expect(QuestionResult(Verdict(problem: "first", outcome: .checkerFailed, maximum: 1))?.outcome == .graderFailure)
        #expect(QuestionResult(Verdict(problem: "first", outcome: .unread, maximum: 1)) == nil && QuestionResult(Verdict(problem: "first", outcome: .read, maximum: 1)) == nil)
    }

    @Test("A learner with nothing else keeps a submission that can't be graded")
    func onlyNotGradable() throws {
        let desk = try Desk()
        let (gradebook, round) = try desk.began("ada")
        try gradebook.gradeAll(round) { _, question in QuestionResult(question, .notGradable) }
        let grade = try gradebook.grades(of: desk.exercise)[0]
        #expect(grade.submission != nil && grade.points == 0 && grade.items[0].result?.result.outcome == .notGradable)
        #expect(try gradebook.progress(of: round.id).isOver)
    }

    @Test("Results that are not one for each question are refused, and the grading stays the worker's")
    func wrongQuestions() throws {
        let desk = try Desk()
        let (gradebook, round) = try desk.began("ada")
        let claim = try gradebook.claim(1, round)[0]
        let first = QuestionResult("first", .correct, points: 1), second = QuestionResult("second", .correct, points: 1)
        for results in [[], [first], [first, first], [first, second, second], [first, QuestionResult("third", .correct)]] {
            #expect(sentence { try gradebook.finish(claim, with: GradingRun(results, sandbox: "A")) }.contains("one result for each of first, second"))
        }
        #expect(sentence { try gradebook.finish(claim, with: GradingRun([first, QuestionResult("second", .correct, points: .nan)], sandbox: "A")) } == "Points are finite numbers.")
        #expect(try gradebook.finish(claim, with: claim.run()) == .recorded)
    }

    @Test("Whatever a checker says of a hostile answer is kept within bounds, and comes back as it was")
    func texts() throws {
        let desk = try Desk()
        let (gradebook, round) = try desk.began("ada", "bob")
        let odd = "'); DROP TABLE result; -- \u{1B}[2J \u{202E} ✓ é"
        try gradebook.gradeAll(round) { learner, question in
            QuestionResult(question, .incorrect, sentence: learner == "ada" ? odd : "a\0b" + String(repeating: "é", count: 20_000), mistake: odd, cell: odd)
        }
        let grades = try gradebook.grades(of: desk.exercise)
        #expect(grades[0].items[0].result?.result == QuestionResult("first", .incorrect, sentence: odd, mistake: odd, cell: odd))
        let long = try #require(grades[1].items[0].result?.result.sentence)
        #expect(long.hasPrefix("a\u{FFFD}bé") && long.hasSuffix("…") && long.utf8.count < 17_000)
    }
}
