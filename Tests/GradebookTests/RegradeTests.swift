@testable import Gradebook
import Testing

@Suite("Regrading")
struct RegradeTests {
    let desk: Desk
    let gradebook: SQLiteGradebook
    let round: Round

    init() throws {
        desk = try Desk()
        (gradebook, round) = try desk.began("ada", "bob", "cleo")
        try gradebook.gradeAll(round) { learner, question in
            QuestionResult(question, learner == "bob" ? .incorrect : .correct, points: learner == "bob" ? 0 : 1, mistake: learner == "bob" ? "off-by-one" : nil)
        }
    }

    func propose(_ scope: RegradeScope = .all, checkers: String = "c2") throws -> Round {
        try gradebook.proposeRegrade(
            of: desk.exercise, scope, questions: desk.questions, key: GradingKey(courseVersion: "v1", checkers: checkers), by: "grace", reason: "The checker was wrong.")
    }

    func points() throws -> [Double] { try gradebook.grades(of: desk.exercise).map(\.points) }

    @Test("Its results are kept aside, its differences are listed, and they count once they are accepted")
    func accepted() throws {
        let proposal = try propose()
        #expect(proposal.state == .proposed && proposal.reason == "The checker was wrong." && proposal.author == "grace")
        try gradebook.gradeAll(proposal) { _, question in QuestionResult(question, .correct, points: 1) }
        #expect(try points() == [2, 0, 2])
        let differences = try gradebook.differences(of: proposal)
        #expect(differences.map(\.submission.student.learner) == ["bob", "bob"] && differences.map(\.question) == ["first", "second"])
        #expect(differences[0].before?.result.mistake == "off-by-one" && differences[0].after.result.outcome == .correct)

        try gradebook.accept(proposal, by: "grace")
        #expect(try points() == [2, 2, 2])
        #expect(try gradebook.currentRound(of: desk.exercise)?.key.checkers == "c2" && gradebook.proposedRound(of: desk.exercise) == nil)
        let bob = try gradebook.submissions(of: desk.exercise)[1]
        #expect(try gradebook.history(of: bob, question: "first").results.map(\.key.checkers) == ["c1", "c2"])
        // What comes later is graded as the rest is.
        try desk.put("dora")
        try gradebook.load(collectionIn: desk.folder)
        #expect(try gradebook.claim(9, round) == [])
        #expect(try gradebook.claim(9, #require(try gradebook.currentRound(of: desk.exercise))).map(\.submission.student.learner) == ["dora"])
    }

    @Test("What is dropped never counts, stays in the history, and leaves the way free for another")
    func dropped() throws {
        let proposal = try propose()
        let claim = try gradebook.claim(1, proposal)[0]
        try gradebook.finish(claim, with: claim.run(.incorrect))
        let open = try gradebook.claim(1, proposal)[0]
        try gradebook.drop(proposal, by: "grace")
        #expect(try gradebook.finish(open, with: open.run()) == .discarded)
        #expect(try points() == [2, 0, 2])
        let ada = try gradebook.submissions(of: desk.exercise)[0]
        #expect(try gradebook.history(of: ada, question: "first").results.map(\.result.outcome) == [.correct, .incorrect])
        #expect(sentence { try gradebook.accept(proposal, by: "grace") }.contains("accepted or dropped before"))
        #expect(try propose(checkers: "c3").id != proposal.id)
    }

    @Test("By question: only its results are made anew, and the others stay")
    func byQuestion() throws {
        let proposal = try propose(.questions(["second"]))
        #expect(try gradebook.claim(1, proposal)[0].questions == ["second"])
        try gradebook.release("w")
        try gradebook.gradeAll(proposal) { _, question in QuestionResult(question, .correct, points: 2) }
        try gradebook.accept(proposal, by: "grace")
        #expect(try gradebook.grades(of: desk.exercise).map { $0.items.map(\.points) } == [[1, 2], [0, 2], [1, 2]])
        #expect(try gradebook.grades(of: desk.exercise)[0].items.map(\.result?.key.checkers) == ["c1", "c2"])
    }

