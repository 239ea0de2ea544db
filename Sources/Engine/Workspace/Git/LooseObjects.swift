internal import CGit2
import Foundation
import Glibc

/// The objects of a repository that have a file of their own, by name.
///
/// Read without libgit2, which never ends with a file that is cut off in the middle, as a power cut leaves it.
struct LooseObjects {
    /// The repository's folder `objects`.
    let folder: String

    func path(of id: ObjectID) -> String {
        let name = id.description
        return "\(folder)/\(name.prefix(2))/\(name.dropFirst(2))"
    }

    /// An object's bytes.
    /// - Returns: nil when it has no file of its own here.
    /// - Throws: ``GitError`` when the file does not hold it in full, or more than `limit`.
    func read(_ id: ObjectID, _ kind: ObjectDatabase.Kind, limit: Int) throws -> [UInt8]? { try read(id, asOneOf: [kind], limit: limit)?.bytes }

    /// An object's kind and bytes, where it is of one of some kinds.
    func read(_ id: ObjectID, asOneOf kinds: [ObjectDatabase.Kind], limit: Int) throws -> (kind: ObjectDatabase.Kind, bytes: [UInt8])? {
        let descriptor = open(path(of: id), O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        func damaged(_ message: String) -> GitError { GitError("read \(id) from the repository", code: .damaged, message: message) }
        func tooLarge(_ size: Int) -> GitError {
            GitError("read \(id) from the repository", code: .tooLarge, message: "it has \(size) bytes, and Etude reads at most \(limit)")
        }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { throw damaged("what should be its file is none") }
        let size = Int(status.st_size)
        // What can't be made smaller becomes a little larger.
        guard size <= limit + limit / 1_000 + 1_024 else { throw tooLarge(size) }
        let compressed = try [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            while count < size {
                let read = Glibc.read(descriptor, buffer.baseAddress! + count, size - count)
                if read < 0 && errno == EINTR { continue }
                guard read > 0 else { throw damaged("its file can't be read") }
                count += read
            }
        }

        let beginning = try inflate(compressed, room: 40).bytes
        // "blob 17", and a zero.
        guard let end = beginning.firstIndex(of: 0), let (kind, length) = Self.header(beginning[..<end]), kinds.contains(kind) else {
            throw damaged("it should be a \(kinds.map { "\($0)" }.joined(separator: " or a ")), and is not")
        }
        guard length <= limit else { throw tooLarge(length) }
        let (bytes, isWhole) = try inflate(compressed, room: end + 1 + length + 1)
        guard isWhole, bytes.count == end + 1 + length else { throw damaged("its file is cut off, or holds something else") }
        let contents = Array(bytes[(end + 1)...])
        var found = git_oid()
        guard git_odb_hash(&found, contents, contents.count, kind.git) == 0, ObjectID(found) == id else { throw damaged("its file holds something else") }
        return (kind, contents)

        func inflate(_ compressed: [UInt8], room: Int) throws -> (bytes: [UInt8], isWhole: Bool) {
            var code: Int32 = 0
            let bytes = [UInt8](unsafeUninitializedCapacity: room) { buffer, count in
                code = etude_inflate(compressed, compressed.count, buffer.baseAddress, room, &count)
            }
            guard code >= 0 else { throw damaged("its file can't be decompressed") }
            return (bytes, code == 1)
        }
    }

    private static func header(_ header: ArraySlice<UInt8>) -> (ObjectDatabase.Kind, length: Int)? {
        let words = header.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
        guard words.count == 2, words[1].allSatisfy({ (0x30...0x39).contains($0) }), let length = Int(String(decoding: words[1], as: UTF8.self)),
            let kind = ObjectDatabase.Kind.allCases.first(where: { words[0].elementsEqual("\($0)".utf8) }) else { return nil }
        return (kind, length)
    }

    func remove(_ id: ObjectID) { unlink(path(of: id)) }

    func all() -> Set<ObjectID> {
        var ids: Set<ObjectID> = []
        for first in 0..<256 {
            let prefix = (first < 16 ? "0" : "") + String(first, radix: 16)
            for name in names(prefix) { ObjectID(prefix + name).map { _ = ids.insert($0) } }
        }
        return ids
    }

    /// How many there are, near enough: names are evenly spread, so one of 256 folders tells about all.
    var estimatedCount: Int { names("17").count * 256 }

    /// Removes what processes that were killed had begun to write: git looks after its own only.
    func removeLeftovers() {
        let now = time(nil)
        for place in [folder, folder + "/pack"] {
            for name in (try? FileManager.default.contentsOfDirectory(atPath: place)) ?? [] where name.hasPrefix("tmp_object_git2_") || name.hasPrefix("pack_git2_") {
                var status = stat()
                // One that is being written is younger.
                if lstat("\(place)/\(name)", &status) == 0, now - status.st_mtim.tv_sec > 86_400 { unlink("\(place)/\(name)") }
            }
        }
    }

    private func names(_ prefix: String) -> [String] { (try? FileManager.default.contentsOfDirectory(atPath: "\(folder)/\(prefix)")) ?? [] }
}
