import Testing

@testable import DataFrames

@Suite("Columns of a data frame")
struct DataFrameTests {
    let movies: DataFrame = ["title": ["Alien", "Heat", "Jaws"], "year": [1979, 1995, nil], "mean": [4.1, 3.9, 3.5]]

    @Test("It has rows, columns and names")
    func shape() {
        #expect(movies.shape == (3, 3))
        #expect(movies.columnNames == ["title", "year", "mean"])
        #expect(movies["year"].missingCount == 1)
        #expect(movies.contains(column: "mean") && !movies.contains(column: "Mean"))
    }

    @Test("A copy is independent of its original")
    func value() {
        var copy = movies
        copy["year"] = [1, 2, 3]
        copy["new"] = [1.5, 2.5, 3.5]
        #expect(movies.columnNames == ["title", "year", "mean"])
        #expect(movies["year"][0] == 1979)
        #expect(copy.columnNames == ["title", "year", "mean", "new"])
    }

    @Test("Arrays, optional ones, literals, columns and reckoned columns can be assigned")
    func assigning() {
        var frame = movies
        let floats: [Float] = [0.5, 1, 2]
        let maybe: [String?] = ["a", nil, "c"]
        frame["floats"] = floats
        frame["maybe"] = maybe
        frame["literal"] = [true, false, nil]
        frame["copy"] = frame["title"]
        frame["half"] = frame["mean"] / 2
        frame["mean"] = frame["mean"] - 3.5
        #expect(frame.columnNames == ["title", "year", "mean", "floats", "maybe", "literal", "copy", "half"])
        #expect(Array(frame["floats", Double.self]) == [0.5, 1, 2])
        #expect(Array(frame["maybe", String.self]) == ["a", nil, "c"])
        #expect(Array(frame["literal", Bool.self]) == [true, false, nil])
        #expect(frame["copy"].name == "copy")
        #expect(frame["mean", Double.self][2] == 0)
    }

    @Test("Columns are chosen, left out, renamed and removed")
    func choosing() {
        #expect(movies.select("mean", "title").columnNames == ["mean", "title"])
        #expect(movies[["year"]].columnNames == ["year"])
        #expect(movies.dropping("year").columnNames == ["title", "mean"])
        #expect(movies.renamed("mean", to: "mean_rating").columnNames == ["title", "year", "mean_rating"])
        #expect(movies.renamed(["title": "year", "year": "title"])["title"][1] == 1995)
        var frame = movies
        frame.removeColumn("title")
        #expect(frame.columnNames == ["year", "mean"] && frame["mean"][0] == 4.1)
    }

    @Test("Rows are picked by masks, conditions and ranges")
    func picking() {
        #expect(movies[movies["year"] >= 1979]["title", String.self].present == ["Alien", "Heat"])
        #expect(movies[movies["mean"] > 3.6 && movies["year"] < 1990].rowCount == 1)
        #expect(movies[movies["title"] == "Jaws" || movies["title"] == "Heat"].rowCount == 2)
        #expect(movies[!(movies["year"] == 1979)]["title", String.self].present == ["Heat", "Jaws"])
        #expect(movies[movies["year"].isMissing]["title"][0] == "Jaws")
        #expect(movies.filter { $0["title", String.self]?.count == 4 }.rowCount == 2)
        #expect(movies.filter(on: "year", Int.self) { $0 == nil }.rowCount == 1)
        #expect(movies[movies["title"].isIn(["Heat", "Ran"])].rowCount == 1)
        #expect(movies[movies["title"].contains(text: "a")]["title", String.self].present == ["Heat", "Jaws"])
        #expect(movies[1..<9]["title", String.self].present == ["Heat", "Jaws"])
        #expect(movies.head(2).rowCount == 2 && movies.tail(1)["title"][0] == "Jaws" && movies.head(-1).rowCount == 0)
        #expect(movies.prefix(9) == movies && movies.suffix(1) == movies.tail(1))
        #expect(movies.dropMissing().rowCount == 2 && movies.dropMissing("title").rowCount == 3)
    }

