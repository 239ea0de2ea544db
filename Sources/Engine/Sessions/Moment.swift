import CellCompiler
import Foundation

/// One run of a cell, whose effects a process holds.
struct Step {
    var cell: CompiledCell
    /// Counts the notebook's runs of cells; the same when the cell was run again only to come back to its state.
    let run: Int
    let duration: Duration
    /// The declared names that it has given. One that ended early has given those above the line where it did.
    let given: Set<String>
}

/// A process asleep in the state that it had after some cells.
final class Moment {
    private(set) var process: SessionProcess
    /// Whether its process is the one in which the last cell ran, and can run the next as well.
    private var isAwake = true
    private(set) var steps: [Step] = []
    private(set) var scope = CellScope()

    /// Hands out a process in which the next cell can run while one that is like it stays in this moment.
    ///
    /// The first time, the very process in which the cells so far have run goes on, and the copy stays: so that, where a
    /// notebook runs from the top, no process is the copy of a copy of a copy. The system does more work for each
    /// generation, with each piece of memory.
    func part(with copy: SessionProcess) -> SessionProcess {
        guard isAwake else { return copy }
        defer { (process, isAwake) = (copy, false) }
        return process
    }

    /// The moment before any cell.
    init(_ process: SessionProcess) { self.process = process }

    /// The moment after one more cell, which ran in a copy of the earlier moment's process.
    init(_ process: SessionProcess, after earlier: Moment, _ step: Step) {
        self.process = process
        (steps, scope) = (earlier.steps, earlier.scope)
        take(step)
    }

    /// Goes on to the moment after a cell that ran in this very process: the one before is gone.
    func take(_ step: Step) {
        steps.append(step)
        scope.add(step.cell)
        knownMemory = nil
    }

    private var knownMemory: UInt64?

    /// The anonymous memory that its process has touched, shared or not. It is read once: a process that sleeps touches
    /// no more.
    var touchedMemory: UInt64 {
        if let knownMemory { return knownMemory }
        let memory = measuredMemory
        knownMemory = memory
        return memory
    }

    private var measuredMemory: UInt64 {
        guard let text = try? String(contentsOfFile: "\(process.systemFolder)/statm", encoding: .utf8) else { return 0 }
        let pages = text.split(separator: " ").compactMap { UInt64($0) }
        return pages.count > 2 ? (pages[1] - min(pages[1], pages[2])) * UInt64(sysconf(Int32(_SC_PAGESIZE))) : 0
    }

    /// Its part of the anonymous memory: what it shares with others counts in parts.
    var proportionalMemory: UInt64 {
        guard let text = try? String(contentsOfFile: "\(process.systemFolder)/smaps_rollup", encoding: .utf8),
            let line = text.split(separator: "\n").first(where: { $0.hasPrefix("Pss_Anon:") }) else { return 0 }
        return (line.split(separator: " ").dropFirst().first.flatMap { UInt64($0) } ?? 0) << 10
    }
}

/// The moments that a session can go back to, oldest first.
struct Moments {
    private(set) var all: [Moment] = []
    /// Beyond this many, the system's own memory for processes would weigh more than what they hold.
    private static let most = 100
    /// A cell that took this long is dear: the moment after it is kept longer than others.
    private static let dear = Duration.seconds(1)

    /// What the moments held when that was measured last, and at most hold more since.
    private var measured: UInt64 = 0, unmeasured: UInt64 = 0

    mutating func add(_ moment: Moment) {
        unmeasured += all.last?.touchedMemory ?? 0
        all.append(moment)
    }
    mutating func addFirst(_ moment: Moment) { all.insert(moment, at: 0) }

    /// Forgets those whose processes are gone.
    mutating func dropEnded() { all.removeAll { !$0.process.isRunning } }

    /// Forgets moments, with all that their cells started.
    mutating func end(where isGone: (Moment) -> Bool) {
        all.removeAll { moment in
            guard isGone(moment) else { return false }
            moment.process.end()
            return true
        }
    }

    mutating func removeAll() {
        for moment in all { moment.process.endFamily() }
        all = []
    }

    /// Takes away those that hold more than may be held: the oldest first, those after dear cells last. The newest and
    /// the one before any cell stay: they cost little.
    mutating func evict(beyond limit: UInt64) {
        // To measure takes a while, and can't be needed again before as much has been touched as there is room for.
        if measured + unmeasured > limit { measure() }
        while all.count > 2, all.count > Self.most || measured + unmeasured > limit {
            let candidates = all.indices.dropLast().filter { !all[$0].steps.isEmpty }
            guard let victim = candidates.first(where: { !isDear(all[$0]) }) ?? candidates.first else { return }
            let isTooMuch = measured + unmeasured > limit
            all.remove(at: victim).process.release()
            if isTooMuch { measure() }
        }
    }

    private mutating func measure() { (measured, unmeasured) = (heldMemory, 0) }

    private func isDear(_ moment: Moment) -> Bool { (moment.steps.last?.duration ?? .zero) >= Self.dear }

    /// The bytes that there would not be without the moments before the newest.
    var heldMemory: UInt64 {
        guard let newest = all.last else { return 0 }
        let total = all.reduce(0) { $0 + $1.proportionalMemory }
        return total - min(total, newest.touchedMemory)
    }
}
