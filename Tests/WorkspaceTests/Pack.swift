import Foundation
import Processes

/// A pack of objects put together byte by byte, as git would not write it.
struct Pack {
    private(set) var bytes = Data("PACK".utf8) + Data([0, 0, 0, 2, 0, 0, 0, 0])
    private(set) var lastOffset = 0
    private var count: UInt32 = 0

    mutating func add(kind: UInt8, _ contents: Data) {
        begin(kind, contents.count)
        bytes += Self.compressed(contents)
    }

    /// - Parameter distance: how far before it the object lies that it is a difference from.
    mutating func add(difference: Data, distance: Int) {
        begin(6, difference.count)
        var groups = [UInt8(distance & 0x7F)], rest = distance >> 7
        while rest > 0 {
            rest -= 1
            groups.insert(UInt8(rest & 0x7F) | 0x80, at: 0)
            rest >>= 7
        }
        bytes += Data(groups) + Self.compressed(difference)
    }

    private mutating func begin(_ kind: UInt8, _ size: Int) {
        (lastOffset, count) = (bytes.count, count + 1)
        var rest = size >> 4, next = kind << 4 | UInt8(size & 15)
        while rest > 0 {
            bytes.append(next | 0x80)
            (next, rest) = (UInt8(rest & 0x7F), rest >> 7)
        }
        bytes.append(next)
    }

    /// A bundle with it, and a reference for a commit that is not there.
    var bundle: Data {
        var pack = bytes
        withUnsafeBytes(of: count.bigEndian) { pack.replaceSubrange(8..<12, with: $0) }
        return Data("# v2 git bundle\n\(String(repeating: "1", count: 40)) refs/heads/main\n\n".utf8) + pack + Self.checksum(pack)
    }

    /// Seven bits a byte, the lowest first.
    static func size(_ size: Int) -> Data {
        var data = Data(), rest = size
        while rest > 0x7F {
            data.append(UInt8(rest & 0x7F) | 0x80)
            rest >>= 7
        }
        return data + [UInt8(rest)]
    }

    static func checksum(_ data: Data) -> Data {
        let output = try! run("/usr/bin/sha1sum", input: [UInt8](data)).output
        let digits = String(decoding: output.prefix(40), as: UTF8.self)
        return Data(stride(from: 0, to: 40, by: 2).map { UInt8(digits.dropFirst($0).prefix(2), radix: 16)! })
    }

    /// As zlib does it, in blocks that are stored as they are.
    private static func compressed(_ data: Data) -> Data {
        var result = Data([0x78, 0x01]), a: UInt32 = 1, b: UInt32 = 0, offset = 0
        repeat {
            let block = data.dropFirst(offset).prefix(65_535), size = UInt16(block.count)
            offset += block.count
            result += [offset == data.count ? 1 : 0, UInt8(size & 0xFF), UInt8(size >> 8), UInt8(~size & 0xFF), UInt8(~size >> 8)] + block
        } while offset < data.count
        for byte in data {
            a = (a + UInt32(byte)) % 65_521
            b = (b + a) % 65_521
        }
        return result + withUnsafeBytes(of: (b << 16 | a).bigEndian) { Data($0) }
    }
}
