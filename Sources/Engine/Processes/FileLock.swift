import Glibc

/// A lock that processes share by way of a file; the system takes it back when a holder dies.
public enum FileLock {
    /// Does something while no other process that asks for the same file's lock does.
    ///
    /// Where the file can't be made or locked (a folder that can't be written, a file system without locks), or a holder
    /// keeps it for longer than `patience` (it may be stopped), the work is done without.
    public static func holding<T>(_ path: String, patience: Duration = .seconds(5), _ work: () throws -> T) rethrows -> T {
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        defer { if descriptor >= 0 { close(descriptor) } }
        if descriptor >= 0 {
            let end = ContinuousClock.now + patience
            while flock(descriptor, LOCK_EX | LOCK_NB) != 0, errno == EWOULDBLOCK || errno == EINTR, .now < end { usleep(2_000) }
        }
        return try work()
    }
}
