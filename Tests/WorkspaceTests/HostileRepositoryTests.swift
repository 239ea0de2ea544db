import Foundation
import Testing
import Tiers
@testable import Workspace

@Suite("Hostile repositories")
struct HostileRepositoryTests {
    /// A repository with three attempts, then something done to it.
    private func damaged(_ commands: String) throws -> TestRepository {
        let repository = try TestRepository()
        for number in 0..<3 { try repository.attempts().record(.number(number)) }
        try repository.shell("ref=.git/refs/etude/attempts/embeddings/1\n" + commands)
        return repository
    }

    private func expect(_ code: GitError.Code?, _ work: () throws -> Void, sourceLocation: SourceLocation = #_sourceLocation) {
        #expect(sourceLocation: sourceLocation) { try work() } throws: { error in
            guard let error = error as? GitError else { return false }
            return (code == nil || error.code == code) && error.description.hasPrefix("Can't ") && !error.message.isEmpty
        }
    }

    @Test("A reference that is no commit's name gives a sentence, for reading and for recording", arguments: [
        "echo rubbish > $ref", "printf '' > $ref", "echo 'ref: refs/heads/none' > $ref", "echo 'ref: refs/etude/attempts/embeddings/1' > $ref",
        "echo 1234567890123456789012345678901234567890 > $ref", "echo 0000000000000000000000000000000000000000 > $ref",
        "rm $ref && ln -s /etc/passwd $ref", "rm $ref && mkfifo $ref",
        "rm -r .git/refs/etude/attempts/embeddings && ln -s /tmp .git/refs/etude/attempts/embeddings",
        "head -c 100000 /dev/zero | tr '\\0' a > $ref", "git rev-parse $(cat $ref)^{tree} > $ref", "git hash-object -w --stdin < /dev/null > $ref",
    ])
    func badReference(_ commands: String) throws {
        let repository = try damaged(commands)
        expect(nil) {
            let history = try repository.attempts().history()
            #expect(history.attempts.isEmpty)
            if let problem = history.problem { throw problem }
        }
        expect(nil) { try repository.attempts().record(.number(9)) }
    }

    @Test("Where a folder lies in place of a reference, recording says so")
    func folderForReference() throws {
        let repository = try damaged("rm $ref && mkdir $ref && touch $ref/x")
        expect(nil) { try repository.attempts().record(.number(9)) }
    }

    @Test("An object that was damaged ends the history with a sentence, after what can be read", arguments: [
        "printf x > $file", "printf '' > $file", "head -c 20 $file > cut && cp cut $file", "cp $(ls .git/objects/*/* | grep -v $file | head -n 1) $file",
        "rm $file && ln -s /etc/passwd $file", "rm $file", "rm $file && mkdir $file",
    ])
    func damagedCommit(_ commands: String) throws {
        let repository = try damaged("""
            id=$(git rev-parse refs/etude/attempts/embeddings/1~1)
            file=.git/objects/$(echo $id | cut -c 1-2)/$(echo $id | cut -c 3-); chmod u+w $file
            """ + "\n" + commands)
        let history = try repository.attempts().history()
        #expect(history.attempts.count == 1)
        #expect(history.problem?.description.hasPrefix("Can't read ") == true)
        #expect(throws: Never.self) { try Attempts.pack(repository.open()) }
        // What comes after is kept all the same.
        try repository.attempts().record(.number(5))
        #expect(try repository.attempts().history().attempts.count == 2)
    }

    /// How far the places lie apart at which files are damaged.
    private var step: Int { rounds(1) > 1 ? 1 : 5 }

    @Test("Wherever an object's file is cut off or changed, reading and packing come to an end, and say so", .timeLimit(.minutes(2)))
    func everyByte() throws {
        let repository = try TestRepository()
        let id = try repository.attempts().record(.number(1))
        let commit = try repository.open().objects.loose.path(of: id)
        let blob = try repository.open().objects.loose.path(of: #require(ObjectID(repository.shell("git rev-parse \(id):1-embedding-layers.swift"))))
        for path in [commit, blob] {
            let whole = try Data(contentsOf: URL(fileURLWithPath: path))
            try repository.shell("chmod u+w \(path)")
            func replace(_ data: Data) throws { try data.write(to: URL(fileURLWithPath: path)) }
            for place in stride(from: 0, to: whole.count, by: step) {
                try replace(whole.prefix(place))
                expect(.damaged) { _ = try repository.attempts().attempt(id) }
                try Attempts.pack(repository.open())
                var changed = whole
                changed[place] ^= UInt8(1) << UInt8.random(in: 0..<8)
                try replace(changed)
                // A few bits say how it was compressed, and change nothing.
                do { #expect(try repository.attempts().attempt(id) == .number(1)) } catch { #expect((error as? GitError)?.code == .damaged) }
            }
            try replace(whole)
        }
        #expect(try repository.attempts().attempt(id) == .number(1))
    }

    @Test("Wherever a pack is cut off or changed, reading comes to an end, and gives what was recorded or a sentence", .timeLimit(.minutes(2)))
    func everyByteOfAPack() throws {
        let repository = try damaged("git repack -adfq && git prune-packed && chmod u+w .git/objects/pack/*")
        let ids = try repository.attempts().history().attempts.map(\.id)
        for name in try FileManager.default.contentsOfDirectory(atPath: repository.folder + "/.git/objects/pack").sorted() where name.hasSuffix(".pack") || name.hasSuffix(".idx") {
            let path = "\(repository.folder)/.git/objects/pack/\(name)"
            let whole = try Data(contentsOf: URL(fileURLWithPath: path))
            for place in stride(from: 0, to: whole.count, by: step * (name.hasSuffix(".idx") ? 3 : 1)) {
                var changed = whole
                changed[place] ^= UInt8(1) << UInt8.random(in: 0..<8)
                for data in [whole.prefix(place), changed] {
                    try data.write(to: URL(fileURLWithPath: path))
                    do {
                        let attempts = try repository.attempts()
                        _ = try attempts.history()
                        for (number, id) in zip([2, 1, 0], ids) { #expect(try attempts.attempt(id) == .number(number)) }
                    } catch { #expect(error is GitError, "\(name) \(place)") }
                }
            }
            try whole.write(to: URL(fileURLWithPath: path))
        }
        #expect(try repository.attempts().attempt(ids[0]) == .number(2))
    }

    @Test("A notebook whose file was cut off is stored anew when it is recorded again")
    func storedAnew() throws {
        let repository = try damaged("""
            id=$(git rev-parse refs/etude/attempts/embeddings/1:1-embedding-layers.swift)
            file=.git/objects/$(echo $id | cut -c 1-2)/$(echo $id | cut -c 3-); chmod u+w $file; head -c 15 $file > cut; cp cut $file
            """)
        let id = try repository.attempts().record(.number(2))
        #expect(try repository.attempts().attempt(id) == .number(2))
        #expect(try repository.complaints() == "")
    }

    @Test("A notebook that was damaged is told, and the others are read")
    func damagedNotebook() throws {
        let repository = try damaged("""
            id=$(git rev-parse refs/etude/attempts/embeddings/1:1-embedding-layers.swift)
            file=.git/objects/$(echo $id | cut -c 1-2)/$(echo $id | cut -c 3-); chmod u+w $file; printf 'x' | dd of=$file bs=1 seek=12 conv=notrunc status=none
            """)
        let ids = try repository.attempts().history().attempts.map(\.id)
        expect(.damaged) { _ = try repository.attempts().attempt(ids[0]) }
        #expect(try repository.attempts().attempt(ids[1]) == .number(1))
    }

    /// Makes a commit on the attempts' reference whose tree and message are given to git as they are.
    private func forged(tree: String, file: String = "x.swift") throws -> (TestRepository, ObjectID) {
        let repository = try TestRepository("""
            git init -q -b main .
            blob=$(echo hello | git hash-object -w --stdin)
            tree=$( \(tree) )
            commit=$(printf 'forged\\n\\nEtude-Attempt: 1\\nExercise: embeddings/1\\nFile: \(file)\\nTime: 5\\nResult: correct 1.0/1.0 q\\n' | git commit-tree $tree)
            git update-ref refs/etude/attempts/embeddings/1 $commit
            """)
        return (repository, try #require(ObjectID(repository.shell("git rev-parse refs/etude/attempts/embeddings/1"))))
    }

    @Test("A forged attempt with one plain file is read; one with `..`, `.git`, a link, a folder or two files is not", arguments: [
        (#"printf "100644 blob $blob\tx.swift" | git mktree"#, "x.swift", true),
        (#"printf "120000 blob $blob\tx.swift" | git mktree"#, "x.swift", false),
        (#"printf "100644 blob $blob\tx.swift\n100644 blob $blob\ty.swift" | git mktree"#, "x.swift", false),
        (#"printf "040000 tree $(git mktree < /dev/null)\tx.swift" | git mktree"#, "x.swift", false),
        (#"printf "160000 commit $(echo $blob | tr 0-9 a)\tx.swift" | git mktree --missing"#, "x.swift", false),
        (#"(printf '100644 ..\0'; echo $blob | sed 's/../\\\\x&/g' | xargs printf) | git hash-object -t tree --literally -w --stdin"#, "..", false),
        (#"(printf '100644 .git\0'; echo $blob | sed 's/../\\\\x&/g' | xargs printf) | git hash-object -t tree --literally -w --stdin"#, ".git", false),
        (#"(printf '100644 a/b\0'; echo $blob | sed 's/../\\\\x&/g' | xargs printf) | git hash-object -t tree --literally -w --stdin"#, "a/b", false),
        (#"printf 'rubbish' | git hash-object -t tree --literally -w --stdin"#, "x.swift", false),
    ])
    func forgedTree(_ tree: String, _ file: String, _ isRead: Bool) throws {
        let (repository, id) = try forged(tree: tree, file: file)
        for trust in [Repository.Trust.own, .stranger] {
            let attempts = Attempts(at: .first, in: try repository.open(trust: trust))
            if isRead { #expect(try attempts.attempt(id).notebook == Data("hello\n".utf8)) } else { expect(nil) { _ = try attempts.attempt(id) } }
        }
    }

    @Test("A notebook, a folder and a message beyond all measure are refused before they are read")
    func huge() throws {
        // A zip bomb in git's way: a hundred megabytes of nothing take a hundred kilobytes.
        let (repository, id) = try forged(tree: #"blob=$(head -c 100000000 /dev/zero | git hash-object -w --stdin); printf "100644 blob $blob\tx.swift" | git mktree"#)
        expect(.tooLarge) { _ = try repository.attempts().attempt(id) }
        #expect(try repository.attempts().history().attempts.count == 1)

        let long = try TestRepository("""
            git init -q . && commit=$(head -c 1000000 /dev/zero | tr '\\0' a | git commit-tree $(git mktree < /dev/null))
            git update-ref refs/etude/attempts/embeddings/1 $commit
            """)
        for trust in [Repository.Trust.own, .stranger] {
            #expect(try Attempts(at: .first, in: long.open(trust: trust)).history().problem?.code == .tooLarge)
        }
    }

    @Test("A message that is no attempt's is passed over in a history, and refused by name", arguments: [
        "hello", "Etude-Attempt: 2\nExercise: embeddings/1\nFile: x\nTime: 1", "Etude-Attempt: 1\nExercise: ../1\nFile: x\nTime: 1",
        "Etude-Attempt: 1\nExercise: embeddings/1\nFile: ../x\nTime: 1", "Etude-Attempt: 1\nExercise: embeddings/1\nFile: x\nTime: soon",
        "Etude-Attempt: 1\nExercise: embeddings/1\nFile: x\nTime: 1\nResult: won 1/1 q", "Etude-Attempt: 1\nExercise: embeddings/1\nFile: x\nTime: 1\nResult: correct nan/1 q",
        "Etude-Attempt: 1\nExercise: embeddings/1\nFile: x\nTime: 1\nResult: correct", "Etude-Attempt: 1\nExercise: embeddings/1\nFile: x%FF\nTime: 1",
        "Etude-Attempt: 1\nExercise: embeddings/1\nFile: x\nTime: 99999999999999999999", "",
    ])
    func badMessage(_ message: String) throws {
        let repository = try TestRepository()
        try repository.attempts().record(.number(0))
        try Data(message.utf8).write(to: URL(fileURLWithPath: repository.folder + "/message"))
        try repository.shell("git update-ref refs/etude/attempts/embeddings/1 $(git commit-tree -p refs/etude/attempts/embeddings/1 -F message $(git mktree < /dev/null))")
        let forged = try #require(ObjectID(repository.shell("git rev-parse refs/etude/attempts/embeddings/1")))
        expect(.refused) { _ = try repository.attempts().attempt(forged) }
        let history = try repository.attempts().history()
        #expect(history.attempts.count == 1)
        #expect(history.problem == nil)
    }

    @Test("Settings that are wrong, huge or endless give a sentence", arguments: [
        "echo '[core' > .git/config", "head -c 3000000 /dev/zero | tr '\\0' '#' > .git/config", "rm .git/config && mkfifo .git/config",
        "rm .git/HEAD && mkfifo .git/HEAD", "git config core.repositoryformatversion 99", "git config core.repositoryformatversion 1 && git config extensions.unheardOf yes",
        "printf '[include]\\n path = config\\n' >> .git/config",
    ])
    func badSettings(_ commands: String) throws {
        let repository = try damaged(commands)
        expect(nil) { _ = try repository.attempts() }
    }

    @Test("A stranger's settings are not read: neither what they include nor where they say that the files are")
    func strangersSettings() throws {
        let repository = try damaged("mkfifo .git/pipe && printf '[include]\\n path = pipe\\n[core]\\n worktree = /etc\\n bare = maybe\\n' >> .git/config && rm .git/pipe")
        let stranger = try repository.open(trust: .stranger)
        #expect(stranger.workingFolder == nil)
        #expect(try Attempts(at: .first, in: stranger).history().attempts.count == 3)
        try repository.shell("echo '[core' > .git/config")
        #expect(try Attempts(at: .first, in: repository.open(trust: .stranger)).history().attempts.count == 3)
    }

    @Test("A stranger's repository that points out of its folder, or holds what git never makes, is refused", arguments: [
        "echo /etc > .git/objects/info/alternates", "ln -s /etc .git/refs/heads/etc", "mkfifo .git/refs/heads/pipe",
        "mv .git/objects ../objects && ln -s ../../objects .git/objects",
    ])
    func strangersPointers(_ commands: String) throws {
        let repository = try damaged(commands)
        expect(.refused) { _ = try repository.open(trust: .stranger) }
    }

    @Test("Objects that another repository lends count for one's own, and are not packed")
    func alternates() throws {
        let repository = try TestRepository("git init -q a")
        for number in 0..<3 { try repository.attempts("a").record(.number(number)) }
        try repository.shell("git init -q b && echo $PWD/a/.git/objects > b/.git/objects/info/alternates && mkdir -p b/.git/refs/etude/attempts/embeddings && cp a/.git/refs/etude/attempts/embeddings/1 b/.git/refs/etude/attempts/embeddings/1")
        #expect(try repository.attempts("b").history().attempts.count == 3)
        #expect(try Attempts.pack(repository.open("b")).packed == 0)
        #expect(try repository.attempts("a").history().attempts.count == 3)
    }

    @Test("A damaged index of packs, packed references that are rubbish: a sentence", arguments: [
        "for f in .git/objects/pack/*.idx; do chmod u+w $f; printf 'rubbish' | dd of=$f bs=1 seek=4 conv=notrunc status=none; done",
        "for f in .git/objects/pack/*.idx; do chmod u+w $f; head -c 1000 $f > cut; cp cut $f; done",
        "for f in .git/objects/pack/*.pack; do chmod u+w $f; head -c 30 $f > cut; cp cut $f; done",
        "rm .git/objects/pack/*.pack", "echo rubbish > .git/packed-refs", "head -c 70000000 /dev/zero > .git/packed-refs",
    ])
    func damagedPacks(_ commands: String) throws {
        let repository = try damaged("git gc -q && " + commands)
        expect(nil) {
            let history = try repository.attempts().history()
            if let problem = history.problem { throw problem }
        }
    }

    @Test("A repository of another user is refused, until the learner's own settings trust it", .enabled(if: getuid() == 0))
    func otherOwner() throws {
        // What a repository says of itself does not count.
        let repository = try damaged("git config safe.directory '*' && chown -R 12345 .")
        expect(.otherOwner) { _ = try repository.open() }
        let settings = "\(repository.home)/.gitconfig"
        try Data("[safe]\n directory = /elsewhere\n directory = \(repository.folder)\n".utf8).write(to: URL(fileURLWithPath: settings))
        #expect(try Configuration.ofLearner(environment: ["HOME": repository.home]).trustsOwner(of: repository.folder + "/.git"))
        #expect(try !Configuration.ofLearner(environment: ["HOME": "/nowhere"]).trustsOwner(of: repository.folder + "/.git"))
        #expect(try Attempts(at: .first, in: repository.open(trust: .stranger)).history().attempts.count == 3)
    }
}
