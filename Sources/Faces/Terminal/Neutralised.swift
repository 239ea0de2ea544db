/// Text of an untrusted process without anything that steers a terminal: escape sequences and control characters
/// are gone, and marks that turn the direction of writing round are gone. Lines and tabs stay. A carriage return
/// starts a new line, so that nothing is written over what stands there.
///
/// For what comes piece by piece, ``Neutraliser`` keeps state between the pieces.
public func neutralised(_ text: String) -> String {
    var neutraliser = Neutraliser()
    return neutraliser.add(Array(text.utf8)) + neutraliser.finish()
}

/// Takes the harm out of a stream of bytes, wherever it is cut: characters and escape sequences may be split
/// between two pieces. Bytes that are no UTF-8 become `�`.
public struct Neutraliser: Sendable {
    private enum State { case text, escape, sequence, string, stringEscape, intermediate }

    /// A string sequence that never ends would swallow all that follows; after this many characters it is text again.
    private static let stringLimit = 4_096

    private var state = State.text
    private var swallowed = 0
    private var pending: [UInt8] = []
    private var afterReturn = false

    public init() {}

    /// The harmless text of the next bytes.
    public mutating func add(_ bytes: some Sequence<UInt8>) -> String {
        pending += bytes
        let whole = pending.count - incompleteTail(pending)
        let text = String(decoding: pending[..<whole], as: UTF8.self)
        pending.removeFirst(whole)
        return filter(text)
    }

    /// What is left at the end of the stream.
    public mutating func finish() -> String {
        let text = String(decoding: pending, as: UTF8.self)
        pending = []
        let rest = filter(text) + (afterReturn ? "\n" : "")
        (state, afterReturn) = (.text, false)
        return rest
    }

    private mutating func filter(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars { step(scalar, &result) }
        return String(result)
    }

    private mutating func step(_ scalar: Unicode.Scalar, _ result: inout String.UnicodeScalarView) {
        let value = scalar.value
        switch state {
        case .text: break
        case .escape:
            switch value {
            case 0x5B: state = .sequence  // CSI
            case 0x5D, 0x50, 0x58, 0x5E, 0x5F: (state, swallowed) = (.string, 0)  // OSC, DCS, SOS, PM, APC
            case 0x20...0x2F: state = .intermediate
            case 0x1B: break
            case 0x00...0x1F, 0x7F...: state = .text; step(scalar, &result)
            default: state = .text
            }
            return
        case .intermediate:
            if value == 0x1B { state = .escape; return }
            if (0x20...0x2F).contains(value) { return }
            state = .text
            if !(0x30...0x7E).contains(value) { step(scalar, &result) }
            return
        case .sequence:
            if value == 0x1B { state = .escape; return }
            if (0x20...0x3F).contains(value) { return }
            state = .text
            if !(0x40...0x7E).contains(value) { step(scalar, &result) }
            return
        case .string:
            swallowed += 1
            if value == 0x07 || value == 0x9C { state = .text; return }
            if value == 0x1B { state = .stringEscape; return }
            if value == 0x0A || swallowed > Self.stringLimit { state = .text; step(scalar, &result) }
            return
        case .stringEscape:
            if value == 0x5C { state = .text; return }
            state = .escape
            step(scalar, &result)
            return
        }
        switch value {
        case 0x0A:
            afterReturn = false
            result.append(scalar)
            return
        case 0x0D:
            if afterReturn { return }
            afterReturn = true
            return
        case 0x1B: state = .escape; return
        case 0x9B: state = .sequence; return
        case 0x9D, 0x90, 0x98, 0x9E, 0x9F: (state, swallowed) = (.string, 0); return
        case 0x09: break
        case 0x00...0x1F, 0x7F...0x9F: return
        case 0x061C, 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069, 0x2028, 0x2029, 0xFEFF, 0xE0000...0xE007F: return
        default: break
        }
        if afterReturn {
            afterReturn = false
            result.append("\n")
        }
        result.append(scalar)
    }
}

/// How many bytes at the end begin a character that is not whole yet.
private func incompleteTail(_ bytes: [UInt8]) -> Int {
    for length in 1...3 where bytes.count >= length {
        let byte = bytes[bytes.count - length]
        if byte & 0xC0 == 0x80 { continue }
        let expected = byte >= 0xF0 && byte <= 0xF4 ? 4 : byte >= 0xE0 ? 3 : byte >= 0xC2 ? 2 : 1
        return byte <= 0xF4 && expected > length ? length : 0
    }
    return 0
}
