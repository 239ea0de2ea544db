import Foundation
import Testing
import Tiers
@testable import Workspace

@Suite("Bundles")
struct GitBundleTests {
    /// Opens a bundle in a folder of its own, and lends the repository.
    private func withBundle<T>(_ path: String, _ transfer: Transfer = .bundle, _ body: (Repository) throws -> T) throws -> T {
        let folder = NSTemporaryDirectory() + "etude-bundle-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        return try body(GitBundle.open(path, in: folder, transfer))
    }

    private static let history = """
        git init -q -b main . && seq 2000 > a && git add . && git commit -q -m one && seq 2001 > a && mkdir b && cp a b/c && ln -s a d && git add . && git commit -q -m two
        git update-ref refs/etude/submissions/embeddings/1/1 HEAD
        """

    @Test("Git verifies and clones what we write, with just the references that were asked for")
    func written() throws {
        let repository = try TestRepository(Self.history + "\ngit commit -q --allow-empty -m other && git branch other")
        let path = repository.folder + "/x.bundle"
        try GitBundle.write(["refs/etude/submissions/embeddings/1/1"], of: repository.open(), to: path)
        let head = try repository.shell("git rev-parse main~1")
        #expect(try repository.shell("git bundle verify -q x.bundle && git bundle list-heads x.bundle") == "\(head) refs/etude/submissions/embeddings/1/1")
        try repository.shell("git init -q new && cd new && git fetch -q ../x.bundle 'refs/etude/*:refs/etude/*' && git fsck --strict && git diff --quiet ../.git refs/etude/submissions/embeddings/1/1 2>/dev/null || test $(git rev-list --count refs/etude/submissions/embeddings/1/1) = 2")
        #expect(try repository.shell("ls x.bundle*; stat -c %a x.bundle") == "x.bundle\n644")
    }

    @Test("We open what git writes and what we write, and read the files", arguments: ["git bundle create -q --version=2 x.bundle --all", "git bundle create -q --version=3 x.bundle --all HEAD", "ours"])
    func opened(_ command: String) throws {
        let repository = try TestRepository(Self.history + "\ngit tag -a -m tag v1 && git tag tree HEAD^{tree}")
        if command == "ours" {
            try GitBundle.write(["refs/heads/main", "refs/etude/submissions/embeddings/1/1"], of: repository.open(), to: repository.folder + "/x.bundle")
        } else {
            try repository.shell(command)
        }
        let head = try #require(ObjectID(repository.shell("git rev-parse main")))
        try withBundle(repository.folder + "/x.bundle") { bundle throws in
            #expect(bundle.trust == .stranger)
            #expect(try Reference.names(under: "refs", in: bundle) == ["refs/etude/submissions/embeddings/1/1", "refs/heads/main"] + (command == "ours" ? [] : ["refs/tags/v1"]))
            #expect(try Reference(name: "refs/heads/main", repository: bundle).target() == head)
            let files = try bundle.files(at: head)
            #expect(files.files.keys.sorted() == ["a", "b/c"])
            #expect(files.leftOut.map(\.path) == ["d"])
        }
    }

