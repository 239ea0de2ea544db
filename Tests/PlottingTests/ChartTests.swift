import DataFrames
import Display
import Testing
import Training

@testable import Plotting

private func displayed(_ chart: Chart) -> DisplayedChart {
    guard case .chart(let displayed) = chart.displayValue else { return DisplayedChart(series: []) }
    return displayed
}

@Suite struct ChartTests {
    @Test("A chart of arrays carries numbers, labels, mark and size")
    func arrays() {
        let chart = displayed(
            Chart(x: [1, 2, 3], y: [0.5, 0.25, 0.125], mark: .point(opacity: 0.4), title: "t", xLabel: "x", yLabel: "y", size: [13, 7]))
        #expect(chart.series == [.init(mark: .point, opacity: 0.4, x: [1, 2, 3], y: [0.5, 0.25, 0.125])])
        #expect((chart.title, chart.xLabel, chart.yLabel) == ("t", "x", "y"))
        #expect(chart.size == [13, 7])
    }

    @Test("Layers take one colour after the other, and keep the first chart's title")
    func layers() {
        let both = displayed(Chart(y: [1, 2], title: "first") + Chart(y: [2, 1], mark: .dashedLine, title: "second", yLabel: "y"))
        #expect(both.series.map(\.color) == [0, 1])
        #expect(both.series.map(\.stroke) == [.solid, .dashed])
        #expect(both.title == "first")
        #expect(both.yLabel == "y")
    }

    @Test("A missing number breaks a line, and the pieces share name and colour")
    func missing() {
        let values: [Double?] = [1, 2, nil, 4, .nan, .infinity, 7]
        let line = displayed(Chart(y: values, name: "loss")).series
        #expect(line.map(\.y) == [[1, 2], [4], [7]])
        #expect(line.map(\.x) == [[0, 1], [3], [6]])
        #expect(line.map(\.name) == ["loss", nil, nil])
        #expect(Set(line.map(\.color)) == [0])
        #expect(displayed(Chart(y: values, mark: .point)).series.map(\.y) == [[1, 2, 4, 7]])
    }

    @Test("Names on the x axis become categories with a bar each")
    func categories() {
        let chart = displayed(Chart(x: ["Drama", "Comedy"], y: [3, 5]))
        #expect(chart.categories == ["Drama", "Comedy"])
        #expect(chart.series == [.init(mark: .bar, x: [0, 1], y: [3, 5])])
    }

    @Test("A histogram counts every number once, both ends included")
    func histogram() {
        let chart = displayed(.histogram([0, 1, 1, 2, 3, 4, nil], bins: 4))
        #expect(chart.series[0].x == [0.5, 1.5, 2.5, 3.5])
        #expect(chart.series[0].y == [1, 2, 1, 2])
        #expect(displayed(.histogram([5, 5, 5], bins: 3)).series[0].y == [0, 3, 0])
        #expect(displayed(.histogram([-Double.greatestFiniteMagnitude, .greatestFiniteMagnitude], bins: 2)).series[0].y == [1, 1])
    }

    @Test("Saving asks the door")
    func save() {
        nonisolated(unsafe) var asked: (DisplayValue, String)?
        let before = Door.save
        defer { Door.save = before }
        Door.save = { asked = ($0, $1) }
        Chart(y: [1, 2]).save("curve.png")
        #expect(asked?.1 == "curve.png")
        #expect(asked?.0 == Chart(y: [1, 2]).displayValue)
    }
}

@Suite struct HistoryCurvesTests {
    func run(_ name: String?, _ values: [String: [Double]], keys: [String]) -> HistoryCurves {
        HistoryCurves(name: name, keys: keys, values: { values[$0] })
    }

