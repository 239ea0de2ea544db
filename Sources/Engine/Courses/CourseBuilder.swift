import CellCompiler
import Foundation
import Processes
import Sessions
import Wire

/// Compiles what a course brings: its checkers, and for each exercise the module with its questions. All of it is
/// cached by content.
public struct CourseBuilder {
    let installation: Installation
    /// Sees the modules that cells may import.
    let compiler: CellCompiler
    let interruption: Interruption?

    public init(_ installation: Installation, compiler: CellCompiler, interruption: Interruption? = nil) {
        (self.installation, self.compiler, self.interruption) = (installation, compiler, interruption)
    }

    /// An exercise ready to be worked on.
    public struct BuiltExercise {
        public let outline: ExerciseOutline
        /// The module that cells import.
        public let module: CompiledModule
        /// The library of the checkers.
        public let checkers: String
    }

    /// - Returns: nil for an exercise without questions.
    /// - Throws: ``ExerciseError`` when the checkers do not compile, fail, or do not know the exercise.
    public func build(_ exercise: Exercise) throws -> BuiltExercise? {
        guard let name = exercise.checker else { return nil }
        let checkers = try buildCheckers(of: exercise.course)
        let outlines = try outlines(of: checkers)
        guard let outline = outlines.first(where: { $0.name == name }) else {
            let known = outlines.isEmpty ? "none" : outlines.map { "\"\($0.name)\"" }.joined(separator: ", ")
            throw ExerciseError.checkerFailed("course.json names the exercise \"\(name)\"; the checkers declare \(known).")
        }
        let module = try compiler.compileModule(
            named: name, sources: [("\(name).swift", ExerciseModule.source(for: outline))], interruption: interruption)
        return BuiltExercise(outline: outline, module: try compiled(module, exercise.course), checkers: checkers)
    }

    private func buildCheckers(of course: Course) throws -> String {
        var sources = try course.checkerSources()
        let exercises = sources.flatMap { compiler.outline(of: $0.text).constants(madeBy: "Exercise") }
        sources.append(("Etude glue.swift", """
            import CheckerRuntime
            @_cdecl("etude_exercises") public func etudeExercises() -> UnsafeMutableRawPointer { register([\(exercises.joined(separator: ", "))]) }

            """))
        // Checkers see other modules than cells do.
        let checkerCompiler = try CellCompiler(
            toolchain: compiler.toolchain, moduleSearchPaths: [installation.checkerModuleFolder(in: compiler.cacheFolder)],
            cacheFolder: compiler.cacheFolder)
        let module = try checkerCompiler.compileModule(
            named: "Checkers_\(course.name.filter { $0.isLetter || $0.isNumber })", sources: sources, optimised: true,
            interruption: interruption)
        return try compiled(module, course).libraryPath
    }

    private func compiled(_ outcome: ModuleOutcome, _ course: Course) throws -> CompiledModule {
        switch outcome {
        case .compiled(let module): return module
        case .failed(let diagnostics):
            throw ExerciseError.checkersDoNotCompile(course: course.name, messages: diagnostics.filter { $0.severity == .error }.map {
                "\($0.cellID ?? course.name):\($0.range?.lowerBound.line ?? 1): \($0.message)"
            })
        }
    }

    /// What the checkers declare; asked once, and kept beside the library.
    private func outlines(of library: String) throws -> [ExerciseOutline] {
        let kept = library + ".outlines.json"
        if let data = FileManager.default.contents(atPath: kept), let outlines = try? JSONDecoder().decode([ExerciseOutline].self, from: data) {
            return outlines
        }
        let outlines = try Judge.outlines(installation, library: library, interruption: interruption)
        try? JSONEncoder().encode(outlines).write(to: URL(fileURLWithPath: kept), options: .atomic)
        return outlines
    }
}
