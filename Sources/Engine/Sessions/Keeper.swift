import Foundation
import Processes
import Sandbox

/// The program that keeps a session, as the host has started it: as a child, or in a box.
final class Keeper {
    private enum Place { case host(ChildProcess), box(Box) }
    private let place: Place
    /// The libraries that lie in the box.
    private var handedIn: Set<String> = []

    /// - Throws: ``ProcessError``, ``SandboxRefusal``.
    init(_ start: SessionStart, descriptors: [Int32: Int32]) throws {
        guard let settings = start.box else {
            place = .host(try ChildProcess(
                start.program, start.arguments, environment: start.environment, workingDirectory: start.workingDirectory, descriptors: descriptors))
            return
        }
        let box = try Box(
            settings.sandbox, .session, limits: settings.limits, shows: start.shows, environment: start.environment,
            program: start.program, start.arguments, descriptors: descriptors)
        try box.start()
        place = .box(box)
    }

    /// Where the system tells of the session's processes, by the numbers that they have among themselves.
    var processes: String {
        switch place {
        case .host: "/proc"
        case .box(let box): "/proc/\(box.firstProcess)/root/proc"
        }
    }

    /// Lets the keeper go on, should a cell have stopped it.
    func wake() {
        switch place {
        case .host(let child): child.signalGroup(SIGCONT)
        case .box(let box): box.wake()
        }
    }

    /// Waits for the end, and brings it about when it does not come.
    func end(patience: Duration) {
        switch place {
        case .host(let child): if child.wait(until: .now + patience) == nil { child.end() }
        case .box(let box):
            _ = box.waitForEnd(within: patience)
            box.finish()
        }
    }

    /// How the box ended, which has to be on its way; nil where there is none.
    var boxEnd: BoxEnd? { if case .box(let box) = place { box.waitForEnd(within: .seconds(5)) } else { nil } }

    /// The path under which a session finds a cell's library.
    static func path(ofLibrary library: String, inBox: Bool) -> String { inBox ? "/cells/" + (library as NSString).lastPathComponent : library }

    /// The same, once it has been handed in; nil where there is no room for it.
    func path(ofLibrary library: String) -> String? {
        guard case .box(let box) = place else { return library }
        let path = Self.path(ofLibrary: library, inBox: true)
        if handedIn.insert(library).inserted, (try? box.cells.put(library, as: (library as NSString).lastPathComponent)) == nil { return nil }
        return path
    }
}
