import DataFrames
import Foundation
import Testing
import Wire

@testable import Grading

@Suite struct CodingProblemTests {
    let positive = CodingProblem("q", variable: "x", points: 4) { (x: Double) in
        try expect(x > 0, "`x` is not positive.", mistake: "not-positive")
        if x > 100 { try award(1, of: 4, "`x` is large.", mistake: "large") }
        if x == 7 { throw correct("And it is a prime.") }
        if x == 8 { throw notAttempted("8 is what everybody has.") }
    }

    @Test("An answer that passes every expectation is correct and earns all points")
    func passes() throws {
        #expect(try Learner(["x": 3.5]).verdict(positive) == Verdict(problem: "q", outcome: .correct, points: 4, maximum: 4))
    }

    @Test("A failed expectation is an incorrect answer with its sentence and the kind of mistake")
    func failedExpectation() throws {
        #expect(
            try Learner(["x": -1]).verdict(positive)
                == Verdict(problem: "q", outcome: .incorrect, feedback: "`x` is not positive.", mistake: "not-positive", maximum: 4))
    }

    @Test("A check can award some of the points, praise, or find that nothing was attempted")
    func otherEnds() throws {
        let large = try Learner(["x": 200]).verdict(positive)
        #expect(large.outcome == .incorrect && large.points == 1 && large.mistake == "large")
        let prime = try Learner(["x": 7]).verdict(positive)
        #expect(prime.outcome == .correct && prime.points == 4 && prime.feedback == "And it is a prime.")
        let eight = try Learner(["x": 8]).verdict(positive)
        #expect(eight.outcome == .notAttempted && eight.points == 0 && eight.feedback == "8 is what everybody has.")
    }

    @Test("An expectation that fails can still give credit")
    func credit() throws {
        let problem = CodingProblem("q", variable: "x", points: 3) { (x: Int) in
            try expect(x.isMultiple(of: 2), "Odd.", mistake: "odd", credit: 0.5)
        }
        #expect(try Learner(["x": 3]).verdict(problem).points == 1.5)
        #expect(try Learner(["x": 4]).verdict(problem).points == 3)
    }

    @Test("A check gets up to four variables, each of its own type")
    func severalVariables() throws {
        let problem = CodingProblem("q", variables: "a", "b", "c", "d") { (a: Int, b: [String], c: Set<Int>, d: Double?) in
            try expect(a == 1 && b == ["x"] && c == [2, 3] && d == nil, "No.", mistake: "no")
        }
        var learner = Learner(["a": 1, "b": ["x"], "c": Set([3, 2])])
        learner.replies["d"] = LearnerAnswer(.null)
        #expect(try learner.verdict(problem).outcome == .correct)
        learner.replies["d"] = Learner.answer(2.5)
        #expect(try learner.verdict(problem).mistake == "no")
    }

    @Test("Nothing declared is not attempted; something missing is incorrect and named")
    func missing() throws {
        let problem = CodingProblem("q", variables: "a", "b") { (_: Int, _: Int) in }
        let none = try Learner().verdict(problem)
        #expect(none.outcome == .notAttempted && none.feedback == "There are no `a` and `b` yet: run the cell that declares them under these names.")
        let some = try Learner(["a": 1]).verdict(problem)
        #expect(some.outcome == .incorrect && some.mistake == "missing-variable" && some.feedback.contains("`b` is missing"))
    }

    @Test("A value of another type is told with both types, in the learner's terms")
    func wrongType() throws {
        let verdict = try Learner(replies: ["x": .json("[\"three\"]", type: "Swift.String")]).verdict(positive)
        #expect(verdict.outcome == .incorrect && verdict.mistake == "wrong-type")
        #expect(verdict.feedback == "`x` is a `String`; a `Double` was expected.")
        for (reply, words) in [
            (AnswerReply.null, "is nil"), (.model, "is a `Model`"), (.function(type: "(Int) -> Int"), "is a `(Int) -> Int`"),
            (.other(type: "Cell3.Widget<Swift.Int>"), "is a `Widget<Int>`"),
        ] {
            let verdict = try Learner(replies: ["x": reply]).verdict(positive)
            #expect(verdict.mistake == "wrong-type" && verdict.feedback.contains(words), "\(verdict.feedback)")
        }
    }

    @Test("A whole number is taken where a Double is asked for")
    func wholeNumber() throws {
        #expect(try Learner(["x": 3 as Int]).verdict(positive).outcome == .correct)
    }

    @Test("An array stands for a set unless it holds something twice; a set has no order, so it is no array")
    func arraysAndSets() throws {
        let set = CodingProblem("q", variable: "s") { (_: Set<String>) in }
        #expect(try Learner(["s": ["a", "b"]]).verdict(set).outcome == .correct)
        let twice = try Learner(["s": ["a", "a"]]).verdict(set)
        #expect(twice.mistake == "wrong-type" && twice.feedback.contains("twice"))
        let array = CodingProblem("q", variable: "s") { (_: [String]) in }
        #expect(try Learner(["s": Set(["a"])]).verdict(array).mistake == "wrong-type")
    }

    @Test("Neither nil, where the problem says so, nor the starter's value is an attempt")
    func starters() throws {
        let optional = CodingProblem("q", variable: "x", nilIsNotAttempted: true) { (x: Double?) in
            try expect(x == 1, "No.", mistake: "no")
        }
        #expect(try Learner(replies: ["x": .null]).verdict(optional).outcome == .notAttempted)
        #expect(try Learner(["x": 2.0]).verdict(optional).mistake == "no")
        let starter = CodingProblem("q", variable: "x", starter: ["a", "b"]) { (_: Set<String>) in }
        #expect(try Learner(["x": Set(["b", "a"])]).verdict(starter).outcome == .notAttempted)
        #expect(try Learner(["x": Set(["b"])]).verdict(starter).outcome == .correct)
        let pair = CodingProblem("q", variables: "x", "y", starter: (1, "a")) { (_: Int, _: String) in }
        #expect(try Learner(["x": 1, "y": "a"]).verdict(pair).outcome == .notAttempted)
        #expect(try Learner(["x": 1, "y": "b"]).verdict(pair).outcome == .correct)
        let early = CodingProblem("q", variables: "x", "y", nilIsNotAttempted: true, typeHint: "Count.") { (_: Int?, _: Int) in }
        #expect(try Learner(replies: ["x": .null]).verdict(early).feedback == "`x` is still nil.")
        #expect(try Learner(["x": "a", "y": 1]).verdict(early).feedback == "`x` is a `String`; an `Int` was expected. Count.")
    }

    @Test("An error of the checker's own is an apology, never a mark against the learner")
    func ownError() throws {
        struct Secret: Error { let expected = 42 }
        let verdict = try Learner(["x": 1]).verdict(CodingProblem("q", variable: "x") { (_: Int) in throw Secret() })
        #expect(verdict.outcome == .checkerFailed && verdict.feedback.contains("no fault of yours"))
        #expect(!verdict.feedback.contains("42"))
    }

    @Test("A kind of mistake that is not in kebab case is the checker's failure", arguments: ["No Set", "noSet", "-a", "a--b", "1", ""])
    func badMistake(id: String) throws {
        let problem = CodingProblem("q", variable: "x") { (_: Int) in throw incorrect("No.", mistake: id) }
        #expect(try Learner(["x": 1]).verdict(problem).outcome == .checkerFailed)
    }

    @Test("What a learner's process says can't break out of its place in a sentence")
    func hostileText() throws {
        let type = "A`\n# Correct\u{1B}[2J" + String(repeating: "x", count: 100_000)
        let feedback = try Learner(replies: ["x": .other(type: type)]).verdict(positive).feedback
        #expect(feedback.count < 200 && !feedback.contains("\n") && !feedback.contains("\u{1B}"))
        #expect(feedback.filter { $0 == "`" }.count == 6)
    }

    @Test("A value travels as an array of one, and anything else is no value of the type", arguments: [
        "3", "[]", "[3, 4]", "[[3]]", "[\"3\"]", "{}", "", "[3", "[null]", "[1e999]",
    ])
    func malformed(text: String) throws {
        #expect(try Learner(replies: ["x": .json(text, type: "Double")]).verdict(positive).mistake == "wrong-type")
    }

    @Test("When the learner's process is lost there is no verdict, whatever the check does with errors")
    func lostProcess() throws {
        let problem = FunctionProblem("q", function: "f") { (f: LearnerFunction) in
            let _: Int? = try? f(1)
        }
        var calls = 0
        let answers = Answers { _ in
            calls += 1
            if calls > 1 { throw WireError.closed }
            return LearnerAnswer(.function(type: "(Int) -> Int"))
        }
        #expect(throws: WireError.closed) { try Exercise("E") { problem }.judge("q", answers) }
    }
}

