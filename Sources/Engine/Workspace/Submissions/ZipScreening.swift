import Foundation

/// Looks at a zip archive's directory before libzip does: what lies about its sizes, overlaps, leads elsewhere, or unpacks
/// to more than is taken is refused, and nothing has been unpacked by then.
struct ZipScreening {
    struct Entry: Equatable {
        var name: String
        var size: Int
        fileprivate var place: Int
        fileprivate var end: Int
    }

    /// The most bytes of an archive, of a file in it, of all of them; the most files.
    static let greatestArchive = 64 << 20
    static let greatestFile = 16 << 20
    static let greatestTotal = 32 << 20
    static let greatestCount = 256
    /// How many times its packed size a file may have: what Swift and JSON are packed to is a tenth.
    private static let greatestRatio = 500

    /// The files, in the order of the directory; folders are passed over.
    let files: [Entry]
    /// How many entries the directory has, folders among them.
    let count: Int

    /// - Throws: ``SubmissionError`` that says what is wrong with it.
    init(_ archive: Data) throws {
        guard archive.count <= Self.greatestArchive else { throw SubmissionError("The archive has \(archive.count) bytes, and at most \(Self.greatestArchive) are read.") }
        self = try archive.withUnsafeBytes { try Self(bytes: $0) }
    }

    private init(bytes: UnsafeRawBufferPointer) throws {
        let end = try Self.endOfDirectory(bytes)
        let reader = Reader(bytes)
        let count = try reader.short(end + 10), size = try reader.long(end + 12), start = try reader.long(end + 16)
        guard try reader.short(end + 4) == 0, try reader.short(end + 6) == 0, try reader.short(end + 8) == count else {
            throw SubmissionError("The archive is one part of several; ask for a single one.")
        }
        guard start + size == end else { throw Self.damaged("its directory does not lie where it says") }
        guard count <= Self.greatestCount else { throw SubmissionError("The archive holds \(count) files, and at most \(Self.greatestCount) are read. One that holds many submissions is to be unpacked first.") }

        var entries: [Entry] = [], place = start
        for _ in 0..<count { entries.append(try Self.entry(reader, &place, directory: start)) }
        guard place == end else { throw Self.damaged("its directory has another size than it says") }
        var last = 0
        for entry in entries.sorted(by: { $0.place < $1.place }) {
            guard entry.place >= last else { throw Self.damaged("two of its files share the same bytes") }
            last = entry.end
        }
        files = entries.filter { !$0.name.hasSuffix("/") }
        self.count = count
        try Self.checkNames(entries.map(\.name))
        guard files.reduce(0, { $0 + $1.size }) <= Self.greatestTotal else { throw SubmissionError("The archive unpacks to more than \(Self.greatestTotal >> 20) MB, which is not taken.") }
    }

    /// One entry of the directory, compared with what stands before the file itself.
    private static func entry(_ reader: Reader, _ place: inout Int, directory: Int) throws -> Entry {
        guard try reader.long(place) == 0x0201_4B50 else { throw damaged("its directory can't be read") }
        let (flags, method) = (try reader.short(place + 8), try reader.short(place + 10))
        let (packed, size) = (try reader.long(place + 20), try reader.long(place + 24))
        let (nameLength, extraLength, commentLength) = (try reader.short(place + 28), try reader.short(place + 30), try reader.short(place + 32))
        let mode = try reader.long(place + 38) >> 16, local = try reader.long(place + 42)
        let bytes = try reader.bytes(place + 46, nameLength)
        guard let name = String(validating: bytes, as: UTF8.self) else { throw SubmissionError("A file's name in the archive is not UTF-8. Ask for an archive made by etude submit.") }
        place += 46 + nameLength + extraLength + commentLength

        guard flags & 0x2041 == 0, method != 99 else { throw SubmissionError("The archive is encrypted; ask for one without a password.") }
        guard method == 0 || method == 8 else { throw SubmissionError("\"\(name)\" is packed in a way that is not read (\(method)). Ask for an archive made by etude submit.") }
        // A device, a link, a pipe; whoever says nothing means a file.
        let kind = mode & 0xF000
        guard kind == 0 || kind == 0x8000 || kind == 0x4000 && name.hasSuffix("/") else { throw SubmissionError("\"\(name)\" is a link or a device and not a file; ask for the file itself.") }
        guard packed < 0xFFFF_FFFF, size < 0xFFFF_FFFF, local < 0xFFFF_FFFF else { throw SubmissionError("\"\(name)\" is too large.") }
        guard size <= greatestFile else { throw SubmissionError("\"\(name)\" unpacks to \(size) bytes, and at most \(greatestFile) are taken.") }
        guard size <= 1 << 20 || size / greatestRatio <= packed else { throw SubmissionError("\"\(name)\" unpacks to more than \(greatestRatio) times its size, as no notebook does.") }
        guard method == 8 || packed == size else { throw damaged("\"\(name)\" has two sizes") }

        guard try reader.long(local) == 0x0403_4B50, try reader.short(local + 6) & 0x2041 == 0, try reader.short(local + 8) == method,
            try reader.short(local + 26) == nameLength, try reader.bytes(local + 30, nameLength) == bytes else { throw damaged("\"\(name)\" is not what its directory says") }
        // Sizes that come behind the file stand before it as nothing.
        let isLater = flags & 8 != 0, sizes = (try reader.long(local + 18), try reader.long(local + 22))
        guard sizes == (packed, size) || isLater && sizes == (0, 0) else { throw damaged("\"\(name)\" has two sizes") }
        let start = local + 30 + nameLength + (try reader.short(local + 28))
        guard start + packed <= directory else { throw damaged("\"\(name)\" runs into the directory") }
        return Entry(name: name, size: size, place: local, end: start + packed)
    }