    @Test("A bundle that brings a part, names references as it may not, or is none gives a sentence", arguments: [
        ("git bundle create -q x.bundle main~1..main", "create FILE REFERENCE"), ("echo hello > x.bundle", "not a bundle"), (": > x.bundle", "empty"), ("true", "No such file"),
        ("mkdir x.bundle", "no file"), ("mkfifo x.bundle", "no file"), ("ln -s /etc/passwd x.bundle", "link"),
        ("git bundle create -q y main && sed '2s,refs/heads/main,refs/heads/../../x,' y > x.bundle", "neither a reference"), ("git bundle create -q y main && sed '2s,refs/heads/main,config,' y > x.bundle", "neither a reference"),
        ("git bundle create -q y main && sed '2s,refs/heads/main,refs/heads/a\\x1b[2J,' y > x.bundle", "neither a reference"), ("git bundle create -q y main && sed 2p y > x.bundle", "twice"),
        ("git bundle create -q y main && head -c 40 y > x.bundle", "ends before"), ("git bundle create -q y main && head -c 200 y > x.bundle", "damaged on its way"), ("git bundle create -q --version=3 y main && sed '2s,sha1,sha256,' y > x.bundle", "does not know"),
        ("truncate -s 300M x.bundle", "bytes"),
    ])
    func refused(_ commands: String, _ part: String) throws {
        let repository = try TestRepository(Self.history + "\n" + commands)
        #expect { try withBundle(repository.folder + "/x.bundle") { _ in } } throws: { error in
            let message = (error as? GitError)?.description ?? ""
            return message.hasPrefix("Can't read the bundle ") && message.contains(part) && !message.contains("\u{1B}")
        }
    }

    @Test("A commit whose files are missing, or which a reference names wrongly, gives a sentence when it is read")
    func incomplete() throws {
        let repository = try TestRepository(Self.history + """

            commit=$(git rev-parse main); (printf '# v2 git bundle\\n%s refs/heads/main\\n%s refs/heads/none\\n\\n' $commit $(echo | git hash-object --stdin); echo $commit | git pack-objects --stdout -q) > x.bundle
            """)
        let head = try #require(ObjectID(repository.shell("git rev-parse main")))
        try withBundle(repository.folder + "/x.bundle") { bundle throws in
            #expect(try Reference.names(under: "refs", in: bundle) == ["refs/heads/main"])
            #expect { try bundle.files(at: head) } throws: { ($0 as? GitError)?.code == .notFound }
        }
    }

    @Test("What is small and becomes large is refused before it is unpacked: a file of zeros, and a difference that repeats")
    func bombs() throws {
        var transfer = Transfer.bundle
        transfer.greatestObject = 1 << 20
        let zeros = try TestRepository("git init -q -b main . && head -c 50000000 /dev/zero > a && git add . && git commit -q -m x && git bundle create -q x.bundle main")
        #expect { try withBundle(zeros.folder + "/x.bundle", transfer) { _ in } } throws: { ($0 as? GitError)?.code == .tooLarge }
        // A blob of a megabyte, and a difference that copies it a thousand times.
        var pack = Pack()
        pack.add(kind: 3, Data(repeating: 120, count: 1 << 20))
        let copies = Data(repeating: 0, count: 0) + Pack.size(1 << 20) + Pack.size(1_000 << 20) + Data((0..<16_000).flatMap { _ in [UInt8(0x80)] })
        pack.add(difference: copies, distance: pack.bytes.count - 12)
        try pack.bundle.write(to: URL(fileURLWithPath: zeros.folder + "/y.bundle"))
        #expect { try withBundle(zeros.folder + "/y.bundle") { _ in } } throws: { ($0 as? GitError)?.code == .tooLarge }
        transfer = .bundle
        transfer.greatestUnpackedSize = 1 << 20
        #expect { try withBundle(zeros.folder + "/x.bundle", transfer) { _ in } } throws: { ($0 as? GitError)?.code == .tooLarge }
    }

    @Test("A chain of differences that has no end is refused")
    func chain() throws {
        let place = try TestRepository()
        var pack = Pack()
        pack.add(kind: 3, Data("x".utf8))
        for _ in 0..<5_000 {
            let before = pack.lastOffset
            pack.add(difference: Pack.size(1) + Pack.size(1) + Data([0x90, 1]), distance: pack.bytes.count - before)
        }
        try pack.bundle.write(to: URL(fileURLWithPath: place.folder + "/x.bundle"))
        #expect { try withBundle(place.folder + "/x.bundle") { _ in } } throws: { ($0 as? GitError)?.description.contains("chain") == true }
    }

    @Test("Opening stops when it is asked to, and leaves no file of its own elsewhere")
    func stopped() throws {
        let repository = try TestRepository(Self.history + "\ngit bundle create -q x.bundle --all")
        var transfer = Transfer.bundle
        transfer.isCancelled = { true }
        #expect { try withBundle(repository.folder + "/x.bundle", transfer) { _ in } } throws: { ($0 as? GitError)?.code == .cancelled }
        transfer.isCancelled = { false }
        transfer.patience = .zero
        #expect { try withBundle(repository.folder + "/x.bundle", transfer) { _ in } } throws: { ($0 as? GitError)?.code == .tooLarge }
    }

    @Test("Whatever is done to a bundle's bytes, opening and reading it ends, with what was in it or a sentence", .timeLimit(.minutes(5)))
    func mutated() throws {
        let repository = try TestRepository(Self.history + "\ngit bundle create -q x.bundle --all")
        let whole = try Data(contentsOf: URL(fileURLWithPath: repository.folder + "/x.bundle"))
        let head = try #require(ObjectID(repository.shell("git rev-parse main")))
        let expected = try withBundle(repository.folder + "/x.bundle") { try $0.files(at: head).files }
        let header = whole.range(of: Data("\n\nPACK".utf8))!.lowerBound + 2
        var random = SplitMix(state: 5)
        for _ in 0..<rounds(300) {
            var data = whole
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                // Half of them in the pack, where a checksum at its end would else give nearly all away.
                let place = Int.random(in: Bool.random(using: &random) ? 0..<data.count : min(header, data.count - 1)..<data.count, using: &random)
                switch Int.random(in: 0..<5, using: &random) {
                case 0: data[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
                case 1: data[place] = .random(in: 0...255, using: &random)
                case 2: data = data.prefix(max(1, place))
                case 3: data.insert(contentsOf: data[place..<min(data.count, place + 20)], at: place)
                default: data.removeSubrange(place..<min(data.count - (place == 0 ? 1 : 0), place + Int.random(in: 1...20, using: &random)))
                }
                data = Data(data)
                if data.isEmpty { data = Data([0]) }
            }
            if let pack = data.range(of: Data("\n\nPACK".utf8))?.lowerBound, data.count > pack + 42, Bool.random(using: &random) {
                data.replaceSubrange((data.count - 20)..., with: Pack.checksum(data[(pack + 2)..<(data.count - 20)]))
            }
            try data.write(to: URL(fileURLWithPath: repository.folder + "/y.bundle"))
            do {
                let files = try withBundle(repository.folder + "/y.bundle") { try $0.files(at: head).files }
                #expect(files == expected)
            } catch { #expect(error is GitError, "\(error)") }
        }
    }
}
