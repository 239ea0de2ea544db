internal import CGit2
import Foundation

/// A repository on a server, spoken to by libgit2.
final class ServerSource: ReferenceSource {
    enum Way {
        case ssh(SSHAddress)
        case https(String)
    }

    let attempt: String
    private let purpose: RemotePurpose
    private let ours: Repository
    private let transfer: Transfer
    private let watch: TransferWatch
    private let way: Way
    private var pointer: OpaquePointer?
    private var connection: SSHConnection?
    private var passwords: Passwords?
    /// Why the server did not take the reference; nil while it has said nothing.
    private var answers: [String: String?] = [:]

    init(_ way: Way, _ purpose: RemotePurpose, _ ours: Repository, _ transfer: Transfer, _ attempt: String) throws {
        (self.way, self.purpose, self.ours, self.transfer, self.attempt) = (way, purpose, ours, transfer, attempt)
        watch = TransferWatch(transfer, attempt)
        var options = git_remote_create_options()
        try check(git_remote_create_options_init(&options, UInt32(GIT_REMOTE_CREATE_OPTIONS_VERSION)), attempt)
        options.repository = ours.pointer
        options.flags = GIT_REMOTE_CREATE_SKIP_INSTEADOF.rawValue | GIT_REMOTE_CREATE_SKIP_DEFAULT_FETCHSPEC.rawValue
        let address: String
        switch way {
        // libgit2 asks for an address; where it leads is for the connection to say.
        case .ssh: address = "ssh://server/repository"
        case .https(let text):
            address = text
            passwords = Passwords(for: text, transfer)
            try Certificates.use(transfer.environment)
            try SocketStream.register()
        }
        try check(git_remote_create_with_opts(&pointer, address, &options), attempt)
    }

    deinit { git_remote_free(pointer) }

    func heads() throws -> [AdvertisedHead] {
        var options = git_remote_connect_options()
        try check(git_remote_connect_options_init(&options, UInt32(GIT_REMOTE_CONNECT_OPTIONS_VERSION)), attempt)
        options.callbacks = try callbacks()
        options.proxy_opts = try proxy()
        options.follow_redirects = GIT_REMOTE_REDIRECT_NONE
        try spoken(git_remote_connect_ext(pointer, purpose == .fetch ? GIT_DIRECTION_FETCH : GIT_DIRECTION_PUSH, &options))
        passwords?.wereTaken()
        var list: UnsafeMutablePointer<UnsafePointer<git_remote_head>?>?, count = 0
        try check(git_remote_ls(&list, &count, pointer), attempt)
        return UnsafeBufferPointer(start: list, count: count).compactMap { head in
            guard let head = head?.pointee, let name = head.name else { return nil }
            return AdvertisedHead(name: String(cString: name), id: ObjectID(head.oid), target: head.symref_target.map { String(cString: $0) })
        }
    }

    func download(_ heads: [AdvertisedHead]) throws {
        var options = git_fetch_options()
        try check(git_fetch_options_init(&options, UInt32(GIT_FETCH_OPTIONS_VERSION)), attempt)
        options.callbacks = try callbacks()
        options.proxy_opts = try proxy()
        options.follow_redirects = GIT_REMOTE_REDIRECT_NONE
        options.download_tags = GIT_REMOTE_DOWNLOAD_TAGS_NONE
        let before = packsBeingWritten()
        // libgit2 is about to put differences together, which become as large as they say.
        watch.whenAllArrived = { [unowned self] in
            for path in packsBeingWritten().subtracting(before) {
                let pack = try Data(contentsOf: URL(fileURLWithPath: path), options: .alwaysMapped)
                try pack.withUnsafeBytes { try PackScreening(transfer: silent(transfer), attempt: attempt).screen($0) }
            }
        }
        try withStrings(heads.map { "\($0.name):\($0.name)" }) { try spoken(git_remote_download(pointer, $0, &options)) }
    }

    func push(_ name: String, _ id: ObjectID) throws {
        // What libgit2 is about to pack must be sound.
        _ = try ObjectWalk(repository: ours, transfer: transfer, attempt: attempt).objects(of: [id]) { _ in false }
        var options = git_push_options()
        try check(git_push_options_init(&options, UInt32(GIT_PUSH_OPTIONS_VERSION)), attempt)
        options.callbacks = try callbacks()
        options.proxy_opts = try proxy()
        options.follow_redirects = GIT_REMOTE_REDIRECT_NONE
        answers = [:]
        try withStrings(["\(name):\(name)"]) { try spoken(git_remote_upload(pointer, $0, &options)) }
        guard let answer = answers[name] else {
            throw GitError(attempt, code: .unreachable, message: "the server did not say whether it has it", advice: "Try again: sending it twice does no harm.")
        }
        if let answer { throw GitError(attempt, code: .denied, message: "the server does not take it, and says \(answer.prefix(500).debugDescription)", advice: "Ask who runs the server.") }
    }

    // MARK: What libgit2 calls

