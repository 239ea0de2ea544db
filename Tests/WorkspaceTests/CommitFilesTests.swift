import Foundation
import Testing
@testable import Workspace

@Suite("The files of a commit")
struct CommitFilesTests {
    private func files(_ commands: String, under folder: String? = nil, limits: CommitFiles.Limits = .init()) throws -> CommitFiles {
        let repository = try TestRepository("git init -q -b main .\n" + commands)
        let head = try #require(ObjectID(repository.shell("git rev-parse HEAD")))
        let own = try repository.open().files(at: head, under: folder, limits: limits)
        let strangers = try repository.open(trust: .stranger).files(at: head, under: folder, limits: limits)
        #expect(own.files == strangers.files)
        #expect(own.leftOut == strangers.leftOut)
        return own
    }

    @Test("All files come with their bytes, whatever attributes and filters say, from a folder on where one is named")
    func all() throws {
        let setUp = """
            git config filter.loud.clean 'touch ran' && git config core.autocrlf true
            mkdir -p 'a/ü b' && printf 'x\\r\\n' > 'a/ü b/c.txt' && printf '\\0\\1' > a/d && echo run > e && chmod +x e
            git add . && echo '*.txt filter=loud text eol=lf' > .gitattributes && git add . && git commit -q -m x
            """
        let found = try files(setUp)
        #expect(found.files.keys.sorted() == [".gitattributes", "a/d", "a/ü b/c.txt", "e"])
        #expect(found.files["a/d"] == Data([0, 1]))
        #expect(found.leftOut.isEmpty)
        #expect(try files(setUp, under: "a").files.keys.sorted() == ["d", "ü b/c.txt"])
        #expect { _ = try files(setUp, under: "a/d") } throws: { ($0 as? GitError)?.code == .notFound }
    }

    @Test("Links, submodules and pointers of Git LFS are left out, and said")
    func leftOut() throws {
        let found = try files("""
            echo real > real && ln -s /etc/passwd link && git add .
            git update-index --add --cacheinfo 160000,$(echo | git hash-object --stdin),module
            printf 'version https://git-lfs.github.com/spec/v1\\noid sha256:4d7a\\nsize 12345\\n' > ratings.csv && git add ratings.csv && git commit -q -m x
            """)
        #expect(found.files.keys.sorted() == ["real"])
        #expect(found.leftOut == [.init(path: "link", reason: .link), .init(path: "module", reason: .repository), .init(path: "ratings.csv", reason: .pointer)])
        #expect(found.leftOut[2].description.contains("git lfs"))
    }

    @Test("Names that some system reads otherwise are left out with all that lies below them")
    func names() throws {
        let entries = ["..", ".", ".git", ".GIT", ".g\u{200C}it", "git~1", "a\\b", "con.txt", "x.", "Readme", "readme", "é", "e\u{301}", "tab\t", "fine"]
        let repository = try TestRepository()
        let blob = try #require(Data(hexadecimal: repository.shell("echo hi | git hash-object -w --stdin")))
        // As `git mktree` would not make it.
        let tree = (entries.map { Data($0.utf8) } + [Data([0xFF]) + Data("bad".utf8)]).reduce(Data()) { $0 + Data("100644 ".utf8) + $1 + [0] + blob }
        try tree.write(to: URL(fileURLWithPath: repository.folder + "/tree"))
        let commit = try #require(ObjectID(repository.shell("git commit-tree -m x $(git hash-object -t tree --literally -w --stdin < tree)")))
        let found = try repository.open().files(at: commit)
        #expect(found.files.keys.sorted() == ["fine"])
        #expect(found.leftOut.filter { $0.reason == .twice }.map(\.path) == ["Readme", "readme", "é", "e\u{301}"])
        #expect(found.leftOut.filter { $0.reason == .name }.count == entries.count + 1 - 5)
    }

    @Test("A repository that is more than any disk holds is refused before it is read")
    func bombs() throws {
        let bomb = "tree=$(printf \"100644 blob $(echo x | git hash-object -w --stdin)\\tf\\n\" | git mktree)\n"
            + "for level in 1 2 3 4 5 6 7 8 9 10; do tree=$(for i in 0 1 2 3 4 5 6 7 8 9; do printf \"040000 tree $tree\\td$i\\n\"; done | git mktree); done\n"
            + "git update-ref HEAD $(git commit-tree -m x $tree)"
        #expect { _ = try files(bomb) } throws: { ($0 as? GitError)?.code == .tooLarge }
        let deep = "tree=$(printf \"100644 blob $(echo x | git hash-object -w --stdin)\\tf\\n\" | git mktree)\nfor level in $(seq 40); do tree=$(printf \"040000 tree $tree\\td\\n\" | git mktree); done\ngit update-ref HEAD $(git commit-tree -m x $tree)"
        #expect { _ = try files(deep) } throws: { ($0 as? GitError)?.code == .tooLarge }
        var limits = CommitFiles.Limits()
        limits.size = 1_000
        #expect { _ = try files("head -c 600 /dev/zero > a; head -c 601 /dev/zero > b; git add . && git commit -q -m x", limits: limits) } throws: { ($0 as? GitError)?.code == .tooLarge }
    }
}

extension Data {
    fileprivate init?(hexadecimal digits: String) {
        self.init(stride(from: 0, to: digits.count, by: 2).compactMap { UInt8(digits.dropFirst($0).prefix(2), radix: 16) })
    }
}
