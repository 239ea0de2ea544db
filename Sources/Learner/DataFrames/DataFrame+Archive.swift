/// How a data frame crosses to another process. All numbers are little-endian:
///
///     "ETDF", version (UInt32), rows (UInt64), columns (UInt32), then for each column
///         its name (UInt32 length, UTF-8), its type (UInt8), whether values are missing (UInt8)
///         one bit a row for what is missing, if so
///         Int, Double: 8 bytes a row; Bool: one bit a row; String: UInt32 lengths, then all texts in UTF-8
///
/// Bits fill bytes from the lowest up; those of the last byte that stand for no row are 0.
extension DataFrame {
    private static let archiveMagic: [UInt8] = Array("ETDF".utf8)
    private static let archiveVersion: UInt32 = 1

    /// The data frame as bytes, for another process.
    public func archive() -> [UInt8] {
        var bytes = DataFrame.archiveMagic
        bytes.append(number: DataFrame.archiveVersion)
        bytes.append(number: UInt64(rowCount))
        bytes.append(number: UInt32(columnCount))
        for column in columns {
            bytes.append(number: UInt32(column.name.utf8.count))
            bytes.append(contentsOf: column.name.utf8)
            bytes.append(column.type.rawValue)
            bytes.append(column.missingFlags.isEmpty ? 0 : 1)
            bytes.append(bits: column.missingFlags)
            switch column.storage {
            case .int(let values): bytes.append(numbers: values.elements.map { UInt64(bitPattern: Int64($0)).littleEndian })
            case .double(let values): bytes.append(numbers: values.elements.map(\.bitPattern.littleEndian))
            case .bool(let values): bytes.append(bits: values.elements)
            case .string(let values):
                bytes.append(numbers: values.elements.map { UInt32($0.utf8.count).littleEndian })
                for text in values.elements { bytes.append(contentsOf: text.utf8) }
            }
        }
        return bytes
    }

    /// The data frame in an archive. What is read takes memory in proportion to the archive's length, whatever it claims.
    ///
    /// - throws: ``DataFrameError`` when the bytes are no archive of a data frame, or one of another version.
    public init(archive bytes: [UInt8]) throws {
        self = try bytes.withUnsafeBytes { buffer in
            var reader = ArchiveReader(bytes: buffer)
            return try DataFrame(reading: &reader)
        }
    }

    private init(reading reader: inout ArchiveReader) throws {
        guard try Array(reader.take(4)) == DataFrame.archiveMagic else {
            throw DataFrameError(.archive, "These bytes are not a data frame's archive: they don't begin with \"ETDF\".")
        }
        let version = try reader.number(UInt32.self)
        guard version == DataFrame.archiveVersion else {
            throw DataFrameError(.archive, "This data frame's archive has version \(version), and this program reads version \(DataFrame.archiveVersion): use programs of one release.")
        }
        // A row takes at least one bit in every column.
        guard let rows = Int(exactly: try reader.number(UInt64.self)), rows / 8 <= reader.remaining else { throw reader.broken("more rows than its length holds") }
        let columnCount = Int(try reader.number(UInt32.self))
        guard columnCount > 0 || rows == 0 else { throw reader.broken("rows without columns") }
        var names: Set<String> = []
        var columns: [Column] = []
        for _ in 0..<columnCount {
            let name = try reader.text(count: Int(try reader.number(UInt32.self)))
            guard names.insert(name).inserted else { throw reader.broken("two columns called \(quoted(name))") }
            guard let type = ColumnType(rawValue: try reader.number(UInt8.self)) else { throw reader.broken("a column of an unknown type") }
            let hasMissing = try reader.number(UInt8.self)
            guard hasMissing <= 1 else { throw reader.broken("a flag that is neither 0 nor 1") }
            let missing = hasMissing == 1 ? try reader.bits(count: rows) : []
            guard hasMissing == 0 || missing.contains(true) else { throw reader.broken("a list of missing values with none in it") }
            switch type {
            case .int:
                let numbers = try reader.numbers(count: rows, UInt64.self).map { Int(truncatingIfNeeded: $0) }
                columns.append(Column(name: name, values: Values(numbers, missing: missing)))
            case .double:
                let numbers = try reader.numbers(count: rows, UInt64.self).map { Double(bitPattern: $0) }
                columns.append(Column(name: name, values: Values(numbers, missing: missing)))
            case .bool:
                columns.append(Column(name: name, values: Values(try reader.bits(count: rows), missing: missing)))
            case .string:
                let texts = try reader.numbers(count: rows, UInt32.self).map { try reader.text(count: Int($0)) }
                columns.append(Column(name: name, values: Values(texts, missing: missing)))
            }
        }
        guard reader.remaining == 0 else { throw reader.broken("\(counted(reader.remaining, "byte")) too many") }
        self.init(columns: columns)
    }
}

extension [UInt8] {
    fileprivate mutating func append(number: some FixedWidthInteger) {
        Swift.withUnsafeBytes(of: number.littleEndian) { append(contentsOf: $0) }
    }

    fileprivate mutating func append<Number: FixedWidthInteger>(numbers: [Number]) {
        numbers.withUnsafeBytes { append(contentsOf: $0) }
    }

    fileprivate mutating func append(bits flags: [Bool]) {
        var start = 0
        while start < flags.count {
            var byte: UInt8 = 0
            for bit in 0..<Swift.min(8, flags.count - start) where flags[start + bit] { byte |= 1 << bit }
            append(byte)
            start += 8
        }
    }
}

/// Takes an archive apart from its beginning; asks for nothing that is not there.
private struct ArchiveReader {
    let bytes: UnsafeRawBufferPointer
    var position = 0

    var remaining: Int { bytes.count - position }

    func broken(_ what: String) -> DataFrameError {
        DataFrameError(.archive, "This data frame's archive is broken at byte \(position): it has \(what).")
    }

    mutating func take(_ count: Int) throws -> UnsafeRawBufferPointer {
        guard count <= remaining else { throw broken("fewer bytes than it should") }
        position += count
        return UnsafeRawBufferPointer(rebasing: bytes[position - count..<position])
    }

    mutating func number<Number: FixedWidthInteger>(_ type: Number.Type) throws -> Number {
        Number(littleEndian: try take(MemoryLayout<Number>.size).loadUnaligned(as: type))
    }

    mutating func numbers<Number: FixedWidthInteger>(count: Int, _ type: Number.Type) throws -> [Number] {
        let size = MemoryLayout<Number>.size
        guard count <= remaining / size else { throw broken("fewer bytes than it should") }
        let source = try take(count * size)
        return (0..<count).map { Number(littleEndian: source.loadUnaligned(fromByteOffset: $0 * size, as: type)) }
    }

    mutating func bits(count: Int) throws -> [Bool] {
        let source = try take(count / 8 + (count % 8 == 0 ? 0 : 1))
        if count % 8 != 0, source[source.count - 1] >> (count % 8) != 0 { throw broken("a bit set beyond its last row") }
        return (0..<count).map { row -> Bool in
            let bit: UInt8 = 1 << UInt8(row & 7)
            return source[row >> 3] & bit != 0
        }
    }

    mutating func text(count: Int) throws -> String {
        let source = try take(count)
        guard let text = String(validating: source, as: UTF8.self) else { throw broken("text that is not UTF-8") }
        return text
    }
}
