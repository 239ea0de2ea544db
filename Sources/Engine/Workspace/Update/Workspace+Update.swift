import Courses
import Foundation
import Notebook

/// A course's new version in a learner's folder: what the learner wrote stays, what is new comes (``UpdatePlan``).
///
/// Neither the learner's branches nor the index move. An update is carried out as a whole, whenever the process that does it
/// is killed (``UpdateJournal``), and can be taken back (``UpdateRecord``).
extension Workspace {
    /// What an update to another version of the course would do.
    /// - Throws: ``GitError``, `CourseError` and `NotebookError`.
    public func planUpdate(to release: CourseRelease) throws -> UpdatePlan {
        let description = try presentDescription("update the course")
        guard let files = try courseFiles(ofVersion: description.courseVersion) else {
            throw GitError(
                "update the course", code: .notFound, message: "the files of version \(description.courseVersion), which you began with, are not in this repository",
                advice: "In a clone, fetch them: git fetch origin 'refs/etude/courses/*:refs/etude/courses/*'")
        }
        return try plan(description, CourseRelease(version: description.courseVersion, files: files), release)
    }

    /// Brings the folder to another version of the course.
    /// - Returns: what was done.
    /// - Throws: as ``planUpdate(to:)``. Nothing is changed then; or what is missing is done when the workspace is opened next.
    @discardableResult
    public func update(to release: CourseRelease) throws -> UpdatePlan {
        try UpdateJournal.holding(repository) {
            try UpdateJournal.finishHeld(in: repository)
            let plan = try planUpdate(to: release)
            if plan.isNothing { return plan }
            var description = try presentDescription("update the course")
            description.courseVersion = release.version
            try keepCourseFiles(release.files, of: description)
            try carryOut(plan, description, undoes: nil)
            return plan
        }
    }

    /// Finishes an update that was cut off, where a file or folder lies in a workspace that has such; to be called before its
    /// files are read. To open the workspace does the same.
    public static func finishUpdate(containing path: String) throws {
        if let gitFolder = try Repository.folder(containing: path), UpdateJournal.isThere(in: gitFolder.withoutFinalSlash) { _ = try open(containing: path) }
    }

    /// What taking the last update back would do; nil where there is none.
    public func planUndo() throws -> UpdatePlan? { try undo()?.plan }

    /// Takes the last update back; what was edited since stays.
    /// - Returns: what was done; nil where there was no update.
    /// - Throws: as ``update(to:)``.
    @discardableResult
    public func undoUpdate() throws -> UpdatePlan? {
        try UpdateJournal.holding(repository) {
            try UpdateJournal.finishHeld(in: repository)
            guard let (plan, undone) = try undo() else { return nil }
            var description = try presentDescription("take the update back")
            description.courseVersion = plan.to
            try carryOut(plan, description, undoes: undone)
            return plan
        }
    }

    /// The update that brought the folder to the version that it has, and was not taken back.
    public func lastUpdate() throws -> (from: String, to: String)? { try lastRecord("look for an update").map { ($0.record.from, $0.record.to) } }

    // MARK: Renamed questions

    /// The questions of an exercise that had other names in a version of the course.
    public func questionRenames(since version: String, exercise number: Int) throws -> QuestionRenames {
        guard let pinned = description?.courseVersion, version != pinned, let old = try courseDescription(ofVersion: version),
            let new = try courseDescription(ofVersion: pinned) else { return .none }
        return try isVersion(pinned, before: version) ? old.renames(since: new, exercise: number).reversed : new.renames(since: old, exercise: number)
    }

    /// Attempts with their questions as those are called now, so that what was answered under an old name counts.
    func naming(_ attempts: [AttemptSummary], ofExercise number: Int) throws -> [AttemptSummary] {
        var known: [String: QuestionRenames] = [:]
        return try attempts.map { summary in
            guard let version = summary.attempt.courseVersion else { return summary }
            let renames = try known[version] ?? questionRenames(since: version, exercise: number)
            known[version] = renames
            return renames.isEmpty ? summary : AttemptSummary(id: summary.id, attempt: summary.attempt.naming(renames))
        }
    }

    // MARK: Planning

    private func undo() throws -> (plan: UpdatePlan, undone: ObjectID)? {
        let description = try presentDescription("take the update back")
        guard let last = try lastRecord("take the update back") else { return nil }
        var (before, after) = try last.files(in: repository)
        (before[WorkspaceDescription.path], after[WorkspaceDescription.path]) = (nil, nil)
        func release(_ version: String, _ files: [String: Data]) throws -> CourseRelease {
            CourseRelease(version: version, files: files, description: try courseDescription(ofVersion: version))
        }
        return (try plan(description, release(last.record.to, after), release(last.record.from, before)), last.id)
    }

    private func lastRecord(_ doing: String) throws -> UpdateRecord.Kept? {
        let description = try presentDescription(doing)
        return try UpdateRecord.last(of: description.course, pinned: description.courseVersion, worktree: worktree, folder: innerFolder, in: repository)
    }

    private func plan(_ description: WorkspaceDescription, _ base: CourseRelease, _ theirs: CourseRelease) throws -> UpdatePlan {
        let direction: UpdatePlanner.Direction = try isVersion(theirs.version, before: base.version) ? .back : .forth
        return try UpdatePlanner.plan(description.course, from: base, to: theirs, direction) { path in
            guard let path = PortablePath(path) else { return .blocked("its name can't be used on every system") }
            return try FolderFile(folder: self.folder, path: path).read()
        }
    }

    /// The folder's description as it is now: an update by another process may have come in between.
    private func presentDescription(_ doing: String) throws -> WorkspaceDescription {
        if let description = try WorkspaceDescription(in: folder) { return description }
        throw GitError(doing, code: .notFound, message: "\(folder) is not a workspace of Etude's", advice: "Make one: etude start COURSE FOLDER")
    }

    // MARK: Carrying out

    private func carryOut(_ plan: UpdatePlan, _ description: WorkspaceDescription, undoes: ObjectID?) throws {
        let path = PortablePath(WorkspaceDescription.path)!, file = FolderFile(folder: folder, path: path)
        guard case .file(let present) = try file.read() else { throw GitError("update the course", code: .refused, message: "\(path.text) is not a file") }
        // The version comes last: as long as the old one stands there, the files are the old ones or a journal's.
        let writes = plan.writes + [FileWrite(path: path, before: present, after: try description.json())]
        let record = UpdateRecord(
            course: plan.course, from: plan.from, to: plan.to, worktree: worktree, folder: innerFolder, undoes: undoes?.description,
            time: Int64(Date().timeIntervalSince1970 * 1_000))
        try record.keep(writes, in: repository)
        try UpdateJournal.carryOut(writes, in: innerFolder, of: repository)
    }

    /// The name of the working tree among the repository's; empty for the first.
    private var worktree: String { repository.gitFolder == repository.commonFolder ? "" : (repository.gitFolder as NSString).lastPathComponent }

    /// The folder's path in the working tree; empty for all of it.
    private var innerFolder: String {
        let root = realPath(repository.workingFolder ?? "")
        return folder == root ? "" : String(folder.dropFirst(root.count + 1))
    }
}

extension Attempt.Summary {
    fileprivate func naming(_ renames: QuestionRenames) -> Attempt.Summary {
        var summary = self
        for index in results.indices { summary.results[index].problem = renames.name(of: results[index].problem) }
        return summary
    }
}
