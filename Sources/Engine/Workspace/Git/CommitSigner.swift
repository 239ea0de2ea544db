import Foundation
import Processes

/// Signs commits as a learner's git does, with the learner's own key and program.
///
/// Whether to sign, and with which key, a repository's settings may say, too; which program is run, only the learner's own.
struct CommitSigner {
    private enum Format: String { case openpgp, x509, ssh }

    private let format: Format
    /// As `user.signingkey` has it.
    private let key: String?
    private let program: String
    private let environment: [String: String]
    private let attempt = "sign the commit"

    /// - Returns: nil where git is not set to sign (`commit.gpgSign`).
    /// - Throws: ``GitError`` where it is, and can't.
    init?(ofLearnerIn repository: Repository, environment: [String: String] = ProcessInfo.processInfo.environment) throws {
        let settings = try Configuration.ofLearner(in: repository, environment: environment), own = try Configuration.ofLearner(environment: environment)
        guard settings.isOn("commit.gpgsign") else { return nil }
        let name = settings.string("gpg.format") ?? Format.openpgp.rawValue
        guard let format = Format(rawValue: name) else {
            throw GitError(attempt, code: .refused, message: "gpg.format is \(name.debugDescription), and Etude knows openpgp, x509 and ssh", advice: "")
        }
        let named = switch format {
        case .openpgp: own.string("gpg.openpgp.program") ?? own.string("gpg.program") ?? "gpg"
        case .x509: own.string("gpg.x509.program") ?? "gpgsm"
        case .ssh: own.string("gpg.ssh.program") ?? "ssh-keygen"
        }
        guard let program = Configuration.program(named, environment) else {
            throw GitError(attempt, code: .notFound, message: "there is no program \(named.debugDescription), which git is set to sign with", advice: Self.advice)
        }
        key = settings.string("user.signingkey").flatMap { $0.isEmpty ? nil : $0 }
        if format == .ssh, key == nil {
            throw GitError(attempt, code: .notFound, message: "git is set to sign with a key of ssh, and not told which", advice: "Tell it: git config --global user.signingkey ~/.ssh/id_ed25519.pub")
        }
        (self.format, self.program, self.environment) = (format, program, environment)
    }

    /// - Parameter author: who signs, where the settings name no key.
    /// - Returns: the signature, as text.
    /// - Throws: ``GitError``; a commit is never left unsigned in silence.
    func signature(of contents: [UInt8], by author: Identity) throws -> String {
        switch format {
        case .openpgp, .x509:
            let result = try finished(["--status-fd=2", "-bsau", key ?? "\(author.name) <\(author.email)>"], contents)
            guard result.succeeded, result.errorText.contains("[GNUPG:] SIG_CREATED ") else {
                throw failure(result.errorText.split(separator: "\n").last { !$0.hasPrefix("[GNUPG:]") }, "Look whether it works: echo x | \(program) --clearsign")
            }
            return text(result)
        case .ssh:
            let key = key!
            let literal = key.hasPrefix("key::") ? String(key.dropFirst("key::".count)) : key.hasPrefix("ssh-") ? key : nil
            var file = Configuration.withHome(key, environment)
            defer { if literal != nil { try? FileManager.default.removeItem(atPath: file) } }
            if let literal {
                file = NSTemporaryDirectory() + "etude-key-\(UUID().uuidString).pub"
                guard FileManager.default.createFile(atPath: file, contents: Data((literal + "\n").utf8), attributes: [.posixPermissions: 0o600]) else {
                    throw GitError(attempt, code: .other(0), message: "\(file) can't be written")
                }
            }
            let result = try finished(["-Y", "sign", "-n", "git", "-f", file], contents)
            guard result.succeeded, result.output.starts(with: "-----BEGIN SSH SIGNATURE-----".utf8) else {
                throw failure(result.errorText.split(separator: "\n").last, "If the key has a passphrase, give it to the agent first: ssh-add")
            }
            return text(result)
        }
    }

    private func finished(_ arguments: [String], _ input: [UInt8]) throws -> ProcessResult {
        var environment = environment
        // A process in the background that asks in the terminal would wait for ever; one that asks in a window may.
        environment["SSH_ASKPASS_REQUIRE"] = "force"
        do { return try run(program, arguments, input: input, environment: environment, deadline: .seconds(120), outputLimit: 1 << 20) } catch {
            throw GitError(attempt, code: .notFound, message: "\(error)", advice: Self.advice)
        }
    }

    private func text(_ result: ProcessResult) -> String { String(decoding: result.output, as: UTF8.self).replacing("\r\n", with: "\n") }

    private func failure(_ reason: Substring?, _ advice: String) -> GitError {
        GitError(attempt, code: .denied, message: "\(program) says \((reason ?? "nothing").prefix(300).debugDescription)", advice: "\(advice). \(Self.advice)")
    }

    private static let advice = "To go on without signing: git config commit.gpgSign false"
}
