import Display

/// The measurements of one training run, as curves: one number an epoch under each key.
struct HistoryCurves {
    var name: String?
    var keys: [String]
    var values: (String) -> [Double]?

    static let validationPrefix = "val_"

    /// The keys measured on the training rows, in the order of the history.
    var trainingKeys: [String] { keys.filter { !$0.hasPrefix(Self.validationPrefix) } }
}

/// One chart a key: training solid, validation dashed, one colour a run.
func historyCharts(
    of runs: [HistoryCurves], keys: [String]?, train: Bool, size: [Double]
) -> [Chart] {
    guard let first = runs.first else {
        learnerMistake("plotHistory needs at least one history, such as plotHistory(model.fit(…)).")
    }
    let chosen = keys ?? first.trainingKeys.filter { key in runs.allSatisfy { $0.keys.contains(key) } }
    guard !chosen.isEmpty else {
        learnerMistake("There is nothing to plot: no key was asked for. The history has \(listed(first.keys)).")
    }
    return chosen.map { historyChart(of: runs, key: $0, train: train, size: size) }
}

private func historyChart(of runs: [HistoryCurves], key asked: String, train: Bool, size: [Double]) -> Chart {
    // `val_mae` asks for the validation curve of `mae`.
    let isValidation = asked.hasPrefix(HistoryCurves.validationPrefix)
    let key = isValidation ? String(asked.dropFirst(HistoryCurves.validationPrefix.count)) : asked
    let train = train && !isValidation
    var series: [Chart.Series] = []
    for (color, run) in runs.enumerated() {
        let prefix = run.name.map { $0 + ", " } ?? ""
        guard let training = run.values(key) else {
            learnerMistake(
                "\(run.name.map { "The history of \"\($0)\"" } ?? "The history") has no key \"\(key)\"; "
                    + "it has \(listed(run.keys)).")
        }
        let validation = run.values(HistoryCurves.validationPrefix + key)
        guard train || validation != nil else {
            learnerMistake(
                "There is nothing to plot for \"\(key)\": this history has no validation curve, and train is false. "
                    + "Train with validationSplit:, or plot the training curve.")
        }
        if train {
            series.append(
                Chart.Series(x: 1..<(training.count + 1), y: training, mark: .line, name: prefix + "training", color: color))
        }
        if let validation {
            series.append(
                Chart.Series(
                    x: 1..<(validation.count + 1), y: validation, mark: .dashedLine, name: prefix + "validation",
                    color: color))
        }
    }
    return Chart(series: series, title: "\(key) by epoch", xLabel: "epoch", yLabel: key, size: size)
}
