import Display
import Foundation
import Testing

@testable import Figures

@Suite struct GnuplotTests {
    let gnuplot = Gnuplot()

    @Test("Each kind of chart is drawn as PNG and as SVG", arguments: ["curves", "scatter", "bars", "histogram"])
    func formats(name: String) throws {
        let chart = ["curves": Samples.curves, "scatter": Samples.scatter, "bars": Samples.bars, "histogram": Samples.histogram][name]!
        let png = try gnuplot.draw(chart, as: .png)
        #expect(png.starts(with: [0x89, 0x50, 0x4E, 0x47]))
        try Samples.keep(png, as: name + ".png")
        let svg = try gnuplot.draw(chart, as: .svg)
        #expect(String(decoding: svg, as: UTF8.self).contains("<svg"))
        try Samples.keep(svg, as: name + ".svg")
    }

    @Test("A chart is drawn as sixels of the size that was asked for, and a value without a picture is not")
    func drawsSixels() throws {
        let text = String(decoding: try sixels(of: .chart(Samples.curves), width: 400, height: 200), as: UTF8.self)
        #expect(text.hasPrefix("\u{1B}P") && text.hasSuffix("\u{1B}\\") && text.contains("\"1;1;400;200"))
        let diagram = DisplayedDiagram(title: "model", nodes: [.init(title: "a", detail: "1"), .init(title: "b", detail: "2")], edges: [[0, 1]])
        #expect(String(decoding: try sixels(of: .diagram(diagram), width: 300, height: 200), as: UTF8.self).contains("\"1;1;300;200"))
        #expect(throws: FigureError.self) { try sixels(of: .text("x"), width: 100, height: 100) }
    }

    @Test("Labels are text and never commands", arguments: [
        "`touch MARK`", "'; system(\"touch MARK\") #", "\"`touch MARK`\"", "a\n!touch MARK", "@MARK", "$(touch MARK)", "{/*5 {", "\\",
        "'", "END\nsystem('touch MARK')", "ends with a backslash \\", "%s %d", "<b>&amp;</b>",
    ])
    func injection(label: String) throws {
        let mark = NSTemporaryDirectory() + "etude-gnuplot-\(UUID().uuidString)"
        let label = label.replacingOccurrences(of: "MARK", with: mark)
        var chart = Samples.bars
        (chart.title, chart.xLabel, chart.yLabel) = (label, label, label)
        chart.categories = [label, label, label, label]
        chart.series[0].name = label
        let svg = String(decoding: try gnuplot.draw(chart, as: .svg), as: UTF8.self)
        #expect(!FileManager.default.fileExists(atPath: mark))
        let shown = plainLabel(label).replacingOccurrences(of: "&", with: "&amp;").replacingOccurrences(of: "<", with: "&lt;")
            .replacingOccurrences(of: "'", with: "\u{2019}")
        #expect(svg.contains(shown))
    }

    @Test("A gnuplot that is not there is a sentence with what to install")
    func missing() {
        #expect(throws: FigureError.gnuplotMissing(executable: "/nowhere/gnuplot")) {
            try Gnuplot(executable: "/nowhere/gnuplot").draw(Samples.bars, as: .png)
        }
        #expect(FigureError.gnuplotMissing(executable: "/nowhere/gnuplot").description.contains("apt-get install gnuplot-nox"))
    }

    @Test("A chart without numbers still shows its axes and title")
    func empty() throws {
        let chart = DisplayedChart(title: "Nothing yet", series: [.init(name: "loss", mark: .line, x: [], y: [])])
        #expect(String(decoding: try gnuplot.draw(chart, as: .svg), as: UTF8.self).contains("Nothing yet"))
    }

    @Test("An SVG of very many points shows them as pixels")
    func manyPoints() throws {
        let x = (0..<30_000).map { Double($0) }
        let chart = DisplayedChart(series: [.init(mark: .point, x: x, y: x)])
        let svg = String(decoding: try gnuplot.draw(chart, as: .svg), as: UTF8.self)
        let encoded = try #require(svg.components(separatedBy: "base64,").last?.components(separatedBy: "\"").first)
        #expect(Data(base64Encoded: encoded)?.starts(with: [0x89, 0x50, 0x4E, 0x47]) == true)
    }
}
