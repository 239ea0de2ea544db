import Courses
import Foundation
import Notebook
import Terminal
import Workspace

/// A learner's own notebook, whose history a person asks for. No compiler is needed to find it, and no cell is read.
struct OwnNotebook {
    /// As the person named it, or a short path.
    let name: String
    let file: LearnerFile
    let workspace: Workspace?
    /// The exercise that it belongs to, for example `embeddings/1`.
    let exercise: ExerciseName?
    private let entry: CourseDescription.Exercise?

    /// The notebook that a command line's words begin with, if one does, and the others.
    static func split(_ words: [String]) -> (name: String?, rest: [String]) {
        guard let first = words.first, isName(first) else { return (nil, words) }
        return (first, Array(words.dropFirst()))
    }

    /// A file or an exercise, and neither an attempt's number nor a time.
    static func isName(_ word: String) -> Bool { word.contains("/") || word.hasSuffix(".swift") || word.hasSuffix(".ipynb") }

    /// - Parameter name: a file, which may be gone, or an exercise (embeddings/1); nil for where the learner was last.
    init(_ name: String?) throws {
        let states = LearnerStateStore(folder: LearnerStateStore.defaultFolder())
        let path: String
        if let name, name.hasSuffix(".swift") || name.hasSuffix(".ipynb") {
            path = name
        } else if let name {
            path = try WorkPlace(Studio(), isAsked: false).file(for: name) ?? name
        } else if let place = states.places.first {
            path = place.file
        } else {
            throw ValidationSentence("There is no notebook that you worked on last. Name an exercise, such as embeddings/1, or a file.")
        }
        self.name = path == name ? path : shortened(path)
        file = LearnerFile(path, stateFolder: states.folder)
        var course: CourseDescription?, workspace: Workspace?
        do {
            workspace = try Workspace.ofLearner(containing: URL(fileURLWithPath: path).resolvingSymlinksInPath().path)
            course = try workspace.flatMap(Self.course)
        } catch {
            // The saves are there all the same.
            Output.warn(neutralised(sentence(for: error)))
        }
        self.workspace = workspace
        let entry = course?.exercise(of: path)
        self.entry = entry
        exercise = course.flatMap { course in entry.flatMap { ExerciseName("\(course.name)/\($0.number)") } }
    }

    /// What a workspace's course says of itself.
    private static func course(of workspace: Workspace) throws -> CourseDescription? {
        let file = "\(workspace.folder)/course.json"
        if let data = try? WholeFile.bytes(of: file, atMost: 1 << 20), let course = try? CourseDescription(json: data) { return course }
        // The learner may have deleted it.
        return try workspace.courseFiles()?["course.json"].flatMap { try? CourseDescription(json: $0) }
    }

    // MARK: What was kept

    var attempts: Attempts? { exercise.flatMap { workspace?.attempts(at: $0) } }

    var timeline: Timeline { Timeline(of: file, attempts: attempts) }

    // MARK: The exercise as it was given

    /// - Throws: a sentence where the notebook belongs to no exercise.
    func starter() throws -> Notebook {
        let given = try given()
        return try Notebook(bytes: given.bytes, ofFile: given.file)
    }

    /// The bytes of a file of this one's form that holds the exercise as it was given.
    /// - Throws: as ``starter()``.
    func starterBytes() throws -> Data {
        let given = try given()
        func form(_ path: String) -> String { (path as NSString).pathExtension.lowercased() }
        return try form(given.file) == form(file.path) ? given.bytes : starter().bytes(forFile: file.path).data
    }

    /// In a workspace what the learner got with it; elsewhere the course's own.
    private func given() throws -> (file: String, bytes: Data) {
        if let entry, let bytes = try workspace?.courseFiles()?[entry.file] { return (entry.file, bytes) }
        let studio = try Studio()
        guard let exercise = try studio.exercise(of: present(), at: file.path) else {
            throw ValidationSentence("\(name) belongs to no exercise of a course, so there is nothing that it started from.")
        }
        return (exercise.starterFile, try WholeFile.bytes(of: exercise.starterFile))
    }

    func present() throws -> Notebook { try Notebook(contentsOf: file.path) }
}
