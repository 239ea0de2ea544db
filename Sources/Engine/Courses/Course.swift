import CellCompiler
import Foundation
import Notebook

/// A course on disk: three folders of one name, for exercises, solutions and checkers.
public struct Course: Sendable {
    public let name: String
    /// The folder that holds `exercises`, `solutions` and `checkers`.
    public let root: String
    /// What it is called in a ``CourseStore``, told from all that it holds; nil where it may change.
    public let version: String?
    public let description: CourseDescription

    public var exercisesFolder: String { "\(root)/exercises/\(name)" }
    public var solutionsFolder: String { "\(root)/solutions/\(name)" }
    public var checkersFolder: String { "\(root)/checkers/\(name)" }

    /// - Throws: ``CourseError`` when its `course.json` is wrong, or calls it otherwise.
    public init(name: String, root: String, version: String? = nil) throws {
        (self.name, self.root, self.version) = (name, root, version)
        let folder = "\(root)/exercises/\(name)"
        description = try CourseDescription(contentsOfCourseFolder: folder)
        guard description.name == name else {
            throw CourseError(
                "A course is named after its folder: this one is \"\(description.name)\" in the folder \"\(name)\".",
                file: folder + "/course.json", path: "name")
        }
    }

    public var exercises: [Exercise] { description.exercises.map { Exercise(course: self, entry: $0) } }

    /// The checkers' source files, in the order of their names.
    /// - Throws: ``CourseError`` when there is none, or one can't be read.
    public func checkerSources() throws -> [(name: String, text: String)] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: checkersFolder)) ?? []
        let sources = try names.filter { $0.hasSuffix(".swift") }.sorted().map { name in
            (name, try text(ofFile: "\(checkersFolder)/\(name)"))
        }
        guard !sources.isEmpty else { throw CourseError("Here are no checkers: the course needs Swift files in this folder.", file: checkersFolder) }
        return sources
    }

    /// - Throws: ``CourseError`` for a file that can't be read.
    func text(ofFile path: String) throws -> String {
        do { return try String(contentsOfFile: path, encoding: .utf8) } catch {
            throw CourseError("This file can't be read: \(fileReason(error)).", file: path)
        }
    }
}

/// An exercise of a course.
public struct Exercise: Sendable {
    public let course: Course
    public let entry: CourseDescription.Exercise

    /// What a person calls it on the command line: `embeddings/1`.
    public var name: String { "\(course.name)/\(entry.number)" }
    public var title: String { entry.title }
    public var starterFile: String { "\(course.exercisesFolder)/\(entry.file)" }
    public var solutionsFile: String { "\(course.solutionsFolder)/\(entry.file)" }
    /// The module with its questions; nil for an exercise without any.
    public var checker: String? { entry.checker }

    public func starter() throws -> Notebook { try Notebook(contentsOf: starterFile) }

    public func solutions() throws -> SolutionsFile? {
        checker == nil ? nil : try SolutionsFile(contentsOf: solutionsFile)
    }
}

/// The courses that this Etude knows.
public struct CourseCatalog: Sendable {
    public let courses: [Course]
    /// What is wrong with folders that should be courses, but can't be read.
    public let problems: [String]

    /// - Parameters:
    ///   - roots: folders that hold `exercises`, `solutions` and `checkers`. Of courses with one name the first counts.
    ///   - started: courses that a learner has begun to work on, wherever they came from; they come last.
    public init(roots: [String], started: [Course] = []) {
        var courses: [Course] = [], problems: [String] = []
        for root in roots {
            guard let names = try? FileManager.default.contentsOfDirectory(atPath: root + "/exercises") else {
                problems.append("\(root) holds no courses: there is no folder \"exercises\" in it that can be read.")
                continue
            }
            for name in names.sorted() where FileManager.default.fileExists(atPath: "\(root)/exercises/\(name)/course.json") {
                if courses.contains(where: { $0.name == name }) { continue }
                do { courses.append(try Course(name: name, root: root)) } catch { problems.append("\(error)") }
            }
        }
        for course in started where !courses.contains(where: { $0.name == course.name }) { courses.append(course) }
        (self.courses, self.problems) = (courses, problems)
    }

    /// The roots that `ETUDE_COURSES` names, separated by colons, then the folder that a program was built in or
    /// installed to.
    public static func defaultRoots(program folder: String, environment: [String: String] = ProcessInfo.processInfo.environment) -> [String] {
        var roots = (environment["ETUDE_COURSES"] ?? "").split(separator: ":").map(String.init)
        var candidate = URL(fileURLWithPath: folder)
        while candidate.path != "/" {
            if ["exercises", "solutions", "checkers"].allSatisfy({ FileManager.default.fileExists(atPath: candidate.appendingPathComponent($0).path) }) {
                roots.append(candidate.path)
                break
            }
            candidate.deleteLastPathComponent()
        }
        return roots
    }

    /// - Throws: ``ExerciseError`` that lists the courses there are.
    public func course(named name: String) throws -> Course {
        guard let course = courses.first(where: { $0.name == name }) else {
            throw ExerciseError.unknownCourse(name, known: courses.map(\.name), problems: problems)
        }
        return course
    }

    /// An exercise by its name on the command line, `embeddings/1` or, where there is one course only, `1`.
    public func exercise(named name: String) throws -> Exercise {
        let parts = name.split(separator: "/", omittingEmptySubsequences: false)
        let course: Course
        if parts.count == 2 {
            course = try self.course(named: String(parts[0]))
        } else if parts.count == 1, Int(name) != nil, courses.count == 1 {
            course = courses[0]
        } else {
            throw ExerciseError.unknownExercise(name, known: courses.flatMap(\.exercises).map(\.name), problems: problems)
        }
        guard let number = Int(parts.last ?? ""), let exercise = course.exercises.first(where: { $0.entry.number == number }) else {
            throw ExerciseError.unknownExercise(name, known: course.exercises.map(\.name), problems: [])
        }
        return exercise
    }

    /// The exercise that a learner's notebook belongs to: told by the questions that it imports, else by its file's
    /// name among the exercises of the course in whose folder (or a copy of it) the file lies. nil for a notebook of
    /// the learner's own.
    ///
    /// - Parameter pinned: the course that the file's folder belongs to, which counts before all others.
    public func exercise(of notebook: Notebook, at path: String, imports: Set<String>, pinned: Course? = nil) -> Exercise? {
        let courses = (pinned.map { [$0] } ?? []) + courses
        let all = courses.flatMap(\.exercises)
        if let exercise = all.first(where: { $0.checker.map(imports.contains) ?? false }) { return exercise }
        let url = URL(fileURLWithPath: path)
        let manifest = url.deletingLastPathComponent().appendingPathComponent("course.json")
        guard let data = try? Data(contentsOf: manifest), let course = try? CourseDescription(json: data).name else { return nil }
        return all.first {
            $0.course.name == course && ($0.entry.file as NSString).deletingPathExtension == url.deletingPathExtension().lastPathComponent
        }
    }
}
