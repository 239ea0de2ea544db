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
    case .table: throw FigureError.notAPicture("table")
    case .text, .markdown: throw FigureError.notAPicture("text")
    case .progress: throw FigureError.notAPicture("progress bar")
    }
}
