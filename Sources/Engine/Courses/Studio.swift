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
    public let states: LearnerStateStore
    public let data: CourseData
    public let cacheFolder: String
    private let builder: CourseBuilder
    private let learnerModules: String
    public let interruption: Interruption

    /// What to suggest where a learner mistypes a name or forgets an import.
    private static let learnerNames = [
        "Training": [
            "Input", "Embedding", "Dense", "Flatten", "Concatenate", "Add", "Multiply", "Dot", "Dropout", "Activation", "Rescaling", "Model",
            "Sequential", "Layer", "Tensor", "History", "Adam", "SGD", "Verbosity", "setRandomSeed",
        ],
        "DataFrames": ["DataFrame", "Column"],
        "Plotting": ["Chart", "plotHistory"],
    ]

    /// - Throws: ``InstallationError`` or the toolchain's error, each a sentence that says what is missing.
    public init(environment: [String: String] = ProcessInfo.processInfo.environment) throws {
        let home = environment["HOME"] ?? NSTemporaryDirectory()
        func folder(_ variable: String, _ fallback: String) -> String {
            let base = environment[variable].flatMap { $0.hasPrefix("/") ? $0 : nil } ?? "\(home)/\(fallback)"
            return base + "/etude"
        }
        cacheFolder = folder("XDG_CACHE_HOME", ".cache")
        let stateFolder = folder("XDG_STATE_HOME", ".local/state")
        installation = try Installation()
        learnerModules = try installation.learnerModuleFolder(in: cacheFolder)
        compiler = try CellCompiler(toolchain: Toolchain(), moduleSearchPaths: [learnerModules], cacheFolder: cacheFolder, commonNames: Self.learnerNames)
        catalog = CourseCatalog(roots: CourseCatalog.defaultRoots(program: installation.folder))
        states = LearnerStateStore(folder: stateFolder)
        data = CourseData(installation, compiler: compiler, cacheFolder: cacheFolder, stateFolder: stateFolder)
        builder = CourseBuilder(installation, compiler: compiler, cacheFolder: cacheFolder)
        interruption = try Interruption()
    }

    /// The exercise that a notebook belongs to; nil for a notebook of the learner's own.
    public func exercise(of notebook: Notebook, at path: String) -> Exercise? {
        let imports = notebook.cells.filter { $0.kind == .code }.reduce(into: Set<String>()) { $0.formUnion(compiler.outline(of: $1.source).importedModules) }
        return catalog.exercise(of: notebook, at: path, imports: imports)
    }

    /// The desk that answers an exercise's questions; nil for one without questions.
    public func desk(for exercise: Exercise) throws -> (desk: QuestionDesk, module: CompiledModule)? {
        guard let built = try builder.build(exercise), let solutions = try exercise.solutions() else { return nil }
        let judge = Judge(installation, library: built.checkers, exercise: built.outline.name)
        return (QuestionDesk(exercise: exercise, outline: built.outline, judge: judge, solutions: solutions, states: states), built.module)
    }

    /// The compiler of an exercise's cells, which see its questions too.
    private func compiler(importing module: CompiledModule?) throws -> CellCompiler {
        guard let module else { return compiler }
        return try CellCompiler(toolchain: compiler.toolchain, moduleSearchPaths: [learnerModules, module.folder], cacheFolder: cacheFolder,
            commonNames: Self.learnerNames)
    }

    /// A run of a notebook as the exercise that it belongs to.
    ///
    /// - Parameter announce: told before something that takes its time, such as preparing a course's data.
    public func run(
        _ notebook: Notebook, as exercise: Exercise?, workingDirectory: String, audience: any RunAudience,
        announce: (String) -> Void = { _ in }
    ) throws -> ExerciseRun {
        let desk = try exercise.flatMap { try self.desk(for: $0) }
        var environment = ProcessInfo.processInfo.environment
        if let exercise { environment["ETUDE_COURSE_DATA"] = try data.prepared(for: exercise.course, announce: announce, interruption: interruption) }
        let compiler = try self.compiler(importing: desk?.module)
        let session = NotebookSession(
            .init(
                installation: installation, libraries: desk.map { [$0.module.libraryPath] } ?? [],
                answers: Set(desk?.desk.outline.allProblems.flatMap(\.variables) ?? []), environment: environment,
                workingDirectory: workingDirectory),
            compiler: compiler, interruption: interruption)
        return ExerciseRun(
            notebook, session: session, compiler: compiler, starter: try exercise?.starter(), desk: desk?.desk, audience: audience)
    }
}
