import Foundation

extension Attempts {
    /// The attempts at all exercises that can be read in full, wherever in the repository they lie, with those that no
    /// reference leads to any more. The oldest first; each once, though a repair may have written it anew.
    static func readable(in repository: Repository) throws -> [ExerciseName: [ReadableAttempt]] {
        var found: [ExerciseName: Set<ReadableAttempt>] = [:]
        for id in try repository.objects.all() {
            var summary: Attempt.Summary?
            guard let commit = try? Commit(id, in: repository, message: { summary = Attempt.Summary(message: $0) }), let summary else { continue }
            let attempts = Attempts(at: summary.exercise, in: repository)
            guard (try? attempts.attempt(id)) != nil else { continue }
            found[summary.exercise, default: []].insert(ReadableAttempt(tree: commit.tree, message: summary.message, date: summary.date))
        }
        return found.mapValues { $0.sorted { ($0.date, $0.tree) < ($1.date, $1.tree) } }
    }

    struct ReadableAttempt: Hashable {
        let tree: ObjectID
        let message: String
        let date: Date
    }

    /// What is wrong with the history, given the attempts that can be read; nil where it leads to all of them, and to no other.
    func damage(given readable: [ReadableAttempt]) -> String? {
        let history = try? history()
        let known = Set(history?.attempts.map(\.attempt.message) ?? []), missing = readable.filter { !known.contains($0.message) }.count
        if missing > 0 { return "the history does not lead to \(missing) of \(readable.count) attempts that can be read" }
        let isWhole = history?.problem == nil && known.isSubset(of: readable.map(\.message))
        return isWhole && history != nil ? nil : "the history leads to attempts that can't be read any more"
    }

    /// Makes a new history of these attempts, and no others.
    func rebuild(from readable: [ReadableAttempt]) throws {
        let author = try Identity(ofLearnerIn: repository)
        let newest = try readable.reduce(nil as ObjectID?) { parent, attempt in
            try repository.writeCommit(tree: attempt.tree, parent: parent, message: attempt.message, by: author, at: attempt.date)
        }
        guard let newest else { return }
        let reference = Reference(name: exercise.reference, repository: repository)
        try RecordingLock(commonFolder: repository.commonFolder).holding(reference.name) {
            // What stands there now may be no commit's name at all.
            try reference.move(to: newest, from: (try? reference.target()) ?? nil, note: "repair")
        }
    }
}
