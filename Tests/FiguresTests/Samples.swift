import Display
import Foundation

/// Numbers that are the same on every run.
struct Dice: RandomNumberGenerator {
    var state: UInt64
    init(_ seed: UInt64) { state = seed }
    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return (state >> 33) << 32 | (state &* 0x9E37_79B9_7F4A_7C15) >> 32
    }
}

enum Samples {
    static let curves = DisplayedChart(
        title: "mae by epoch", xLabel: "epoch", yLabel: "mae", size: [15, 5],
        series: [("8 dimensions", 0.7), ("32 dimensions", 0.62)].enumerated().flatMap { color, run in
            [
                DisplayedChart.Series(
                    name: "\(run.0), training", mark: .line, color: color, x: (1...8).map(Double.init),
                    y: (1...8).map { run.1 + 0.3 / Double($0) }),
                DisplayedChart.Series(
                    name: "\(run.0), validation", mark: .line, stroke: .dashed, color: color, x: (1...8).map(Double.init),
                    y: (1...8).map { 0.72 + 0.2 / Double($0) + Double(color) * 0.004 * Double($0) }),
            ]
        })

    static let scatter: DisplayedChart = {
        var dice = Dice(1)
        let x = (0..<1_000).map { _ in (0..<4).reduce(1.0) { total, _ in total + Double.random(in: 0...1, using: &dice) } }
        let y = x.map { ($0 - 3.2) * 0.4 + Double.random(in: -0.4...0.4, using: &dice) }
        return DisplayedChart(
            title: "Movie biases against mean ratings", xLabel: "mean rating", yLabel: "bias", size: [13, 7],
            series: [.init(mark: .point, opacity: 0.4, x: x, y: y)])
    }()

    static let bars = DisplayedChart(
        title: "Ratings by genre", yLabel: "ratings", categories: ["Drama", "Comedy", "Film-Noir", "Western"], size: [8, 4],
        series: [
            .init(name: "2000", mark: .bar, color: 0, x: [0, 1, 2, 3], y: [410, 388, 12, 40]),
            .init(name: "2010", mark: .bar, color: 1, x: [0, 1, 2, 3], y: [510, 300, 9, 22]),
        ])

    static let histogram: DisplayedChart = {
        let centres = (0..<30).map { Double($0) * 0.1 - 1.45 }
        return DisplayedChart(
            xLabel: "bias", yLabel: "count", size: [8, 4],
            series: [.init(mark: .bar, x: centres, y: centres.map { (900 * exp(-$0 * $0 * 3)).rounded() })])
    }()

    static let model = DisplayedDiagram(
        title: "movies_with_bias",
        nodes: [
            .init(title: "user_id", detail: "Input (batch, 1)"), .init(title: "movie_id", detail: "Input (batch, 1)"),
            .init(title: "user_embedding", detail: "Embedding (batch, 1, 8)"),
            .init(title: "movie_embedding", detail: "Embedding (batch, 1, 8)"),
            .init(title: "concatenate", detail: "Concatenate (batch, 1, 16)"), .init(title: "flatten", detail: "Flatten (batch, 16)"),
            .init(title: "dense", detail: "Dense (batch, 32)"), .init(title: "dense_1", detail: "Dense (batch, 4)"),
            .init(title: "prediction", detail: "Dense (batch, 1)"),
            .init(title: "movie_bias", detail: "Embedding (batch, 1, 1)"), .init(title: "flatten_1", detail: "Flatten (batch, 1)"),
            .init(title: "add", detail: "Add (batch, 1)"),
        ],
        edges: [[0, 2], [1, 3], [2, 4], [3, 4], [4, 5], [5, 6], [6, 7], [7, 8], [1, 9], [9, 10], [8, 11], [10, 11]])

    /// Keeps a picture to be looked at, in the folder that ETUDE_PICTURES names.
    static func keep(_ bytes: [UInt8], as name: String) throws {
        guard let folder = ProcessInfo.processInfo.environment["ETUDE_PICTURES"] else { return }
        try Data(bytes).write(to: URL(fileURLWithPath: folder).appendingPathComponent(name))
    }
}
