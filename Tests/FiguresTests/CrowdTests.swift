import Display
import Testing

@testable import Figures

@Suite struct CrowdTests {
    @Test("The largest figures that are allowed are drawn in bounded time")
    func crowds() throws {
        let nodes = (0..<CheckedDiagram.nodeLimit).map { DisplayedDiagram.Node(title: "layer \($0)", detail: "") }
        let chain = (1..<nodes.count).map { [$0 - 1, $0] }
        let long = (0..<(CheckedDiagram.edgeLimit - chain.count)).map { [$0 % 150, 200 + $0 % 197] }
        let picture = try DiagramPicture(DisplayedDiagram(title: "", nodes: nodes, edges: chain + long))
        #expect(picture.svg().hasSuffix("</svg>\n"))
        let positions = (0..<400).map(Double.init)
        let bars = (0..<CheckedChart.seriesLimit).map { _ in DisplayedChart.Series(mark: .bar, x: positions, y: positions) }
        let script = GnuplotScript(checked: try CheckedChart(DisplayedChart(series: bars)))
        #expect(script.text(.png).contains("$data499"))
    }
}
