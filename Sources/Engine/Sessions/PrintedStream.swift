import Processes

/// What a process prints, in pieces that hold whole characters.
struct PrintedStream {
    private let descriptor: Descriptor
    private var isOpen = true
    private var tail: [UInt8] = []

    init(_ descriptor: Descriptor) { self.descriptor = descriptor }

    /// What to wait for; -1 once the stream has ended, which would else be news for ever.
    var number: Int32 { isOpen ? descriptor.number : -1 }

    /// nil when nothing is there; empty when only part of a character is.
    mutating func read() -> [UInt8]? {
        guard isOpen, let new = descriptor.read() else { return nil }
        if new.isEmpty {
            isOpen = false
            return nil
        }
        let bytes = tail + new
        let whole = bytes.count - incompleteTail(bytes)
        tail = Array(bytes[whole...])
        return Array(bytes[..<whole])
    }

    mutating func finish() -> [UInt8] {
        defer { tail = [] }
        return tail
    }

    /// How many bytes at the end begin a character that is not whole yet.
    private func incompleteTail(_ bytes: [UInt8]) -> Int {
        for length in 1...3 where bytes.count >= length {
            let byte = bytes[bytes.count - length]
            if byte & 0xC0 == 0x80 { continue }
            let expected = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : byte >= 0xC2 ? 2 : 1
            return expected > length ? length : 0
        }
        return 0
    }
}
