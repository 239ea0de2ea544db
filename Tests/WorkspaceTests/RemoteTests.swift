import Foundation
import Testing
@testable import Workspace

@Suite("Other repositories, in folders")
struct RemoteTests {
    static let course = """
        git init -q -b main course && cd course && mkdir exercises && echo one > exercises/1.swift && git add . && git commit -q -m one
        git tag v1 && git tag -a -m annotated v1a && echo two > exercises/2.swift && git add . && git commit -q -m two && git branch autumn v1
        """

    private func fetch(_ place: TestRepository, _ address: String, _ transfer: Transfer = .init()) throws -> (Repository, Remote.Head) {
        let mirror = try Repository.openBare(at: place.folder + "/mirror.git")
        return (mirror, try Remote.fetchBranch(of: GitURL(address, relativeTo: place.folder), into: mirror, transfer))
    }

    @Test("A branch or a tag comes with its whole history, into a repository in which git finds nothing wrong", arguments: [
        ("./course", "refs/heads/main", 2), ("./course#autumn", "refs/heads/autumn", 1), ("./course#v1", "refs/tags/v1", 1), ("./course#v1a", "refs/tags/v1a", 1), ("./course/.git", "refs/heads/main", 2),
    ])
    func fetched(_ address: String, _ name: String, _ count: Int) throws {
        let place = try TestRepository(Self.course)
        let (mirror, head) = try fetch(place, address)
        #expect(head.name == name)
        #expect(try mirror.files(at: head.commit, under: "exercises").files.count == count)
        #expect(try place.shell("git -C mirror.git fsck --strict --no-dangling 2>&1 | grep -v '^notice' || true; git -C mirror.git rev-list --count \(name); git -C mirror.git for-each-ref --format='%(objectname) %(refname)'") == "\(count)\n\(head.commit) \(name)")
    }

    @Test("What is new comes the next time, and nothing when there is nothing new; a branch that was moved back follows")
    func again() throws {
        let place = try TestRepository(Self.course)
        let (mirror, first) = try fetch(place, "file://\(place.folder)/course")
        func packs() throws -> Int { try FileManager.default.contentsOfDirectory(atPath: mirror.commonFolder + "/objects/pack").filter { $0.hasSuffix(".pack") }.count }
        #expect(try fetch(place, "./course").1 == first)
        #expect(try packs() == 1)
        try place.shell("cd course && echo three > exercises/3.swift && git add . && git commit -q -m three")
        var objects = 0, transfer = Transfer()
        transfer.progress = { objects = max(objects, $0.total) }
        let second = try fetch(place, "./course", transfer).1
        #expect(objects == 4)
        #expect(try mirror.files(at: second.commit, under: "exercises").files.count == 3)
        try place.shell("cd course && git reset -q --hard v1")
        let third = try fetch(place, "./course").1
        #expect(try mirror.files(at: third.commit, under: "exercises").files.count == 1)
        #expect(try place.shell("git -C mirror.git fsck --strict --no-dangling 2>&1 | grep -v '^notice' || true") == "")
    }

    @Test("No repository, no commits, no such branch, none checked out: a sentence with what there is", arguments: [
        ("./none", "no such folder"), ("./course/exercises", "not a git repository"), ("./empty", "no commits yet"), ("./course#winter", "autumn, main"), ("./course#tree", "something else than a commit"), ("./detached", "autumn, main"),
    ])
    func nothing(_ address: String, _ part: String) throws {
        let place = try TestRepository(Self.course + "\ngit tag tree HEAD^{tree}; cd .. && git init -q empty && git clone -q course detached && cd detached && git branch autumn && git checkout -q --detach && git commit -q --allow-empty -m x")
        #expect { _ = try fetch(place, address) } throws: { ($0 as? GitError)?.description.contains(part) == true }
    }

