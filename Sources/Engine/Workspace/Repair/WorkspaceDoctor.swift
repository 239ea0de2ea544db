internal import CGit2
import Courses
import Foundation

/// Looks what is damaged in a learner's workspace, and repairs what can be repaired.
///
/// Nothing is thrown away: what can't be used any more is put aside, in `.git/etude/damaged`.
public final class WorkspaceDoctor {
    public struct Finding: Equatable, Sendable {
        public enum State: String, Sendable { case well, damaged, repaired }

        /// What was looked at.
        public var item: String
        public var state: State
        public var detail: String
        /// What a person can do; nil where nothing is to be done.
        public var remedy: String?
    }

    private let folder: String
    private let gitFolder: String
    private let repairs: Bool
    private let store: CourseStore
    private var findings: [Finding] = []

    /// Examines the workspace that a folder lies in.
    /// - Parameter repairs: whether to repair what can be repaired.
    /// - Returns: what was found; nil where there is no workspace.
    public static func findings(in folder: String, repairs: Bool, store: CourseStore) -> [Finding]? {
        var place = URL(fileURLWithPath: realPath(folder))
        while !FileManager.default.fileExists(atPath: place.appendingPathComponent(".etude").path) {
            if place.path == "/" { return nil }
            place.deleteLastPathComponent()
        }
        // Git itself does not find a repository that is damaged.
        var root = place
        while !FileManager.default.fileExists(atPath: root.appendingPathComponent(".git").path) {
            if root.path == "/" { return [Finding(item: "repository", state: .damaged, detail: "\(place.path) lies in no git repository", remedy: "Make one; your files stay as they are: etude start COURSE \(place.path)")] }
            root.deleteLastPathComponent()
        }
        let found = (try? Repository.folder(containing: place.path)).flatMap { $0 } ?? root.appendingPathComponent(".git").path
        let doctor = WorkspaceDoctor(folder: place.path, gitFolder: found, repairs: repairs, store: store)
        doctor.examine()
        return doctor.findings
    }

    private init(folder: String, gitFolder: String, repairs: Bool, store: CourseStore) {
        (self.folder, self.gitFolder, self.repairs, self.store) = (folder, gitFolder, repairs, store)
    }

    private func examine() {
        // A working tree of its own shares most of its repository with others; that one's doctor looks after it.
        if access("\(gitFolder)/commondir", F_OK) != 0 { examineFiles() }
        do {
            let repository = try Repository(gitFolder: gitFolder, trust: .own)
            examineIndex(repository)
            try examineAttempts(repository)
            examineDescription(repository)
            examineCourse(repository)
            examineUpdates(repository)
            if findings.allSatisfy({ $0.state != .damaged }) { report("repository", .well, gitFolder) }
        } catch {
            let isDone = findings.contains { $0.state == .damaged && $0.remedy == Self.repair }
            if !isDone || repairs { report("repository", .damaged, "\(error)", "Rename \(gitFolder), then make a new one; your files stay as they are: etude start COURSE \(folder)") }
        }
    }

    static let repair = "etude doctor --repair"

    private func report(_ item: String, _ state: Finding.State, _ detail: String, _ remedy: String? = nil) {
        findings.append(Finding(item: item, state: state, detail: detail, remedy: remedy))
    }

    /// Reports a damage, or repairs it.
    private func mend(_ item: String, _ detail: String, _ work: () throws -> Void) {
        guard repairs else { return report(item, .damaged, detail, Self.repair) }
        do {
            try work()
            report(item, .repaired, detail)
        } catch { report(item, .damaged, "\(detail); it could not be repaired: \(error)") }
    }

    // MARK: Files, before git opens them

