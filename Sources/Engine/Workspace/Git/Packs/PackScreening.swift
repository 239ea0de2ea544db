internal import CGit2

/// Looks at a pack before libgit2 does: that every object is there in full and has the size that it says, so that nothing
/// that is small fills the memory when it is unpacked, and that each difference can be applied.
struct PackScreening {
    /// Git never makes a longer chain of differences.
    static let greatestDepth = 4_095

    let transfer: Transfer
    let attempt: String

    /// An object that others may be a difference from.
    private struct Entry {
        let offset: Int
        /// When it is unpacked.
        let size: Int
        /// How many differences it is away from an object that is there in full, as far as that can be told.
        let depth: Int
    }

    /// - Parameter pack: the file's bytes; what comes after the last object is not looked at.
    func screen(_ pack: UnsafeRawBufferPointer) throws {
        guard pack.count >= 12, pack.starts(with: "PACK".utf8) else { throw damaged("it does not begin as a pack does") }
        func number(at offset: Int) -> Int { Int(UInt32(bigEndian: pack.loadUnaligned(fromByteOffset: offset, as: UInt32.self))) }
        guard number(at: 4) == 2 else { throw damaged("it is of a version that Etude does not know") }
        let count = number(at: 8)
        var cursor = PackCursor(bytes: pack, offset: 12), entries: [Entry] = [], unpacked = 0
        for index in 0..<count {
            if index % 1_000 == 0 { try transfer.allow(.init(objects: index, total: count, bytes: cursor.offset), attempt) }
            let entry = try next(&cursor, after: entries)
            unpacked += entry.size
            guard unpacked <= transfer.greatestUnpackedSize else { throw tooLarge("it becomes more than the \(transfer.greatestUnpackedSize) bytes that Etude unpacks") }
            entries.append(entry)
        }
    }

    private func next(_ cursor: inout PackCursor, after entries: [Entry]) throws -> Entry {
        let offset = cursor.offset
        guard let (kind, size) = cursor.header() else { throw damaged("an object in it is cut off") }
        guard size <= transfer.greatestObject else { throw tooLarge("an object in it has \(size) bytes, and Etude reads at most \(transfer.greatestObject)") }
        switch kind {
        case 1...4:
            guard cursor.inflate(size) else { throw damaged("an object in it is not what its size says") }
            return Entry(offset: offset, size: size, depth: 0)
        case 6, 7:
            var base: Entry?
            if kind == 6 {
                guard let distance = cursor.distance(), let found = Self.entry(at: offset - distance, in: entries) else { throw damaged("a difference in it is from nothing") }
                base = found
            } else if !cursor.skip(20) {
                throw damaged("an object in it is cut off")
            }
            guard let delta = cursor.inflated(size), let sizes = Delta.sizes(of: delta), base == nil || base!.size == sizes.base else {
                throw damaged("a difference in it can't be applied")
            }
            guard max(sizes.base, sizes.result) <= transfer.greatestObject else { throw tooLarge("an object in it becomes \(sizes.result) bytes, and Etude reads at most \(transfer.greatestObject)") }
            let depth = (base?.depth ?? 0) + 1
            guard depth <= Self.greatestDepth else { throw damaged("it has a chain of more than \(Self.greatestDepth) differences") }
            return Entry(offset: offset, size: sizes.result, depth: depth)
        default: throw damaged("an object in it is of no kind that git knows")
        }
    }

    private static func entry(at offset: Int, in entries: [Entry]) -> Entry? {
        var low = 0, high = entries.count
        while low < high {
            let middle = (low + high) / 2
            if entries[middle].offset < offset { low = middle + 1 } else { high = middle }
        }
        return low < entries.count && entries[low].offset == offset ? entries[low] : nil
    }

    private func damaged(_ message: String) -> GitError { GitError(attempt, code: .damaged, message: message, advice: "Ask for it once more: it may have been damaged on its way.") }
    private func tooLarge(_ message: String) -> GitError { GitError(attempt, code: .tooLarge, message: message) }
}