    @Test("A clone that was cut off, a worktree, a repository that borrows objects, one with many packs: all can be fetched from", arguments: [
        "git clone -q --depth 1 file://$PWD/course source", "cd course && git worktree add -q ../source main --force", "git clone -q --shared course source", "git clone -q course source && cd source && git repack -dq && git commit -q --allow-empty -m more && git gc -q",
        "git clone -q --bare course source", "git clone -q --mirror course source && git -C source pack-refs --all",
    ])
    func sources(_ commands: String) throws {
        let place = try TestRepository(Self.course + "\ncd ..; " + commands)
        let (mirror, head) = try fetch(place, "./source")
        #expect(try mirror.files(at: head.commit, under: "exercises").files.count == 2)
        #expect(try place.shell("git -C mirror.git fsck --strict --no-dangling 2>&1 | grep -v '^notice' || true; git -C mirror.git log --oneline main | wc -l") == (commands.contains("--depth") ? "1" : commands.contains("more") ? "3" : "2"))
    }

    @Test("No hook of the other side runs, no filter, no program that its settings name")
    func nothingRuns() throws {
        let place = try TestRepository(Self.course + """

            for hook in post-checkout pre-receive update post-receive reference-transaction post-update pre-upload; do printf '#!/bin/sh\\ntouch \(NSTemporaryDirectory())/etude-ran-$$\\n' > .git/hooks/$hook; chmod +x .git/hooks/$hook; done
            git config core.fsmonitor 'touch ran' && git config uploadpack.packObjectsHook 'touch ran' && git config core.sshCommand 'touch ran' && git config receive.denyCurrentBranch ignore
            """)
        let before = try place.shell("find . -name '*ran*'; ls \(NSTemporaryDirectory()) | grep etude-ran || true")
        let (mirror, _) = try fetch(place, "./course")
        try Remote.push("refs/heads/main", of: mirror, to: GitURL(place.folder + "/course"))
        try place.shell("git -C mirror.git update-ref refs/etude/submissions/c/1/1 main")
        try Remote.push("refs/etude/submissions/c/1/1", of: mirror, to: GitURL(place.folder + "/course"))
        #expect(try place.shell("find . -name '*ran*'; ls \(NSTemporaryDirectory()) | grep etude-ran || true") == before)
    }

    @Test("A source that was damaged gives a sentence, and leaves the repository here as it was", arguments: [
        "file=.git/objects/$(git rev-parse HEAD^{tree} | sed 's,..,&/,'); chmod u+w $file; printf x > $file", "rm -f .git/objects/$(git rev-parse HEAD~1:exercises/1.swift | sed 's,..,&/,')", "for file in .git/objects/??/*; do chmod u+w $file; head -c 20 $file > x; cp x $file; done",
        "git gc -q; for f in .git/objects/pack/*.pack; do chmod u+w $f; printf rubbish | dd of=$f bs=1 seek=30 conv=notrunc status=none; done",
        "git gc -q; for f in .git/objects/pack/*.idx; do chmod u+w $f; printf rubbish | dd of=$f bs=1 seek=4 conv=notrunc status=none; done", "echo rubbish > .git/refs/heads/main",
    ])
    func damaged(_ commands: String) throws {
        let place = try TestRepository(Self.course + "\n" + commands)
        #expect { _ = try fetch(place, "./course") } throws: { $0 is GitError }
        #expect(try place.shell("git -C mirror.git for-each-ref; find mirror.git/objects -type f") == "")
    }

    @Test("More than is allowed is not taken, and a person can stop it; the next time it goes on")
    func bounds() throws {
        let place = try TestRepository(Self.course)
        for change in [{ $0.greatestCount = 3 }, { $0.greatestObject = 2 }, { $0.isCancelled = { true } }] as [(inout Transfer) -> Void] {
            var transfer = Transfer()
            change(&transfer)
            #expect { _ = try fetch(place, "./course", transfer) } throws: { [.tooLarge, .cancelled].contains(($0 as? GitError)?.code) }
            #expect(try place.shell("git -C mirror.git for-each-ref; find mirror.git/objects -type f") == "")
        }
        _ = try fetch(place, "./course")
    }

