import Foundation
import Testing
@testable import Workspace

@Suite("Packing")
struct PackingTests {
    private func looseCount(_ repository: TestRepository) throws -> Int { try repository.open().objects.loose.all().count }

    @Test("Packing leaves no loose object of an attempt, and every attempt as it was")
    func packs() throws {
        let repository = try TestRepository.withWork()
        let learners = try looseCount(repository)
        let ids = try (0..<30).map { try repository.attempts().record(.number($0)) }
        let packing = try Attempts.pack(repository.open())
        #expect(packing.packed >= 90)
        #expect(try looseCount(repository) == learners)
        for (number, id) in ids.enumerated() { #expect(try repository.attempts().attempt(id) == .number(number)) }
        #expect(try repository.attempts().history().attempts.map(\.id) == ids.reversed())
        #expect(try repository.complaints() == "")
        #expect(try Attempts.pack(repository.open()).packed == 0)
    }

    @Test("A second pack holds what came after the first; a repository that stays open sees both")
    func packsAgain() throws {
        let repository = try TestRepository()
        let open = try repository.attempts()
        var ids: [Attempt.ID] = []
        for round in 0..<3 {
            ids += try (0..<10).map { try open.record(.number(round * 10 + $0)) }
            try Attempts.pack(open.repository)
            #expect(try looseCount(repository) == 0)
        }
        #expect(try open.history().attempts.map(\.id) == ids.reversed())
        #expect(try repository.shell("ls .git/objects/pack/*.pack | wc -l") == "3")
        #expect(try repository.complaints() == "")
    }

    @Test("An object whose pack was there before, as after a process that was ended, is not kept twice")
    func finishesWhatWasBegun() throws {
        let repository = try TestRepository()
        for number in 0..<5 { try repository.attempts().record(.number(number)) }
        try repository.shell("git for-each-ref --format='%(objectname)' | git pack-objects -q --revs .git/objects/pack/pack")
        let before = try looseCount(repository)
        #expect(before >= 15)
        #expect(try Attempts.pack(repository.open()).packed == before)
        #expect(try repository.shell("ls .git/objects/pack/*.pack | wc -l") == "1")
        #expect(try looseCount(repository) == 0)
        #expect(try repository.attempts().history().attempts.count == 5)
    }

    @Test("Where a pack does not hold what its index says, the loose objects stay")
    func keepsWhatIsNotReadBack() throws {
        let repository = try TestRepository()
        for number in 0..<5 { try repository.attempts().record(.number(number)) }
        try repository.shell("""
            git for-each-ref --format='%(objectname)' | git pack-objects -q --revs .git/objects/pack/pack
            chmod u+w .git/objects/pack/*.pack
            pack=$(ls .git/objects/pack/*.pack)
            printf 'xxxxxxxx' | dd of=$pack bs=1 seek=$(($(stat -c %s $pack) - 32)) conv=notrunc status=none
            """)
        let before = try looseCount(repository)
        #expect(throws: GitError.self) { try Attempts.pack(repository.open()) }
        #expect(try looseCount(repository) == before)
    }

    @Test("Few objects are not worth a pack; what a killed process left is cleared up after a day")
    func worthwhile() throws {
        let repository = try TestRepository()
        try repository.attempts().record(.number(0))
        #expect(try Attempts.packIfWorthwhile(in: repository.open()) == nil)
        try repository.shell("touch .git/objects/tmp_object_git2_young && touch -d '2 days ago' .git/objects/tmp_object_git2_old")
        try Attempts.pack(repository.open())
        #expect(try repository.shell("ls .git/objects | grep tmp_") == "tmp_object_git2_young")
    }
}
