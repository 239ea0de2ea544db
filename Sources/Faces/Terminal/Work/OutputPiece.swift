import Display
import Figures

/// Something that stands below a cell: what it printed or showed, or what there is to say of it. A value, so that it can
/// be drawn again when the window has another size.
public enum OutputPiece: Equatable, Sendable {
    /// Harmless already: see ``Neutraliser``.
    case printed(String)
    case shown(DisplayValue)
    /// An answer of a question's: its label, another word for it, what it says in Markdown, how far it is set in.
    case answer(VerdictLabel, word: String?, text: String, indent: Int = 2)
    case diagnostic(SourceDiagnostic)
    case note(String, indent: Int = 2)

    /// The piece as text, whole lines.
    public func text(_ style: TerminalStyle) -> String {
        switch self {
        case .printed(let text):
            let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
            return (lines.last == "" ? lines.dropLast() : lines[...]).map { line in
                let plain = line.split(separator: "\t", omittingEmptySubsequences: false).joined(separator: "    ")
                return hardWrapped([Run(plain)], to: style.width - 2, style).map { $0.isEmpty ? "\n" : "  \($0)\n" }.joined()
            }.joined()
        case .shown(.progress(let progress)):
            // Drawn in its place each time: nothing has to be written over.
            var still = style
            (still.width, still.isTerminal) = (max(20, style.width - 2), true)
            let erase = "\r\u{1B}[K"
            let line = progressText(progress, still)
            let words = line.hasPrefix(erase) ? String(line.dropFirst(erase.count)) : line
            return words.isEmpty ? "" : words.split(separator: "\n").map { "  \($0)\n" }.joined()
        case .shown(let value): return displayText(value, style)
        case .answer(let label, let word, let text, let indent): return verdictText(label, text, word: word, style, indent: indent)
        case .diagnostic(let diagnostic): return diagnosticText(diagnostic, style)
        case .note(let sentence, let indent): return noteText(sentence, style, indent: indent)
        }
    }

    func lines(_ style: TerminalStyle) -> [String] {
        text(style).split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init)
    }
}

/// What a cell has printed and shown so far, in order; bounded, for a cell may print without end.
///
/// For example:
///
///     var transcript = CellTranscript()
///     transcript.print(bytes)
///     transcript.show(.progress(progress), identifier: 1)
public struct CellTranscript: Sendable {
    /// How many characters of printed text are kept, and how many pieces: the newest.
    static let textLimit = 48_000
    static let pieceLimit = 120

    private var neutraliser = Neutraliser()
    private var entries: [(piece: OutputPiece, identifier: Int?)] = []
    private var textLength = 0
    private var isCut = false

    public init() {}

    public var isEmpty: Bool { entries.isEmpty }

    /// All pieces, from the oldest that is kept.
    public var pieces: [OutputPiece] {
        (isCut ? [.note("what came before is left out")] : []) + entries.map(\.piece)
    }

    /// Adds what the cell printed.
    public mutating func print(_ bytes: some Sequence<UInt8>) { append(neutraliser.add(bytes)) }

    /// Adds a value; one that has the identifier of an earlier one takes its place.
    public mutating func show(_ value: DisplayValue, identifier: Int?) {
        if let identifier, let index = entries.lastIndex(where: { $0.identifier == identifier }) {
            entries[index].piece = .shown(value)
            return
        }
        if case .text(let text) = value {
            add(.printed(neutralised(text) + "\n"))
        } else {
            entries.append((.shown(value), identifier))
        }
        bound()
    }

    /// Adds something of ours between what the cell printed.
    public mutating func add(_ piece: OutputPiece) {
        append(neutraliser.finish())
        entries.append((piece, nil))
        if case .printed(let text) = piece { textLength += text.utf8.count }
        bound()
    }

    private mutating func append(_ text: String) {
        guard !text.isEmpty else { return }
        textLength += text.utf8.count
        if case .printed(let before)? = entries.last?.piece, !before.hasSuffix("\n") || before.utf8.count < 2_000 {
            // Taken out first, so that it grows where it stands instead of being copied.
            entries.removeLast()
            var whole = before
            whole += text
            entries.append((.printed(whole), nil))
        } else {
            entries.append((.printed(text), nil))
        }
        bound()
    }

    private mutating func bound() {
        while entries.count > 1, textLength > Self.textLimit || entries.count > Self.pieceLimit { dropFirst() }
        // One line without an end.
        if textLength > 2 * Self.textLimit, case .printed(let text)? = entries.first?.piece {
            entries[0].piece = .printed(String(text.suffix(Self.textLimit / 4)))
            textLength = entries[0].piece.printedLength
            isCut = true
        }
    }

    private mutating func dropFirst() {
        textLength -= entries[0].piece.printedLength
        entries.removeFirst()
        isCut = true
    }
}

extension OutputPiece {
    fileprivate var printedLength: Int { if case .printed(let text) = self { text.utf8.count } else { 0 } }
}
