import Foundation
import Processes
import Sandbox

/// All processes of one session: a keeper with its guard, the only ones that the host starts, and below them the
/// processes in which cells live. Each of those is a copy of another and can end without it; the keeper reaps them, and
/// ends them all when the host goes, however it goes.
final class SessionFamily {
    private let keeper: Keeper
    private let socket: Descriptor
    private var unread: [UInt8] = []
    /// How processes ended: those that the host knows, and strangers too, since a new one may end before it has told its
    /// number.
    private var endings: [Int32: Termination] = [:]
    private var known: Set<Int32> = []
    /// The keeper is gone, and with it all others.
    private(set) var hasEnded = false

    private enum Action: Int32 { case interrupt = 1, end, release, wake }

    /// The descriptor that has news when a process ended.
    var news: Int32 { hasEnded ? -1 : socket.number }

    /// Starts the keeper and the first process, whose end of `channel` it gets.
    init(_ start: SessionStart, channel: SessionChannel) throws {
        let (ours, theirs) = try Descriptor.socketPair()
        let ends = channel.theirs
        keeper = try Keeper(
            start, descriptors: [1: ends[0].number, 2: ends[1].number, 3: ends[2].number, 4: ends[3].number, 5: theirs.number])
        socket = ours
        socket.setNonBlocking()
        theirs.close()
    }

    /// How a process ended; nil while it runs, as far as the keeper has told.
    func termination(of process: Int32) -> Termination? {
        takeNews()
        return endings[process]
    }

    /// Keeps a process's ending in mind.
    func follow(_ process: Int32) { known.insert(process) }

    func forget(_ process: Int32) { known.remove(process) }

    /// Forgets the endings of processes that the host does not know: the system gives their numbers to others.
    func forgetStrangers() {
        takeNews()
        endings = endings.filter { known.contains($0.key) }
    }

    /// Lets a process that a cell has stopped go on.
    func wake(_ process: Int32) { ask(.wake, process) }

    /// Lets the keeper itself go on, should a cell have stopped it.
    func wakeKeeper() { keeper.wake() }

    /// Where the system tells of the processes, by the numbers that they have among themselves.
    var processes: String { keeper.processes }

    /// The path under which the processes find a cell's library; nil where their box has no room for it.
    func path(ofLibrary library: String) -> String? { keeper.path(ofLibrary: library) }

    /// How the session's box ended, once it has; nil for one without.
    var boxEnd: BoxEnd? { hasEnded ? keeper.boxEnd : nil }

    /// Asks a process, and what its cells started, to end where it is.
    func interrupt(_ process: Int32) { ask(.interrupt, process) }

    /// Ends a process and all that its cells started.
    func end(_ process: Int32) { ask(.end, process) }

    /// Ends a process; what its cells started lives on, for the cells after them.
    func release(_ process: Int32) { ask(.release, process) }

    /// Ends all.
    func end() {
        socket.close()
        hasEnded = true
        wakeKeeper()
        keeper.end(patience: .seconds(5))
    }

    deinit { end() }

    private func ask(_ action: Action, _ process: Int32) {
        guard !hasEnded else { return }
        wakeKeeper()
        let words = [action.rawValue, process]
        socket.write(words.withUnsafeBytes { Array($0) }, patience: .seconds(1))
    }

    /// Reads what the keeper says: numbers of processes, each with the status that `wait` gave.
    private func takeNews() {
        // A cell that leaves dead processes without end can't keep the host here.
        for _ in 0..<16 where !hasEnded {
            guard let bytes = socket.read() else { break }
            if bytes.isEmpty { hasEnded = true }
            unread += bytes
        }
        var place = 0
        defer { unread.removeFirst(place) }
        while unread.count - place >= 8 {
            let (process, status) = unread.withUnsafeBytes {
                ($0.loadUnaligned(fromByteOffset: place, as: Int32.self), $0.loadUnaligned(fromByteOffset: place + 4, as: Int32.self))
            }
            place += 8
            // Nor fill it with their numbers.
            if endings.count > 10_000 { endings = endings.filter { known.contains($0.key) } }
            endings[process] = Termination(waitStatus: status)
        }
    }
}

/// What a host and one process talk through: its standard output and error, its socket, and its pipe of frames.
struct SessionChannel {
    let socket: Descriptor
    let output: Descriptor
    let errorOutput: Descriptor
    let frames: Descriptor
    /// The process's ends, in the order in which it takes them: output, error, socket, frames.
    let theirs: [Descriptor]

    init() throws {
        let (ours, process) = try Descriptor.socketPair()
        let output = try Descriptor.pipe(), errorOutput = try Descriptor.pipe(), frames = try Descriptor.pipe()
        (socket, self.output, self.errorOutput, self.frames) = (ours, output.reading, errorOutput.reading, frames.reading)
        theirs = [output.writing, errorOutput.writing, process, frames.writing]
        for descriptor in [socket, self.output, self.errorOutput, self.frames] { descriptor.setNonBlocking() }
    }
}