    @Test("Those that changed: what was graded with another key, and nothing else")
    func changed() throws {
        let one = try propose(.questions(["first"]))
        try gradebook.gradeAll(one)
        try gradebook.accept(one, by: "grace")
        let rest = try propose(.changed)
        let claims = try gradebook.claim(9, rest)
        #expect(claims.count == 3 && claims.allSatisfy { $0.questions == ["second"] })
        for claim in claims { try gradebook.finish(claim, with: claim.run()) }
        try gradebook.accept(rest, by: "grace")
        #expect(sentence { _ = try propose(.changed) }.contains("graded with this key already"))
        #expect(try gradebook.proposedRound(of: desk.exercise) == nil)
    }

    @Test("A person's points and comment stand beside the automatic ones, and no regrade takes them away")
    func marks() throws {
        let bob = try gradebook.submissions(of: desk.exercise)[1]
        try gradebook.mark(bob, question: "second", points: 0.5, comment: "A good idea.", by: "grace")
        try gradebook.mark(bob, question: "second", points: 1.5, comment: "A very good idea.", by: "alan")
        #expect(try points()[1] == 1.5)
        let item = try gradebook.grades(of: desk.exercise)[1].items[1]
        #expect(item.result?.result.points == 0 && item.mark?.comment == "A very good idea." && item.mark?.author == "alan")
        #expect(try gradebook.history(of: bob, question: "second").marks.map(\.author) == ["grace", "alan"])

        let proposal = try propose()
        try gradebook.gradeAll(proposal) { _, question in QuestionResult(question, .correct, points: 1) }
        #expect(try gradebook.differences(of: proposal).map(\.mark?.points) == [nil, 1.5])
        try gradebook.accept(proposal, by: "grace")
        #expect(try points()[1] == 2.5)
        // Without points the automatic ones stand again.
        try gradebook.mark(bob, question: "second", points: nil, comment: "See the solution.", by: "grace")
        #expect(try points()[1] == 2)
        #expect(sentence { try gradebook.mark(bob, question: "third", points: 1, by: "grace") }.contains("no question third"))
        #expect(sentence { try gradebook.mark(bob, question: "first", points: -1, by: "grace") }.contains("from 0"))
    }

    @Test("A grader's failure in a regrade does not take a result away")
    func failures() throws {
        let gradebook = try desk.gradebook(Patience(failures: 1, losses: 1))
        let proposal = try propose()
        try gradebook.gradeAll(proposal) { _, question in QuestionResult(question, .graderFailure) }
        #expect(try gradebook.differences(of: proposal) == [])
        try gradebook.accept(proposal, by: "grace")
        #expect(try points() == [2, 0, 2])
        #expect(try gradebook.troubles(of: proposal.id).count == 3)
        try gradebook.tryAgain(proposal.id)
        try gradebook.gradeAll(proposal)
        #expect(try points() == [2, 2, 2])
    }

    @Test("One proposal at a time, of questions that there are, of an exercise that was graded; all of it must be graded before it is accepted")
    func refusals() throws {
        #expect(sentence { _ = try propose(.questions(["third"])) }.contains("has no question third"))
        let proposal = try propose()
        #expect(sentence { _ = try propose() }.contains("Accept or drop it first"))
        #expect(sentence { try gradebook.accept(proposal, by: "grace") }.contains("not done yet: 3"))
        #expect(sentence { try gradebook.beginGrading(desk.exercise, questions: desk.questions, key: proposal.key, by: "grace") }.contains("propose a regrade"))
        #expect(try gradebook.beginGrading(desk.exercise, questions: desk.questions, key: desk.key, by: "grace").id == round.id)
        try gradebook.drop(proposal, by: "grace")
        try desk.put("dora")
        try gradebook.load(collectionIn: desk.folder)
        let one = try propose(.questions(["first"]))
        try gradebook.gradeAll(one)
        #expect(sentence { try gradebook.accept(one, by: "grace") }.contains("need a person: 1"))
        try gradebook.gradeAll(round)
        try gradebook.accept(one, by: "grace")
    }
}
