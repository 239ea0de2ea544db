/// Whether bytes are UTF-8.
enum UTF8Check {
    /// Where the first byte stands that can't be there; nil when all is well.
    static func firstError(in buffer: UnsafeBufferPointer<UInt8>) -> Int? {
        guard let bytes = buffer.baseAddress else { return nil }
        let count = buffer.count
        var p = 0
        while p < count {
            // Most text is ASCII: eight bytes at a time.
            while p + 8 <= count, UnsafeRawPointer(bytes + p).loadUnaligned(as: UInt64.self) & 0x8080_8080_8080_8080 == 0 { p += 8 }
            if p >= count { break }
            let first = bytes[p]
            if first < 0x80 {
                p += 1
                continue
            }
            // How many bytes continue this one, and between which bounds the first of them lies.
            let length: Int
            var low: UInt8 = 0x80
            var high: UInt8 = 0xBF
            switch first {
            case 0xC2...0xDF: length = 1
            case 0xE0...0xEF:
                length = 2
                if first == 0xE0 { low = 0xA0 }
                if first == 0xED { high = 0x9F }
            case 0xF0...0xF4:
                length = 3
                if first == 0xF0 { low = 0x90 }
                if first == 0xF4 { high = 0x8F }
            default: return p
            }
            if p + length >= count { return p }
            if bytes[p + 1] < low || bytes[p + 1] > high { return p }
            if length > 1 && bytes[p + 2] & 0xC0 != 0x80 { return p }
            if length > 2 && bytes[p + 3] & 0xC0 != 0x80 { return p }
            p += length + 1
        }
        return nil
    }
}
