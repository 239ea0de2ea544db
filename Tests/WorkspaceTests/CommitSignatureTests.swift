import Foundation
import Testing
@testable import Workspace

@Suite("Signatures of commits") struct CommitSignatureTests {
    /// A repository with a signed commit, and the settings of its reader in `home`.
    private func repository(_ settings: String, sign: String) throws -> TestRepository {
        let repository = try TestRepository("""
            git init -q -b main . && echo one > a && git add .
            ssh-keygen -q -t ed25519 -N '' -C ada -f key && ssh-keygen -q -t ed25519 -N '' -C bob -f other
            """)
        try repository.shell("""
            printf 'ada@example.org %s\\n' "$(cut -d' ' -f1-2 key.pub)" > ../home/signers
            \(sign)
            """)
        try Data(settings.utf8).write(to: URL(fileURLWithPath: repository.home + "/.gitconfig"))
        return repository
    }

    private static let known = "[gpg \"ssh\"]\n\tallowedSignersFile = ~/signers\n"
    private func signed(_ key: String) -> String { "git -c gpg.format=ssh -c user.signingkey=$PWD/\(key) commit -q -S -m first" }

    private func signature(_ repository: TestRepository, trust: Repository.Trust = .stranger) throws -> CommitSignature {
        let id = try #require(ObjectID(repository.shell("git rev-parse HEAD")))
        return try CommitSignature(of: id, in: repository.open(trust: trust), environment: ["HOME": repository.home, "PATH": ProcessInfo.processInfo.environment["PATH"] ?? ""])
    }

    @Test("A key of ssh that the reader knows is good, and one that the reader does not know is not told of")
    func ssh() throws {
        #expect(try signature(repository(Self.known, sign: signed("key"))) == .good(by: "ada@example.org"))
        #expect(try signature(repository(Self.known, sign: signed("other"))) == .unknown)
        #expect(try signature(repository("", sign: signed("key"))) == .unknown)
        #expect(try signature(repository(Self.known, sign: "git commit -q -m first")) == .none)
    }

    @Test("A commit that was changed after it was signed is told")
    func changed() throws {
        let repository = try repository(Self.known, sign: signed("key"))
        try repository.shell("git cat-file commit HEAD | sed s/first/second/ > ../changed && git update-ref refs/heads/main $(git hash-object -t commit -w ../changed)")
        #expect(try signature(repository) == .bad)
    }

    @Test("Nothing that the repository itself says is heeded: neither its keys nor its programs")
    func hostileSettings() throws {
        let repository = try repository("", sign: signed("other"))
        try repository.shell("""
            printf 'ada@example.org %s\\n' "$(cut -d' ' -f1-2 other.pub)" > mine; git config gpg.ssh.allowedSignersFile $PWD/mine
            printf '#!/bin/sh\\ntouch '$PWD'/ran\\n' > evil; chmod +x evil; git config gpg.ssh.program $PWD/evil
            """)
        #expect(try signature(repository) == .unknown && signature(repository, trust: .own) == .unknown)
        #expect(!FileManager.default.fileExists(atPath: repository.folder + "/ran"))
    }

    @Test("A key of gpg is known by the reader's keyring", .enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/gpg")))
    func openPGP() throws {
        let repository = try TestRepository("""
            git init -q -b main . && echo one > a && git add . && mkdir -m 700 ../home/.gnupg
            gpg -q --batch --pinentry-mode loopback --passphrase '' --quick-gen-key 'Ada <ada@example.org>' ed25519 sign never
            git -c user.signingkey=ada@example.org commit -q -S -m first; gpgconf --kill all
            """)
        defer { _ = try? repository.shell("gpgconf --kill all") }
        #expect(try signature(repository) == .good(by: "Ada <ada@example.org>"))
        try repository.shell("rm -rf ../home/.gnupg && mkdir -m 700 ../home/.gnupg")
        #expect(try signature(repository) == .unknown)
    }
}
