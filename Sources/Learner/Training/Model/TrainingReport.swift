@_implementationOnly import CTrainingKernels
import Display

/// What a person sees of a running `fit`: at most ten pictures a second, and one at the end of each epoch.
struct TrainingReport {
    let epochs: Int
    let verbosity: Verbosity
    let keys: [String]
    private let identifier = Door.newIdentifier()
    private var lastShown = -1.0

    init(epochs: Int, verbosity: Verbosity, keys: [String]) {
        (self.epochs, self.verbosity, self.keys) = (epochs, verbosity, keys)
    }

    /// Within an epoch, `fraction` of it done.
    mutating func show(epoch: Int, fraction: Double, values: [Double]) {
        let now = tk_seconds()
        guard verbosity != .lines, now - lastShown >= 0.1 else { return }
        lastShown = now
        bar(epoch: epoch, fraction: (Double(epoch - 1) + fraction) / Double(epochs), values: values)
    }

    /// At the end of an epoch.
    mutating func finish(epoch: Int, values: [Double]) {
        switch verbosity {
        case .lines:
            Door.show(.text("Epoch \(epoch)/\(epochs)  \(detail(values))"), nil)
        case .progress:
            lastShown = tk_seconds()
            if epoch < epochs { bar(epoch: epoch, fraction: Double(epoch) / Double(epochs), values: values) }
        case .silent:
            show(epoch: epoch, fraction: 1, values: values)
        }
    }

    /// At the end of training.
    func finish(_ history: History) {
        let took = "\(counted(epochs, "epoch")) in \(fixed(history.seconds, history.seconds < 10 ? 1 : 0)) s"
        switch verbosity {
        case .lines:
            break
        case .progress:
            let values = history.keys.compactMap { history[$0]?.last }
            let label = epochs > 0 ? "Epoch \(epochs)/\(epochs)" : "No epochs"
            end(label: label, detail: epochs > 0 ? "\(detail(values)) · \(took)" : "nothing was trained")
        case .silent:
            end(label: "trained \(took)", detail: "")
        }
    }

    /// When training stops by a mistake: the bar ends, the sentence follows.
    func fail() {
        if verbosity != .lines { end(label: "stopped", detail: "the loss is no longer a number") }
    }

    private func bar(epoch: Int, fraction: Double, values: [Double]) {
        let progress = verbosity == .silent
            ? DisplayedProgress(label: "training", fraction: fraction)
            : DisplayedProgress(label: "Epoch \(epoch)/\(epochs)", fraction: fraction, detail: detail(values))
        Door.show(.progress(progress), identifier)
    }

    private func end(label: String, detail: String) {
        Door.show(.progress(DisplayedProgress(label: label, fraction: 1, detail: detail, isFinished: true)), identifier)
    }

    private func detail(_ values: [Double]) -> String {
        zip(keys, values).map { "\($0) \(fixed($1, 4))" }.joined(separator: " · ")
    }
}
