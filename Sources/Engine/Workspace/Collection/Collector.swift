import Courses
import Foundation
import Notebook

/// Gathers what learners have handed in, by whatever way, into one layout:
/// `<folder>/<learner>/<course>-<part>/` with the notebook and its `submission.json`, and `<folder>/collection.json`.
///
/// Of a learner's submissions of an exercise the newest counts; earlier ones lie in its folder `earlier`. What was collected
/// before stays. What can't be read is told, and the rest goes on.
///
///     let collector = try Collector(into: "collected", exercises: exercises)
///     let report = try collector.collect(["downloads"])
public final class Collector {
    /// What came of one call.
    public struct Report: Sendable {
        /// Those of this call, as they lie there now.
        public var submissions: [CollectedSubmission]
        /// How many of them were not there before.
        public var added: Int
        public var refused: [RefusedSource]
    }

    private let folder: String
    private let only: ExerciseName?
    private let exercises: [Exercise]
    private var collection = CollectionRecord()
    private var index = Index()

    /// - Parameters:
    ///   - exercises: that notebooks without a manifest may belong to.
    ///   - only: the exercise that is wanted; nil for all.
    public init(into folder: String, exercises: [Exercise], only: ExerciseName? = nil) {
        (self.folder, self.exercises, self.only) = (folder, exercises, only)
    }

    /// Where submissions stand in the list, so that thousands are no trouble.
    private struct Index {
        var submissions: [FileHash: [Int]] = [:]
        /// The keys of the learners' folders.
        var learners: Set<String> = [FolderName.key(CollectionRecord.file)]
        private var addresses: [String: [Int]] = [:]
        private var owners: [String: [Int]] = [:]

        init(_ all: [CollectedSubmission] = []) { for (index, submission) in all.enumerated() { add(submission, at: index) } }

        mutating func add(_ submission: CollectedSubmission, at index: Int) {
            submissions[submission.id, default: []].append(index)
            learners.insert(FolderName.key(submission.learner))
            if let email = submission.email { addresses[email.lowercased(), default: []].append(index) }
            know(submission.owner, at: index)
        }

        mutating func know(_ owner: String?, at index: Int) { if let owner { owners[owner, default: []].append(index) } }

        /// Those that may be the same learner's.
        func near(_ submission: CollectedSubmission) -> [Int] {
            let found = (submission.email.flatMap { addresses[$0.lowercased()] } ?? []) + (submission.owner.flatMap { owners[$0] } ?? [])
            return Array(Set(found)).sorted()
        }
    }

