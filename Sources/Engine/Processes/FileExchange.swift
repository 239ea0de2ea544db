import CProcesses
import Glibc

/// Swaps two files' names in one step, so that what a name stood for at that very moment is known.
public enum FileExchange {
    public enum Outcome: Equatable { case exchanged, notSupported, failed(Int32) }

    public static func exchange(_ a: String, _ b: String) -> Outcome {
        if renameat2(AT_FDCWD, a, AT_FDCWD, b, 2) == 0 { return .exchanged }
        return [ENOSYS, EINVAL, EOPNOTSUPP].contains(errno) ? .notSupported : .failed(errno)
    }

    /// Whether some process has a file open; nil where that can't be told.
    public static func isOpenElsewhere(_ path: String) -> Bool? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        // Should somebody open it just now, that is told by a signal, which must be one that does nothing.
        guard fcntl(descriptor, 10 /* F_SETSIG */, SIGURG) == 0 else { return nil }
        // The system grants a lease for writing on a file that nobody else has open, and only then.
        if fcntl(descriptor, 1024 /* F_SETLEASE */, F_WRLCK) == 0 { return false }
        return errno == EAGAIN ? true : nil
    }
}
