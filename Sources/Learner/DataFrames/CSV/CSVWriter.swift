/// Writes a data frame as CSV text that reads back as the same one.
struct CSVWriter {
    private var bytes: [UInt8] = []

    /// The text: a header line, then a line a row, ended by LF. A missing value is an empty field.
    static func bytes(of frame: DataFrame, hasHeaderRow: Bool) -> [UInt8] {
        var writer = CSVWriter()
        if hasHeaderRow {
            for (index, name) in frame.columnNames.enumerated() {
                if index > 0 { writer.bytes.append(UInt8(ascii: ",")) }
                writer.append(text: name)
            }
            if frame.columnCount > 0 { writer.bytes.append(CSVFields.lineFeed) }
        }
        for row in 0..<frame.rowCount {
            for (index, column) in frame.columns.enumerated() {
                if index > 0 { writer.bytes.append(UInt8(ascii: ",")) }
                switch column.storage {
                case .int(let values): if !values.isMissing(row) { writer.append(int: values.elements[row]) }
                case .double(let values): if !values.isMissing(row) { writer.bytes.append(contentsOf: values.elements[row].description.utf8) }
                case .bool(let values): if !values.isMissing(row) { writer.bytes.append(contentsOf: values.elements[row].description.utf8) }
                case .string(let values): if !values.isMissing(row) { writer.append(text: values.elements[row]) }
                }
            }
            writer.bytes.append(CSVFields.lineFeed)
        }
        return writer.bytes
    }

    private mutating func append(int: Int) {
        if int >= 0 && int < 10 {
            bytes.append(UInt8(ascii: "0") + UInt8(int))
        } else {
            bytes.append(contentsOf: String(int).utf8)
        }
    }

    private mutating func append(text: String) {
        var text = text
        text.withUTF8 { utf8 in
            // An empty text is quoted to differ from a missing one, and a byte order mark to be no mark.
            var needsQuotes = utf8.isEmpty || utf8[0] == 0xEF
            for byte in utf8 where byte <= UInt8(ascii: ",") {
                if byte == UInt8(ascii: ",") || byte == CSVFields.quote || byte == CSVFields.lineFeed || byte == CSVFields.carriageReturn {
                    needsQuotes = true
                }
            }
            guard needsQuotes else {
                bytes.append(contentsOf: utf8)
                return
            }
            bytes.append(CSVFields.quote)
            for byte in utf8 {
                if byte == CSVFields.quote { bytes.append(byte) }
                bytes.append(byte)
            }
            bytes.append(CSVFields.quote)
        }
    }
}
