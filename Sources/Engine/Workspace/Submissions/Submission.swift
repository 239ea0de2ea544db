import Foundation

/// What a learner hands in: the notebook, byte for byte, and a manifest that speaks of it. It never changes.
public struct Submission: Equatable, Sendable {
    public let manifest: SubmissionManifest
    public let notebook: Data
    /// The manifest as it is written.
    public let manifestJSON: Data

    /// Both files by their names, as they lie in a commit, a bundle or a zip.
    public var files: [String: Data] { [SubmissionManifest.file: manifestJSON, manifest.file: notebook] }

    /// - Throws: ``SubmissionError`` for a name that can't be a notebook's, or one that is too large.
    init(
        _ notebook: Data, file: String, by learner: Identity, exercise: ExerciseName, courseVersion: String?, number: Int, date: Date, etude: String,
        claims: [Attempt.Result]
    ) throws {
        guard Self.isNotebookName(file) else {
            throw SubmissionError("\"\(file)\" can't be handed in under this name. Give the notebook a name that ends with .swift or .ipynb and has no special characters.")
        }
        guard notebook.count <= Attempt.greatestNotebook else { throw SubmissionError(Self.tooLarge(file, notebook.count)) }
        manifest = SubmissionManifest(
            learner: learner, exercise: exercise, courseVersion: courseVersion, number: number, file: file, hash: FileHash(of: notebook), date: date,
            etude: etude, claims: claims)
        self.notebook = notebook
        manifestJSON = try manifest.json()
    }

    /// Reads what somebody has sent.
    /// - Parameter files: all that was in it, by their names.
    /// - Throws: ``SubmissionError`` unless it is a manifest and the notebook that it speaks of.
    init(files: [String: Data]) throws {
        guard let json = files[SubmissionManifest.file] else { throw SubmissionError("It holds no \(SubmissionManifest.file). Ask for what etude submit makes.") }
        let manifest = try SubmissionManifest(json: json)
        guard let notebook = files[manifest.file] else {
            throw SubmissionError("It should hold \(manifest.file), which its \(SubmissionManifest.file) speaks of, and does not. Ask for it again.")
        }
        guard notebook.count <= Attempt.greatestNotebook else { throw SubmissionError(Self.tooLarge(manifest.file, notebook.count)) }
        guard FileHash(of: notebook) == manifest.hash else {
            throw SubmissionError("\(manifest.file) is not as it was handed in: its hash is not the one in \(SubmissionManifest.file). Ask for it again, unchanged.")
        }
        if let other = files.keys.sorted().first(where: { $0 != manifest.file && $0 != SubmissionManifest.file }) {
            throw SubmissionError("It holds \"\(other)\" beside the notebook. Ask for what etude submit makes, unchanged.")
        }
        (self.manifest, self.notebook, manifestJSON) = (manifest, notebook, json)
    }

    /// Whether a notebook may have this name wherever it is written to.
    static func isNotebookName(_ name: String) -> Bool {
        PortablePath.isPortable(name) && ["swift", "ipynb"].contains((name as NSString).pathExtension) && !name.hasPrefix(".")
    }

    static func tooLarge(_ file: String, _ size: Int) -> String {
        "\(file) has \(size) bytes, and at most \(Attempt.greatestNotebook) are taken. Take large outputs out of the notebook."
    }
}
