import Display

/// The bytes of a picture file of a chart or a diagram.
///
/// For example: `try picture(of: value, as: .png)`.
///
/// - Throws: ``FigureError`` when the value breaks a rule or has no picture, or gnuplot is missing or fails.
public func picture(of value: DisplayValue, as format: PictureFormat, gnuplot: Gnuplot = Gnuplot()) throws -> [UInt8] {
    switch value {
    case .chart(let chart): return try gnuplot.draw(chart, as: format)
    case .diagram(let diagram):
        let picture = try DiagramPicture(diagram)
        return format == .svg ? Array(picture.svg().utf8) : try gnuplot.draw(picture.gnuplotScript())
    case .table, .text, .markdown, .progress: throw notAPicture(value)
    }
}

/// A chart or a diagram as sixels, the pictures that many terminals draw; of that many pixels.
///
/// - Throws: ``FigureError`` as ``picture(of:as:gnuplot:)`` does.
public func sixels(of value: DisplayValue, width: Int, height: Int, gnuplot: Gnuplot = Gnuplot()) throws -> [UInt8] {
    let (width, height) = (min(4_000, max(60, width)), min(4_000, max(40, height)))
    let terminal = "set terminal sixelgd noenhanced truecolor size \(width),\(height) font 'DejaVu Sans,9' background '#ffffff'"
    switch value {
    case .chart(let chart): return try gnuplot.draw(GnuplotScript(checked: try CheckedChart(chart)).text(terminal: terminal))
    case .diagram(let diagram): return try gnuplot.draw(try DiagramPicture(diagram).gnuplotScript(terminal: terminal))
    case .table, .text, .markdown, .progress: throw notAPicture(value)
    }
}

private func notAPicture(_ value: DisplayValue) -> FigureError {
    switch value {
    case .table: .notAPicture("table")
    case .progress: .notAPicture("progress bar")
    default: .notAPicture("text")
    }
}