/// A place in a pack.
private struct PackCursor {
    let bytes: UnsafeRawBufferPointer
    private(set) var offset: Int

    init(bytes: UnsafeRawBufferPointer, offset: Int) { (self.bytes, self.offset) = (bytes, offset) }

    private mutating func byte() -> UInt8? {
        guard offset < bytes.count else { return nil }
        defer { offset += 1 }
        return bytes[offset]
    }

    mutating func skip(_ count: Int) -> Bool {
        guard bytes.count - offset >= count else { return false }
        offset += count
        return true
    }

    /// What kind of object comes, and its size: seven bits a byte, the first byte with four and the kind.
    mutating func header() -> (kind: UInt8, size: Int)? {
        guard var next = byte() else { return nil }
        let kind = next >> 4 & 7
        var size = Int(next & 15), shift = 4
        while next & 0x80 != 0 {
            guard shift <= 53, let more = byte() else { return nil }
            next = more
            size |= Int(next & 0x7F) << shift
            shift += 7
        }
        return (kind, size)
    }

    /// How far before it the object lies that it is a difference from.
    mutating func distance() -> Int? {
        guard var next = byte() else { return nil }
        var distance = Int(next & 0x7F)
        while next & 0x80 != 0 {
            guard distance < 1 << 48, let more = byte() else { return nil }
            next = more
            distance = (distance + 1) << 7 | Int(next & 0x7F)
        }
        return distance
    }

    /// Passes over compressed bytes.
    /// - Returns: whether they become as many as that.
    mutating func inflate(_ size: Int) -> Bool {
        var used = 0, found = 0
        guard etude_inflate_first(bytes.baseAddress! + offset, bytes.count - offset, nil, size, &used, &found) == 1, found == size else { return false }
        offset += used
        return true
    }

    /// - Returns: nil when the bytes do not become as many as that.
    mutating func inflated(_ size: Int) -> [UInt8]? {
        // No compression of zlib's is better than this; memory is not taken for what can't be there.
        guard size / 1_100 <= bytes.count - offset else { return nil }
        var used = 0, code: Int32 = 0
        let result = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            code = etude_inflate_first(bytes.baseAddress! + offset, bytes.count - offset, buffer.baseAddress, size, &used, &count)
            count = min(count, size)
        }
        guard code == 1, result.count == size else { return nil }
        offset += used
        return result
    }
}

/// An object as its difference from another: pieces of that, and new bytes.
private enum Delta {
    /// How large the other has to be, and what comes of it.
    /// - Returns: nil where a piece lies outside of the other, or the pieces do not add up.
    static func sizes(of delta: [UInt8]) -> (base: Int, result: Int)? {
        var index = 0
        func byte() -> Int? {
            guard index < delta.count else { return nil }
            defer { index += 1 }
            return Int(delta[index])
        }
        func size() -> Int? {
            var size = 0, shift = 0
            while let next = byte() {
                guard shift <= 49 else { return nil }
                size |= (next & 0x7F) << shift
                if next & 0x80 == 0 { return size }
                shift += 7
            }
            return nil
        }
        guard let base = size(), let result = size() else { return nil }
        var made = 0
        while let order = byte() {
            if order & 0x80 != 0 {
                var offset = 0, length = 0
                for bit in 0..<4 where order & 1 << bit != 0 {
                    guard let part = byte() else { return nil }
                    offset |= part << (bit * 8)
                }
                for bit in 0..<3 where order & 0x10 << bit != 0 {
                    guard let part = byte() else { return nil }
                    length |= part << (bit * 8)
                }
                if length == 0 { length = 0x10000 }
                guard offset + length <= base else { return nil }
                made += length
            } else {
                guard order != 0, delta.count - index >= order else { return nil }
                index += order
                made += order
            }
            guard made <= result else { return nil }
        }
        return made == result ? (base, result) : nil
    }
}
