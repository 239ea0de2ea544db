import Foundation

/// What tells one version of a file from another without reading it.
struct FileMark: Equatable {
    let device: UInt64
    let file: UInt64
    let size: Int
    private let modified: [Int]
    private let changed: [Int]

    /// nil when there is no such file.
    init?(_ path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        device = UInt64(status.st_dev)
        file = UInt64(status.st_ino)
        size = Int(status.st_size)
        modified = [status.st_mtim.tv_sec, status.st_mtim.tv_nsec]
        changed = [status.st_ctim.tv_sec, status.st_ctim.tv_nsec]
    }

    /// How long ago it was written; less than nothing when the clocks disagree.
    var age: Duration {
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        return .seconds(now.tv_sec - changed[0]) + .nanoseconds(now.tv_nsec - changed[1])
    }
}
