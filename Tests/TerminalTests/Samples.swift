import Display
import Foundation

@testable import Terminal

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
    static let markdown = """
        # Embedding layers

        An *embedding layer* maps each of **many** values to a `[Float]` of a few numbers, as in
        [Keras' documentation](https://keras.io/api/layers/), and ~~never~~ always learns them. Wörter, 日本語の文字 and 👩‍👩‍👧 have widths.

        ## What you will do

        1. Choose variables
           - `user_id`
           - `song_id`, with a long explanation that goes on and on until the line has to be broken somewhere
        2. Train
        10. Look

        - [x] read
        - [ ] answer

        > A rule of thumb is the fourth root of the number of values.[^1]
        >
        > > Nested.

        | variable | values | explicit |
        |:---------|-------:|:--------:|
        | user_id  | 5,000,000 | no |
        | 曲        | 10,000,000 | `maybe` |

        ```swift
        let movieBias = Flatten()(Embedding(inputDimension: movieCount, outputDimension: 1, name: "movie_bias")(movieID)) // one number a movie
        guard let x = values.first else { return 0.5 }
        ```

        ![the model](images/model.png)

        <b onclick="evil()">HTML</b> is &#27;[31m shown.

        ---

        [^1]: Then experiment.
        """

    static let table = DisplayedTable(
        columns: [
            .init(name: "title", type: "String", alignment: .leading), .init(name: "year", type: "Int", alignment: .trailing),
            .init(name: "n_ratings", type: "Int", alignment: .trailing),
            .init(name: "mean_rating", type: "Double", alignment: .trailing), .init(name: "bias", type: "Double", alignment: .trailing),
        ],
        rows: [
            ["The Shawshank Redemption", "1994", "317", "4.429", "0.712"], ["七人の侍", "1954", "48", "4.2", "0.66"],
            ["Gigli", nil, "3", "1.0", "−0.801"], ["War of the Worlds", "2005", "50", "3.13", "−0.2"],
        ], cutAfter: 2, rowCount: 9_066, caption: "9,066 rows × 5 columns")

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
            .init(title: "dense", detail: "Dense (batch, 32)"), .init(title: "prediction", detail: "Dense (batch, 1)"),
            .init(title: "movie_bias", detail: "Embedding (batch, 1, 1)"), .init(title: "flatten_1", detail: "Flatten (batch, 1)"),
            .init(title: "add", detail: "Add (batch, 1)"),
        ],
        edges: [[0, 2], [1, 3], [2, 4], [3, 4], [4, 5], [5, 6], [6, 7], [1, 8], [8, 9], [7, 10], [9, 10]])

    static let diagnostic = SourceDiagnostic(
        message: "cannot find 'movieBia' in scope",
        place: .init(name: "cell 4, line 2", lineNumber: 2, line: "\tout = Add()(out, movieBia)", columns: 19..<27),
        advice: ["Did you mean `movieBias`? It was made in cell 3."],
        notes: [.init(severity: .note, message: "'movieBias' declared here")])

    static let questions: [QuestionOutcome] = [
        .init(part: "part1", outcome: .correct, points: (1, 1)),
        .init(part: "part2", outcome: .read),
        .init(part: "part3.c", outcome: .incorrect, points: (0, 1), remark: "The bias depends on the user, and it should depend on the movie."),
        .init(part: "part3.d", outcome: .notAttempted, points: (0, 0.5)),
        .init(part: "part3.e", outcome: .unread),
    ]

    /// Everything a run can show, one after the other.
    static func page(_ style: TerminalStyle) -> String {
        var text = markdownText(markdown, style) + "\n"
        text += cellHeader(number: 4, name: "bias", style)
        text += cellSource("let movieBias = Flatten()(Embedding(inputDimension: 9, outputDimension: 1)(movieID))\nout = Add()(out, <#bias#>) // gap", style)
        var output = CellOutput(style)
        text += output.printed("Training\u{1B}[31m on 100,000 ratings\nsame line".utf8)
        for epoch in 1...8 {
            text += output.shown(.progress(.init(label: "Epoch \(epoch)/8", fraction: Double(epoch) / 8, detail: "loss 0.7153 · mae 0.6488", isFinished: epoch == 8)))
        }
        text += output.shown(.table(table))
        text += output.finish()
        text += diagnosticText(diagnostic, style)
        text += noteText("Cell 5 waits for your answer.", style)
        for (label, words) in [
            (VerdictLabel.correct, "All three are there, and `user_country` is fine too."),
            (.incorrect, "Something **continuous** is among the variables: an embedding layer looks numbers up in a table, so it needs a limited number of distinct values.\n\nTry again."),
            (.check, "Once you have changed the starter, this says whether it is right."), (.hint(1), "It is once more an embedding layer."),
            (.solution, "```swift\nlet movieBias = Flatten()(x)\n```"), (.correct, ""),
        ] { text += verdictText(label, words, style, indent: 2) }
        text += "\n" + summaryText(questions, style) + "\n"
        for chart in [curves, scatter, bars, histogram] { text += chartText(chart, style, indent: 2) + "\n" }
        return text + diagramText(model, style, indent: 2)
    }
}
