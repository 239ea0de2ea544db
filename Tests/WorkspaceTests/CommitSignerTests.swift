import Foundation
import Processes
import Testing
@testable import Workspace

@Suite("Signed commits")
struct CommitSignerTests {
    private func environment(_ repository: TestRepository) -> [String: String] {
        var environment = ProcessInfo.processInfo.environment
        environment["HOME"] = repository.home
        environment["GNUPGHOME"] = repository.home + "/keys"
        for name in ["XDG_CONFIG_HOME", "SSH_AUTH_SOCK", "SSH_ASKPASS", "DISPLAY"] { environment[name] = nil }
        return environment
    }

    /// Writes a commit on another one and puts a branch on it, as the learner's git would.
    /// - Parameter commands: lines for a shell, when the first one was made.
    private func commit(in place: TestRepository, environment changed: [String: String]? = nil, after commands: String = "true") throws -> ObjectID {
        let repository = try place.open()
        let parent = try #require(ObjectID(place.shell("git commit -q --no-gpg-sign --allow-empty -m one && git rev-parse HEAD")))
        try place.shell(commands)
        let tree = try Commit(parent, in: repository).tree
        let signer = try CommitSigner(ofLearnerIn: repository, environment: changed ?? environment(place))
        let learner = Identity(name: "Lea", email: "lea@example.org")!, message = "Submission\n\nüber\n"
        let id = try repository.writeCommit(tree: tree, parent: parent, message: message, by: learner, at: Date(), signedBy: signer)
        try place.shell("git update-ref refs/heads/signed \(id)")
        return id
    }

    private static let ssh = """
        git init -q -b main . && ssh-keygen -q -t ed25519 -N '' -C lea -f ../home/key && echo "lea@example.org $(cat ../home/key.pub)" > ../home/allowed
        git config --global gpg.format ssh && git config --global gpg.ssh.allowedSignersFile ../home/allowed && git config --global commit.gpgSign true
        """

    @Test("Git verifies what was signed with a key of ssh: named by its file, by its public half, or held by the agent", arguments: ["~/key", "~/key.pub", "agent"])
    func ssh(_ key: String) throws {
        let place = try TestRepository(Self.ssh)
        var environment = environment(place), agent: ChildProcess?
        defer { agent?.end() }
        if key == "agent" {
            let socket = place.home + "/agent"
            agent = try ChildProcess("/usr/bin/ssh-agent", ["-D", "-a", socket])
            while !FileManager.default.fileExists(atPath: socket) { try #require(agent!.isRunning); usleep(1_000) }
            environment["SSH_AUTH_SOCK"] = socket
            try place.shell("SSH_AUTH_SOCK=\(socket) ssh-add -q ../home/key && git config --global user.signingkey \"key::$(cut -d ' ' -f 1,2 ../home/key.pub)\" && rm ../home/key*")
        } else {
            try place.shell("git config --global user.signingkey '\(key)'")
        }
        let id = try commit(in: place, environment: environment)
        #expect(try place.shell("git verify-commit \(id) 2>&1").contains("Good \"git\" signature for lea@example.org"))
        #expect(try place.shell("git log --format='%s|%an|%b' -1 \(id)") == "Submission|Lea|über")
        #expect(try place.complaints() == "")
        #expect(try FileManager.default.contentsOfDirectory(atPath: NSTemporaryDirectory()).filter { $0.hasPrefix("etude-key-") }.isEmpty)
    }

    @Test("Git verifies what was signed with a key of OpenPGP, which the author's address names", .enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/gpg")))
    func openPGP() throws {
        let place = try TestRepository("""
            git init -q -b main . && export GNUPGHOME=$PWD/../home/keys && mkdir -m 700 $GNUPGHOME
            gpg --batch --quiet --passphrase '' --quick-gen-key 'Lea <lea@example.org>' ed25519 sign never 2> /dev/null
            git config --global commit.gpgSign true
            """)
        defer { _ = try? place.shell("GNUPGHOME=$PWD/../home/keys gpgconf --kill all") }
        let id = try commit(in: place)
        #expect(try place.shell("GNUPGHOME=$PWD/../home/keys git verify-commit \(id) 2>&1").contains("Good signature from \"Lea <lea@example.org>\""))
        #expect(try place.complaints() == "")
    }

    @Test("Where git is not set to sign, nothing is signed, and no program is looked for")
    func unsigned() throws {
        let place = try TestRepository(Self.ssh + "\ngit config commit.gpgSign false && git config --global gpg.ssh.program /nowhere")
        #expect(try !place.shell("git cat-file -p \(commit(in: place))").contains("gpgsig"))
    }

    @Test("What can't be signed gives a sentence, and no commit", arguments: [
        ("true", "not told which"), ("git config --global user.signingkey /nowhere/key", "nowhere"), ("git config --global user.signingkey ~/key && git config --global gpg.ssh.program nothing-of-this-name", "no program"),
        ("git config --global user.signingkey ~/key && git config --global gpg.ssh.program /bin/true", "says"), ("git config --global gpg.format rot13", "rot13"),
        ("ssh-keygen -q -p -P '' -N secret -f ../home/key && git config --global user.signingkey '~/key'", "ssh-add"), ("git config --global gpg.format openpgp && git config --global gpg.program /bin/false", "/bin/false says"),
    ])
    func failures(_ commands: String, _ part: String) throws {
        let place = try TestRepository(Self.ssh)
        #expect { _ = try commit(in: place, after: commands) } throws: { ($0 as? GitError)?.description.contains(part) == true && ($0 as? GitError)?.description.contains("sign") == true }
        #expect(try place.shell("git cat-file --batch-all-objects --batch-check | grep -c commit") == "1")
    }

    @Test("A program that a repository's own settings name is not run")
    func repositorysProgram() throws {
        let place = try TestRepository(Self.ssh + "\nprintf '#!/bin/sh\\ntouch %s/ran\\n' $PWD > evil && chmod +x evil && git config gpg.ssh.program $PWD/evil && git config --global user.signingkey '~/key'")
        _ = try commit(in: place)
        #expect(!FileManager.default.fileExists(atPath: place.folder + "/ran"))
    }

    @Test("A submission is signed where git is set to sign, and carries the signature in a bundle")
    func submission() throws {
        let place = try TestRepository("""
            git init -q -b main . && ssh-keygen -q -t ed25519 -N '' -f ../home/key && echo "lea@example.org $(cat ../home/key.pub)" > ../home/allowed
            for setting in gpg.format=ssh commit.gpgSign=true user.signingkey=$PWD/../home/key user.name=Lea user.email=lea@example.org; do git config ${setting%%=*} ${setting#*=}; done
            """)
        let repository = try place.open()
        _ = try Submissions(of: .first, in: repository).add(Data("let a = 1\n".utf8), file: "1.swift", courseVersion: nil, claims: [], etude: "1")
        try GitBundle.write(["refs/etude/submissions/embeddings/1/1"], of: repository, to: place.folder + "/x.bundle")
        #expect(try place.shell("""
            git init -q other && cd other && git fetch -q ../x.bundle refs/etude/submissions/embeddings/1/1 && git -c gpg.ssh.allowedSignersFile=../../home/allowed verify-commit FETCH_HEAD 2>&1
            """).contains("Good \"git\" signature for lea@example.org"))
    }
}
