import Testing
import Training

@testable import DataFrames

@Suite("Reckoning with columns")
struct ColumnTests {
    @Test("Ints stay Ints, a Double makes Doubles, and a quotient is a Double")
    func types() {
        let a: Column = [1, 2, 3]
        #expect((a + 1).type == .int && (a * 2)[2] == 6)
        #expect((a - 0.5)[0] == 0.5 && (10 - a)[2] == 7)
        #expect((a / 2)[0] == 0.5 && (a / a).type == .double && (6 / a)[2] == 2.0)
        #expect((-a)[0] == -1 && (a - 2).magnitude().hasSameValues(as: [1, 0, 1]))
        let titles: Column = ["a", nil]
        #expect((titles + (["b", "c"] as Column)).hasSameValues(as: ["ab", nil]))
        #expect((titles + "!").hasSameValues(as: ["a!", nil]) && ("the " + titles)[0] == "the a")
    }

    @Test("What is missing on one side is missing in the result")
    func missing() {
        let a: Column = [1, nil, 3, nil]
        let b: Column = [1.5, 2.5, nil, nil]
        #expect((a + b).hasSameValues(as: [2.5, nil, nil, nil] as Column) && (a * 2).hasSameValues(as: [2, nil, 6, nil]))
    }

    @Test("A missing value satisfies no comparison, and NaN is unlike everything")
    func comparisons() {
        let a: Column = [1, nil, 3]
        #expect((a >= 1).flags == [true, false, true] && (a != 1).flags == [false, false, true])
        #expect((a < 2.5).flags == [true, false, false] && (a == 3.0).flags == [false, false, true])
        #expect((a <= ([1, 2, 2] as Column)).flags == [true, false, false])
        let n = Column(contents: [Double.nan, 1])
        #expect((n == Double.nan).flags == [false, false] && (n != 1).flags == [true, false] && (n > 0).flags == [false, true])
        #expect((["b", "a"] as Column > "a").flags == [true, false])
        #expect(([true, false] as Column == true).flags == [true, false])
        #expect((a >= 1).trueCount == 2 && (a >= 1).rows == [0, 2])
    }

    @Test("Statistics leave missing values out")
    func statistics() {
        let a: Column = [4, nil, 1, 1]
        #expect(a.mean() == 2 && a.sum() == 6 && a.min() == 1 && a.max() == 4 && a.count == 4 && a.missingCount == 1)
        #expect(a.standardDeviation() == 3.0.squareRoot() && a.median() == 1 && a.quantile(1) == 4)
        #expect(a.unique().hasSameValues(as: [4, 1]) && a.first == 4)
        #expect(([] as Column).mean().isNaN && ([5] as Column).standardDeviation().isNaN && ([nil, nil] as Column).max().isNaN)
        let typed = DataFrame(["a": a])["a", Int.self]
        #expect(typed.max() == 4 && typed.min() == 1 && typed.sum() == 6 && typed.mean() == 2 && typed.missingCount == 1)
        #expect((["b", "a", "b"] as Column).typed(as: String.self).min() == "a")
        #expect(([true, false] as Column).mean() == 0.5)
    }

    @Test("Values are counted, the most frequent first, equals in order of appearance")
    func valueCounts() {
        let words: Column = ["x", "a", nil, "a", "b"]
        #expect(words.valueCounts() == ["value": ["a", "x", "b"], "count": [2, 1, 1]])
        #expect(DataFrame(["w": words])["w"].valueCounts().columnNames == ["w", "count"])
    }

    @Test("A function maps the values that are there")
    func mapping() {
        let years: Column = [1979, nil, 1995]
        #expect(years.map(Int.self) { $0 / 10 * 10 }.hasSameValues(as: [1970, nil, 1990]))
        #expect(years.map(Int.self) { "\($0)" }.hasSameValues(as: ["1979", nil, "1995"]))
    }

    @Test("What is missing is filled, and values are numbered from 0 without a gap")
    func fillingAndNumbering() {
        let a: Column = [30, nil, 10, 30]
        #expect(a.filled(with: 0).hasSameValues(as: [30, 0, 10, 30]))
        #expect(a.numbered().hasSameValues(as: [1, nil, 0, 1]))
        #expect((["x", "a", "x"] as Column).numbered().hasSameValues(as: [1, 0, 1]))
        #expect(a.isIn([10, 7]).flags == [false, false, true, false])
    }

    @Test("Values are looked at as literals")
    func scalars() {
        #expect(([1, 2] as Column).contains(2) && ([1.0] as Column)[0] == 1 && DataFrame.Scalar.int(1).hashValue == DataFrame.Scalar.double(1).hashValue)
        #expect(([nil, "a"] as Column).map(\.description) == ["nil", "a"])
        #expect(Array(([1, 2.5, nil] as Column).numbers) == [1, 2.5, nil])
    }
}

@Suite("Columns to train on")
struct TrainingTests {
    @Test("A column gives its numbers, named, in a row")
    func numbers() throws {
        let frame: DataFrame = ["id": [0, 2], "y": [0.5, -1.0], "seen": [true, false]]
        let columns: [any TensorConvertible] = [frame["id"], frame["y", Double.self]]
        #expect(columns[0].tensorName == "column \"id\"" && columns[0].tensorShape == [2])
        #expect(try frame["id"].int32Scalars() == [0, 2] && columns[1].float32Scalars() == [0.5, -1])
        #expect(try frame["seen"].float32Scalars() == [1, 0])
    }

    @Test("A missing value, text and a broken id are errors with a sentence")
    func errors() {
        let frame: DataFrame = ["y": [1.5, nil], "title": ["a", "b"]]
        func sentence(_ body: () throws -> Void) -> String {
            do {
                try body()
                return "no error"
            } catch { return "\(error)" }
        }
        #expect(sentence { _ = try frame["y"].float32Scalars() } == "The column \"y\" has 1 missing value, the first in row 1, and a model needs a number in every row: leave these rows out first, by dropMissing().")
        #expect(sentence { _ = try frame["title"].int32Scalars() }.hasPrefix("The column \"title\" holds text, and a model takes numbers"))
        #expect(sentence { _ = try frame.head(1)["y"].int32Scalars() }.contains("column \"y\""))
        #expect(throws: TrainingError.self) { try frame["y"].int32Scalars() }
    }

    @Test("A tensor with one number a row becomes a column")
    func tensors() {
        var frame: DataFrame = ["title": ["a", "b"]]
        let biases = Tensor(shape: [2, 1], scalars: [0.25, -1])
        frame["bias"] = biases
        frame["again"] = Tensor([1, 2])
        #expect(frame == ["title": ["a", "b"], "bias": [0.25, -1.0], "again": [1.0, 2.0]])
    }
}