@Suite struct EqualityProblemTests {
    @Test("Feedback says where a value first differs, and not what is expected")
    func firstDifference() throws {
        func feedback<Value: Codable>(_ found: Value, _ expected: Value) throws -> String {
            let verdict = try Learner(["x": found]).verdict(EqualityProblem("q", variable: "x", expected: expected))
            #expect((verdict.outcome == .correct) == verdict.feedback.isEmpty)
            #expect(verdict.outcome == .correct || verdict.mistake == "wrong-value")
            return verdict.feedback
        }
        #expect(try feedback(3, 4) == "`x` is `3`, which is not the expected value.")
        #expect(try feedback(true, false) == "`x` is `true`, which is not the expected value.")
        #expect(try feedback([1, 2, 3], [1, 2, 4]) == "`x[2]` is `3`, which is not the expected value.")
        #expect(try feedback([1, 2], [1, 2, 4]) == "`x` has 2 elements, which is too few.")
        #expect(try feedback([[1], [2, 3]], [[1], [2]]) == "`x[1]` has 2 elements, which is too many.")
        #expect(try feedback(Set(["a", "b"]), Set(["a", "c"])) == "`x` holds `\"b\"`, which does not belong there.")
        #expect(try feedback(Set(["a"]), Set(["a", "c", "d"])) == "`x` lacks 2 values.")
        #expect(try feedback(["a": 1], ["a": 2]) == "`x[\"a\"]` is `1`, which is not the expected value.")
        #expect(try feedback(["b": 1], ["a": 1]) == "`x` has the key `\"b\"`, which does not belong there.")
        #expect(try feedback([:], ["a": 1]) == "`x` lacks a key.")
        #expect(try feedback("alien", "Alien") == "`x` differs from what was expected only in upper and lower case.")
        #expect(try feedback("a b", "ab") == "`x` differs from what was expected only in its spaces or line breaks.")
        #expect(try feedback("abxd", "abcd") == "`x` is not the expected text from character 3 on. Up to `\"ab\"` it is right.")
        #expect(try feedback("abc", "ab") == "`x` goes on after character 2, where it should end.")
        #expect(try feedback("ab", "abc") == "`x` begins as expected, and ends too early.")
        #expect(try feedback(["a": [1.0, 2]], ["a": [1, 2]]) == "")
        struct Point: Codable, Equatable { var x = 0.0, y = 0.0 }
        #expect(try feedback([Point(x: 1, y: 2)], [Point(x: 1, y: 3)]) == "`x[0].y` is `2.0`, which is not the expected value.")
        enum Side: String, Codable { case left, right }
        #expect(try feedback(Side.left, Side.left) == "")
        #expect(try feedback(Side.left, Side.right) == "`x` is `left`, which is not the expected value.")
    }

