internal import CGit2
import Glibc
import Processes

/// Passes libgit2's progress on, and stops libgit2 where it is too much.
final class TransferWatch {
    let transfer: Transfer
    let attempt: String
    /// Why it was stopped.
    private var reason: Error?
    /// Called as soon as all bytes of a pack are there, and before they are unpacked.
    var whenAllArrived: () throws -> Void = {}
    private var haveAllArrived = false

    init(_ transfer: Transfer, _ attempt: String) { (self.transfer, self.attempt) = (transfer, attempt) }

    /// For libgit2, which must not outlive this.
    var payload: UnsafeMutableRawPointer { Unmanaged.passUnretained(self).toOpaque() }

    static let callback: git_indexer_progress_cb = { progress, payload in
        guard let progress, let payload else { return 0 }
        return Unmanaged<TransferWatch>.fromOpaque(payload).takeUnretainedValue().told(progress.pointee)
    }

    func told(_ told: git_indexer_progress) -> Int32 {
        stopping {
            let done = told.indexed_deltas > 0 ? told.indexed_objects : told.received_objects
            try transfer.allow(.init(objects: Int(done), total: Int(told.total_objects), bytes: told.received_bytes), attempt)
            if !haveAllArrived, told.total_objects > 0, told.received_objects == told.total_objects {
                haveAllArrived = true
                try whenAllArrived()
            }
        }
    }

    /// Does something for libgit2 that may end what it does.
    func stopping(_ body: () throws -> Void) -> Int32 {
        do { try body() } catch {
            reason = error
            return GIT_EUSER.rawValue
        }
        return 0
    }

    /// - Throws: why it was stopped, or else what libgit2 says.
    func expect(_ code: Int32) throws {
        if code >= 0 { return }
        if let reason { throw reason }
        try check(code, attempt)
    }

    /// Waits until something can be read or written.
    /// - Parameters:
    ///   - aside: what else is looked at meanwhile; nil when there is no more to come.
    ///   - readAside: called when something can be read there.
    /// - Throws: ``GitError`` when the person stops it, or nothing comes for too long.
    func wait(for descriptor: Descriptor, _ event: Int16, from host: String, aside: () -> Descriptor? = { nil }, readAside: () -> Void = {}) throws {
        let end = ContinuousClock.now + transfer.patience
        while ContinuousClock.now < end {
            // A person's wish to stop can't be waited for along with the rest.
            let events = waitForDescriptors([(descriptor.number, event), (aside()?.number ?? -1, Int16(POLLIN))], until: min(end, .now + .milliseconds(100)))
            if events[1] != 0 { readAside() }
            if events[0] != 0 { return }
            if transfer.isCancelled() { try transfer.allow(.init(), attempt) }
        }
        throw GitError(attempt, code: .unreachable, message: "\(host) has said nothing for \(transfer.patience)", advice: "Look whether the network is there; then try again.")
    }
}
