/// What a person pressed.
public enum Key: Hashable, Sendable {
    case character(Character)
    /// A letter held with the control key, lower-case: Ctrl-C is `.control("c")`.
    case control(Character)
    case enter, tab, backspace, delete, escape
    case up, down, left, right, pageUp, pageDown, home, end
}

/// Makes keys of the bytes that a terminal in raw mode sends, wherever the stream is cut.
///
/// What is no key gives none: pasted text, replies to queries, function keys, bytes that are no UTF-8. An Escape alone
/// can't be told from the beginning of an arrow key; whoever reads calls ``timeOut()`` when nothing followed for a moment.
///
/// For example: `for key in decoder.decode(bytes) { … }`.
public struct KeyDecoder: Sendable {
    private enum State: Equatable {
        case ground, escape, singleShift
        /// After `ESC [`, with the parameters so far.
        case sequence([UInt8])
        /// In a reply of the terminal's that ends with BEL or `ESC \`, with the bytes so far.
        case string(Int)
        case stringEscape(Int)
        /// In pasted text, with how many bytes of its end mark have come.
        case paste(Int)
    }

    private static let pasteEnd = Array("\u{1B}[201~".utf8)
    /// A reply that never ends would swallow all keys.
    private static let stringLimit = 4_096
    private static let parameterLimit = 32

    private var state = State.ground
    /// The bytes of a character that is not whole yet.
    private var character: [UInt8] = []

    public init() {}

    /// Whether the last byte may have been the beginning of something longer.
    public var isWaiting: Bool {
        switch state {
        case .ground, .paste: false
        case .escape, .singleShift, .sequence, .string, .stringEscape: true
        }
    }

    /// The keys that the next bytes complete.
    public mutating func decode(_ bytes: some Sequence<UInt8>) -> [Key] {
        var keys: [Key] = []
        for byte in bytes { step(byte, &keys) }
        return keys
    }

    /// Nothing followed: an Escape that waits was the key itself.
    public mutating func timeOut() -> [Key] {
        guard isWaiting else { return [] }
        defer { state = .ground }
        return state == .escape ? [.escape] : []
    }

    private mutating func step(_ byte: UInt8, _ keys: inout [Key]) {
        switch state {
        case .ground: ground(byte, &keys)
        case .escape: escape(byte, &keys)
        case .singleShift:
            state = .ground
            if byte == 0x1B { state = .escape } else if byte < 0x20 || byte >= 0x7F { ground(byte, &keys) } else if let key = Self.named(byte) { keys.append(key) }
        case .sequence(let parameters):
            switch byte {
            case 0x1B: state = .escape
            case 0x20...0x3F: if parameters.count < Self.parameterLimit { state = .sequence(parameters + [byte]) }
            case 0x40...0x7E:
                state = .ground
                finish(parameters, byte, &keys)
            default:
                state = .ground
                ground(byte, &keys)
            }
        case .string(let count):
            switch byte {
            case 0x07: state = .ground
            case 0x1B: state = .stringEscape(count)
            // No reply holds it, and a person who presses it wants out.
            case 0x03:
                state = .ground
                ground(byte, &keys)
            default: state = count < Self.stringLimit ? .string(count + 1) : .ground
            }
        case .stringEscape:
            state = .escape
            if byte == UInt8(ascii: "\\") { state = .ground } else { escape(byte, &keys) }
        case .paste(let matched):
            if byte == 0x03 {
                state = .ground
                ground(byte, &keys)
            } else if byte == Self.pasteEnd[matched] {
                state = matched + 1 == Self.pasteEnd.count ? .ground : .paste(matched + 1)
            } else {
                state = .paste(byte == 0x1B ? 1 : 0)
            }
        }
    }

    private mutating func ground(_ byte: UInt8, _ keys: inout [Key]) {
        if !character.isEmpty {
            if byte & 0xC0 == 0x80 {
                character.append(byte)
                let expected = character[0] >= 0xF0 ? 4 : character[0] >= 0xE0 ? 3 : 2
                guard character.count == expected else { return }
                if let text = String(validating: character, as: UTF8.self), let whole = text.first { keys.append(.character(whole)) }
                character = []
                return
            }
            character = []
        }
        switch byte {
        case 0x1B: state = .escape
        case 0x0A, 0x0D: keys.append(.enter)
        case 0x09: keys.append(.tab)
        case 0x08, 0x7F: keys.append(.backspace)
        case 0x01...0x1A: keys.append(.control(Character(Unicode.Scalar(byte + 0x60))))
        case 0x20...0x7E: keys.append(.character(Character(Unicode.Scalar(byte))))
        case 0xC2...0xF4: character = [byte]
        default: break
        }
    }

    private mutating func escape(_ byte: UInt8, _ keys: inout [Key]) {
        switch byte {
        case 0x1B: keys.append(.escape)
        case UInt8(ascii: "["): state = .sequence([])
        case UInt8(ascii: "O"): state = .singleShift
        case UInt8(ascii: "]"), UInt8(ascii: "P"), UInt8(ascii: "X"), UInt8(ascii: "^"), UInt8(ascii: "_"): state = .string(0)
        case 0x00..<0x20:
            keys.append(.escape)
            state = .ground
            ground(byte, &keys)
        // A letter held with Alt is a key that has no meaning here, and must not pass for the letter.
        case 0x20...0x7F: state = .ground
        default:
            state = .ground
            ground(byte, &keys)
        }
    }

    private mutating func finish(_ parameters: [UInt8], _ final: UInt8, _ keys: inout [Key]) {
        guard final == UInt8(ascii: "~") else {
            // With a `?` or a `>` before it, it is a reply.
            if parameters.allSatisfy({ $0 == UInt8(ascii: ";") || (0x30...0x39).contains($0) }), let key = Self.named(final) { keys.append(key) }
            return
        }
        switch parameters.prefix(while: { (0x30...0x39).contains($0) }).reduce(0, { min(10_000, $0 * 10 + Int($1 - 0x30)) }) {
        case 1, 7: keys.append(.home)
        case 3: keys.append(.delete)
        case 4, 8: keys.append(.end)
        case 5: keys.append(.pageUp)
        case 6: keys.append(.pageDown)
        case 200: state = .paste(0)
        default: break
        }
    }

    private static func named(_ final: UInt8) -> Key? {
        switch final {
        case UInt8(ascii: "A"): .up
        case UInt8(ascii: "B"): .down
        case UInt8(ascii: "C"): .right
        case UInt8(ascii: "D"): .left
        case UInt8(ascii: "H"): .home
        case UInt8(ascii: "F"): .end
        case UInt8(ascii: "M"): .enter
        default: nil
        }
    }
}
