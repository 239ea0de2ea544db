import Foundation
import Notebook
import Processes

/// Notices that a file was saved, however the editor does it: in place, by a rename, by deleting and making it anew.
///
/// Poll ``descriptor``, and call ``take()`` when it is readable. A change is told once, when the file has been left alone
/// for a moment: an editor that first empties a file and then writes it is not caught in the middle. Where the system
/// gives no notices (none left, a network's folder), the file is looked at from time to time.
public final class FileWatch {
    public enum Event: Equatable, Sendable {
        /// The file holds something else than it did, or may.
        case saved
        /// There is no file any more.
        case gone
    }

    private let path: String
    private let events: FolderEvents
    private var told: FileMark?
    /// What the file was when it was looked at last, and since when it is so.
    private var seen: (mark: FileMark?, since: ContinuousClock.Instant)?

    private static let settling = Duration.milliseconds(50)
    /// For how long a file may be empty, or not there, in the middle of a save.
    private static let absence = Duration.milliseconds(300)
    private static let look = (withNotices: Duration.seconds(1), without: Duration.milliseconds(200))

    /// Watches a file, which need not be there yet. Read the file after this, so that no save falls in between.
    /// - Throws: `ProcessError` when the process has no descriptors left.
    public convenience init(_ path: String) throws { try self.init(path, asksSystem: true) }

    init(_ path: String, asksSystem: Bool) throws {
        self.path = path
        events = try FolderEvents(asksSystem: asksSystem)
        told = FileMark(path)
        events.wake(after: pause())
    }

    /// Becomes readable when ``take()`` has something to look at, which may turn out to be nothing.
    public var descriptor: Int32 { events.descriptor }

    /// What has happened to the file since the last event; nil when nothing has, or it is not over yet.
    public func take() -> Event? {
        events.take()
        let mark = FileMark(path)
        guard mark != told else {
            seen = nil
            events.wake(after: pause())
            return nil
        }
        guard let seen, seen.mark == mark else {
            seen = (mark, .now)
            events.wake(after: Self.settling)
            return nil
        }
        let isAbsent = mark == nil || mark?.size == 0 && told?.size != 0
        let left = (isAbsent ? Self.absence : Self.settling) - (.now - seen.since)
        guard left <= .zero else {
            events.wake(after: left)
            return nil
        }
        told = mark
        self.seen = nil
        events.wake(after: pause())
        return mark == nil ? .gone : .saved
    }

    /// How long to wait for a notice before the file is looked at again. Folders that could not be watched, or were
    /// replaced, are tried anew.
    private func pause() -> Duration {
        let files = [path, (try? WholeFile.target(of: path)) ?? path]
        let folders = Set(files.map { ($0 as NSString).deletingLastPathComponent }.map { $0.isEmpty ? "." : $0 })
        let areWatched = folders.allSatisfy { events.watched.contains($0) || events.watch($0) }
        return areWatched ? Self.look.withNotices : Self.look.without
    }
}