    @Test("Training is solid, validation dashed, and a model has one colour")
    func looks() {
        let keys = ["loss", "mae", "val_loss", "val_mae"]
        let values = ["loss": [3.0, 2], "mae": [1.0, 0.5], "val_loss": [3.0, 3], "val_mae": [1.0, 0.75]]
        let charts = historyCharts(of: [run("8", values, keys: keys), run("32", values, keys: keys)], keys: ["mae"], train: true, size: [15, 5])
        #expect(charts.count == 1)
        let chart = displayed(charts[0])
        #expect(chart.series.map(\.name) == ["8, training", "8, validation", "32, training", "32, validation"])
        #expect(chart.series.map(\.stroke) == [.solid, .dashed, .solid, .dashed])
        #expect(chart.series.map(\.color) == [0, 0, 1, 1])
        #expect(chart.series.map(\.y) == [[1, 0.5], [1, 0.75], [1, 0.5], [1, 0.75]])
        #expect(chart.series[0].x == [1, 2])
        #expect(chart.size == [15, 5])
    }

    @Test("Without keys there is one chart for each training key; without training only the dashed curves")
    func defaults() {
        let keys = ["loss", "mae", "val_loss", "val_mae"]
        let values = Dictionary(uniqueKeysWithValues: keys.map { ($0, [1.0, 2]) })
        let charts = historyCharts(of: [run(nil, values, keys: keys)], keys: nil, train: false, size: [10, 5])
        #expect(charts.map(\.yLabel) == ["loss", "mae"])
        #expect(displayed(charts[0]).series.map(\.name) == ["validation"])
    }
}

@Suite struct DataFrameChartTests {
    let movies = DataFrame(columns: [
        Column(name: "genre", contents: ["Drama", "Comedy", "Drama"]), Column(name: "mean", contents: [3.5, nil, 4.5]),
        Column(name: "count", contents: [10, 20, 30]),
    ])

    @Test("Columns give numbers and labels, and rows with a missing value are left out")
    func columns() {
        let chart = displayed(Chart(movies, x: "mean", y: "count", mark: .point(opacity: 0.4)))
        #expect(chart.series == [.init(mark: .point, opacity: 0.4, x: [3.5, 4.5], y: [10, 30])])
        #expect((chart.xLabel, chart.yLabel) == ("mean", "count"))
    }

    @Test("A column of text gives named positions, each name once")
    func text() {
        let chart = displayed(Chart(movies, x: "genre", y: "count"))
        #expect(chart.categories == ["Drama", "Comedy"])
        #expect(chart.series[0].x == [0, 1, 0])
    }

    @Test("Several columns give a series each, named in the legend")
    func several() {
        let chart = displayed(Chart(movies, x: "count", y: ["mean", "count"], mark: .point))
        #expect(chart.series.map(\.name) == ["mean", "count"])
        #expect(chart.series.map(\.color) == [0, 1])
    }

    @Test("A histogram of a column counts what is there")
    func histogram() {
        #expect(displayed(.histogram(movies["mean"], bins: 2)).series[0].y == [1, 1])
        #expect(displayed(.histogram(movies["mean"])).xLabel == "mean")
    }

    @Test("A mistake ends with a sentence that names what there is")
    func mistakes() async {
        await #expect(processExitsWith: .failure) { _ = Chart(x: [1, 2], y: [1]) }
        let output = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            plotHistory(History(keys: ["loss", "mae"], series: [[1], [1]]), keys: ["accuracy"])
        }
        let said = String(decoding: output?.standardErrorContent ?? [], as: UTF8.self)
        #expect(said.contains("no key \"accuracy\"; it has loss and mae"))
    }

    @Test("plotHistory shows a chart for each key")
    func shows() {
        nonisolated(unsafe) var shown: [DisplayValue] = []
        let before = Door.show
        defer { Door.show = before }
        Door.show = { value, _ in shown.append(value) }
        plotHistory(History(keys: ["loss", "mae", "val_loss"], series: [[2, 1], [1, 1], [3, 2]]))
        #expect(shown.count == 2)
        shown = []
        plotHistory([("a", History(keys: ["loss", "val_loss"], series: [[2, 1], [3, 2]]))], keys: ["val_loss"])
        guard case .chart(let chart) = shown.first else { Issue.record("no chart"); return }
        #expect(chart.series.map(\.name) == ["a, validation"])
    }
}
