import Testing
import Training

@testable import DataFrames

private let movies: DataFrame = ["title": ["Alien", "Heat"], "n_ratings": [20, 3], "mean_rating": [4.1, nil]]

@Suite("A mistake is answered with a sentence")
struct SentenceTests {
    @Test("A name that doesn't exist: what there is, and what was meant")
    func unknownColumns() {
        #expect(mistake { _ = movies["mean_ratings"] } == "There is no column \"mean_ratings\". Did you mean \"mean_rating\"? The data frame has \"title\", \"n_ratings\", \"mean_rating\".")
        #expect(mistake { _ = movies["nRatings"] }?.contains("Did you mean \"n_ratings\"?") == true)
        #expect(mistake { _ = movies.sorted(by: "bias") } == "There is no column \"bias\". The data frame has \"title\", \"n_ratings\", \"mean_rating\".")
        #expect(mistake { _ = movies.select("Title") }?.contains("Did you mean \"title\"?") == true)
        #expect(mistake { _ = DataFrame()["a"] } == "There is no column \"a\": the data frame has no columns.")
        for use: @Sendable () -> Void in [
            { _ = movies.grouped(by: "x") }, { _ = movies.joined(with: movies, on: "x") }, { _ = movies.renamed("x", to: "y") },
            { _ = movies.dropping("x") }, { _ = movies.dropMissing("x") }, { _ = movies["x", Int.self] },
            { _ = movies.grouped(by: "title").means("x") }, { _ = movies.filter { $0["x"] == 1 } },
        ] {
            #expect(mistake(use)?.hasPrefix("There is no column \"x\".") == true)
        }
    }

    @Test("A wrong number of values")
    func counts() {
        #expect(mistake { var frame = movies; frame["bias"] = [1.0, 2.0, 3.0] } == "The column \"bias\" has 3 values, but the data frame has 2 rows: a column needs one value a row.")
        #expect(mistake { var frame = movies; frame["bias"] = Tensor(shape: [2, 8], scalars: Array(repeating: 0, count: 16)) } == "A Tensor of shape [2, 8] has 8 numbers a row, and a column takes one: choose a Tensor of shape [2] or [2, 1].")
        #expect(mistake { var frame = movies; frame.append(column: Column(name: "title", contents: [1, 2])) }?.hasPrefix("The data frame already has a column \"title\"") == true)
        #expect(mistake { _ = movies.filter(Mask([true])) } == "The mask is for 1 row, and the data frame has 2: compare columns of this data frame to pick its rows.")
        #expect(mistake { _ = Mask([true]) && Mask([true, false]) }?.hasPrefix("These masks are for 1 and 2 rows") == true)
        #expect(mistake { _ = movies["n_ratings"] + movies.head(1)["n_ratings"] }?.hasPrefix("These columns have 2 and 1 value") == true)
        #expect(mistake { _ = movies.sample(3, seed: 1) } == "A sample draws no row twice, so of 2 rows it can't draw 3.")
        #expect(mistake { _ = movies[row: 2] } == "The data frame has 2 rows, numbered from 0: there is no row 2.")
        #expect(mistake { _ = movies["title"][5] } == "The column \"title\" has 2 values, numbered from 0: there is no number 5.")
        var single: DataFrame = ["a": [1, 2]]
        single["a"] = [1, 2, 3]
        #expect(single.rowCount == 3)
    }

    @Test("Text where numbers are needed, and other types than the column's")
    func types() {
        #expect(mistake { _ = movies["title"].mean() } == "The column \"title\" holds text, and only a column of numbers has a mean.")
        #expect(mistake { _ = movies["title"] - 1 } == "The column \"title\" holds text, and only a column of numbers can be reckoned with by -.")
        #expect(mistake { _ = movies["title", Int.self] } == "The column \"title\" holds String values, not Int: read it as String.self.")
        #expect(mistake { _ = movies[row: 0]["title", Int.self] } == "The column \"title\" holds String values, not Int: read it as String.self.")
        #expect(mistake { _ = movies["title"] == 3 } == "The column \"title\" holds String values: == can't compare them with Int values.")
        #expect(mistake { _ = movies.grouped(by: "n_ratings").means("title") }?.contains("only a column of numbers has a mean") == true)
        #expect(mistake { _ = [1, "a"] as Column } == "A column holds values of one type, and these are Int and String.")
        #expect(mistake { _ = movies.joined(with: ["title": [1]], on: "title") } == "The key \"title\" holds String values on the left and Int values on the right: keys need one type.")
        #expect(mistake { _ = Column(contents: [Int.max]) + 1 }?.contains("is too large for an Int") == true)
    }
}
