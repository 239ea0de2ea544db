import Foundation
import Glibc

/// Looks at a pack's index before libgit2 does, which goes where the index says, even if that is outside of the pack.
struct PackIndexScreening {
    /// A path that ends in `.idx`; the pack lies beside it.
    let path: String

    /// Looks at all packs in a folder `objects`.
    static func screen(_ folder: String) throws {
        for name in (try? FileManager.default.contentsOfDirectory(atPath: folder + "/pack")) ?? [] where name.hasSuffix(".idx") {
            try PackIndexScreening(path: "\(folder)/pack/\(name)").screen()
        }
    }

    func screen() throws {
        let pack = path.dropLast(4) + ".pack"
        var status = stat()
        // Without a pack nothing is read; git removes the two one after the other.
        guard stat(String(pack), &status) == 0, let index = try? Data(contentsOf: URL(fileURLWithPath: path), options: .alwaysMapped) else { return }
        guard status.st_mode & S_IFMT == S_IFREG, index.withUnsafeBytes({ isSound($0, packSize: Int(status.st_size)) }) else {
            throw GitError(
                "read the objects of the repository", code: .damaged, message: "\(path) does not fit its pack",
                advice: "If the pack is whole, this makes its index anew: git index-pack \(pack)")
        }
    }

    /// Whether all names are where they should be, and lead into the pack.
    private func isSound(_ index: UnsafeRawBufferPointer, packSize: Int) -> Bool {
        func number(at offset: Int) -> UInt32 { UInt32(bigEndian: index.loadUnaligned(fromByteOffset: offset, as: UInt32.self)) }
        let name = 20, checksums = 2 * name, header = 12
        let isVersion2 = index.count >= 8 && number(at: 0) == 0xFF74_4F63
        if isVersion2, number(at: 4) != 2 { return false }
        let fanOut = isVersion2 ? 8 : 0, table = fanOut + 256 * 4
        guard index.count >= table + checksums, packSize >= header + name else { return false }

        // How many names begin with a byte up to the first, the second, ...
        var count = 0
        for first in 0..<256 {
            let next = Int(number(at: fanOut + first * 4))
            if next < count { return false }
            count = next
        }
        func isInPack(_ offset: UInt64) -> Bool { offset >= UInt64(header) && offset < UInt64(packSize - name) }
        if !isVersion2 {
            guard index.count == table + count * (4 + name) + checksums else { return false }
            return (0..<count).allSatisfy { isInPack(UInt64(number(at: table + $0 * (4 + name)))) }
        }
        let offsets = table + count * (name + 4), far = offsets + count * 4
        guard index.count >= far + checksums, (index.count - far - checksums) % 8 == 0 else { return false }
        let farCount = (index.count - far - checksums) / 8
        return (0..<count).allSatisfy { position in
            let offset = number(at: offsets + position * 4)
            if offset & 0x8000_0000 == 0 { return isInPack(UInt64(offset)) }
            // Beyond two gigabytes there are eight bytes for it elsewhere.
            let place = Int(offset & 0x7FFF_FFFF)
            return place < farCount && isInPack(UInt64(number(at: far + place * 8)) << 32 | UInt64(number(at: far + place * 8 + 4)))
        }
    }
}
