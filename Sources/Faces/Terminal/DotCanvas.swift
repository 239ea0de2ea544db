import Figures

/// A drawing area of a terminal: each character holds 2 × 4 dots (Braille), or one where there is only ASCII.
struct DotCanvas {
    let columns: Int
    let rows: Int
    let style: TerminalStyle
    private var dots: [UInt8]
    private var glyphs: [Character?]
    private var colors: [Color?]

    /// Dots a character, across and down.
    var dotsAcross: Int { style.unicode ? 2 : 1 }
    var dotsDown: Int { style.unicode ? 4 : 1 }
    var dotWidth: Int { columns * dotsAcross }
    var dotHeight: Int { rows * dotsDown }

    init(columns: Int, rows: Int, style: TerminalStyle) {
        (self.columns, self.rows, self.style) = (columns, rows, style)
        dots = Array(repeating: 0, count: columns * rows)
        glyphs = Array(repeating: nil, count: columns * rows)
        colors = Array(repeating: nil, count: columns * rows)
    }

    /// Sets a dot; (0, 0) is at the top left. Dots outside are left out.
    mutating func dot(_ x: Int, _ y: Int, _ color: Color, ascii: Character) {
        guard x >= 0, y >= 0, x < dotWidth, y < dotHeight else { return }
        let cell = y / dotsDown * columns + x / dotsAcross
        if style.unicode {
            let bits: [[UInt8]] = [[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]]
            dots[cell] |= bits[y % 4][x % 2]
        } else {
            glyphs[cell] = ascii
        }
        colors[cell] = color
    }

    /// Puts a sign over the character at a dot.
    mutating func mark(_ x: Int, _ y: Int, _ sign: Character, _ color: Color) {
        guard x >= 0, y >= 0, x < dotWidth, y < dotHeight else { return }
        let cell = y / dotsDown * columns + x / dotsAcross
        glyphs[cell] = sign
        colors[cell] = color
    }

    /// A straight line between two points in dots; what lies outside is cut off. `drawn` tells for each dot along
    /// it, counted on from `phase`, whether it is set.
    /// - Returns: the phase for the next piece of the same line.
    mutating func line(
        from start: (x: Double, y: Double), to end: (x: Double, y: Double), _ color: Color, ascii: Character,
        phase: Int, drawn: (Int) -> Bool
    ) -> Int {
        guard let (first, last) = clipped(start, end) else { return phase }
        let steps = Int(max(abs(last.x - first.x), abs(last.y - first.y)).rounded(.up))
        for step in 0...max(0, steps) {
            let share = steps == 0 ? 0 : Double(step) / Double(steps)
            if drawn(phase + step) {
                dot(
                    Int((first.x + (last.x - first.x) * share).rounded()), Int((first.y + (last.y - first.y) * share).rounded()),
                    color, ascii: ascii)
            }
        }
        return phase + steps
    }

    /// The part of a line inside the area (Liang and Barsky).
    private func clipped(_ start: (x: Double, y: Double), _ end: (x: Double, y: Double))
        -> (first: (x: Double, y: Double), last: (x: Double, y: Double))?
    {
        let (dx, dy) = (end.x - start.x, end.y - start.y)
        var (entry, exit) = (0.0, 1.0)
        for (direction, distance) in [
            (-dx, start.x), (dx, Double(dotWidth - 1) - start.x), (-dy, start.y), (dy, Double(dotHeight - 1) - start.y),
        ] {
            if direction == 0 {
                if distance < 0 { return nil }
            } else if direction < 0 { entry = max(entry, distance / direction) } else { exit = min(exit, distance / direction) }
        }
        guard entry <= exit else { return nil }
        // A line from very far away is cut with rounding; what is left belongs to the area all the same.
        func inside(_ share: Double) -> (x: Double, y: Double) {
            (min(Double(dotWidth - 1), max(0, start.x + dx * share)), min(Double(dotHeight - 1), max(0, start.y + dy * share)))
        }
        return (inside(entry), inside(exit))
    }

    /// The rows as painted text, each `columns` wide.
    func lines() -> [String] {
        (0..<rows).map { row in
            let runs = (0..<columns).map { column -> Run in
                let cell = row * columns + column
                let character = glyphs[cell]
                    ?? (dots[cell] == 0 ? " " : Character(Unicode.Scalar(0x2800 + UInt32(dots[cell])) ?? " "))
                return Run(String(character), Look(color: character == " " ? nil : colors[cell]))
            }
            return hardWrapped(runs, to: columns, style)[0]
        }
    }
}
