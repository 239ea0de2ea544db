import CellCompiler
import Foundation
import Notebook
import Processes

/// The versions that one file had, so that nothing a learner wrote is ever lost. Bounded: of the older ones some go.
public struct FileHistory: Sendable {
    /// A version kept.
    public struct Version: Hashable, Sendable {
        /// The file that holds it.
        public let path: String
        /// When it was kept.
        public let date: Date
        public let size: Int
    }

    /// The folder that holds the versions.
    public let folder: String
    private let fileExtension: String
    private let greatestCount: Int
    private let greatestSize: Int

    /// - Parameters:
    ///   - path: the file whose versions these are.
    ///   - stateFolder: where the learner's state is kept (`$XDG_STATE_HOME/etude`).
    ///   - greatestCount: how many versions are kept.
    ///   - greatestSize: how many bytes they may have together; the newest is kept whatever its size.
    public init(of path: String, stateFolder: String, greatestCount: Int = 200, greatestSize: Int = 20_000_000) {
        let real = realPath(path)
        let url = URL(fileURLWithPath: real)
        let name = String(url.deletingPathExtension().lastPathComponent.unicodeScalars.map { CharacterSet.alphanumerics.contains($0) && $0.isASCII ? Character($0) : "-" }.prefix(40))
        folder = "\(stateFolder)/history/\(name)-\(ContentKey.of([real]))"
        fileExtension = url.pathExtension
        (self.greatestCount, self.greatestSize) = (greatestCount, greatestSize)
    }

    /// All versions, the newest first.
    public func versions() -> [Version] {
        names().map { name in
            let path = "\(folder)/\(name)"
            var status = stat()
            let found = stat(path, &status) == 0
            return Version(path: path, date: Date(timeIntervalSince1970: (Double(name.prefix(13)) ?? 0) / 1_000), size: found ? Int(status.st_size) : 0)
        }
    }

    /// Whether some version holds just these bytes.
    public func holds(_ data: Data) -> Bool { versions().contains { $0.size == data.count && (try? contents(of: $0)) == data } }

    public func contents(of version: Version) throws -> Data { try WholeFile.bytes(of: version.path) }

    /// Keeps a version, unless it is the newest already.
    /// - Throws: `NotebookError` when it can't be kept.
    public func keep(_ data: Data) throws {
        try makeFolder()
        try FileLock.holding("\(folder)/lock") {
            WholeFile.removeLeftovers(in: folder, olderThan: 0)
            let known = names()
            if let newest = known.first, let kept = try? Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(newest)")), kept == data { return }
            // Later than the newest, though the clock may have been set back, and be it by a thousandth: a time names one version.
            let now = Int(Date().timeIntervalSince1970 * 1_000), last = known.first.flatMap { Int($0.prefix(13)) } ?? 0
            // `%d` would take 32 bits of it.
            let name = String(format: "%013ld-0000", max(now, last + 1)) + (fileExtension.isEmpty ? "" : ".\(fileExtension)")
            try WholeFile.replace("\(folder)/\(name)", with: data, called: "The copy that is kept", mode: 0o600)
            prune()
        }
    }

    func makeFolder() throws {
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw NotebookError("The copy that is kept can't be written: \(fileReason(error)).", file: folder)
        }
    }

    /// Thins the older half out, where versions lie closest together: an editor that saves every second does not push out
    /// what was there this morning, and the first version stays longest.
    private func prune() {
        var versions = versions()
        var size = versions.reduce(0) { $0 + $1.size }
        while versions.count > 1, versions.count > greatestCount || size > greatestSize {
            let older = Swift.max(1, versions.count / 2)..<Swift.max(2, versions.count - 1)
            let victim = older.min { gap(around: $0, versions) < gap(around: $1, versions) }!
            size -= versions[victim].size
            unlink(versions.remove(at: victim).path)
        }
    }

    private func gap(around index: Int, _ versions: [Version]) -> TimeInterval {
        versions[index - 1].date.timeIntervalSince(versions[Swift.min(index + 1, versions.count - 1)].date)
    }

    /// The files' names, the newest first. They begin with milliseconds since 1970.
    private func names() -> [String] {
        let all = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return all.filter { $0.count >= 18 && Int($0.prefix(13)) != nil }.sorted(by: >)
    }
}

/// A file's one path, without links and dots, whether it is there or not.
private func realPath(_ path: String) -> String {
    func resolved(_ path: String) -> String? {
        realpath(path, nil).map { pointer in
            defer { free(pointer) }
            return String(cString: pointer)
        }
    }
    if let path = resolved(path) { return path }
    let url = URL(fileURLWithPath: path).standardizedFileURL
    return resolved(url.deletingLastPathComponent().path).map { ($0 as NSString).appendingPathComponent(url.lastPathComponent) } ?? url.path
}