    @Test("A table is compared column by column, whatever their order, and then value by value")
    func tables() throws {
        let expected = DataFrame(["id": [1, 2, 3], "mean": [0.5, 1.5, 2.5]])
        func feedback(_ found: DataFrame) throws -> String {
            var learner = Learner()
            learner.replies["x"] = LearnerAnswer(.dataFrame, attachment: found.archive())
            return try learner.verdict(EqualityProblem("q", variable: "x", expected: expected)).feedback
        }
        #expect(try feedback(DataFrame(["mean": [0.5, 1.5, 2.5000001], "id": [1, 2, 3]])) == "")
        #expect(try feedback(DataFrame(["id": [1, 2, 3]])) == "`x` lacks a column.")
        #expect(try feedback(DataFrame(["id": [1, 2, 3], "Mean": [0.5, 1.5, 2.5]])) == "`x` has a column `Mean`, which does not belong there.")
        #expect(try feedback(DataFrame(["id": [1, 2], "mean": [0.5, 1.5]])) == "`x` has 2 rows, which is too few.")
        #expect(try feedback(DataFrame(["id": [1, 2, 3], "mean": [0.5, 1.6, 2.5]])) == "`x[\"mean\"][1]` is `1.6`, which is not the expected value.")
    }

    @Test("A value that travelled is the same as before, and one that was changed in one place is not")
    func random() throws {
        var random = SeededGenerator(seed: 11)
        for _ in 0..<300 {
            let value = Tree.random(depth: 3, &random)
            let changed = value.changed(&random)
            let problem = EqualityProblem("q", variable: "x", expected: value)
            #expect(try Learner(["x": value]).verdict(problem).outcome == .correct)
            let verdict = try Learner(["x": changed]).verdict(problem)
            #expect(verdict.outcome == .incorrect && verdict.feedback.hasPrefix("`x"), "\(value) \(changed)")
        }
    }

