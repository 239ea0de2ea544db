import CellCompiler
import Courses
import Foundation

/// Finds the course that a person means: by its name, the folder that it lies in, or the address of its repository.
///
/// What is fetched is kept under `$XDG_CACHE_HOME/etude/remotes`, so that the next time only what is new has to come.
public struct CourseFinder {
    private let catalog: CourseCatalog
    private let store: CourseStore
    private let cacheFolder: String
    private let transfer: Transfer

    /// - Parameter transfer: who is told of what comes from a repository, and may stop it.
    public init(_ catalog: CourseCatalog, store: CourseStore, cacheFolder: String, transfer: Transfer = .init()) {
        (self.catalog, self.store, self.cacheFolder, self.transfer) = (catalog, store, cacheFolder, transfer)
    }

    /// - Parameters:
    ///   - text: what the person says.
    ///   - name: which course of several in one folder or repository.
    /// - Throws: `ExerciseError`, `CourseError` or ``GitError``, a sentence about what there is.
    public func course(_ text: String, named name: String? = nil) throws -> (course: Course, source: CourseSource) {
        if let course = catalog.courses.first(where: { $0.name == text && $0.version == nil }) { return (course, .shipped) }
        guard GitURL.isMeant(by: text) || text.contains("/") || text.hasPrefix(".") else { return (try catalog.course(named: text), .shipped) }
        let url = try GitURL(text)
        guard case .folder(let path) = url.place, url.branch == nil, !Self.isBareRepository(path) else {
            let course = try fetch(url, named: name)
            return (course, .git(url: url.at(branch: nil).description, branch: url.branch))
        }
        let (root, inner) = Self.root(of: realPath(path))
        return (try Self.course(in: root, named: name ?? inner, at: text), .folder(root))
    }

    /// A learner's course as it is now, where it came from.
    /// - Throws: as ``course(_:named:)``.
    public func newest(of description: WorkspaceDescription) throws -> Course {
        switch description.source ?? .shipped {
        case .shipped: try catalog.course(named: description.course)
        case .folder(let folder): try Self.course(in: folder, named: description.course, at: folder)
        case .git(let url, let branch): try fetch(GitURL(url).at(branch: branch), named: description.course)
        }
    }

    // MARK: Folders

    /// A folder of courses; of a course's own folder, such as `exercises/embeddings`, the one that holds all three rooms.
    private static func root(of folder: String) -> (root: String, course: String?) {
        guard FileManager.default.fileExists(atPath: folder + "/course.json") else { return (folder, nil) }
        let url = URL(fileURLWithPath: folder)
        return (url.deletingLastPathComponent().deletingLastPathComponent().path, url.lastPathComponent)
    }

    private static func isBareRepository(_ folder: String) -> Bool {
        ["HEAD", "objects", "refs"].allSatisfy { FileManager.default.fileExists(atPath: "\(folder)/\($0)") }
    }

    private static func course(in root: String, named name: String?, at place: String) throws -> Course {
        let found = CourseCatalog(roots: [root])
        if let name { return try found.course(named: name) }
        guard let first = found.courses.first else {
            throw CourseError("There is no course here. " + found.problems.joined(separator: " "), file: place)
        }
        if found.courses.count == 1 { return first }
        throw CourseError("There are several courses here: \(found.courses.map(\.name).joined(separator: ", ")). Say which: --course \(first.name)", file: place)
    }

    // MARK: Repositories

    private func fetch(_ url: GitURL, named name: String?) throws -> Course {
        let mirror = try Repository.openBare(at: "\(cacheFolder)/remotes/\(ContentKey.of([url.at(branch: nil).description])).git")
        let commit = try Remote.fetchBranch(of: url, into: mirror, transfer).commit
        let folder = NSTemporaryDirectory() + "etude-course-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let names = try courses(in: mirror, at: commit)
        guard let name = name ?? (names.count == 1 ? names[0] : nil) else {
            throw CourseError(
                names.isEmpty ? "There is no course here: a repository of courses has a folder exercises, and in it a folder with a course.json for each."
                    : "There are several courses here: \(names.joined(separator: ", ")). Say which: --course \(names[0])", file: url.description)
        }
        guard names.contains(name) else { throw ExerciseError.unknownCourse(name, known: names, problems: []) }
        for room in ["exercises", "solutions", "checkers"] { try write("\(room)/\(name)", of: mirror, at: commit, from: url, to: folder) }
        return try store.keep(Course(name: name, root: folder))
    }

    private func courses(in mirror: Repository, at commit: ObjectID) throws -> [String] {
        do {
            let paths = try mirror.files(at: commit, under: "exercises").files.keys.map { $0.split(separator: "/") }
            return paths.compactMap { $0.count == 2 && $0[1] == "course.json" ? String($0[0]) : nil }.sorted()
        } catch let error as GitError where error.code == .notFound { return [] }
    }

    /// Writes one of the course's folders as the repository has it; a course needs all that it has.
    private func write(_ room: String, of mirror: Repository, at commit: ObjectID, from url: GitURL, to folder: String) throws {
        let found: CommitFiles
        do { found = try mirror.files(at: commit, under: room) } catch let error as GitError where error.code == .notFound { return }
        if let first = found.leftOut.first { throw CourseError("\(room)/\(first)", file: url.description) }
        for (path, data) in found.files {
            let file = "\(folder)/\(room)/\(path)"
            try FileManager.default.createDirectory(atPath: (file as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
            try data.write(to: URL(fileURLWithPath: file))
        }
    }
}
