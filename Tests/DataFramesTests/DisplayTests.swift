import Display
import Testing

@testable import DataFrames

@Suite("Shown as a table")
struct DisplayTests {
    private func table(_ value: some Displayable) -> DisplayedTable? {
        if case .table(let table) = value.displayValue { table } else { nil }
    }

    @Test("Up to ten rows are shown whole; more are cut in the middle, with the whole size below")
    func cut() throws {
        let long = try #require(table(DataFrame(["i": Array(0..<100_004), "x": [Double](repeating: 0.5, count: 100_004)])))
        #expect(long.rows.map { $0[0] } == ["0", "1", "2", "3", "4", "99999", "100000", "100001", "100002", "100003"])
        #expect(long.cutAfter == 5 && long.rowCount == 100_004 && long.caption == "100,004 rows × 2 columns")
        let short = try #require(table(DataFrame(["i": Array(0..<10)])))
        #expect(short.rows.count == 10 && short.cutAfter == nil && short.caption == "10 rows × 1 column")
        #expect(table(DataFrame())?.caption == "0 rows × 0 columns")
    }

    @Test("Numbers stand at the trailing edge, with their type; what is missing is nil")
    func columns() throws {
        let shown = try #require(table(DataFrame(["t": ["a", nil], "i": [1, 2], "x": [1.5, nil] as [Double?], "b": [true, false]])))
        #expect(shown.columns.map(\.type) == ["String", "Int", "Double", "Bool"])
        #expect(shown.columns.map(\.alignment) == [.leading, .trailing, .trailing, .leading])
        #expect(shown.rows == [["a", "1", "1.5", "true"], [nil, "2", nil, "false"]])
    }

    @Test("A column of Doubles has the decimals that six significant digits need", arguments: [
        ([2.5, 3, 4], ["2.5", "3.0", "4.0"]),
        ([3.543608, -1.0436, nil], ["3.54361", "-1.04360", nil]),
        ([0.034, 0.5], ["0.034", "0.500"]),
        ([123_456.789, 1], ["123456.789", "1.000"]),
        ([1e15, 1], ["1.0000e+15", "1.0000e+00"]),
        ([0.00001, 0.00002], ["1.0000e-05", "2.0000e-05"]),
        ([-0.0000001, 5], ["0.0", "5.0"]),
        ([.infinity, .nan, 1], ["inf", "nan", "1.0"]),
        ([0.1 + 0.2, 0.25], ["0.30", "0.25"]),
        ([nil, nil], [nil, nil]),
    ] as [([Double?], [String?])])
    func digits(numbers: [Double?], texts: [String?]) {
        #expect(ColumnText.texts(of: numbers) == texts)
    }

    @Test("Text can't disturb the table")
    func plain() {
        #expect(ColumnText.plain("a\nb\t\u{1B}[31m") == "a\\nb\\t\u{FFFD}[31m")
        #expect(ColumnText.plain(String(repeating: "x", count: 999)).count == 201)
    }

    @Test("Printed, it is lined up")
    func printed() {
        let frame: DataFrame = ["title": ["Alien", nil], "n": [7, 1_000]]
        #expect("\(frame)" == "title     n\nAlien     7\nnil    1000\n2 rows × 2 columns")
        #expect("\(frame["n"])" == "   n\n   7\n1000\n2 values of type Int")
        #expect("\(frame["n"] > 10)" == "picked\nfalse\ntrue\npicks 1 of 2 rows")
        let long = "\(DataFrame(["i": Array(0..<11)]))"
        #expect(long.split(separator: "\n").count == 13 && long.contains("\n …\n"))
    }
}
