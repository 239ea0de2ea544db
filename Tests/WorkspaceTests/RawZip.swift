import Foundation

/// Writes zip archives as no program would: every number in them can lie. Files are stored as they are.
struct RawZip {
    struct File {
        var name: String
        var data: Data
        var flags = 0, method = 0
        var mode = 0o100644
        /// What the directory says, and what stands before the file; the truth where nil.
        var size, packed, localSize, place: Int?
        var localName: String?
        /// Sizes stand behind the file.
        var isStreamed = false

        init(_ name: String, _ text: String) { (self.name, data) = (name, Data(text.utf8)) }
    }

    var files: [File]
    var prefix = Data(), comment = Data(), suffix = Data()
    var count, directory: Int?

    init(_ files: [File]) { self.files = files }

    var bytes: Data {
        var body = prefix, places: [Int] = []
        for file in files {
            places.append(body.count)
            let flags = file.flags | (file.isStreamed ? 8 : 0), size = file.localSize ?? file.data.count
            body.long(0x0403_4B50); body.shorts(20, flags, file.method, 0, 0x21); body.long(file.isStreamed ? 0 : crc(file.data))
            body.long(file.isStreamed ? 0 : file.localSize ?? file.packed ?? file.data.count); body.long(file.isStreamed ? 0 : size)
            let name = Data((file.localName ?? file.name).utf8)
            body.shorts(name.count, 0)
            body += name + file.data
            if file.isStreamed { body.long(0x0807_4B50); body.long(crc(file.data)); body.long(size); body.long(size) }
        }
        let start = body.count
        for (file, place) in zip(files, places) {
            let name = Data(file.name.utf8)
            body.long(0x0201_4B50); body.shorts(0x0314, 20, file.flags | (file.isStreamed ? 8 : 0), file.method, 0, 0x21); body.long(crc(file.data))
            body.long(file.packed ?? file.data.count); body.long(file.size ?? file.data.count)
            body.shorts(name.count, 0, 0, 0, 0); body.long(file.mode << 16); body.long(file.place ?? place)
            body += name
        }
        let size = body.count - start
        body.long(0x0605_4B50); body.shorts(0, 0, count ?? files.count, count ?? files.count); body.long(size); body.long(directory ?? start); body.shorts(comment.count)
        return body + comment + suffix
    }

    private func crc(_ data: Data) -> Int {
        var crc = UInt32.max
        for byte in data {
            crc ^= UInt32(byte)
            for _ in 0..<8 { crc = crc & 1 == 1 ? (crc >> 1) ^ 0xEDB8_8320 : crc >> 1 }
        }
        return Int(~crc)
    }
}

extension Data {
    fileprivate mutating func shorts(_ values: Int...) { for value in values { append(contentsOf: [UInt8(value & 0xFF), UInt8(value >> 8 & 0xFF)]) } }
    fileprivate mutating func long(_ value: Int) { shorts(value & 0xFFFF, value >> 16 & 0xFFFF) }
}
