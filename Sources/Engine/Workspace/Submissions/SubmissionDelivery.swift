import Foundation
import Notebook

/// Where a submission goes.
public enum SubmissionTarget: Equatable, Sendable {
    case zip(path: String)
    case bundle(path: String)
    /// Another repository.
    case remote(GitURL)
}

extension Submission {
    /// A name for its file that tells whose it is, and what: `ada-lovelace-embeddings-1-2`.
    public var fileName: String {
        let learner = FolderName.safe(manifest.learner.name).replacing("@", with: "-")
        return "\(learner)-\(manifest.exercise.course)-\(manifest.exercise.part)-\(manifest.number)"
    }
}

extension SubmissionTarget {
    /// What a person means by a path: a file that ends with .zip or .bundle, or a folder, into which a zip goes.
    /// - Throws: ``SubmissionError`` for any other path.
    public init(path: String, of fileName: String) throws {
        var isFolder: ObjCBool = false
        let isThere = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
        if isThere && isFolder.boolValue || path.hasSuffix("/") {
            self = .zip(path: "\(path.hasSuffix("/") ? String(path.dropLast()) : path)/\(fileName).zip")
            return
        }
        switch (path as NSString).pathExtension.lowercased() {
        case "zip": self = .zip(path: path)
        case "bundle": self = .bundle(path: path)
        default: throw SubmissionError("A submission goes into a folder, or a file whose name ends with .zip or .bundle; \(path) is neither. For a folder that is to be made write \(path)/")
        }
    }
}

extension Submissions {
    /// The address that submissions are pushed to: git's setting `etude.submitRemote`, an address or a remote's name, or else
    /// that of the remote `submit`.
    /// - Returns: nil where neither is set.
    /// - Throws: ``GitError`` for what is no address.
    public func remote() throws -> GitURL? {
        let settings = try Configuration.ofLearner(in: repository)
        func address(_ remote: String) -> String? { settings.string("remote.\(remote).pushurl") ?? settings.string("remote.\(remote).url") }
        let text = settings.string("etude.submitRemote").map { address($0) ?? $0 } ?? address("submit")
        return try text.map { try GitURL($0, relativeTo: repository.workingFolder ?? repository.gitFolder) }
    }

    /// Takes a submission to where it is to go. There already, it is not sent twice.
    /// - Throws: ``SubmissionError`` and ``GitError``; the submission itself stays kept.
    public func deliver(_ submission: Submission, to target: SubmissionTarget, _ transfer: Transfer = .init()) throws {
        let number = submission.manifest.number
        switch target {
        case .zip(let path):
            let archive = try ZipArchive.bytes(of: submission.files)
            if try isFree(path, unlessItIs: { $0 == archive }) { try WholeFile.replace(path, with: archive, called: "The submission") }
        case .bundle(let path):
            let (_, commit) = try self.submission(number), header = Data("# v2 git bundle\n\(commit) \(reference(number))\n\n".utf8)
            if try isFree(path, unlessItIs: { $0.starts(with: header) }) { try GitBundle.write([reference(number)], of: repository, to: path) }
        case .remote(let url): try Remote.push(reference(number), of: repository, to: url, transfer)
        }
    }

    /// Whether a file is to be written; the folder that it goes into is there then.
    /// - Throws: ``SubmissionError`` where there is another one.
    private func isFree(_ path: String, unlessItIs isSame: (Data) -> Bool) throws -> Bool {
        if FileManager.default.fileExists(atPath: path) {
            if FileManager.default.contents(atPath: path).map(isSame) ?? false { return false }
            throw SubmissionError("\(path) is there already and holds something else; nothing was changed. Name another file.")
        }
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
        do { try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true) } catch {
            throw SubmissionError("The folder \(folder.path) can't be made: \(error.localizedDescription)")
        }
        return true
    }
}
