import Testing

@testable import DataFrames

@Suite("Groups and joins")
struct GroupingAndJoiningTests {
    let ratings: DataFrame = [
        "user": [1, 1, 2, 3, 3, 3], "movie": [10, 20, 10, nil, 20, 20], "rating": [4.0, 3.0, 5.0, 1.0, nil, 2.0],
        "word": ["a", "b", "c", "d", nil, "f"],
    ]

    @Test("Several aggregates at once become named columns, groups in ascending order, a missing key last")
    func aggregates() {
        let summary = ratings.grouped(by: "movie").aggregated([
            "n": .count, "mean": .mean(of: "rating"), "sum": .sum(of: "user"), "least": .min(of: "rating"), "most": .max(of: "user"),
            "word": .first(of: "word"), "users": .uniqueCount(of: "user"),
        ])
        #expect(summary == [
            "movie": [10, 20, nil], "n": [2, 3, 1], "mean": [4.5, 2.5, 1.0], "sum": [3, 7, 3], "least": [4.0, 2.0, 1.0],
            "most": [2, 3, 3], "word": ["a", "b", "d"], "users": [2, 2, 1],
        ])
    }

    @Test("A group without values has no mean; one value has no standard deviation")
    func emptyGroups() {
        let frame: DataFrame = ["k": ["x", "x", "y"], "v": [nil, nil, 3.0]]
        #expect(frame.grouped(by: "k").aggregated(["m": .mean(of: "v"), "s": .standardDeviation(of: "v")])
            == DataFrame(["k": ["x", "y"], "m": [nil, 3.0] as [Double?], "s": [nil, nil] as [Double?]]))
    }

    @Test("Groups of several keys are in the order of the first, then the second")
    func severalKeys() {
        #expect(ratings.grouped(by: "user", "movie").counts() == [
            "user": [1, 1, 2, 3, 3], "movie": [10, 20, 10, 20, nil], "count": [1, 1, 1, 2, 1],
        ])
    }

    @Test("Groups agree with a plain dictionary", arguments: 0..<20)
    func againstDictionary(seed: Int) {
        let frame = RandomFrame.make(seed: seed, rows: 60)
        let grouped = frame.grouped(by: "key").aggregated(["n": .count, "mean": .mean(of: "number"), "first": .first(of: "text")])
        var expected: [DataFrame.Scalar: [Int]] = [:]
        for row in 0..<frame.rowCount { expected[frame["key"][row], default: []].append(row) }
        #expect(grouped.rowCount == expected.count)
        for row in grouped.rows {
            let rows = expected[row["key"]] ?? []
            #expect(row["n"].int == rows.count)
            let numbers = rows.compactMap { frame["number", Double.self][$0] }
            #expect(row["mean"].double == (numbers.isEmpty ? nil : numbers.reduce(0, +) / Double(numbers.count)))
            #expect(row["first"].string == rows.compactMap { frame["text", String.self][$0] }.first)
        }
    }

    @Test("An inner join keeps rows with a partner, a left join all")
    func joins() {
        let movies: DataFrame = ["movie": [20, 10, 30], "title": ["Heat", "Alien", "Jaws"], "rating": [0, 1, 2]]
        #expect(ratings.select("user", "movie", "rating").joined(with: movies, on: "movie") == [
            "user": [1, 1, 2, 3, 3], "movie": [10, 20, 10, 20, 20], "rating": [4.0, 3.0, 5.0, nil, 2.0],
            "title": ["Alien", "Heat", "Alien", "Heat", "Heat"], "rating_right": [1, 0, 1, 0, 0],
        ])
        #expect(ratings.select("movie").joined(with: movies.select("movie", "title"), on: "movie", kind: .left) == [
            "movie": [10, 20, 10, nil, 20, 20], "title": ["Alien", "Heat", "Alien", nil, "Heat", "Heat"],
        ])
    }

    @Test("A row with several partners occurs once for each, in their order")
    func severalPartners() {
        let left: DataFrame = ["k": [2, 1]]
        let right: DataFrame = ["k": [1, 2, 1], "v": ["a", "b", "c"]]
        #expect(left.joined(with: right, on: "k") == ["k": [2, 1, 1], "v": ["b", "a", "c"]])
    }

    @Test("Int keys meet Double keys of the same number; keys without any value meet none")
    func mixedKeys() {
        let left: DataFrame = ["k": [1, 2]]
        #expect(left.joined(with: ["k": [2.0, 2.5], "v": [true, false]], on: "k") == DataFrame(["k": [2], "v": [true]]))
        #expect(left.joined(with: DataFrame(["k": [nil] as [String?], "v": [1]]), on: "k", kind: .left) == DataFrame(["k": [1, 2], "v": [nil, nil] as [Int?]]))
    }

    @Test("Joins agree with two loops", arguments: 0..<20, [DataFrame.JoinKind.inner, .left])
    func againstLoops(seed: Int, kind: DataFrame.JoinKind) {
        let left = RandomFrame.make(seed: seed, rows: 30)
        let right = RandomFrame.make(seed: seed + 1_000, rows: 20).renamed(["number": "n2", "text": "t2", "flag": "f2"])
        let joined = left.joined(with: right, on: "key", "second", kind: kind)
        var expected: [[DataFrame.Scalar]] = []
        for a in left.rows {
            let partners = right.rows.filter { b in
                !a["key"].isMissing && !a["second"].isMissing && a["key"] == b["key"] && a["second"] == b["second"]
            }
            for b in partners { expected.append([a["key"], a["number"], b["n2"], b["t2"]]) }
            if partners.isEmpty && kind == .left { expected.append([a["key"], a["number"], .missing, .missing]) }
        }
        #expect(joined.rows.map { [$0["key"], $0["number"], $0["n2"], $0["t2"]] } == expected)
    }
}

/// Small random data frames with few different keys and some missing values.
enum RandomFrame {
    static func make(seed: Int, rows: Int) -> DataFrame {
        var generator = SplitMix(seed: seed)
        func maybe<Value>(_ value: Value) -> Value? { generator.next(below: 6) == 0 ? nil : value }
        let texts = ["", "a", "b", "\"", "x,y", "line\nend", "\r", "é", "nan", "1", "true", "\u{FEFF}", " ", "日本", "e\u{301}"]
        return DataFrame([
            "key": (0..<rows).map { _ in maybe(generator.next(below: 5) - 2) },
            "second": (0..<rows).map { _ in maybe(texts[generator.next(below: 3)]) },
            "number": (0..<rows).map { _ in maybe(Double(generator.next(below: 1_000)) / 8 - 20) },
            "text": (0..<rows).map { _ in maybe(texts[generator.next(below: texts.count)]) },
            "flag": (0..<rows).map { _ in maybe(generator.next(below: 2) == 0) },
        ])
    }
}
