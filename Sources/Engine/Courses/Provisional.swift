import Foundation
import Glibc

public final class FileWatch {
    public let descriptor: Int32
    private let name: String
    public init(_ path: String) throws {
        descriptor = inotify_init1(Int32(IN_NONBLOCK) | Int32(IN_CLOEXEC))
        name = (path as NSString).lastPathComponent
        inotify_add_watch(descriptor, (path as NSString).deletingLastPathComponent, UInt32(IN_CLOSE_WRITE | IN_MOVED_TO))
    }
    public func changed() -> Bool {
        var buffer = [UInt8](repeating: 0, count: 1 << 14)
        let n = read(descriptor, &buffer, buffer.count)
        return n > 0 && String(decoding: buffer.prefix(n), as: UTF8.self).contains(name)
    }
}
