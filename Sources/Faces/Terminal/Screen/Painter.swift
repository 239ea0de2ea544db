/// Columns and rows of a terminal's window.
public struct ScreenSize: Equatable, Sendable {
    public var columns, rows: Int
    public init(columns: Int, rows: Int) { (self.columns, self.rows) = (max(1, columns), max(1, rows)) }
}

/// What a window shows: a line of painted text a row, from the top, and pictures that lie over them.
public struct Frame: Equatable, Sendable {
    public var lines: [String]
    public var pictures: [PlacedPicture]
    public init(lines: [String], pictures: [PlacedPicture] = []) { (self.lines, self.pictures) = (lines, pictures) }
}

/// Brings a window from one frame to the next with few bytes: only lines that changed are written, and the terminal is
/// told to show them all at once.
///
/// For example: `terminal.write(painter.paint(frame, size: terminal.size))`.
public struct Painter: Sendable {
    private let pictureProtocol: PictureProtocol?
    private var shown: (lines: [String], pictures: [PlacedPicture], size: ScreenSize)?

    public init(pictures: PictureProtocol? = nil) { pictureProtocol = pictures }

    /// Forgets what the window shows, as when another program has written there: the next frame is written whole.
    public mutating func forget() { shown = nil }

    /// What to write so that the window shows a frame; empty when it does already.
    public mutating func paint(_ frame: Frame, size: ScreenSize) -> String {
        let lines = (0..<size.rows).map { $0 < frame.lines.count ? cutPainted(frame.lines[$0], to: size.columns) : "" }
        let pictures = pictureProtocol == nil ? [] : frame.pictures
        defer { shown = (lines, pictures, size) }
        var text = ""
        var known = shown?.size == size ? shown?.lines : nil
        let oldPictures = shown?.pictures ?? []
        let picturesChanged = pictures != oldPictures || known == nil
        if known == nil { text += "\u{1B}[0m\u{1B}[2J" }
        if picturesChanged, let pictureProtocol, !oldPictures.isEmpty || known == nil {
            text += pictureProtocol.removal
            // Pictures that are made of the window's own cells go when something is written over them.
            if pictureProtocol != .kitty { known = nil }
        }
        for (row, line) in lines.enumerated() where known?[row] != line {
            text += "\u{1B}[\(row + 1);1H\u{1B}[0m\u{1B}[K\(line)"
        }
        if picturesChanged, let pictureProtocol {
            for picture in pictures {
                text += "\u{1B}[\(picture.row + 1);\(picture.column + 1)H" + pictureProtocol.text(of: picture)
            }
        }
        return text.isEmpty ? "" : "\u{1B}[?2026h" + text + "\u{1B}[?2026l"
    }
}
