import Foundation

/// A learner's submissions of one exercise, kept in a git repository: each is a commit without a parent, on a reference of
/// its own, `refs/etude/submissions/<exercise>/<number>`.
///
///     let submission = try Submissions(of: exercise, in: workspace.repository).add(notebook, file: "1-embedding-layers.swift", …)
public struct Submissions {
    public let exercise: ExerciseName
    public let repository: Repository

    static let folder = "refs/etude/submissions"

    public init(of exercise: ExerciseName, in repository: Repository) { (self.exercise, self.repository) = (exercise, repository) }

    /// The name under which one is kept, and pushed.
    public func reference(_ number: Int) -> String { "\(Self.folder)/\(exercise)/\(number)" }

    /// The numbers of those that there are, in order.
    public func numbers() throws -> [Int] { try Self.numbers(under: "\(Self.folder)/\(exercise)", in: repository)[exercise] ?? [] }

    /// For each exercise that a repository has submissions of, their numbers in order.
    public static func all(in repository: Repository) throws -> [ExerciseName: [Int]] { try numbers(under: folder, in: repository) }

    private static func numbers(under place: String, in repository: Repository) throws -> [ExerciseName: [Int]] {
        var numbers: [ExerciseName: [Int]] = [:]
        for name in try Reference.names(under: place, in: repository) {
            let parts = name.dropFirst(folder.count + 1).split(separator: "/", omittingEmptySubsequences: false)
            guard parts.count == 3, let exercise = ExerciseName("\(parts[0])/\(parts[1])"), let number = Int(parts[2]), number > 0, "\(number)" == parts[2] else { continue }
            numbers[exercise, default: []].append(number)
        }
        return numbers.mapValues { $0.sorted() }
    }

    /// Keeps a submission under the next number, signed where the learner's git is set to sign. Once this returns, it
    /// outlives a crash of the program or the machine.
    ///
    /// - Parameters:
    ///   - file: the notebook's name, without folders.
    ///   - claims: how the questions came out for the learner.
    /// - Throws: ``GitError`` and ``SubmissionError``.
    public func add(
        _ notebook: Data, file: String, courseVersion: String?, claims: [Attempt.Result], etude: String, date: Date = Date()
    ) throws -> Submission {
        let learner = try Identity(ofLearnerIn: repository), signer = try CommitSigner(ofLearnerIn: repository)
        let end = ContinuousClock.now + .seconds(5)
        while true {
            let number = try (numbers().last ?? 0) + 1
            let submission = try Submission(
                notebook, file: file, by: learner, exercise: exercise, courseVersion: courseVersion, number: number, date: date, etude: etude, claims: claims)
            let folder = try TreeBuilder(in: repository)
            for (name, data) in submission.files { try folder.add(file: name, repository.objects.writeBlob(data)) }
            let commit = try repository.writeCommit(
                tree: folder.write(), parent: nil, message: "\(exercise): submission \(number)\n", by: learner, at: submission.manifest.date, signedBy: signer)
            do {
                let reference = Reference(name: reference(number), repository: repository)
                try RecordingLock(commonFolder: repository.commonFolder).holding(reference.name) { try reference.move(to: commit, from: nil, note: "submission") }
                return submission
            } catch let error as GitError where [.modified, .exists, .locked].contains(error.code) && ContinuousClock.now < end {
                // Another program handed in at the same moment and has the number.
                usleep(.random(in: 500...5_000))
            }
        }
    }

    /// One of them, and the commit that it is.
    /// - Throws: ``GitError`` and ``SubmissionError`` where there is none, or it is not one that Etude can read.
    public func submission(_ number: Int) throws -> (submission: Submission, commit: ObjectID) {
        let doing = "read submission \(number) of \(exercise)"
        guard let id = try Reference(name: reference(number), repository: repository).target() else {
            throw GitError(doing, code: .notFound, message: "there is none")
        }
        var files: [String: Data] = [:]
        for entry in try Tree(Commit(id, in: repository).tree, in: repository).entries {
            guard entry.isFile, files.count < 2 else { throw SubmissionError("Submission \(number) of \(exercise) should hold a notebook and \(SubmissionManifest.file), and nothing else.") }
            let limit = entry.name == SubmissionManifest.file ? SubmissionManifest.greatestSize : Attempt.greatestNotebook
            files[entry.name] = try repository.objects.read(entry.id, .blob, limit: limit) { Data($0) }
        }
        let submission = try Submission(files: files)
        guard submission.manifest.exercise == exercise, submission.manifest.number == number else {
            throw SubmissionError("Submission \(number) of \(exercise) says of itself that it is \(submission.manifest.number) of \(submission.manifest.exercise).")
        }
        return (submission, id)
    }
}
