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
