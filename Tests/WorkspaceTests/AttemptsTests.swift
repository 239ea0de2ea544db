import Foundation
import Processes
import Testing
@testable import Workspace

@Suite("Attempts")
struct AttemptsTests {
    @Test("An attempt comes back as it was recorded, with every byte of the notebook")
    func roundTrip() throws {
        let repository = try TestRepository()
        let attempts = try repository.attempts()
        let recorded = (0..<3).map { Attempt.number($0) }
        let ids = try recorded.map { try attempts.record($0) }
        for (id, attempt) in zip(ids, recorded) { #expect(try repository.attempts().attempt(id) == attempt) }
        let history = try repository.attempts().history()
        #expect(history.problem == nil)
        #expect(history.attempts == zip(ids, recorded).map { AttemptSummary(id: $0, attempt: $1.summary) }.reversed())
        #expect(try attempts.history(limit: 2).attempts.map(\.id) == [ids[2], ids[1]])
        #expect(try repository.complaints() == "")
    }

    @Test("Git's own program reads the notebook, the line for people and the trailers")
    func readByGit() throws {
        let repository = try TestRepository()
        let id = try repository.attempts().record(.number(4))
        #expect(try repository.shell("git rev-parse refs/etude/attempts/embeddings/1") == "\(id)")
        #expect(try repository.shell("git log -1 --format=%s \(id)") == "embeddings/1: 1 of 2 correct")
        #expect(try repository.shell("git show \(id):1-embedding-layers.swift | od -An -c | tr -d ' \\n'") == #"letanswer=4\r\n\0"#)
        #expect(try repository.shell("git log -1 --format='%(trailers:key=Result,valueonly)' \(id)") == "correct 0.5/1.0 biasLayer\nnotAttempted 0.0/1.0 all.part%202")
    }

    @Test("Recording touches neither branch, index, files nor logs, and runs no hook")
    func touchesNothing() throws {
        let repository = try TestRepository.withWork()
        let before = try repository.contents()
        for number in 0..<3 { try repository.attempts().record(.number(number)) }
        try Attempts.pack(try repository.open())
        #expect(try repository.contents() == before)
        // The same hook does run for git.
        try repository.shell("git update-ref refs/heads/other HEAD && test -e .git/hook-ran")
    }

    @Test("A worktree, a detached head, an unborn branch, a bare and a shallow clone: each keeps attempts", arguments: [
        ("git init -q .", "."),
        ("git init -q a && cd a && git commit -q --allow-empty -m one && git worktree add -q ../b", "b"),
        ("git init -q . && git commit -q --allow-empty -m one && git checkout -q --detach", "."),
        ("git init -q --bare .", "."),
        ("git init -q a && cd a && git commit -q --allow-empty -m one && git commit -q --allow-empty -m two && git clone -q --depth 1 file://$PWD ../b", "b"),
        ("git init -q . && git sparse-checkout init && git config --get extensions.worktreeConfig", "."),
        ("git init -q a && cd a && git commit -q --allow-empty -m one && cd .. && git init -q b && cd b && git -c protocol.file.allow=always submodule add -q $PWD/../a sub", "b/sub"),
    ])
    func everyKind(_ setUp: String, _ subfolder: String) throws {
        let repository = try TestRepository(setUp)
        let ids = try (0..<2).map { try repository.attempts(subfolder).record(.number($0)) }
        #expect(try repository.attempts(subfolder).history().attempts.map(\.id) == ids.reversed())
        #expect(try repository.shell("git rev-parse refs/etude/attempts/embeddings/1", in: subfolder) == "\(ids[1])")
        #expect(try repository.complaints(in: subfolder) == "")
    }

    @Test("Working trees of one repository share one history")
    func worktreesShare() throws {
        let repository = try TestRepository("git init -q a && cd a && git commit -q --allow-empty -m one && git worktree add -q ../b")
        let ids = [try repository.attempts("a").record(.number(0)), try repository.attempts("b").record(.number(1))]
        #expect(try repository.attempts("a").history().attempts.map(\.id) == ids.reversed())
    }

    @Test("A history that was cut off by a shallow fetch ends without complaint")
    func shallowHistory() throws {
        let repository = try TestRepository("git init -q a && git init -q b")
        for number in 0..<5 { try repository.attempts("a").record(.number(number)) }
        try repository.shell("cd b && git fetch -q --depth 2 file://$PWD/../a '+refs/etude/*:refs/etude/*'")
        let history = try repository.attempts("b").history()
        #expect(history.attempts.count == 2)
        #expect(history.problem == nil)
        try repository.attempts("b").record(.number(5))
        #expect(try repository.attempts("b").history().attempts.count == 3)
    }

    @Test("The learner's git says who the author is; a repository's own settings come first")
    func author() throws {
        let home = ["HOME": "/nowhere"]
        let repository = try TestRepository("git init -q . && git config user.name 'Ada <\u{1B}> Lovelace' && git config user.email ada@example.org")
        let settings = try Configuration.ofLearner(in: repository.open(), environment: home)
        #expect(settings.string("user.email") == "ada@example.org")
        let id = try repository.attempts().record(.number(1))
        #expect(try repository.shell("git log -1 --format='%an|%ae|%cn' \(id)") == "Ada   Lovelace|ada@example.org|Ada   Lovelace")
        #expect(Identity(name: " <> ", email: "a@b") == nil)

        let nobody = try TestRepository()
        #expect(try Configuration.ofLearner(in: nobody.open(), environment: home).string("user.name") == nil)
        #expect(Identity(name: Identity.unknown.name, email: Identity.unknown.email) == .unknown)
        try Data("[user]\n name = Grace\n".utf8).write(to: URL(fileURLWithPath: nobody.home + "/.gitconfig"))
        #expect(try Configuration.ofLearner(in: nobody.open(), environment: ["HOME": nobody.home]).string("user.name") == "Grace")
    }

    @Test("Two processes record at once, and each attempt is kept", arguments: [true, false])
    func twoProcesses(withLock: Bool) throws {
        let repository = try TestRepository()
        // A file where the lock's folder should be: git's mark on the reference has to do.
        if !withLock { try repository.shell("touch .git/etude") }
        let count = 40
        let outputs = try concurrently(3) { _ in
            let result = try run(Recorder.program, [repository.folder, "embeddings/1", "\(count)"], deadline: .seconds(100))
            #expect(result.succeeded, "\(result.errorText)")
            return String(decoding: result.output, as: UTF8.self).split(separator: "\n").map(String.init)
        }
        let kept = try repository.attempts().history().attempts.map { "\($0.id)" }
        #expect(kept.count == 3 * count)
        #expect(Set(kept) == Set(outputs.joined()))
        #expect(try repository.complaints() == "")
    }

    @Test("What can't be an exercise's name is none", arguments: [
        "", "embeddings", "embeddings/", "/1", "embeddings/1/2", "../1", "embeddings/..", "Embeddings/1", "embeddings/1.lock", "embeddings/a b",
        "embeddings/@{", "-a/1", "embeddings/\u{1B}", "embeddings/é", "embeddings/" + String(repeating: "a", count: 65),
    ])
    func badNames(_ name: String) { #expect(ExerciseName(name) == nil) }

    @Test("An attempt at another exercise, with a name that leads elsewhere, or too large, is refused with a sentence")
    func refused() throws {
        let repository = try TestRepository()
        let attempts = try repository.attempts()
        #expect(throws: GitError.self) { try attempts.record(.number(1, at: ExerciseName("embeddings/2")!)) }
        for file in ["..", ".git", "a/b", "", ".GIT", "git~1", ".g\u{200C}it", "con.swift"] {
            var attempt = Attempt.number(1)
            attempt.summary.file = file
            #expect { try attempts.record(attempt) } throws: { "\($0)".hasPrefix("Can't keep the attempt at embeddings/1: \"\(file)\" can't be a file's name") }
        }
        var attempt = Attempt.number(1)
        attempt.notebook = Data(count: Attempt.greatestNotebook + 1)
        #expect { try attempts.record(attempt) } throws: { ($0 as? GitError)?.code == .tooLarge }
        #expect(try attempts.history().attempts.isEmpty)
    }

    @Test("Exercises with attempts are told by name, wherever git keeps the references")
    func exercises() throws {
        let repository = try TestRepository()
        for name in ["embeddings/2", "arrays/x-1"].map({ ExerciseName($0)! }) {
            try repository.attempts(at: name).record(.number(0, at: name))
            try repository.shell("git pack-refs --all")
        }
        #expect(try Attempts.exercises(in: repository.open()).map(\.description) == ["arrays/x-1", "embeddings/2"])
        let again = ExerciseName("embeddings/2")!
        try repository.attempts(at: again).record(.number(1, at: again))
        #expect(try repository.attempts(at: again).history().attempts.count == 2)
    }

    @Test("Attempts survive git's own garbage collection, and a fetch by another repository")
    func collected() throws {
        let repository = try TestRepository("git init -q a && git init -q b")
        let ids = try (0..<6).map { try repository.attempts("a").record(.number($0)) }
        try repository.shell("git gc -q --prune=now --aggressive", in: "a")
        try repository.shell("git fetch -q ../a 'refs/etude/*:refs/etude/*'", in: "b")
        for place in ["a", "b"] { #expect(try repository.attempts(place).attempt(ids[3]) == .number(3)) }
    }
}

/// Does something in several threads at once; in the order of their numbers, what each gave.
func concurrently<T>(_ count: Int, _ work: @escaping @Sendable (Int) throws -> T) throws -> [T] {
    let lock = NSLock()
    nonisolated(unsafe) var results: [Int: Result<T, Error>] = [:]
    let group = DispatchGroup()
    for number in 0..<count {
        group.enter()
        Thread.detachNewThread {
            let result = Result { try work(number) }
            lock.withLock { results[number] = result }
            group.leave()
        }
    }
    group.wait()
    return try (0..<count).map { try results[$0]!.get() }
}
