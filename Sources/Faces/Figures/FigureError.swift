/// Why a figure could not be drawn.
public enum FigureError: Error, Equatable, CustomStringConvertible {
    /// What was to be drawn breaks a rule; the sentence says which.
    case malformed(String)
    /// The value has no picture, for example a table.
    case notAPicture(String)
    case gnuplotMissing(executable: String)
    case gnuplotFailed(String)

    public var description: String {
        switch self {
        case .malformed(let sentence): sentence
        case .notAPicture(let kind): "A \(kind) can't be drawn as a picture; charts and diagrams can."
        case .gnuplotMissing(let executable):
            "Pictures are drawn by gnuplot, and \(executable) can't be started. Install it (apt-get install gnuplot-nox) "
                + "and run the cell again."
        case .gnuplotFailed(let reason): "gnuplot could not draw this chart: \(reason)"
        }
    }
}
