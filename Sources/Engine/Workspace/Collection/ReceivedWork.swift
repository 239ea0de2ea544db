import Foundation

/// What a learner has sent, by whatever way, before it is put among the others.
struct ReceivedWork {
    var exercise: ExerciseName
    /// The notebook's name, without folders.
    var file: String
    var notebook: Data
    /// nil for a notebook that came without.
    var manifest: SubmissionManifest?
    var manifestJSON: Data?
    var trust: CollectedSubmission.Trust
    /// When it was made: as the manifest says, or else as the file or the commit does.
    var date: Date
    /// What the place it was found in calls its sender.
    var owner: String?
    var source: String
    var problems: [String] = []

    init(_ submission: Submission, trust: CollectedSubmission.Trust = .hashesMatch, owner: String?, source: String) {
        let manifest = submission.manifest
        (exercise, file, notebook, date) = (manifest.exercise, manifest.file, submission.notebook, manifest.date)
        (self.manifest, manifestJSON, self.trust, self.owner, self.source) = (manifest, submission.manifestJSON, trust, owner, source)
    }

    init(_ notebook: Data, file: String, exercise: ExerciseName, date: Date, owner: String?, source: String) {
        (self.notebook, self.file, self.exercise, self.date, self.owner, self.source) = (notebook, file, exercise, date, owner, source)
        trust = .plain
    }

    /// The same for the same bytes, wherever they came from.
    var id: FileHash {
        let manifest = manifestJSON.map { FileHash(of: $0).description } ?? "plain"
        return FileHash(of: Data("\(manifest) \(FileHash(of: notebook))".utf8))
    }
}
