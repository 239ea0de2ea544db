import CProcesses
import Glibc

/// Tells that something happened in some folders, or that a time has come, by one descriptor to poll.
public final class FolderEvents {
    private let queue: Descriptor
    private let timer: Descriptor
    private var events: Descriptor?
    private var watches: [Int32: String] = [:]

    /// - Parameter asksSystem: false to do without the system's notices, as where it has none left to give.
    /// - Throws: ``ProcessError`` when the process has no descriptors left.
    public init(asksSystem: Bool = true) throws {
        queue = Descriptor(epoll_create1(Int32(EPOLL_CLOEXEC)))
        timer = Descriptor(timerfd_create(CLOCK_MONOTONIC, O_CLOEXEC | O_NONBLOCK))
        guard queue.number >= 0, timer.number >= 0 else { throw ProcessError(executable: "epoll", code: errno) }
        let notices = asksSystem ? inotify_init1(O_CLOEXEC | O_NONBLOCK) : -1
        if notices >= 0 { events = Descriptor(notices) }
        for descriptor in [timer, events].compactMap({ $0 }) {
            var interest = epoll_event(events: UInt32(EPOLLIN.rawValue), data: epoll_data(fd: descriptor.number))
            epoll_ctl(queue.number, EPOLL_CTL_ADD, descriptor.number, &interest)
        }
    }

    /// Becomes readable when there is something to take.
    public var descriptor: Int32 { queue.number }

    /// The folders that the system reports on.
    public var watched: Set<String> { Set(watches.values) }

    /// Asks for reports on a folder's entries.
    /// - Returns: whether the system gives them.
    @discardableResult
    public func watch(_ folder: String) -> Bool {
        guard let events else { return false }
        let kinds = IN_CREATE | IN_DELETE | IN_MOVED_TO | IN_MOVED_FROM | IN_MODIFY | IN_CLOSE_WRITE | IN_ATTRIB | IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR
        let watch = inotify_add_watch(events.number, folder, UInt32(truncatingIfNeeded: kinds))
        guard watch >= 0 else { return false }
        watches[watch] = folder
        return true
    }

    /// Wakes up after a while; a time that was set before is forgotten.
    public func wake(after duration: Duration) {
        let (seconds, attoseconds) = duration.components
        var value = itimerspec(it_interval: timespec(), it_value: timespec(tv_sec: Int(seconds), tv_nsec: max(1, Int(attoseconds / 1_000_000_000))))
        timerfd_settime(timer.number, 0, &value, nil)
    }

    /// Takes what has come in, so that the descriptor is quiet again. What happened is best seen by looking.
    public func take() {
        _ = timer.read(atMost: 8)
        guard let events else { return }
        while let bytes = events.read(), !bytes.isEmpty {
            bytes.withUnsafeBytes { buffer in
                var place = 0
                // The event's own fields are 16 bytes; a name follows.
                while place + 16 <= buffer.count {
                    let watch = buffer.loadUnaligned(fromByteOffset: place, as: Int32.self)
                    let kind = buffer.loadUnaligned(fromByteOffset: place + 4, as: UInt32.self)
                    place += 16 + Int(buffer.loadUnaligned(fromByteOffset: place + 12, as: UInt32.self))
                    // A folder that moved away is no longer the one of that name.
                    if kind & UInt32(IN_MOVE_SELF) != 0 { inotify_rm_watch(events.number, watch) }
                    if kind & UInt32(IN_IGNORED | IN_MOVE_SELF) != 0 { watches[watch] = nil }
                }
            }
        }
    }
}
