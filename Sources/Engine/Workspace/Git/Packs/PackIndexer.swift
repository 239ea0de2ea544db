internal import CGit2

/// Takes in a pack's bytes, and puts them with their index among a repository's packs; all of them, or nothing.
final class PackIndexer {
    private var pointer: OpaquePointer?
    private let watch: TransferWatch
    private var progress = git_indexer_progress()

    /// - Parameter attempt: what is tried, to go on from "Can't".
    init(into repository: Repository, _ transfer: Transfer, _ attempt: String) throws {
        watch = TransferWatch(transfer, attempt)
        var options = git_indexer_options()
        try check(git_indexer_options_init(&options, UInt32(GIT_INDEXER_OPTIONS_VERSION)), attempt)
        options.progress_cb = TransferWatch.callback
        options.progress_cb_payload = watch.payload
        // Of a pack that needs objects which are not in it, libgit2 says so.
        try check(git_indexer_new(&pointer, repository.commonFolder + "/objects/pack", 0, nil, &options), attempt)
    }

    deinit { git_indexer_free(pointer) }

    func add(_ bytes: UnsafeRawBufferPointer) throws { try watch.expect(git_indexer_append(pointer, bytes.baseAddress, bytes.count, &progress)) }

    func finish() throws { try watch.expect(git_indexer_commit(pointer, &progress)) }
}

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
}
