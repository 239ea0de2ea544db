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
    /// A name for those whom nothing else names.
    var hint: String
    var source: String
    var problems: [String] = []

    init(_ submission: Submission, from source: CollectionSource) {
        let manifest = submission.manifest
        (exercise, file, notebook, date, trust) = (manifest.exercise, manifest.file, submission.notebook, manifest.date, .hashesMatch)
        (self.manifest, manifestJSON) = (manifest, submission.manifestJSON)
        (owner, hint, self.source) = (source.owner, source.trail.joined(separator: "-"), source.path)
    }

    /// - Parameter exercise: whose file's name tells nothing of the sender.
    init(_ notebook: Data, file: String, of exercise: ExerciseName, date: Date, from source: CollectionSource) {
        (self.notebook, self.file, self.exercise, self.date, trust) = (notebook, file, exercise, date, .plain)
        let stem = (file as NSString).deletingPathExtension, trail = source.trail.map { $0.replacing(stem, with: "") }.filter { !$0.isEmpty }
        (owner, hint, self.source) = (source.owner, trail.joined(separator: "-"), source.path)
    }

    /// The same for the same bytes, wherever they came from.
    var id: FileHash {
        let manifest = manifestJSON.map { FileHash(of: $0).description } ?? "plain"
        return FileHash(of: Data("\(manifest) \(FileHash(of: notebook))".utf8))
    }
}
