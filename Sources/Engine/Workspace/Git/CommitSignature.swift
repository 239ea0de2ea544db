internal import CGit2
import Foundation
import Processes

/// What becomes of a commit's signature when it is compared with the keys that the reader's git knows.
enum CommitSignature: Equatable {
    case none
    /// By whom, as the reader's own list of keys has it.
    case good(by: String)
    /// The commit is another than was signed.
    case bad
    /// It can't be told: the key is not known here, has run out, or the program that could tell is missing.
    case unknown

    /// - Parameter environment: the reader's, whose own settings name keys and programs; none of the repository's do.
    init(of id: ObjectID, in repository: Repository, environment: [String: String] = ProcessInfo.processInfo.environment) throws {
        // Looked at beforehand, since libgit2 would read a commit of any size.
        _ = try Commit(id, in: repository)
        var signature = git_buf(), signed = git_buf(), name = id.git
        defer {
            git_buf_dispose(&signature)
            git_buf_dispose(&signed)
        }
        let code = git_commit_extract_signature(&signature, &signed, repository.pointer, &name, nil)
        if code == GIT_ENOTFOUND.rawValue { self = .none; return }
        try check(code, "read the signature of the commit \(id)")
        let text = Array(UnsafeRawBufferPointer(start: signature.ptr, count: signature.size)), contents = Array(UnsafeRawBufferPointer(start: signed.ptr, count: signed.size))
        let settings = try Configuration.ofLearner(environment: environment)
        if text.starts(with: "-----BEGIN SSH SIGNATURE-----".utf8) {
            self = try Self.ssh(text, contents, settings, environment)
        } else if text.starts(with: "-----BEGIN PGP SIGNATURE-----".utf8) {
            self = try Self.openPGP(text, contents, settings, environment)
        } else { self = .unknown }
    }

    private static func ssh(_ signature: [UInt8], _ contents: [UInt8], _ settings: Configuration, _ environment: [String: String]) throws -> Self {
        guard let list = settings.string("gpg.ssh.allowedSignersFile").map({ Configuration.withHome($0, environment) }),
            let program = Configuration.program(settings.string("gpg.ssh.program") ?? "ssh-keygen", environment) else { return .unknown }
        return try inFile(signature) { file in
            let found = try finished(program, ["-Y", "find-principals", "-s", file, "-f", list], [], environment)
            guard let found, found.succeeded, let signer = text(found).split(separator: "\n").first.map(String.init) else { return .unknown }
            let verified = try finished(program, ["-Y", "verify", "-n", "git", "-f", list, "-I", signer, "-s", file], contents, environment)
            return verified?.succeeded == true ? .good(by: signer) : .bad
        }
    }

    private static func openPGP(_ signature: [UInt8], _ contents: [UInt8], _ settings: Configuration, _ environment: [String: String]) throws -> Self {
        guard let program = Configuration.program(settings.string("gpg.openpgp.program") ?? settings.string("gpg.program") ?? "gpg", environment) else { return .unknown }
        return try inFile(signature) { file in
            guard let result = try finished(program, ["--batch", "--no-auto-key-retrieve", "--status-fd=1", "--verify", file, "-"], contents, environment) else { return .unknown }
            let status = text(result).split(separator: "\n").filter { $0.hasPrefix("[GNUPG:] ") }.map { $0.dropFirst("[GNUPG:] ".count) }
            if status.contains(where: { $0.hasPrefix("BADSIG ") }) { return .bad }
            let good = status.filter { $0.hasPrefix("GOODSIG ") }
            guard result.succeeded, good.count == 1, status.contains(where: { $0.hasPrefix("VALIDSIG ") }) else { return .unknown }
            return .good(by: good[0].split(separator: " ", maxSplits: 2).dropFirst(2).joined())
        }
    }

    private static func finished(_ program: String, _ arguments: [String], _ input: [UInt8], _ environment: [String: String]) throws -> ProcessResult? {
        try? run(program, arguments, input: input, environment: environment, deadline: .seconds(30), outputLimit: 1 << 20)
    }

    private static func inFile<T>(_ bytes: [UInt8], _ body: (String) throws -> T) throws -> T {
        let file = NSTemporaryDirectory() + "etude-signature-\(UUID().uuidString)"
        defer { unlink(file) }
        try Data(bytes).write(to: URL(fileURLWithPath: file), options: .withoutOverwriting)
        return try body(file)
    }

    private static func text(_ result: ProcessResult) -> String { String(decoding: result.output, as: UTF8.self) }
}
