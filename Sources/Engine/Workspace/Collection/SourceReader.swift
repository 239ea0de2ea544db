import CellCompiler
import Courses
import Foundation
import Notebook

/// Reads what learners have sent out of a source, whatever it holds. Nothing of it runs, and all of it is bounded.
struct SourceReader {
    /// The most submissions of one exercise that are read of one repository, the newest.
    private static let greatestSubmissions = 50
    private static let greatestExercises = 100
    private static let greatestDepth = 4
    private static let greatestEntries = 20_000

    /// What notebooks without a manifest may be.
    let exercises: [Exercise]
    /// Asked while something is fetched or unpacked; whether to stop.
    let isCancelled: () -> Bool

    /// - Throws: a sentence about what is wrong with the source.
    func read(_ source: CollectionSource) throws -> [ReceivedWork] {
        switch source.kind {
        case .notebook:
            let data = try bytes(of: source.path, atMost: Attempt.greatestNotebook)
            return try plain(data, name: (source.path as NSString).lastPathComponent, date: date(of: source), source).map { [$0] } ?? []
        case .zip: return try zip(source)
        case .unpacked: return try [ReceivedWork(Submission(files: filesOfFolder(source.path)), from: source)]
        case .clone: return try clone(source)
        case .bundle:
            return try inScratch { folder in
                let repository = try GitBundle.open(source.path, in: folder, transfer)
                return try works(of: repository, head: repository.head(), source)
            }
        case .remote(let address): return try inScratch { try remote(GitURL(address), source, $0) }
        }
    }

    /// How much is taken of a bundle or a remote.
    private var transfer: Transfer {
        var transfer = Transfer.bundle
        transfer.isCancelled = isCancelled
        return transfer
    }

    /// Lends a folder that is gone afterwards.
    private func inScratch<T>(_ body: (String) throws -> T) throws -> T {
        let folder = NSTemporaryDirectory() + "etude-collect-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        return try body(folder)
    }

    // MARK: Files

    /// When it was written last.
    private func date(of source: CollectionSource) -> Date {
        var status = stat()
        return stat(source.path, &status) == 0 ? Date(timeIntervalSince1970: Double(status.st_mtim.tv_sec)) : Date()
    }

    /// A notebook without a manifest: which exercise it answers is told from its questions, or from its name.
    /// - Returns: nil for one without questions, such as a tutorial.
    private func plain(_ data: Data, name: String, date: Date, _ source: CollectionSource) throws -> ReceivedWork? {
        guard data.count <= Attempt.greatestNotebook else { throw SubmissionError(Submission.tooLarge(name, data.count)) }
        let notebook: Notebook
        do { notebook = try Notebook(bytes: data, ofFile: name) } catch { throw SubmissionError("\(error) Ask for a notebook that etude run can read.") }
        let imported = Self.imports(notebook), stem = (OwnerName.original(name) as NSString).deletingPathExtension
        func isNamed(_ exercise: Exercise) -> Bool { (exercise.entry.file as NSString).deletingPathExtension == stem }
        guard let exercise = exercises.first(where: { $0.checker.map { imported.contains($0[...]) } ?? false }) ?? exercises.first(where: isNamed),
            let exerciseName = ExerciseName(exercise.name) else {
            throw SubmissionError("It does not say which exercise it answers: it imports the questions of none that is known here. Ask for what etude submit makes.")
        }
        guard exercise.checker != nil else { return nil }
        // A name that a learner or a platform gave is for telling whose it is; the notebook has the course's name.
        let file = (exercise.entry.file as NSString).deletingPathExtension + "." + (name as NSString).pathExtension.lowercased()
        return ReceivedWork(data, file: file, of: exerciseName, date: date, from: source)
    }

    /// The modules that a notebook says it imports, found without reading a stranger's code as code.
    private static func imports(_ notebook: Notebook) -> Set<Substring> {
        var modules: Set<Substring> = []
        for cell in notebook.cells where cell.kind == .code {
            for line in cell.source.split(separator: "\n") {
                let words = line.prefix(200).split(whereSeparator: { $0 == " " || $0 == "\t" }).prefix(2)
                if words.count == 2, words[0] == "import" { modules.insert(words[1]) }
            }
        }
        return modules
    }

    private func zip(_ source: CollectionSource) throws -> [ReceivedWork] {
        let archive = try ZipArchive.files(in: bytes(of: source.path, atMost: ZipScreening.greatestArchive))
        // What the Finder adds, and the one folder that others put around all.
        var files = archive.filter { path, _ in !path.split(separator: "/").contains { $0 == "__MACOSX" || $0.hasPrefix(".") } }
        if let first = files.keys.first?.split(separator: "/"), first.count > 1, files.keys.allSatisfy({ $0.hasPrefix(first[0] + "/") }) {
            files = Dictionary(uniqueKeysWithValues: files.map { (String($0.key.dropFirst(first[0].count + 1)), $0.value) })
        }
        if files[SubmissionManifest.file] != nil { return [try ReceivedWork(Submission(files: files), from: source)] }
        let notebooks = files.filter { ["swift", "ipynb"].contains(($0.key as NSString).pathExtension.lowercased()) }.sorted { $0.key < $1.key }
        guard !notebooks.isEmpty else { throw SubmissionError("It holds no notebook. Ask for what etude submit makes.") }
        // Of a whole folder those count that answer something.
        let found = notebooks.map { path, data in Result { try plain(data, name: (path as NSString).lastPathComponent, date: date(of: source), source) } }
        let works = found.compactMap { try? $0.get() }
        return works.isEmpty ? try found[0].get().map { [$0] } ?? [] : works
    }

