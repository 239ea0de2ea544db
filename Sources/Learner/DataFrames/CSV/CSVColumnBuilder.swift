/// Gathers one column of a CSV file, and finds its type on the way: Int until a number has a point, Double until
/// something is no number; Bool while all values are true or false; else String.
///
/// A column that turns out to be text after it began as numbers is read a second time, since the numbers' spelling
/// is lost by then (`007`). So any file is read at most twice.
final class CSVColumnBuilder {
    let name: String
    /// The type that was asked for, to which every value must conform; nil to find it.
    let wanted: ColumnType?
    private let nilEncodings: [[UInt8]]

    private var found: ColumnType?
    private(set) var mustReadAgainAsText = false
    private var sawQuotedEmpty = false
    private var count = 0
    private var missingRows: [Int] = []
    private var ints: [Int] = []
    private var doubles: [Double] = []
    private var strings: [String] = []
    private var bools: [Bool] = []

    init(name: String, wanted: ColumnType?, nilEncodings: [[UInt8]]) {
        self.name = name
        self.wanted = wanted
        self.nilEncodings = nilEncodings
        found = wanted
    }

    /// Takes the field that was read last.
    func append(_ fields: CSVFields) throws {
        count += 1
        if mustReadAgainAsText { return }
        let (bytes, start, end) = (fields.bytes, fields.start, fields.end)
        if isMissing(fields) {
            missingRows.append(count - 1)
            appendPlaceholder()
            return
        }
        switch found {
        case .int:
            if let value = CSVNumbers.int(bytes, start, end) {
                ints.append(value)
            } else if wanted == nil, let value = CSVNumbers.double(bytes, start, end) {
                found = .double
                doubles = ints.map(Double.init)
                ints = []
                doubles.append(value)
            } else {
                try fails(fields)
            }
        case .double:
            if let value = CSVNumbers.double(bytes, start, end) { doubles.append(value) } else { try fails(fields) }
        case .bool:
            if let value = CSVNumbers.bool(bytes, start, end) { bools.append(value) } else { try fails(fields) }
        case .string:
            strings.append(fields.text)
        case nil:
            if let value = CSVNumbers.int(bytes, start, end) {
                begin(.int)
                ints.append(value)
            } else if let value = CSVNumbers.double(bytes, start, end) {
                begin(.double)
                doubles.append(value)
            } else if let value = CSVNumbers.bool(bytes, start, end) {
                begin(.bool)
                bools.append(value)
            } else if sawQuotedEmpty {
                mustReadAgainAsText = true
            } else {
                begin(.string)
                strings.append(fields.text)
            }
        }
    }

    /// The column of what was gathered. One in which nothing has a value counts as text.
    func column() -> Column {
        var missing: [Bool] = []
        if !missingRows.isEmpty {
            missing = [Bool](repeating: false, count: count)
            for row in missingRows { missing[row] = true }
        }
        switch found {
        case .int: return Column(name: name, storage: .int(Values(ints, missing: missing)))
        case .double: return Column(name: name, storage: .double(Values(doubles, missing: missing)))
        case .bool: return Column(name: name, storage: .bool(Values(bools, missing: missing)))
        case .string: return Column(name: name, storage: .string(Values(strings, missing: missing)))
        case nil: return Column(name: name, storage: .string(Values(allMissing: count)))
        }
    }

    /// Whether the column must be read again, as text, once the end is known.
    var needsSecondReading: Bool { mustReadAgainAsText || found == nil && sawQuotedEmpty }

    private func isMissing(_ fields: CSVFields) -> Bool {
        if fields.start == fields.end {
            guard fields.isQuoted else { return true }
            // Two quotes are an empty text in a column of texts, and nothing elsewhere.
            if found == .string { return false }
            sawQuotedEmpty = true
            return true
        }
        if nilEncodings.isEmpty || fields.isQuoted { return false }
        let field = UnsafeBufferPointer(start: fields.bytes + fields.start, count: fields.end - fields.start)
        return nilEncodings.contains { $0.elementsEqual(field) }
    }

    private func appendPlaceholder() {
        switch found {
        case .int: ints.append(0)
        case .double: doubles.append(0)
        case .bool: bools.append(false)
        case .string: strings.append("")
        case nil: break
        }
    }

    /// Settles on a type; all rows before have no value.
    private func begin(_ type: ColumnType) {
        found = type
        for _ in 1..<count { appendPlaceholder() }
    }

    private func fails(_ fields: CSVFields) throws {
        if let wanted {
            let shown = fields.text.prefix(40)
            throw fields.error(.type, at: fields.start, "\(quoted(String(shown))) is not of type \(wanted), which the column \(quoted(name)) is to have.")
        }
        mustReadAgainAsText = true
        ints = []
        doubles = []
        bools = []
    }
}