    /// Collects from files, folders of them, folders of clones, and lists of remotes.
    ///
    /// - Parameters:
    ///   - progress: told before each source: how many are done, of how many, and which comes.
    ///   - isCancelled: asked often; what has been collected by then stays.
    /// - Throws: ``SubmissionError`` where the folder holds a collection that can't be read, or another program collects into
    ///   it; and where it can't be written.
    public func collect(_ paths: [String], progress: (Int, Int, String) -> Void = { _, _, _ in }, isCancelled: @escaping () -> Bool = { false }) throws -> Report {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        defer { close(descriptor) }
        guard descriptor < 0 || flock(descriptor, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK else {
            throw SubmissionError("Another program collects into \(folder) just now. Try again when it is done.")
        }
        collection = try CollectionRecord(in: folder)
        index = Index(collection.submissions)
        let reader = SourceReader(exercises: exercises, isCancelled: isCancelled)
        var search = SourceSearch(except: folder)
        for path in paths { search.add(path) }
        var refused = search.refused.map { RefusedSource(source: $0.path, sentence: $0.sentence) }
        var touched: Set<Place> = [], added = 0, isDone = false
        defer { if !isDone { try? write() } }
        for (index, source) in search.sources.enumerated() {
            if isCancelled() { throw ExerciseError.interrupted }
            progress(index, search.sources.count, source.path)
            do {
                let works = try reader.read(source)
                collection.refused.removeAll { $0.source == source.path }
                for work in works where only == nil || work.exercise == only {
                    let (place, isNew) = try put(work)
                    touched.insert(place)
                    if isNew { added += 1 }
                }
            } catch let error as WritingError { throw error.cause } catch {
                if isCancelled() { throw ExerciseError.interrupted }
                refused.append(RefusedSource(source: source.path, sentence: "\(error)"))
            }
            // What a killed run has done so far is known to the next.
            if index % 100 == 99 { try write() }
        }
        progress(search.sources.count, search.sources.count, "")
        let names = Set(refused.map(\.source))
        collection.refused = collection.refused.filter { !names.contains($0.source) } + refused
        try write()
        isDone = true
        return Report(submissions: collection.submissions.filter { touched.contains(Place($0)) }, added: added, refused: refused)
    }

    /// Tells a submission among all.
    private struct Place: Hashable {
        var learner: String
        var id: FileHash
        init(_ submission: CollectedSubmission) { (learner, id) = (submission.learner, submission.id) }
    }

    private struct WritingError: Error { var cause: any Error }

    // MARK: One submission

    private func put(_ work: ReceivedWork) throws -> (place: Place, isNew: Bool) {
        var entry = entry(for: work)
        let exercise = entry.exercise
        if let index = index.submissions[entry.id]?.first(where: { isSameSender(collection.submissions[$0], entry) }) {
            return (try join(work, entry, at: index), false)
        }
        let known = index.near(entry), here = known.filter { collection.submissions[$0].exercise == exercise }
        let rivals = here.filter { isRival(collection.submissions[$0], entry) }
        for index in rivals {
            let other = collection.submissions[index], claim = "Two senders say that they are \(entry.email ?? entry.learner): "
            let (one, second) = ("\(other.owner ?? "one") (\(other.sources[0]))", "\(entry.owner ?? "one") (\(work.source))")
            tell("\(claim)\(one) and \(second). Ask who it is.", &collection.submissions[index].problems)
            tell("\(claim)\(second) and \(one). Ask who it is.", &entry.problems)
        }
        // A rival of this exercise may be the learner of another.
        let same = (rivals.isEmpty ? here + known : here).first { isSameLearner(collection.submissions[$0], entry) }
        entry.learner = same.map { collection.submissions[$0].learner } ?? FolderName.unique(entry.learner, among: index.learners)
        let home = "\(entry.learner)/\(work.exercise.course)-\(work.exercise.part)"
        let counting = index.near(entry).first { collection.submissions[$0].learner == entry.learner && collection.submissions[$0].exercise == exercise && collection.submissions[$0].counts }
        do {
            if let counting, !isNewer(entry, than: collection.submissions[counting]) {
                (entry.counts, entry.folder) = (false, earlier(home, entry.id))
            } else {
                if let counting { try retire(counting, home, for: work) }
                (entry.counts, entry.folder) = (true, home)
            }
            try write(work, entry)
        } catch { throw WritingError(cause: error) }
        index.add(entry, at: collection.submissions.count)
        collection.submissions.append(entry)
        return (Place(entry), true)
    }

    private func entry(for work: ReceivedWork) -> CollectedSubmission {
        let manifest = work.manifest, learner = manifest.flatMap { $0.learner == .unknown ? nil : $0.learner }
        var problems = work.problems
        if manifest != nil, learner == nil { problems.append("It does not say whose it is: its sender's git knew no name. It was told from where it was found.") }
        if manifest != nil {
            do { _ = try Notebook(bytes: work.notebook, ofFile: work.file) } catch { problems.append("The notebook can't be read: \(error)") }
        }
        let owner = work.owner ?? (learner == nil ? work.hint : nil)
        return CollectedSubmission(
            learner: FolderName.safe(learner?.email ?? owner ?? "learner"), name: learner?.name, email: learner?.email, owner: owner,
            exercise: work.exercise.description, courseVersion: manifest?.courseVersion, file: work.file, folder: "", sha256: FileHash(of: work.notebook),
            id: work.id, number: manifest?.number, time: work.date.inThousandths, trust: work.trust, sources: [work.source], counts: true, problems: problems)
    }

    /// The same submission once more, from another place or in another run.
    private func join(_ work: ReceivedWork, _ entry: CollectedSubmission, at index: Int) throws -> Place {
        var known = collection.submissions[index]
        if !known.sources.contains(work.source) { known.sources.append(work.source) }
        if let owner = known.owner, let other = entry.owner, owner != other, known.email != nil {
            tell("\(other) has sent this submission, too (\(work.source)). Ask who made it.", &known.problems)
        }
        if known.owner == nil { self.index.know(entry.owner, at: index) }
        known.owner = known.owner ?? entry.owner
        if entry.trust == .signed || known.trust == .plain { known.trust = entry.trust }
        for problem in entry.problems { tell(problem, &known.problems) }
        collection.submissions[index] = known
        // A run that was killed, or somebody, may have left something else there.
        do {
            if hash(of: "\(folder)/\(known.folder)/\(known.file)") != known.sha256 { try write(work, known) }
        } catch { throw WritingError(cause: error) }
        return Place(known)
    }

    private func tell(_ problem: String, _ problems: inout [String]) { if !problems.contains(problem) { problems.append(problem) } }

    // MARK: Who is who

    /// Whether one submission found twice was found with the same learner.
    private func isSameSender(_ a: CollectedSubmission, _ b: CollectedSubmission) -> Bool { a.email != nil ? a.email == b.email : b.email == nil && a.owner == b.owner }

    private func isSameLearner(_ a: CollectedSubmission, _ b: CollectedSubmission) -> Bool {
        if let one = a.email, let other = b.email { return one.lowercased() == other.lowercased() && (a.owner == nil || b.owner == nil || a.owner == b.owner) }
        return a.owner != nil && a.owner == b.owner
    }

    /// Whether two senders claim one address.
    private func isRival(_ a: CollectedSubmission, _ b: CollectedSubmission) -> Bool {
        guard let one = a.email, let other = b.email, let sender = a.owner, let second = b.owner else { return false }
        return one.lowercased() == other.lowercased() && sender != second
    }

    private func isNewer(_ a: CollectedSubmission, than b: CollectedSubmission) -> Bool { (a.time, a.number ?? 0) > (b.time, b.number ?? 0) }

    // MARK: Files

    private func earlier(_ home: String, _ id: FileHash) -> String { "\(home)/earlier/\(id.description.prefix(12))" }

    /// Puts the submission that counted so far among the earlier ones.
    private func retire(_ index: Int, _ home: String, for work: ReceivedWork) throws {
        var old = collection.submissions[index]
        let files = [old.file, SubmissionManifest.file].filter { FileManager.default.fileExists(atPath: "\(folder)/\(home)/\($0)") }
        // Bytes that are not the submission's are somebody's work, and kept under a name of their own.
        let found = hash(of: "\(folder)/\(home)/\(old.file)")
        let place = found == old.sha256 || found == nil ? earlier(home, old.id) : "\(home)/earlier/changed-\(found!.description.prefix(12))"
        for name in files {
            guard let data = FileManager.default.contents(atPath: "\(folder)/\(home)/\(name)") else { continue }
            try write(data, "\(place)/\(name)")
        }
        // What the new one has, too, is replaced in one step.
        for name in files where name != work.file && (name != SubmissionManifest.file || work.manifestJSON == nil) { unlink("\(folder)/\(home)/\(name)") }
        (old.counts, old.folder) = (false, earlier(home, old.id))
        collection.submissions[index] = old
    }

    private func write(_ work: ReceivedWork, _ entry: CollectedSubmission) throws {
        try write(work.notebook, "\(entry.folder)/\(work.file)")
        if let json = work.manifestJSON { try write(json, "\(entry.folder)/\(SubmissionManifest.file)") }
    }

    private func write() throws {
        collection.submissions.sort { ($0.learner, $0.exercise, $1.time, $0.id.description) < ($1.learner, $1.exercise, $0.time, $1.id.description) }
        index = Index(collection.submissions)
        try WholeFile.replace("\(folder)/\(CollectionRecord.file)", with: collection.json(), called: "The list of what was collected")
    }

    /// Whole or not at all. The disk is not waited for: what a power failure takes is there again when collecting again.
    private func write(_ data: Data, _ path: String) throws {
        let target = URL(fileURLWithPath: "\(folder)/\(path)")
        try FileManager.default.createDirectory(at: target.deletingLastPathComponent(), withIntermediateDirectories: true)
        try data.write(to: target, options: .atomic)
    }

    private func hash(of path: String) -> FileHash? { FileManager.default.contents(atPath: path).map { FileHash(of: $0) } }
}
