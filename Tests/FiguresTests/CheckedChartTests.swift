import Display
import Testing
import Tiers

@testable import Figures

@Suite struct CheckedChartTests {
    @Test("Numbers that no axis can place are refused", arguments: [Double.nan, .infinity, -.infinity, 1e200])
    func notFinite(number: Double) {
        #expect(throws: FigureError.self) { try CheckedChart(.init(series: [.init(mark: .line, x: [0, 1], y: [0, number])])) }
        #expect(throws: FigureError.self) { try CheckedChart(.init(series: [.init(mark: .line, x: [number, 1], y: [0, 1])])) }
    }

    @Test("What breaks a rule is refused with a sentence")
    func rules() {
        let good = DisplayedChart.Series(mark: .line, x: [0, 1], y: [0, 1])
        var shorter = good, loud = good
        shorter.y = [1]
        loud.opacity = 2
        let bad: [DisplayedChart] = [
            .init(series: [shorter]), .init(series: [loud]), .init(size: [10], series: [good]), .init(size: [1e9, 5], series: [good]),
            .init(size: [.nan, 5], series: [good]), .init(xRange: [2, 1], series: [good]), .init(yRange: [0, .infinity], series: [good]),
            .init(yRange: [0], series: [good]), .init(series: Array(repeating: good, count: 501)),
            .init(series: [.init(mark: .point, x: Array(repeating: 0, count: 1_000_001), y: Array(repeating: 0, count: 1_000_001))]),
        ]
        for chart in bad {
            #expect { try CheckedChart(chart) } throws: { error in "\(error)".hasSuffix(".") || "\(error)".contains("sample") }
        }
    }

    @Test("The ranges hold all numbers, with room around them, whatever the numbers")
    func ranges() throws {
        for numbers in [[0], [5, 5], [1e100, -1e100], [1e-300, 2e-300], [1, 1 + 1e-16], [], [-3, 8]] as [[Double]] {
            let checked = try CheckedChart(.init(series: [.init(mark: .point, x: numbers, y: numbers)]))
            #expect(checked.xRange.lowerBound < checked.xRange.upperBound)
            #expect(numbers.allSatisfy { checked.yRange.contains($0) })
        }
    }

    @Test("Bars stand on zero")
    func bars() throws {
        #expect(try CheckedChart(Samples.bars).yRange.lowerBound == 0)
        #expect(try CheckedChart(.init(series: [.init(mark: .bar, x: [0], y: [-2])])).yRange.upperBound == 0)
    }

    @Test("A label is one plain line")
    func labels() {
        #expect(plainLabel("a\u{1B}[31mb\nc\u{202E}d") == "a [31mb cd")
        #expect(plainLabel(String(repeating: "é", count: 500)).count == 200)
        #expect(plainLabel("👩‍👩‍👧 Crème") == "👩‍👩‍👧 Crème")
    }
}

@Suite struct AxisTicksTests {
    func labels(_ range: ClosedRange<Double>, _ count: Int, whole: Bool = false) -> [String] {
        AxisTicks(range, count: count, onlyWhole: whole).ticks.map(\.label)
    }

    @Test("Ticks are round numbers without binary crumbs")
    func round() {
        #expect(labels(0...1, 5) == ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"])
        #expect(labels(-0.3...0.3, 7) == ["−0.3", "−0.2", "−0.1", "0.0", "0.1", "0.2", "0.3"])
        #expect(labels(0...25_000, 5) == ["0", "5,000", "10,000", "15,000", "20,000", "25,000"])
        #expect(labels(0...3e9, 3) == ["0", "1e9", "2e9", "3e9"])
        #expect(labels(0...3e-8, 3) == ["0", "1e−8", "2e−8", "3e−8"])
    }

    @Test("Epochs have no fractions")
    func whole() {
        #expect(labels(0.9...3.1, 10, whole: true) == ["1", "2", "3"])
    }

    @Test("A range of any size has a bounded number of ticks inside it")
    func property() {
        var dice = Dice(7)
        for _ in 0..<rounds(2_000) {
            let scale = Double.random(in: -99...99, using: &dice)
            let a = Double.random(in: -1...1, using: &dice) * pow10(scale)
            let b = Double.random(in: -1...1, using: &dice) * pow10(Double.random(in: -99...99, using: &dice))
            let range = min(a, b)...max(a, b)
            let ticks = AxisTicks(range, count: 6).ticks
            #expect(ticks.count <= 7)
            let slack = (range.upperBound - range.lowerBound) * 1e-6
            #expect(ticks.allSatisfy { $0.position >= range.lowerBound - slack && $0.position <= range.upperBound + slack })
        }
    }

    private func pow10(_ exponent: Double) -> Double { Double("1e\(Int(exponent))")! }
}
