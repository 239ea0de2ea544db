import Display
import Training

/// Shows how training went: a chart for each key, with the training curve solid and the validation curve dashed.
///
/// - Parameters:
///   - keys: what to draw, for example `["mae"]`; without it, all that was measured.
///   - train: whether to draw the training curves too.
///   - size: width and height of each chart in inches.
public func plotHistory(_ history: History, keys: [String]? = nil, train: Bool = true, size: [Double] = [15, 5]) {
    show(historyCharts(of: [HistoryCurves(name: nil, history)], keys: keys, train: train, size: size))
}

/// Compares how training went for several models: one colour a model, and a chart for each key.
///
/// For example:
///
///     plotHistory([("8 dimensions", history8), ("32 dimensions", history32)], keys: ["mae"])
public func plotHistory(
    _ histories: [(String, History)], keys: [String]? = nil, train: Bool = true, size: [Double] = [15, 5]
) {
    let runs = histories.map { HistoryCurves(name: $0.0, $0.1) }
    show(historyCharts(of: runs, keys: keys, train: train, size: size))
}

private func show(_ charts: [Chart]) {
    for chart in charts { display(chart) }
}

extension HistoryCurves {
    init(name: String?, _ history: History) { self.init(name: name, keys: history.keys, values: { history[$0] }) }
}