    private struct Tree: Codable {
        var number: Double
        var name: String?
        var branches: [Tree]
        var counts: [String: Int]

        static func random(depth: Int, _ random: inout SeededGenerator) -> Tree {
            let branches = depth == 0 ? 0 : Int.random(in: 0...2, using: &random)
            return Tree(
                number: .random(in: -10...10, using: &random), name: Bool.random(using: &random) ? nil : "n",
                branches: (0..<branches).map { _ in Tree.random(depth: depth - 1, &random) },
                counts: ["a": .random(in: 0...9, using: &random)])
        }

        func changed(_ random: inout SeededGenerator) -> Tree {
            var copy = self
            if let place = branches.indices.randomElement(using: &random), Bool.random(using: &random) {
                copy.branches[place] = branches[place].changed(&random)
                return copy
            }
            switch Int.random(in: 0..<4, using: &random) {
            case 0: copy.number += 1
            case 1: copy.name = name == nil ? "m" : nil
            case 2: copy.branches.append(Tree(number: 0, name: nil, branches: [], counts: [:]))
            default: copy.counts["a", default: 0] += 1
            }
            return copy
        }
    }

    @Test("Floating-point numbers may be off by a millionth of themselves, or by what the problem says")
    func tolerance() throws {
        func isCorrect(_ found: Double, _ expected: Double, _ tolerance: Double? = nil) throws -> Bool {
            let problem = tolerance.map { EqualityProblem("q", variable: "x", expected: expected, tolerance: $0) }
                ?? EqualityProblem("q", variable: "x", expected: expected)
            return try Learner(["x": found]).verdict(problem).outcome == .correct
        }
        #expect(try isCorrect(1.0000009, 1) && !isCorrect(1.000002, 1))
        #expect(try isCorrect(1e12 + 1e5, 1e12) && !isCorrect(1e-9, 2e-9))
        #expect(try isCorrect(1.04, 1, 0.05) && !isCorrect(1.06, 1, 0.05))
        #expect(try isCorrect(1e-13, 0) && !isCorrect(1e-9, 0))
        #expect(try isCorrect(.nan, .nan) && isCorrect(.infinity, .infinity) && !isCorrect(.infinity, 1) && !isCorrect(.nan, 1))
    }

    @Test("Whole numbers are compared exactly")
    func integers() throws {
        let problem = EqualityProblem("q", variable: "x", expected: 100_000_000)
        #expect(try Learner(["x": 100_000_001]).verdict(problem).outcome == .incorrect)
    }

    @Test("Several variables are compared in order, and their starter values are no attempt")
    func several() throws {
        let problem = EqualityProblem("q", expected: ["n": 95, "name": "x"], starters: ["n": 0, "name": ""])
        #expect(try Learner(["n": 95, "name": "x"]).verdict(problem).outcome == .correct)
        #expect(try Learner(["n": 0, "name": ""]).verdict(problem).outcome == .notAttempted)
        #expect(try Learner(["n": 95, "name": ""]).verdict(problem).feedback == "`name` is empty.")
        #expect(try Learner(["n": 1, "name": ""]).verdict(problem).feedback.hasPrefix("`n` is `1`"))
    }