    private func examineFiles() {
        examineLocks()
        examineHead()
        examineSettings()
        examineBranches()
        let objects = LooseObjects(folder: "\(gitFolder)/objects")
        let cutOff = objects.all().filter { id in
            // Larger ones are not looked at in full.
            do { return try objects.read(id, asOneOf: ObjectDatabase.Kind.allCases, limit: 64 << 20) == nil } catch { return (error as? GitError)?.code == .damaged }
        }.sorted()
        if !cutOff.isEmpty {
            mend("objects", "\(cutOff.count) of the repository's files \(cutOff.count == 1 ? "is" : "are") cut off or changed, among them \(cutOff[0])") {
                for id in cutOff { try putAside(String(objects.path(of: id).dropFirst(gitFolder.count + 1))) }
            }
        }
        for name in (try? FileManager.default.contentsOfDirectory(atPath: "\(gitFolder)/objects/pack")) ?? [] where name.hasSuffix(".pack") {
            let index = "objects/pack/\(name.dropLast(5)).idx"
            if FileManager.default.fileExists(atPath: "\(gitFolder)/\(index)") {
                do { try PackIndexScreening(path: "\(gitFolder)/\(index)").screen(); continue } catch {}
            }
            mend("objects", "the index of \(name) does not fit it") {
                let made = "\(gitFolder)/etude/scratch-\(UUID().uuidString)"
                defer { try? FileManager.default.removeItem(atPath: made) }
                let pack = try Data(contentsOf: URL(fileURLWithPath: "\(gitFolder)/objects/pack/\(name)"), options: .alwaysMapped)
                let indexer = try PackIndexer(into: Repository.makeBare(at: made), .init(), "read the pack \(name)")
                try pack.withUnsafeBytes { try indexer.add($0) }
                try indexer.finish()
                if FileManager.default.fileExists(atPath: "\(gitFolder)/\(index)") { try putAside(index) }
                try FileManager.default.moveItem(atPath: "\(made)/\(index)", toPath: "\(gitFolder)/\(index)")
            }
        }
    }

    /// What programs of git's leave that were killed. One that works has its own for seconds only.
    private func examineLocks() {
        let names = ["HEAD.lock", "index.lock", "config.lock", "packed-refs.lock"]
            + (FileManager.default.enumerator(atPath: "\(gitFolder)/refs")?.compactMap { ($0 as? String).flatMap { $0.hasSuffix(".lock") ? "refs/\($0)" : nil } } ?? [])
        for name in names {
            var status = stat()
            guard lstat("\(gitFolder)/\(name)", &status) == 0, time(nil) - status.st_mtim.tv_sec > 600 else { continue }
            mend("locks", "\(name) was left by a program that was ended, and keeps others out") { try putAside(name) }
        }
    }

    private func examineHead() {
        let text = contents("HEAD").map { $0.trimmingCharacters(in: .newlines) }
        if let text, text.hasPrefix("ref: refs/") && text.count < 1_000 || ObjectID(text) != nil { return }
        mend("HEAD", "git does not know any more which branch you are on") {
            let branches = (try? FileManager.default.contentsOfDirectory(atPath: "\(gitFolder)/refs/heads")) ?? []
            let branch = branches.contains("main") || branches.isEmpty ? "main" : branches.sorted()[0]
            try replace("HEAD", with: "ref: refs/heads/\(branch)\n")
        }
    }

    private func examineSettings() {
        if contents("config") != nil, (try? Configuration.isReadable("\(gitFolder)/config")) == true { return }
        mend("config", "the repository's settings can't be read") {
            try replace("config", with: "[core]\n\trepositoryformatversion = 0\n\tfilemode = true\n\tbare = false\n")
        }
    }

    /// A power cut can leave the file of a branch empty; git's log of it tells where it stood.
    private func examineBranches() {
        for name in FileManager.default.enumerator(atPath: "\(gitFolder)/refs/heads")?.compactMap({ $0 as? String }) ?? [] {
            let path = "refs/heads/\(name)"
            var status = stat()
            guard !name.hasSuffix(".lock"), lstat("\(gitFolder)/\(path)", &status) == 0, status.st_mode & S_IFMT != S_IFDIR else { continue }
            let text = contents(path)?.trimmingCharacters(in: .newlines) ?? ""
            if ObjectID(text) != nil || text.hasPrefix("ref: ") { continue }
            let last = contents("logs/" + path)?.split(separator: "\n").reversed().lazy
                .compactMap { $0.split(separator: " ").dropFirst().first.flatMap { ObjectID($0) } }.first
            guard let last else { report("branches", .damaged, "nothing says any more where the branch \(name) stood", "See what there is: git fsck --lost-found"); continue }
            mend("branches", "the file that says where the branch \(name) stands can't be read; it stood at \(last)") { try replace(path, with: "\(last)\n") }
        }
    }

    // MARK: What git opens

    private func examineIndex(_ repository: Repository) {
        let isThere = FileManager.default.fileExists(atPath: "\(repository.gitFolder)/index"), head = (try? repository.headTree()) ?? nil
        if isThere ? repository.canReadIndex : head == nil { return }
        mend("index", "what was staged for the next commit can't be read") {
            if isThere { try putAside("index") }
            if let head { try repository.setIndex(to: head) }
        }
    }

