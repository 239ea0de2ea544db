import Glibc
import Processes

/// Lets Etude's processes move a repository's references one after the other, and clears up after one that died.
///
/// Git marks a reference that is being moved by a file beside it, which stays when the process is killed, so that nobody
/// can move it any more. The system takes this lock back, though; and the lock's own file says which reference the last
/// holder was about to move. Programs of git's do not know of it: what keeps them apart is git's mark alone.
struct RecordingLock {
    let commonFolder: String

    private var file: String { commonFolder + "/etude/lock" }

    /// Moves a reference while no other process that asks does.
    func holding<T>(_ reference: String, patience: Duration = .seconds(5), _ work: () throws -> T) rethrows -> T {
        mkdir(commonFolder + "/etude", 0o777)
        let descriptor = open(file, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o666)
        // A folder that can't be written, a file system without locks: git's mark has to do.
        guard descriptor >= 0 else { return try work() }
        defer { close(descriptor) }
        let end = ContinuousClock.now + patience
        while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
            guard errno == EWOULDBLOCK || errno == EINTR, .now < end else { return try work() }
            usleep(2_000)
        }
        if let left = read(descriptor) { unlink("\(commonFolder)/\(left).lock") }
        write(reference, descriptor)
        defer { ftruncate(descriptor, 0) }
        return try work()
    }

    /// The reference that a holder was about to move when it died; only a name that can be one.
    private func read(_ descriptor: Int32) -> String? {
        var bytes = [UInt8](repeating: 0, count: 512)
        let count = pread(descriptor, &bytes, bytes.count, 0)
        guard count > 0 else { return nil }
        let name = String(decoding: bytes[..<count], as: UTF8.self)
        let parts = name.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count >= 4, parts[..<2] == ["refs", "etude"], parts[2...].allSatisfy({ ExerciseName.isPlain($0) }) else { return nil }
        return name
    }

    private func write(_ reference: String, _ descriptor: Int32) {
        ftruncate(descriptor, 0)
        _ = Array(reference.utf8).withUnsafeBytes { pwrite(descriptor, $0.baseAddress, $0.count, 0) }
    }
}
