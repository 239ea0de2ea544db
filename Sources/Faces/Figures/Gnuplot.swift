import Display
import Processes

/// Draws charts with gnuplot, in a process of its own that reads our script and numbers on standard input.
public struct Gnuplot: Sendable {
    /// A picture of more points than this holds them as pixels: as shapes it would be slow to open.
    static let shapeLimit = 20_000

    public var executable: String
    public var deadline: Duration

    public init(executable: String = "/usr/bin/gnuplot", deadline: Duration = .seconds(60)) {
        (self.executable, self.deadline) = (executable, deadline)
    }

    /// The bytes of a picture file.
    ///
    /// - Throws: ``FigureError`` when the chart breaks a rule, or gnuplot is missing or fails.
    public func draw(_ chart: DisplayedChart, as format: PictureFormat) throws -> [UInt8] {
        let script = GnuplotScript(checked: try CheckedChart(chart))
        if format == .svg, chart.series.reduce(0, { $0 + $1.x.count }) > Self.shapeLimit {
            return framed(png: try draw(script.text(.png)), size: chart.size.map { Int($0 * GnuplotScript.pixelsPerInch) })
        }
        return try draw(script.text(format))
    }

    func draw(_ script: String) throws -> [UInt8] {
        let result: ProcessResult
        do {
            // Without the settings of the person who runs it, and without anything of ours to read.
            result = try run(
                executable, ["--default-settings", "-"], input: Array(script.utf8),
                environment: ["LC_ALL": "C.UTF-8", "HOME": "/nonexistent", "PATH": "/usr/bin:/bin"],
                workingDirectory: "/", deadline: deadline)
        } catch {
            throw FigureError.gnuplotMissing(executable: executable)
        }
        guard result.succeeded, !result.output.isEmpty else {
            if result.termination == .exited(127) { throw FigureError.gnuplotMissing(executable: executable) }
            let said = result.errorText.split(separator: "\n").last.map { plainLabel(String($0)) }
            throw FigureError.gnuplotFailed(said ?? "it ended with \(result.termination).")
        }
        return result.output
    }

    /// An SVG file that shows a PNG picture.
    private func framed(png: [UInt8], size: [Int]) -> [UInt8] {
        let (width, height) = (size[0], size[1])
        return Array(
            """
            <svg xmlns="http://www.w3.org/2000/svg" width="\(width)" height="\(height)" viewBox="0 0 \(width) \(height)">
            <image width="\(width)" height="\(height)" href="data:image/png;base64,\(base64(png))"/>
            </svg>

            """.utf8)
    }
}

/// Bytes as text of 64 signs (RFC 4648).
package func base64(_ bytes: [UInt8]) -> String {
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    var result: [UInt8] = []
    result.reserveCapacity((bytes.count + 2) / 3 * 4)
    for start in stride(from: 0, to: bytes.count, by: 3) {
        let group = (0..<3).map { start + $0 < bytes.count ? Int(bytes[start + $0]) : 0 }
        let bits = group[0] << 16 | group[1] << 8 | group[2]
        for place in 0..<4 {
            let isPadding = start + place > bytes.count
            result.append(isPadding ? UInt8(ascii: "=") : alphabet[bits >> (18 - 6 * place) & 63])
        }
    }
    return String(decoding: result, as: UTF8.self)
}
