import Figures

/// A picture file at a place in the window: PNG, or sixels for a terminal that draws those.
public struct PlacedPicture: Equatable, Sendable {
    /// Tells pictures apart, so that one that moves need not be compared byte by byte.
    public var identifier: Int
    /// The cell of its upper left corner, counted from 0, and the cells that it covers.
    public var row, column, columns, rows: Int
    public var bytes: [UInt8]

    public init(identifier: Int, row: Int, column: Int, columns: Int, rows: Int, bytes: [UInt8]) {
        (self.identifier, self.bytes) = (identifier, bytes)
        (self.row, self.column, self.columns, self.rows) = (row, column, columns, rows)
    }

    public static func == (a: PlacedPicture, b: PlacedPicture) -> Bool {
        a.identifier == b.identifier && a.row == b.row && a.column == b.column && a.columns == b.columns && a.rows == b.rows
    }
}

/// How a terminal is given pictures.
public enum PictureProtocol: String, Sendable {
    case kitty, iTerm, sixel

    /// The protocol that the environment promises; nil where it says nothing, and inside a multiplexer, which passes
    /// pictures on only when it was told to.
    public init?(environment: [String: String]) {
        let program = environment["TERM_PROGRAM"] ?? "", terminal = environment["TERM"] ?? ""
        if Self.isMultiplexed(environment) { return nil }
        if terminal == "xterm-kitty" || terminal == "xterm-ghostty" || environment["KITTY_WINDOW_ID"] != nil { self = .kitty } else if program == "iTerm.app" || program == "WezTerm" {
            self = .iTerm
        } else { return nil }
    }

    /// Whether the terminal is one that another program draws inside a real one.
    public static func isMultiplexed(_ environment: [String: String]) -> Bool {
        environment["TMUX"] != nil || environment["STY"] != nil || environment["ZELLIJ"] != nil
            || ["screen", "tmux"].contains { (environment["TERM"] ?? "").hasPrefix($0) }
    }

    /// Asks a terminal what it can draw. Every terminal answers the second question, which ends the waiting for the first.
    public static let query = "\u{1B}_Gi=31,s=1,v=1,a=q,t=d,f=24;AAAA\u{1B}\\\u{1B}[c"

    /// What the answer to ``query`` says; nil for a terminal without pictures.
    /// - Parameter isWhole: whether the last part of the answer has come.
    public static func reading(reply: some Sequence<UInt8>) -> (found: PictureProtocol?, isWhole: Bool) {
        let text = String(decoding: Array(reply), as: UTF8.self)
        guard let start = text.firstRange(of: "\u{1B}[?") else { return (nil, false) }
        let parameters = text[start.upperBound...].prefix { ("0"..."9").contains($0) || $0 == ";" }
        guard text[parameters.endIndex...].first == "c" else { return (nil, false) }
        if text.contains("\u{1B}_Gi=31;OK") { return (.kitty, true) }
        return (parameters.split(separator: ";").contains("4") ? .sixel : nil, true)
    }

    /// Takes all pictures out of the window, where they are more than what its cells hold.
    var removal: String { self == .kitty ? "\u{1B}_Ga=d,d=A,q=2\u{1B}\\" : "" }

    /// Draws a picture with its upper left corner at the cursor.
    func text(of picture: PlacedPicture) -> String {
        switch self {
        case .kitty: kitty(picture)
        case .iTerm:
            "\u{1B}]1337;File=inline=1;size=\(picture.bytes.count);width=\(picture.columns);height=\(picture.rows);"
                + "preserveAspectRatio=1;doNotMoveCursor=1:\(base64(picture.bytes))\u{07}"
        // Already the bytes that such a terminal draws.
        case .sixel: String(decoding: picture.bytes, as: UTF8.self)
        }
    }

    /// The protocol takes at most 4,096 bytes of payload at a time; `q=2` keeps the terminal from answering.
    private func kitty(_ picture: PlacedPicture) -> String {
        var rest = base64(picture.bytes).utf8[...]
        var text = "", controls = "a=T,f=100,t=d,q=2,C=1,i=\(picture.identifier),c=\(picture.columns),r=\(picture.rows),"
        repeat {
            let chunk = rest.prefix(4_096)
            rest = rest.dropFirst(chunk.count)
            text += "\u{1B}_G\(controls)m=\(rest.isEmpty ? 0 : 1);\(Substring(chunk))\u{1B}\\"
            controls = ""
        } while !rest.isEmpty
        return text
    }
}