    @Test("On a full disk fetching says so, leaves nothing half done, and goes well when there is room", .enabled(if: getuid() == 0, "only root can make a small disk"))
    func fullDisk() throws {
        let place = try TestRepository(Self.course + "\nhead -c 300000 /dev/urandom > exercises/data && git add . && git commit -q -m data")
        let disk = place.folder + "/disk"
        try FileManager.default.createDirectory(atPath: disk, withIntermediateDirectories: true)
        guard mount("none", disk, "tmpfs", 0, "size=1m") == 0 else { return withKnownIssue { Issue.record("This machine lets nobody mount a disk.") } }
        defer { umount2(disk, 2 /* when nobody uses it any more */) }
        for room in stride(from: 20, to: 340, by: 20) {
            try place.shell("rm -rf disk/*; head -c 2000000 /dev/zero > disk/filler 2> /dev/null || true; truncate -s -\(room)K disk/filler")
            func fetch() throws { _ = try Remote.fetchBranch(of: GitURL(place.folder + "/course"), into: .openBare(at: disk + "/mirror.git")) }
            do { try fetch() } catch {
                #expect("\(error)".contains("No space left"), "\(error)")
                #expect(try place.shell("ls disk/mirror.git/objects/pack 2> /dev/null | grep -v '^pack-' || true") == "")
            }
            try place.shell("rm disk/filler")
            try fetch()
            #expect(try place.complaints(in: "disk/mirror.git") == "")
        }
    }

    @Test("Another user's repository is read without a word of trust, and not written", .enabled(if: getuid() == 0))
    func otherOwner() throws {
        let place = try TestRepository(Self.course + "\ngit clone -q --bare . ../bare.git && chown -R 12345 ../bare.git")
        let (mirror, _) = try fetch(place, "./bare.git")
        try place.shell("git -C mirror.git update-ref refs/etude/submissions/c/1/1 main")
        #expect { try Remote.push("refs/etude/submissions/c/1/1", of: mirror, to: GitURL(place.folder + "/bare.git")) } throws: { ($0 as? GitError)?.code == .denied }
    }

    @Test("A submission arrives once, stays what it is, and is fetched with all the others")
    func submissions() throws {
        let place = try TestRepository(Self.course + "\ncd .. && git init -q --bare hand-in.git && git -C course update-ref refs/etude/submissions/c/1/1 main && git -C course update-ref refs/etude/submissions/c/1/2 v1")
        let url = try GitURL(place.folder + "/hand-in.git"), course = try place.open("course")
        for name in ["refs/etude/submissions/c/1/1", "refs/etude/submissions/c/1/2", "refs/etude/submissions/c/1/1"] { try Remote.push(name, of: course, to: url) }
        #expect(try place.complaints(in: "hand-in.git") == "")
        try place.shell("git -C course update-ref refs/etude/submissions/c/1/1 v1")
        #expect { try Remote.push("refs/etude/submissions/c/1/1", of: course, to: url) } throws: { ($0 as? GitError)?.code == .exists }
        #expect { try Remote.push("refs/etude/submissions/c/1/3", of: course, to: url) } throws: { ($0 as? GitError)?.code == .notFound }
        let mirror = try Repository.openBare(at: place.folder + "/mirror.git")
        let heads = try Remote.fetchReferences(under: "refs/etude/submissions", of: url, into: mirror)
        #expect(heads.map(\.name) == ["refs/etude/submissions/c/1/1", "refs/etude/submissions/c/1/2"])
        #expect(heads.map(\.commit.description) == (try place.shell("cd course && git rev-parse main v1")).split(separator: "\n").map(String.init))
        #expect(try Remote.fetchReferences(under: "refs/etude/submissions", of: GitURL(place.folder + "/course#x"), into: mirror).count == 2)
        #expect(try Remote.fetchReferences(under: "refs/none", of: url, into: mirror).isEmpty)
    }
}