    private static func checkNames(_ names: [String]) throws {
        var seen: Set<String> = [], folders: Set<String> = []
        for name in names {
            let isFolder = name.hasSuffix("/")
            guard let path = PortablePath(isFolder ? String(name.dropLast()) : name) else { throw SubmissionError("\"\(name)\" can't be a file's name on every system. Ask for an archive made by etude submit.") }
            if isFolder {
                folders.insert(path.foldedKey)
            } else {
                guard seen.insert(path.foldedKey).inserted else { throw SubmissionError("The archive holds \"\(name)\" twice, or two files that differ in nothing but upper and lower case.") }
                guard !["zip", "tar", "gz", "tgz", "bz2", "xz", "7z", "rar", "zst", "bundle"].contains((name as NSString).pathExtension.lowercased()) else {
                    throw SubmissionError("The archive holds another one, \"\(name)\". Unpack the outer one first.")
                }
            }
            for count in 1..<max(1, path.parts.count) { folders.insert(PortablePath(path.parts.prefix(count).joined(separator: "/"))!.foldedKey) }
        }
        if let both = seen.first(where: folders.contains) { throw SubmissionError("The archive holds \"\(both)\" both as a file and as a folder.") }
    }

    /// Where the record stands that ends an archive: the last that is followed by just the comment that it announces.
    private static func endOfDirectory(_ bytes: UnsafeRawBufferPointer) throws -> Int {
        let reader = Reader(bytes)
        for place in stride(from: bytes.count - 22, through: max(0, bytes.count - 22 - 0xFFFF), by: -1) where bytes[place] == 0x50 {
            if try reader.long(place) == 0x0605_4B50, try reader.short(place + 20) == bytes.count - place - 22 { return place }
        }
        throw SubmissionError("It is no zip archive, or its end is missing. Ask for it again.")
    }

    private static func damaged(_ reason: String) -> SubmissionError { SubmissionError("The archive is damaged, or made to mislead: \(reason). Ask for it again, as etude submit makes it.") }

    /// Numbers and bytes at places that an archive names.
    private struct Reader {
        let all: UnsafeRawBufferPointer
        init(_ all: UnsafeRawBufferPointer) { self.all = all }

        func bytes(_ place: Int, _ count: Int) throws -> [UInt8] {
            guard place >= 0, place <= all.count, all.count - place >= count else { throw ZipScreening.damaged("it ends too early") }
            return Array(all[place..<place + count])
        }

        func short(_ place: Int) throws -> Int { Int(try number(place, as: UInt16.self)) }
        func long(_ place: Int) throws -> Int { Int(try number(place, as: UInt32.self)) }

        private func number<Number: FixedWidthInteger>(_ place: Int, as type: Number.Type) throws -> Number {
            guard place >= 0, all.count - place >= MemoryLayout<Number>.size else { throw ZipScreening.damaged("it ends too early") }
            return Number(littleEndian: all.loadUnaligned(fromByteOffset: place, as: type))
        }
    }
}