    @Test("An optional is compared as what it holds")
    func optionals() throws {
        let problem = EqualityProblem("q", variable: "x", expected: Int?.some(3), starter: .some(nil))
        #expect(try Learner(["x": 3]).verdict(problem).outcome == .correct)
        #expect(try Learner(["x": 4]).verdict(problem).feedback == "`x` is `4`, which is not the expected value.")
        #expect(try Learner(replies: ["x": .null]).verdict(problem).outcome == .notAttempted)
    }
}

@Suite struct FunctionProblemTests {
    let norm = FunctionProblem("q", function: "norm", cases: [([[3.0, 4.0]], 5.0), ([[0.0]], 0.0)])

    @Test("A function that returns what every case says is correct")
    func right() throws {
        let learner = Learner(function: "norm") { arguments in
            let numbers = (try? JSONDecoder().decode([[Double]].self, from: arguments))?[0] ?? []
            return Learner.reply(numbers.reduce(0) { $0 + $1 * $1 }.squareRoot())
        }
        #expect(try learner.verdict(norm).outcome == .correct)
    }

    @Test("What a function threw, that it returned nothing, and what else it returned are three sentences")
    func wrong() throws {
        func verdict(_ reply: AnswerReply) throws -> Verdict { try Learner(function: "norm") { _ in reply }.verdict(norm) }
        let threw = try verdict(.threw("NormError.empty"))
        #expect(threw.mistake == "function-threw" && threw.feedback == "`norm([3.0, 4.0])` threw an error: NormError.empty")
        let nothing = try verdict(.null)
        #expect(nothing.mistake == "no-result" && nothing.feedback == "`norm([3.0, 4.0])` returned nothing: is a `return` missing?")
        let void = try Learner(replies: ["norm": .other(type: "(Swift.Array<Swift.Double>) -> ()")]).verdict(norm)
        #expect(void.mistake == "no-result" && void.feedback == "`norm` returns nothing: it should return its result.")
        let other = try verdict(Learner.reply(7.0))
        #expect(other.mistake == "wrong-result")
        #expect(other.feedback == "`norm([3.0, 4.0])` returned `7.0`, which is not the right result.")
        let text = try verdict(Learner.reply("five"))
        #expect(text.mistake == "wrong-type" && text.feedback == "`norm([3.0, 4.0])` returned a `String`; a `Double` was expected.")
        let ended = try verdict(.ended("Index out of range, line 3."))
        #expect(ended.outcome == .error && ended.feedback.contains("ended your code: Index out of range, line 3."))
    }

    @Test("A wrong result that is a collection is told with the place of its first difference")
    func place() throws {
        let problem = FunctionProblem("q", function: "f", cases: [([2], [1, 2])])
        let verdict = try Learner(function: "f") { _ in Learner.reply([1, 3]) }.verdict(problem)
        #expect(verdict.feedback == "`f(2)` returned `[1, 3]`, which is not the right result: `result[1]` is `3`, which is not the expected value.")
    }

    @Test("A checker calls the function with arguments of its own, the same random ones each time")
    func ownArguments() throws {
        var seen: [[Double]] = []
        let problem = FunctionProblem("q", function: "twice", seed: 7) { (twice: LearnerFunction, random: inout SeededGenerator) in
            for _ in 0..<3 {
                let x = Double.random(in: -1...1, using: &random)
                let result: Double = try twice(x)
                try expect(result == 2 * x, "Not twice.", mistake: "not-twice")
                try twice.expect(2 * x, for: x)
            }
        }
        let learner = Learner(function: "twice") { arguments in
            let numbers = (try? JSONDecoder().decode([Double].self, from: arguments)) ?? []
            seen.append(numbers)
            return Learner.reply(2 * numbers[0])
        }
        #expect(try learner.verdict(problem).outcome == .correct)
        let first = seen
        seen = []
        #expect(try learner.verdict(problem).outcome == .correct)
        #expect(seen == first && seen.count == 6 && Set(seen).count == 3)
    }

