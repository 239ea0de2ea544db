import Figures
import Glibc

/// What a terminal can show. All of this module's functions are pure: they take a value and a style, and give
/// back text.
public struct TerminalStyle: Equatable, Sendable {
    /// Columns of the window, at least 20.
    public var width: Int
    /// Whether colours, bold and links may be used.
    public var color: Bool
    /// Whether 24-bit colours may be used; else the nearest of 256.
    public var trueColor: Bool
    /// Whether anything beyond ASCII may be used for lines, signs and curves.
    public var unicode: Bool
    /// Whether a line can be written over, as a progress bar does.
    public var isTerminal: Bool

    public init(width: Int = 80, color: Bool = false, trueColor: Bool = false, unicode: Bool = true, isTerminal: Bool = false) {
        self.width = max(20, width)
        (self.color, self.trueColor, self.unicode, self.isTerminal) = (color, trueColor, unicode, isTerminal)
    }

    /// The style of what a file descriptor leads to. Colours only on a terminal that is not `dumb`, and never
    /// when `NO_COLOR` is set or the terminal is one of DEC's; a pipe or file is 80 columns wide.
    public static func of(fileDescriptor: Int32, environment: [String: String]) -> TerminalStyle {
        let isTerminal = isatty(fileDescriptor) == 1
        let kind = environment["TERM"] ?? "dumb"
        let isDumb = kind == "dumb"
        let noColor = environment["NO_COLOR"].map { !$0.isEmpty } ?? false
        let colorTerm = environment["COLORTERM"] ?? ""
        let locale = [environment["LC_ALL"], environment["LC_CTYPE"], environment["LANG"]]
            .compactMap { $0 }.first { !$0.isEmpty } ?? ""
        var window = winsize()
        let hasSize = isTerminal && ioctl(fileDescriptor, UInt(TIOCGWINSZ), &window) == 0 && window.ws_col > 0
        let width = hasSize ? Int(window.ws_col) : (environment["COLUMNS"].flatMap(Int.init) ?? 80)
        return TerminalStyle(
            width: min(width, 1_000), color: isTerminal && !isDumb && !kind.hasPrefix("vt") && !noColor,
            trueColor: colorTerm == "truecolor" || colorTerm == "24bit",
            unicode: locale.uppercased().contains("UTF-8") || locale.uppercased().contains("UTF8"),
            isTerminal: isTerminal && !isDumb)
    }
}

/// How a piece of text looks.
struct Look: Equatable {
    var bold = false, dim = false, italic = false, struck = false, underlined = false
    var color: Color?
    var link: String?
    static let plain = Look()
    static let bold = Look(bold: true)
    static let dim = Look(dim: true)
}

extension TerminalStyle {
    /// The text in a look, where the terminal has one; the text alone elsewhere.
    func paint(_ text: String, _ look: Look) -> String {
        guard color, look != .plain, !text.isEmpty else { return text }
        var codes: [String] = []
        if look.bold { codes.append("1") }
        if look.dim { codes.append("2") }
        if look.italic { codes.append("3") }
        if look.underlined { codes.append("4") }
        if look.struck { codes.append("9") }
        if let color = look.color { codes.append(code(color)) }
        var painted = codes.isEmpty ? text : "\u{1B}[" + codes.joined(separator: ";") + "m" + text + "\u{1B}[0m"
        if let link = look.link { painted = "\u{1B}]8;;" + link + "\u{1B}\\" + painted + "\u{1B}]8;;\u{1B}\\" }
        return painted
    }

    func paint(_ text: String, _ color: Color, bold: Bool = false) -> String {
        paint(text, Look(bold: bold, color: color))
    }

    private func code(_ color: Color) -> String {
        if trueColor { return "38;2;\(color.red);\(color.green);\(color.blue)" }
        return "38;5;\(nearestIndex(color))"
    }

    /// The nearest colour of the 6 × 6 × 6 cube or of the greys of a 256-colour terminal.
    private func nearestIndex(_ color: Color) -> Int {
        let channels = [color.red, color.green, color.blue].map(Int.init)
        let levels = [0, 95, 135, 175, 215, 255]
        let cube = channels.map { channel in levels.indices.min { abs(levels[$0] - channel) < abs(levels[$1] - channel) }! }
        let grey = min(23, max(0, (channels.reduce(0, +) / 3 - 3) / 10))
        func distance(_ other: [Int]) -> Int { zip(channels, other).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) } }
        let cubeIndex = 16 + 36 * cube[0] + 6 * cube[1] + cube[2]
        return distance(cube.map { levels[$0] }) <= distance([8 + 10 * grey, 8 + 10 * grey, 8 + 10 * grey])
            ? cubeIndex : 232 + grey
    }

    /// A sign with its ASCII stand-in.
    func sign(_ unicodeSign: String, _ ascii: String) -> String { unicode ? unicodeSign : ascii }

    var rule: String { sign("─", "-") }
    var ellipsis: String { sign("…", "...") }
}