    @Test("Sorting is stable, and missing values come last either way")
    func sorting() {
        let frame: DataFrame = ["k": [2, nil, 1, 2, 1], "w": ["b", "x", "a", "a", "b"], "i": [0, 1, 2, 3, 4]]
        #expect(frame.sorted(by: "k")["i", Int.self].present == [2, 4, 0, 3, 1])
        #expect(frame.sorted(by: "k", order: .descending)["i", Int.self].present == [0, 3, 2, 4, 1])
        #expect(frame.sorted(by: "k", ascending: false) == frame.sorted(by: "k", order: .descending))
        #expect(frame.sorted(by: ["w", "k"])["i", Int.self].present == [2, 3, 4, 0, 1])
        let numbers: DataFrame = ["x": [3.0, nil, -1.0, 0.5]]
        #expect(Array(numbers.sorted(by: "x")["x", Double.self]) == [-1, 0.5, 3, nil])
        #expect(DataFrame(["x": [Double.nan, 2, -Double.infinity, 1]]).sorted(by: "x")["x", Double.self].present.prefix(3) == [-.infinity, 1, 2])
        #expect(DataFrame(["x": [Int.max, Int.min, 0]]).sorted(by: "x")["x", Int.self].present == [.min, 0, .max])
    }

    @Test("Sorting agrees with the standard library", arguments: 0..<20)
    func sortingAgainstArrays(seed: Int) {
        let frame = RandomFrame.make(seed: seed, rows: 50)
        let sorted = frame.sorted(by: "number", order: .descending)["number", Double.self]
        #expect(sorted.present == frame["number", Double.self].present.sorted(by: >))
        #expect(frame.sorted(by: "text")["text", String.self].present == frame["text", String.self].present.sorted())
    }

    @Test("A sample holds no row twice, and the same seed draws the same rows")
    func sampling() {
        let frame = DataFrame(["i": Array(0..<1_000)])
        let sample = frame.sample(100, seed: 1)
        #expect(Set(sample["i", Int.self].present).count == 100)
        #expect(sample == frame.sample(100, seed: 1))
        #expect(sample != frame.sample(100, seed: 2))
        #expect(frame.shuffled(seed: 3)["i", Int.self].present.sorted() == Array(0..<1_000))
        #expect(DataFrame(["i": Array(0..<10)]).sample(5, seed: 1)["i", Int.self].present == [5, 7, 9, 6, 3])
    }

    @Test("Every row is drawn about equally often")
    func fairSampling() {
        let frame = DataFrame(["i": Array(0..<10)])
        var counts = [Int](repeating: 0, count: 10)
        for seed in 0..<1_000 { for i in frame.sample(3, seed: seed)["i", Int.self].present { counts[i] += 1 } }
        // 300 expected, standard deviation 14.5.
        #expect(counts.allSatisfy { (240...360).contains($0) })
    }

    @Test("Rows can be gone through one by one")
    func rows() {
        #expect(movies.rows.map { $0["title"].string } == ["Alien", "Heat", "Jaws"])
        #expect(movies[row: 1]["year", Int.self] == 1995 && movies[row: 2]["year", Int.self] == nil)
        #expect(movies[row: 0]["year", Double.self] == 1979)
        #expect(movies[row: 2].description == "title: Jaws, year: nil, mean: 3.5")
    }

    @Test("The rows of two data frames stand below each other")
    func appending() {
        let more: DataFrame = ["mean": [1, 2], "title": ["Ran", nil], "year": [1985, 2000]]
        let all = movies.appending(rowsOf: more)
        #expect(all.rowCount == 5 && all["mean"].type == .double && all["title"].missingCount == 1)
    }

    @Test("A summary holds what one asks of numbers first")
    func describing() {
        let summary = DataFrame(["x": [1, 2, 3, 4]]).describe()
        #expect(summary["statistic", String.self].present == ["count", "mean", "standardDeviation", "min", "25%", "50%", "75%", "max"])
        #expect(summary["x", Double.self].present == [4, 2.5, (5.0 / 3).squareRoot(), 1, 1.75, 2.5, 3.25, 4])
        #expect(movies.describe().columnNames == ["statistic", "year", "mean"])
    }
}
