import Foundation
import Glibc

/// A new attempt is three small files. Packed, thousands of them are one, and what they have in common is kept once.
extension Attempts {
    /// What packing did.
    public struct Packing: Equatable, Sendable {
        /// How many objects are in a pack now, and had a file of their own.
        public var packed = 0
    }

    /// How many objects with a file of their own are worth a pack.
    static let worthPacking = 2_000

    /// Packs the attempts if the repository holds many objects that aren't; to be called when nobody waits.
    /// - Returns: nil when there was nothing to do.
    @discardableResult
    public static func packIfWorthwhile(in repository: Repository) throws -> Packing? {
        repository.objects.loose.estimatedCount > worthPacking ? try pack(repository) : nil
    }

    /// Moves what attempts at all exercises consist of into a pack. Of an object's two places the old one goes only when
    /// the new one was read back.
    ///
    /// - Throws: ``GitError``; nothing is lost then.
    @discardableResult
    public static func pack(_ repository: Repository) throws -> Packing {
        let loose = repository.objects.loose
        loose.removeLeftovers()
        let ours = try unpackedObjects(of: repository, among: loose.all())
        guard !ours.isEmpty else { return Packing() }
        let builder = try PackBuilder(in: repository)
        let before = try PackedObjects(in: [loose.folder])
        // A process that was ended while it packed may have left objects in both places.
        let missing = ours.filter { !before.contains($0.id) }
        for kind in [ObjectDatabase.Kind.commit, .tree, .blob] {
            for object in missing where object.kind == kind { try builder.add(object.id, name: object.name) }
        }
        if !missing.isEmpty { try builder.write() }

        let packs = try PackedObjects(in: [loose.folder])
        // Whether the pack holds it is for the bytes to say: they are checked against the name.
        for object in ours { try packs.read(object.id, object.kind, limit: .max, looksAhead: false) { _ in } }
        // The oldest first: a process that is ended meanwhile leaves the newest, from which the next one starts.
        for object in ours.reversed() { loose.remove(object.id) }
        return Packing(packed: ours.count)
    }

    private static let greatestObject = max(Attempt.greatestNotebook, Tree.greatestSize, Commit.greatestSize)

    private struct PackedObject {
        let id: ObjectID
        let kind: ObjectDatabase.Kind
        var name: String?
    }

    /// The objects of attempts that have a file of their own, the newest attempt's first.
    private static func unpackedObjects(of repository: Repository, among loose: Set<ObjectID>) throws -> [PackedObject] {
        var found: [PackedObject] = [], seen: Set<ObjectID> = []
        func add(_ object: PackedObject) -> Bool {
            guard loose.contains(object.id) else { return false }
            // Only what is whole; libgit2 would never come to an end with the rest.
            if seen.insert(object.id).inserted, (try? repository.objects.loose.read(object.id, object.kind, limit: greatestObject)) != nil {
                found.append(object)
            }
            return true
        }
        for exercise in try exercises(in: repository) {
            var next = try Reference(name: exercise.reference, repository: repository).target(), packedInARow = 0
            // Where so many are packed, all older ones are.
            while let id = next, packedInARow < 100 {
                // What can't be read stays as it is, and is for the history to tell of.
                guard let commit = try? Commit(id, in: repository), let tree = try? Tree(commit.tree, in: repository) else { break }
                var isPacked = !add(PackedObject(id: id, kind: .commit))
                if add(PackedObject(id: commit.tree, kind: .tree)) { isPacked = false }
                for entry in tree.entries where entry.isFile && add(PackedObject(id: entry.id, kind: .blob, name: entry.name)) { isPacked = false }
                packedInARow = isPacked ? packedInARow + 1 : 0
                next = commit.parents.first
            }
        }
        return found
    }
}