    private func callbacks() throws -> git_remote_callbacks {
        var callbacks = git_remote_callbacks()
        try check(git_remote_init_callbacks(&callbacks, UInt32(GIT_REMOTE_CALLBACKS_VERSION)), attempt)
        callbacks.payload = Unmanaged.passUnretained(self).toOpaque()
        callbacks.transfer_progress = { progress, payload in progress.map { ServerSource.from(payload).watch.told($0.pointee) } ?? 0 }
        callbacks.sideband_progress = { _, _, payload in ServerSource.from(payload).goOn() }
        callbacks.pack_progress = { _, _, _, payload in ServerSource.from(payload).goOn() }
        callbacks.push_transfer_progress = { _, _, _, payload in ServerSource.from(payload).goOn() }
        callbacks.push_update_reference = { name, reason, payload in
            if let name { ServerSource.from(payload).answers[String(cString: name)] = .some(reason.map { String(cString: $0) }) }
            return 0
        }
        callbacks.credentials = { credential, _, _, allowed, payload in ServerSource.from(payload).givePassword(credential, allowed) }
        if case .ssh = way {
            callbacks.transport = { transport, remote, payload in
                var definition = git_smart_subtransport_definition(callback: { out, _, payload in ServerSource.from(payload).connect(out) }, rpc: 0, param: payload)
                return git_transport_smart(transport, remote, &definition)
            }
        }
        return callbacks
    }

    private static func from(_ payload: UnsafeMutableRawPointer?) -> ServerSource { Unmanaged<ServerSource>.fromOpaque(payload!).takeUnretainedValue() }

    private func goOn() -> Int32 {
        watch.stopping { if transfer.isCancelled() { try transfer.allow(.init(), attempt) } }
    }

    private func connect(_ out: UnsafeMutablePointer<UnsafeMutablePointer<git_smart_subtransport>?>?) -> Int32 {
        guard case .ssh(let address) = way else { return -1 }
        let made = SSHConnection(address, transfer, watch)
        connection = made
        out?.pointee = made.handOver()
        return 0
    }

    private func givePassword(_ credential: UnsafeMutablePointer<UnsafeMutablePointer<git_credential>?>?, _ allowed: UInt32) -> Int32 {
        watch.stopping {
            guard allowed & GIT_CREDENTIAL_USERPASS_PLAINTEXT.rawValue != 0, let passwords else {
                throw GitError(attempt, code: .denied, message: "the server asks for a kind of proof that Etude does not know")
            }
            let (user, password) = try passwords.next(attempt)
            try check(git_credential_userpass_plaintext_new(credential, user, password), attempt)
        }
    }

    // MARK: Errors

    /// Does something for which libgit2 speaks to the server.
    private func spoken(_ work: @autoclosure () -> Int32) throws {
        do { try watch.expect(SocketStream.$watch.withValue(watch, operation: work)) } catch let error as GitError {
            if case .other = error.code, let told = connection?.complaint(attempt) { throw told }
            throw plainly(error)
        }
    }

    /// What libgit2 says of servers, in plain words.
    private func plainly(_ error: GitError) -> GitError {
        let words = error.message.lowercased()
        func told(_ code: GitError.Code, _ message: String, _ advice: String = "") -> GitError { GitError(attempt, code: code, message: message, advice: advice) }
        if words.contains("certificate") || words.contains("ssl") {
            return told(.unreachable, "the server can't show that it is who it should be (\(error.message))", "Nothing was sent. If it has a certificate of its own, name it: git config --global http.sslCAInfo FILE")
        }
        if words.contains("redirect") { return told(.refused, "the server sends you on to another one", "Use the address of the other one, if you trust it.") }
        if words.contains("404") { return told(.notFound, "the server has no such repository, or does not show it to you") }
        // So begins what libgit2 can't read of a repository whose history was cut off, or whose objects have longer names.
        if words.contains("parsing ref") {
            return told(.refused, "the server's repository is of a kind that Etude can't fetch from", "If its history was cut off when it was cloned, get the rest of it there: git fetch --unshallow")
        }
        // What the system refuses is not the server's fault: a disk is full, a folder can't be written.
        guard case .other = error.code, git_error_last()?.pointee.klass != Int32(GIT_ERROR_OS.rawValue) else { return error }
        return told(.unreachable, "the server broke off, or said what makes no sense (\(error.message))", "Look whether the address is right and the network is there; then try again.")
    }

    // MARK: Small things

    private func packsBeingWritten() -> Set<String> {
        let folder = ours.commonFolder + "/objects/pack"
        return Set((try? FileManager.default.contentsOfDirectory(atPath: folder))?.filter { $0.hasPrefix("pack_git2_") }.map { "\(folder)/\($0)" } ?? [])
    }

    private func silent(_ transfer: Transfer) -> Transfer {
        var transfer = transfer
        transfer.progress = { _ in }
        return transfer
    }

    /// As the environment says, which git's own program asks, too.
    private func proxy() throws -> git_proxy_options {
        var options = git_proxy_options()
        try check(git_proxy_options_init(&options, UInt32(GIT_PROXY_OPTIONS_VERSION)), attempt)
        options.type = GIT_PROXY_AUTO
        return options
    }
}

/// Lends strings to libgit2.
private func withStrings(_ strings: [String], _ body: (UnsafePointer<git_strarray>) throws -> Void) rethrows {
    var pointers: [UnsafeMutablePointer<CChar>?] = strings.map { strdup($0) }
    defer { for pointer in pointers { free(pointer) } }
    try pointers.withUnsafeMutableBufferPointer { buffer in
        var array = git_strarray(strings: buffer.baseAddress, count: buffer.count)
        try body(&array)
    }
}