    private func filesOfFolder(_ folder: String) throws -> [String: Data] {
        var files: [String: Data] = [:]
        for name in try FileManager.default.contentsOfDirectory(atPath: folder).sorted() where !name.hasPrefix(".") {
            guard files.count < 3 else { break }
            files[name] = try bytes(of: "\(folder)/\(name)", atMost: Attempt.greatestNotebook)
        }
        return files
    }

    private func bytes(of path: String, atMost limit: Int) throws -> Data {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW)
        guard descriptor >= 0 else { throw SubmissionError(errno == ELOOP ? "It is a link, which is not followed." : "It can't be opened: \(String(cString: strerror(errno))).") }
        let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { throw SubmissionError("It is no file.") }
        let data = try handle.read(upToCount: limit + 1) ?? Data()
        guard data.count <= limit else { throw SubmissionError("It has more than \(limit) bytes, which is not taken. Ask for a smaller one, without outputs.") }
        return data
    }

    // MARK: Repositories

    private func clone(_ source: CollectionSource) throws -> [ReceivedWork] {
        var status = stat(), folder = source.path
        if lstat("\(source.path)/.git", &status) == 0 {
            guard status.st_mode & S_IFMT == S_IFDIR else { throw SubmissionError("Its git repository lies elsewhere; clone it anew.") }
            folder += "/.git"
        }
        let repository = try Repository(gitFolder: folder, trust: .stranger)
        return try works(of: repository, head: repository.head(), source)
    }

    private func remote(_ url: GitURL, _ source: CollectionSource, _ folder: String) throws -> [ReceivedWork] {
        let place = "\(folder)/remote.git", own = try Repository.openBare(at: place)
        let submissions = try Remote.fetchReferences(under: Submissions.folder, of: url, into: own, transfer)
        // What was only pushed as work is worth fetching where nothing was handed in.
        let head = submissions.isEmpty ? try Remote.fetchBranch(of: url, into: own, transfer).commit : nil
        return try works(of: Repository(gitFolder: place, trust: .stranger), head: head, source)
    }

    /// The submissions that a repository has; of an exercise without any, the notebook in its newest commit.
    private func works(of repository: Repository, head: ObjectID?, _ source: CollectionSource) throws -> [ReceivedWork] {
        var works: [ReceivedWork] = [], problems: [String] = []
        for (exercise, numbers) in try Submissions.all(in: repository).sorted(by: { $0.key.description < $1.key.description }).prefix(Self.greatestExercises) {
            let submissions = Submissions(of: exercise, in: repository)
            for number in numbers.suffix(Self.greatestSubmissions) {
                do {
                    let (submission, commit) = try submissions.submission(number)
                    works.append(try signed(ReceivedWork(submission, from: source), commit, in: repository))
                } catch { problems.append("\(error)") }
            }
        }
        let submitted = Set(works.map(\.exercise))
        for work in try head.map({ try notebooks(at: $0, of: repository, source) }) ?? [] where !submitted.contains(work.exercise) { works.append(work) }
        guard !works.isEmpty else {
            throw SubmissionError(problems.first ?? "It has no submission, and no notebook of an exercise that was worked on. Ask for etude submit, or a push.")
        }
        // What can't be read is told with what can.
        for index in works.indices.prefix(1) { works[index].problems += problems.prefix(3) }
        return works
    }

    /// A submission with what its signature says. One that is good, but another's, proves nothing of the learner.
    private func signed(_ work: ReceivedWork, _ commit: ObjectID, in repository: Repository) throws -> ReceivedWork {
        var work = work
        switch try CommitSignature(of: commit, in: repository) {
        case .none, .unknown: break
        case .bad: work.problems.append("Its signature is not for what it holds: it was changed after it was signed. Ask for it again.")
        case .good(let signer):
            let email = work.manifest?.learner.email.lowercased() ?? ""
            let isTheirs = signer.lowercased() == email || signer.lowercased().hasSuffix("<\(email)>")
            if isTheirs { work.trust = .signed } else { work.problems.append("It was signed by \(signer), and says that it is from \(email). Ask who made it.") }
        }
        return work
    }

    private func notebooks(at id: ObjectID, of repository: Repository, _ source: CollectionSource) throws -> [ReceivedWork] {
        let commit = try Commit(id, in: repository)
        let stems = Set(exercises.filter { $0.checker != nil }.map { ($0.entry.file as NSString).deletingPathExtension })
        var works: [ReceivedWork] = [], seen = 0
        func look(in tree: ObjectID, depth: Int) throws {
            for entry in try Tree(tree, in: repository).entries {
                seen += 1
                guard seen <= Self.greatestEntries else { throw SubmissionError("It has more than \(Self.greatestEntries) files.") }
                if entry.kind == .folder, depth < Self.greatestDepth, !entry.name.hasPrefix(".") { try look(in: entry.id, depth: depth + 1) }
                let name = entry.name as NSString
                guard entry.isFile, ["swift", "ipynb"].contains(name.pathExtension), stems.contains(name.deletingPathExtension) else { continue }
                let data = try repository.objects.read(entry.id, .blob, limit: Attempt.greatestNotebook) { Data($0) }
                guard let work = try plain(data, name: entry.name, date: commit.date, source) else { continue }
                // In a clone lie all of a course's exercises, begun or not.
                guard !exercises.contains(where: { $0.name == "\(work.exercise)" && FileManager.default.contents(atPath: $0.starterFile) == data }) else { continue }
                works.append(work)
            }
        }
        try look(in: commit.tree, depth: 0)
        return works
    }
}

extension Repository {
    /// The commit that is checked out, or would be; nil where there is none yet.
    func head() throws -> ObjectID? {
        var name = "HEAD"
        for _ in 0..<5 {
            switch try Reference(name: name, repository: self).meaning() {
            case .commit(let id): return id
            case .reference(let other): name = other
            case nil: return nil
            }
        }
        return nil
    }
}