    @Test("A variable that holds no function is told so")
    func noFunction() throws {
        let verdict = try Learner(["norm": 3]).verdict(norm)
        #expect(verdict.mistake == "wrong-type" && verdict.feedback == "`norm` is an `Int`; a function was expected.")
        #expect(try Learner().verdict(norm).outcome == .notAttempted)
    }
}

@Suite struct ExerciseTests {
    let exercise = Exercise("Movies", points: 3) {
        CodingProblem("part1", variable: "a") { (_: Int) in }
        ThoughtExperiment("part2")
        MultipartProblem("part3") {
            ThoughtExperiment("a")
            CodingProblem("c", variable: "b", points: 2) { (_: Int) in }
            EqualityProblem("d", variable: "e", expected: 1, points: 5, isBonus: true)
        }
    }

    @Test("An outline names all problems, their kinds, variables and points")
    func outline() {
        #expect(exercise.faults == [])
        #expect(exercise.points == 3)
        #expect(
            exercise.outline
                == ExerciseOutline(
                    name: "Movies",
                    problems: [
                        ProblemOutline(path: "part1", kind: .coding, variables: ["a"], points: 1),
                        ProblemOutline(path: "part2", kind: .thought, variables: [], points: 0),
                        ProblemOutline(
                            path: "part3", kind: .multipart, variables: [], points: 2,
                            parts: [
                                ProblemOutline(path: "part3.a", kind: .thought, variables: [], points: 0),
                                ProblemOutline(path: "part3.c", kind: .coding, variables: ["b"], points: 2),
                                ProblemOutline(path: "part3.d", kind: .equality, variables: ["e"], points: 5, isBonus: true),
                            ]),
                    ]))
    }

    @Test("A part is judged by its path, a thought experiment is unread, and a multipart is not judged")
    func paths() throws {
        let answers = Learner(["b": 1]).answers
        #expect(try exercise.judge("part3.c", answers) == Verdict(problem: "part3.c", outcome: .correct, points: 2, maximum: 2))
        #expect(try exercise.judge("part3.a", answers) == Verdict(problem: "part3.a", outcome: .unread, maximum: 0))
        for path in ["part3", "part4", "part3.x", "part1.a", "", "part3.", "part3.c.c"] {
            #expect(throws: UnknownProblem.self) { try exercise.judge(path, answers) }
        }
    }

    @Test("What an author got wrong in the declarations is told in sentences")
    func faults() {
        struct Opaque {}
        let faults = Exercise("1 Movies", points: 9) {
            CodingProblem("part1", variable: "a") { (_: Int) in }
            CodingProblem("part1", variable: "a") { (_: Int) in }
            ThoughtExperiment("part 2")
            ThoughtExperiment("class")
            MultipartProblem("part3") {}
            MultipartProblem("part4", points: 2) { CodingProblem("check", variable: "x y") { (_: Int) in } }
            CodingProblem("part5", variable: "o") { (_: Opaque) in }
            CodingProblem("part6", variables: "a") { (_: Int, _: Int) in }
            FunctionProblem("part7", function: "f", cases: [([any Encodable], Int)]())
        }.faults
        for words in [
            "Exercise(\"1 Movies\"): a learner imports", "declares 9 points, and its problems add up to",
            "several problems named \"part1\"", "\"part 2\": a learner writes", "\"class\": a learner writes",
            "part3: a multipart problem needs parts", "part4: 2 points are declared, and the parts add up to 1.",
            "part4.check: `check` is what a learner calls", "\"x y\" can't be the name",
            "part5: Opaque is no type that an answer can have", "part6: 1 variables are named, and the check has 2 parameters",
            "part7: a FunctionProblem needs at least one case",
        ] {
            #expect(faults.contains { $0.contains(words) }, "\(words)")
        }
        #expect(faults.count == 12)
        #expect(Exercise("Empty") {}.faults == ["Exercise(\"Empty\") has no problems: declare at least one."])
    }
}