    private func examineAttempts(_ repository: Repository) throws {
        let readable = try Attempts.readable(in: repository)
        let named = (try? Attempts.exercises(in: repository)) ?? []
        for exercise in Set(named).union(readable.keys).sorted(by: { $0.description < $1.description }) {
            let attempts = Attempts(at: exercise, in: repository), all = readable[exercise] ?? []
            guard let damage = attempts.damage(given: all) else {
                report("attempts at \(exercise)", .well, "\(all.count) kept")
                continue
            }
            mend("attempts at \(exercise)", damage) {
                if (try? Reference(name: exercise.reference, repository: repository).target()) == nil { try? putAside(exercise.reference) }
                try attempts.rebuild(from: all)
            }
        }
    }

    private func examineDescription(_ repository: Repository) {
        if let description = try? WorkspaceDescription(in: folder) {
            if let course = store.course(named: description.course, version: description.courseVersion) {
                for file in course.exercises.map(\.entry.file) where !FileManager.default.fileExists(atPath: "\(folder)/\(file)") {
                    report("files", .damaged, "\(file) is gone", "Bring it back: etude restore \(folder)/\(file) TIME, or as the course has it: etude reset \(folder)/\(file)")
                }
            }
            return
        }
        mend("workspace.json", "\(WorkspaceDescription.path) can't be read, so the folder's course is not known") {
            let names = try Reference.names(under: "refs/etude/courses", in: repository)
            guard let kept = names.compactMap({ try? Workspace.filesOfCourse($0, in: repository)?[WorkspaceDescription.path] }).first else {
                throw GitError("repair \(WorkspaceDescription.path)", code: .notFound, message: "the repository keeps no course", advice: "Start anew: etude start COURSE \(folder)")
            }
            try FileManager.default.createDirectory(atPath: "\(folder)/.etude", withIntermediateDirectories: true)
            try kept.write(to: URL(fileURLWithPath: "\(folder)/\(WorkspaceDescription.path)"), options: .atomic)
        }
    }

    /// Whether there is what the course's next version is to be compared with.
    private func examineCourse(_ repository: Repository) {
        guard let description = try? WorkspaceDescription(in: folder), let course = store.course(named: description.course, version: description.courseVersion),
            let files = try? course.learnerFiles() else { return }
        let reference = Workspace.courseReference(description.course)
        if let kept = try? Workspace.filesOfCourse(reference, version: description.courseVersion, in: repository), kept.filter({ $0.key != WorkspaceDescription.path }) == files { return }
        mend("course", "the course's own files, with which an update compares yours, can't be read") {
            if (try? Reference(name: reference, repository: repository).target()) == nil { try? putAside(reference) }
            try Workspace.keepCourseFiles(files, of: description, in: repository)
        }
    }

    /// An update that was cut off, and what is kept of those that were made.
    private func examineUpdates(_ repository: Repository) {
        if UpdateJournal.isThere(in: gitFolder) {
            mend("update", "an update of the course was cut off") {
                do { try UpdateJournal.finish(in: repository) } catch let error as GitError where [.damaged, .refused, .notFound].contains(error.code) {
                    try putAside("etude/update.json")
                }
            }
        }
        guard let course = (try? WorkspaceDescription(in: folder))?.course else { return }
        let reference = Reference(name: UpdateRecord.reference(course), repository: repository)
        do { _ = try reference.target().map { try Commit($0, in: repository) } } catch {
            mend("updates", "what was kept of the course's updates can't be read, so the last one can't be taken back") { try putAside(reference.name) }
        }
    }

    // MARK: Small things

    private func contents(_ name: String) -> String? {
        var status = stat()
        guard stat("\(gitFolder)/\(name)", &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_size <= RepositoryScreening.greatestSettings,
            let data = FileManager.default.contents(atPath: "\(gitFolder)/\(name)") else { return nil }
        return String(decoding: data, as: UTF8.self)
    }

    private func replace(_ name: String, with text: String) throws {
        try? putAside(name)
        try Data(text.utf8).write(to: URL(fileURLWithPath: "\(gitFolder)/\(name)"), options: .atomic)
    }

    /// Moves a file out of git's way, under a name that tells where it was.
    private func putAside(_ name: String) throws {
        let place = "\(gitFolder)/etude/damaged"
        try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
        let target = "\(place)/\(Int(Date().timeIntervalSince1970 * 1_000))-\(name.replacingOccurrences(of: "/", with: "-"))"
        guard rename("\(gitFolder)/\(name)", target) == 0 else {
            throw GitError("put \(name) aside", code: .other(Int(errno)), message: String(cString: strerror(errno)))
        }
    }
}
