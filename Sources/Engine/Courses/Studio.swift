import CellCompiler
import Foundation
import Notebook
import Processes
import Sessions
import Wire

/// All that working on notebooks needs, found and put together once: the installation, the toolchain, the caches, and
/// the courses.
public final class Studio {
    public let installation: Installation
    public let compiler: CellCompiler
    public let catalog: CourseCatalog
    public let store: CourseStore
    public let states: LearnerStateStore
    public let data: CourseData
    public let cacheFolder: String
    /// Where the learner's state is kept.
    public let stateFolder: String
    let builder: CourseBuilder
    private let learnerModules: String
    private let environment: [String: String]
    /// A person's wish to stop, which all work of this studio looks for.
    public let interruption: Interruption

    /// - Throws: ``InstallationError`` or the toolchain's error, each a sentence that says what is missing.
    public init(environment: [String: String] = ProcessInfo.processInfo.environment) throws {
        interruption = try Interruption()
        let home = environment["HOME"] ?? NSTemporaryDirectory()
        cacheFolder = (environment["XDG_CACHE_HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil } ?? "\(home)/.cache") + "/etude"
        stateFolder = LearnerStateStore.defaultFolder(environment: environment)
        installation = try Installation()
        learnerModules = try installation.learnerModuleFolder(in: cacheFolder)
        compiler = try CellCompiler(
            toolchain: Toolchain(), moduleSearchPaths: [learnerModules], cacheFolder: cacheFolder, commonNames: LearnerVocabulary.names)
        let store = CourseStore(folder: CourseStore.defaultFolder(environment: environment))
        let states = LearnerStateStore(folder: stateFolder)
        (self.store, self.states) = (store, states)
        catalog = CourseCatalog(
            roots: CourseCatalog.defaultRoots(program: installation.folder, environment: environment),
            started: states.workspaceFolders.compactMap { (try? WorkspaceDescription(in: $0)).flatMap { store.course(named: $0.course, version: $0.courseVersion) } })
        data = CourseData(installation, compiler: compiler, stateFolder: stateFolder)
        builder = CourseBuilder(installation, compiler: compiler, interruption: interruption)
        self.environment = environment
    }

    /// A learner's notebook file, to be changed beside the learner's own editor.
    public func learnerFile(_ path: String) -> LearnerFile { LearnerFile(path, stateFolder: stateFolder) }

    /// The exercise that a notebook belongs to, of the version that its folder is pinned to; nil for a notebook of the
    /// learner's own.
    public func exercise(of notebook: Notebook, at path: String) -> Exercise? {
        let imports = notebook.cells.filter { $0.kind == .code }.reduce(into: Set<String>()) { $0.formUnion(compiler.outline(of: $1.source).importedModules) }
        let description = try? WorkspaceDescription.containing(path)
        return catalog.exercise(of: notebook, at: path, imports: imports, pinned: description.flatMap(course(pinnedBy:)))
    }

    /// The version of a course that a learner's folder is pinned to; nil where it is not to be had any more.
    public func course(pinnedBy description: WorkspaceDescription) -> Course? {
        if let kept = store.course(named: description.course, version: description.courseVersion) { return kept }
        // Somebody cleared the store, or the folder came from another machine.
        guard let course = try? catalog.course(named: description.course), let kept = try? store.keep(course) else { return nil }
        return kept.version == description.courseVersion ? kept : nil
    }

    /// The desk that answers an exercise's questions; nil for one without questions.
    public func desk(for exercise: Exercise) throws -> QuestionDesk? { try questions(of: exercise, states)?.desk }

    private func questions(of exercise: Exercise, _ states: LearnerStateStore) throws -> (desk: QuestionDesk, module: CompiledModule)? {
        guard let built = try builder.build(exercise), let solutions = try exercise.solutions() else { return nil }
        let judge = Judge(installation, library: built.checkers, exercise: built.outline.name, interruption: interruption)
        return (QuestionDesk(exercise: exercise, outline: built.outline, judge: judge, solutions: solutions, states: states), built.module)
    }

    /// A run of a notebook as the exercise that it belongs to.
    ///
    /// - Parameter announce: told before something that takes its time, such as preparing a course's data.
    public func run(
        _ notebook: Notebook, as exercise: Exercise?, workingDirectory: String, audience: any RunAudience,
        announce: (String) -> Void = { _ in }
    ) throws -> ExerciseRun {
        try bench(for: exercise, states: states, announce: announce).run(notebook, workingDirectory: workingDirectory, audience: audience)
    }

    /// All that runs of an exercise's notebooks share; nil for notebooks of the learner's own.
    func bench(for exercise: Exercise?, states: LearnerStateStore, announce: (String) -> Void = { _ in }) throws -> Bench {
        let questions = try exercise.flatMap { try self.questions(of: $0, states) }
        var environment = environment
        if let exercise { environment["ETUDE_COURSE_DATA"] = try data.prepared(for: exercise.course, announce: announce, interruption: interruption) }
        // The cells see the exercise's questions too.
        let compiler = try questions.map { questions in
            try CellCompiler(
                toolchain: self.compiler.toolchain, moduleSearchPaths: [learnerModules, questions.module.folder], cacheFolder: cacheFolder,
                commonNames: LearnerVocabulary.names.merging([questions.module.name: questions.desk.outline.problems.map(\.path)]) { $1 })
        }
        return Bench(
            installation: installation, compiler: compiler ?? self.compiler, environment: environment, interruption: interruption,
            starter: try exercise?.starter(), desk: questions?.desk, module: questions?.module)
    }
}

/// What the runs of one exercise's notebooks share. One run at a time: they share the checker's process.
struct Bench {
    let installation: Installation
    let compiler: CellCompiler
    let environment: [String: String]
    let interruption: Interruption
    let starter: Notebook?
    let desk: QuestionDesk?
    let module: CompiledModule?

    func run(
        _ notebook: Notebook, limits: SessionLimits = .learner, workingDirectory: String, audience: any RunAudience
    ) -> ExerciseRun {
        let session = NotebookSession(
            .init(
                installation: installation, limits: limits, libraries: module.map { [$0.libraryPath] } ?? [],
                answers: Set(desk?.outline.allProblems.flatMap(\.variables) ?? []), environment: environment,
                workingDirectory: workingDirectory),
            compiler: compiler, interruption: interruption)
        return ExerciseRun(notebook, session: session, compiler: compiler, starter: starter, desk: desk, audience: audience)
    }
}
