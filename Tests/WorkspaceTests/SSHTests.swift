import Foundation
import Processes
import Testing
import Tiers
@testable import Workspace

@Suite("Other repositories, over ssh", .enabled(if: FileManager.default.isExecutableFile(atPath: SSHServer.program)))
struct SSHTests {
    private func expect(_ code: GitError.Code, _ part: String, sourceLocation: SourceLocation = #_sourceLocation, _ body: () throws -> Void) {
        #expect(sourceLocation: sourceLocation) { try body() } throws: { error in
            guard let error = error as? GitError else { return false }
            return error.code == code && error.description.contains(part) && !error.description.contains("\u{1B}")
        }
    }

    @Test("A branch and a tag are fetched, and what is new comes the next time, with progress")
    func fetched() throws {
        let server = try SSHServer(RemoteTests.course)
        var progress: [Transfer.Progress] = [], transfer = server.transfer
        transfer.progress = { progress.append($0) }
        let (mirror, head) = try server.fetch("course", transfer)
        #expect(head.name == "refs/heads/main")
        #expect(try mirror.files(at: head.commit, under: "exercises").files.count == 2)
        let last = try #require(progress.last)
        #expect(last.objects == last.total && last.total >= 8 && last.bytes > 100, "\(last)")
        #expect(try server.fetch("course", branch: "v1a").head.name == "refs/tags/v1a")
        try server.place.shell("cd course && echo three > exercises/3.swift && git add . && git commit -q -m three")
        #expect(try mirror.files(at: server.fetch("course").head.commit, under: "exercises").files.count == 3)
        #expect(try server.place.shell("git -C mirror.git fsck --strict --no-dangling 2>&1 | grep -v '^notice' || true; ls mirror.git/objects/pack/*git2* 2> /dev/null || true") == "")
    }

    @Test("A submission counts as sent when the server has taken it, and what the server says against it is told")
    func push() throws {
        let server = try SSHServer(RemoteTests.course + "\ncd .. && git init -q --bare hand-in.git && git -C course update-ref refs/etude/submissions/c/1/1 main && git -C course update-ref refs/etude/submissions/c/1/2 v1")
        let course = try server.place.open("course"), url = try server.url("hand-in.git")
        try Remote.push("refs/etude/submissions/c/1/1", of: course, to: url, server.transfer)
        try Remote.push("refs/etude/submissions/c/1/1", of: course, to: url, server.transfer)
        #expect(try server.place.shell("git -C hand-in.git rev-parse refs/etude/submissions/c/1/1") == server.place.shell("git -C course rev-parse main"))
        try server.place.shell("printf '#!/bin/sh\\nexit 1\\n' > hand-in.git/hooks/update && chmod +x hand-in.git/hooks/update")
        expect(.denied, "hook declined") { try Remote.push("refs/etude/submissions/c/1/2", of: course, to: url, server.transfer) }
        expect(.notFound, "no such repository") { try Remote.push("refs/etude/submissions/c/1/2", of: course, to: server.url("none.git"), server.transfer) }
        try server.place.shell("rm hand-in.git/hooks/update && git -C course update-ref refs/etude/submissions/c/1/1 v1")
        expect(.exists, "stays as it is") { try Remote.push("refs/etude/submissions/c/1/1", of: course, to: url, server.transfer) }
        #expect(try server.place.complaints(in: "hand-in.git") == "")
    }

    @Test("A host that is not known, one with another key, a person whom it does not let in, a repository that is not there: each has its sentence")
    func refused() throws {
        let server = try SSHServer(RemoteTests.course)
        let known = server.place.folder + "/keys/known"
        expect(.notFound, "no such repository") { _ = try server.fetch("none") }
        try server.place.shell("mv keys/known keys/kept && touch keys/known")
        expect(.unreachable, "does not know 127.0.0.1 yet") { _ = try server.fetch("course") }
        #expect(try Data(contentsOf: URL(fileURLWithPath: known)).isEmpty)
        try server.place.shell("ssh-keygen -q -t ed25519 -N '' -f keys/other && echo \"[127.0.0.1]:\(server.port) $(cut -d ' ' -f 1,2 keys/other.pub)\" > keys/known")
        expect(.unreachable, "ssh-keygen -R '[127.0.0.1]:\(server.port)'") { _ = try server.fetch("course") }
        try server.place.shell("mv keys/kept keys/known && : > keys/authorized")
        expect(.denied, "does not let you in") { _ = try server.fetch("course") }
        #expect(try server.place.shell("git -C mirror.git for-each-ref; find mirror.git/objects -type f") == "")
        var transfer = server.transfer
        transfer.environment["PATH"] = "/nowhere"
        expect(.notFound, "no program ssh") { _ = try server.fetch("course", transfer) }
    }

    @Test("The agent's key opens where no file has one")
    func agent() throws {
        let server = try SSHServer(RemoteTests.course)
        let socket = server.place.folder + "/agent"
        let agent = try ChildProcess("/usr/bin/ssh-agent", ["-D", "-a", socket])
        defer { agent.end() }
        while !FileManager.default.fileExists(atPath: socket) { try #require(agent.isRunning); usleep(1_000) }
        try server.place.shell("SSH_AUTH_SOCK=\(socket) ssh-add -q keys/own && rm keys/own")
        expect(.denied, "ssh-add") { _ = try server.fetch("course") }
        var transfer = server.transfer
        transfer.environment["SSH_AUTH_SOCK"] = socket
        #expect(try server.fetch("course", transfer).head.name == "refs/heads/main")
    }

    @Test("A server that is not there, or says nothing, or breaks off, gives a sentence in time; Ctrl-C does at once")
    func silent() throws {
        let server = try SSHServer(RemoteTests.course, settings: "ForceCommand sleep 1000")
        var transfer = server.transfer
        transfer.patience = .seconds(2)
        expect(.unreachable, "has said nothing") { _ = try server.fetch("course", transfer) }
        let start = ContinuousClock.now
        transfer.patience = .seconds(100)
        transfer.isCancelled = { ContinuousClock.now > start + .seconds(1) }
        expect(.cancelled, "stopped") { _ = try server.fetch("course", transfer) }
        expect(.unreachable, "onnection refused") { _ = try Remote.fetchBranch(of: GitURL("ssh://127.0.0.1:1/course"), into: .openBare(at: server.place.folder + "/mirror.git"), server.transfer) }
    }

    /// A folder with a program `ssh` that says what a server said once, whoever asks.
    private func recorded(_ place: TestRepository) throws -> (said: Data, transfer: Transfer) {
        try place.shell("""
            mkdir bin && cat > bin/ssh <<'END'
            #!/bin/sh
            for last; do :; done
            if [ -f said ]; then cat said; exec >&-; cat > /dev/null; else eval "$last" | tee recorded; fi
            END
            chmod +x bin/ssh && sed -i "2i cd $PWD" bin/ssh
            """)
        var transfer = Transfer()
        transfer.environment["PATH"] = "\(place.folder)/bin:\(transfer.environment["PATH"] ?? "")"
        transfer.patience = .seconds(20)
        _ = try fetch(place, transfer)
        return (try Data(contentsOf: URL(fileURLWithPath: place.folder + "/recorded")), transfer)
    }

    private func fetch(_ place: TestRepository, _ transfer: Transfer) throws -> [String: Data] {
        try? FileManager.default.removeItem(atPath: place.folder + "/mirror.git")
        let mirror = try Repository.openBare(at: place.folder + "/mirror.git")
        return try mirror.files(at: Remote.fetchBranch(of: GitURL("host:\(place.folder)/course"), into: mirror, transfer).commit).files
    }

    @Test("Whatever a server says, fetching ends, with what it should have said or a sentence", .timeLimit(.minutes(5)))
    func hostile() throws {
        let place = try TestRepository(RemoteTests.course)
        let (said, transfer) = try recorded(place)
        let expected = try fetch(place, transfer)
        var random = SplitMix(state: 9)
        for round in 0..<rounds(80) {
            var data = said
            let spot = Int.random(in: 0..<data.count, using: &random)
            switch round % 4 {
            case 0: data = data.prefix(spot)
            case 1: data[spot] ^= 1 << UInt8.random(in: 0..<8, using: &random)
            case 2: data.removeSubrange(spot..<min(data.count, spot + Int.random(in: 1...30, using: &random)))
            default: data.insert(contentsOf: (0..<Int.random(in: 1...30, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) }, at: spot)
            }
            try Data(data).write(to: URL(fileURLWithPath: place.folder + "/said"))
            do { #expect(try fetch(place, transfer) == expected) } catch { #expect(error is GitError, "\(error)") }
        }
    }

    @Test("A repository on a server whose history was cut off, or whose objects have longer names, gives a sentence", arguments: ["git clone -q --depth 1 file://$PWD/course cut", "git init -q --object-format=sha256 cut && git -C cut commit -q --allow-empty -m x"])
    func otherKinds(_ commands: String) throws {
        let server = try SSHServer(RemoteTests.course + "\ncd ..; " + commands)
        expect(.refused, "of a kind") { _ = try server.fetch("cut") }
    }

    @Test("A pack that is small and becomes large is refused before it is unpacked")
    func bomb() throws {
        let place = try TestRepository(RemoteTests.course + "\nhead -c 50000000 /dev/zero > exercises/zeros && git add . && git commit -q -m x")
        var (_, transfer) = try recorded(place)
        transfer.greatestObject = 1 << 20
        expect(.tooLarge, "50000000") { _ = try fetch(place, transfer) }
        transfer.greatestObject = 1 << 30
        transfer.greatestSize = 1_000
        expect(.tooLarge, "more than the 1000 bytes") { _ = try fetch(place, transfer) }
        transfer.greatestSize = 1 << 30
        transfer.greatestCount = 5
        expect(.tooLarge, "at most 5") { _ = try fetch(place, transfer) }
        #expect(try place.shell("git -C mirror.git for-each-ref; find mirror.git/objects -type f") == "")
    }

    @Test("Whenever fetching is killed, the repository here is as before or has all of it, and the next time goes well")
    func killed() throws {
        let server = try SSHServer(RemoteTests.course + "\nfor i in $(seq 300); do seq $i 2000 > exercises/$i; done; git add . && git commit -q -m many")
        let environment = server.transfer.environment
        func fetcher() throws -> ChildProcess { try ChildProcess(Recorder.program, ["--fetch", "\(server.url("course"))", server.place.folder + "/mirror.git"], environment: environment) }
        let start = ContinuousClock.now
        #expect(try fetcher().wait() == .exited(0))
        let whole = ContinuousClock.now - start
        let count = rounds(10)
        for round in 0..<count {
            try server.place.shell("rm -rf mirror.git*")
            let child = try fetcher()
            _ = child.wait(until: .now + whole * round / count)
            child.end()
            if FileManager.default.fileExists(atPath: server.place.folder + "/mirror.git") {
                #expect(try server.place.shell("git -C mirror.git fsck --strict --no-dangling 2>&1 | grep -v '^notice' || true; git -C mirror.git rev-list --objects --all > /dev/null") == "")
            }
            let (mirror, head) = try server.fetch("course")
            #expect(try mirror.files(at: head.commit, under: "exercises").files.count == 302)
        }
    }
}
