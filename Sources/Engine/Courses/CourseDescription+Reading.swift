import Foundation
import Notebook

extension CourseDescription {
    /// Reads `course.json` in a course's folder, and checks that the files it names are there.
    /// - Throws: `CourseError` with the path of the key, or line and column for what is not JSON.
    public init(contentsOfCourseFolder folder: String) throws {
        let file = URL(fileURLWithPath: folder).appendingPathComponent("course.json").path
        guard let data = FileManager.default.contents(atPath: file) else {
            throw CourseError("A course's folder holds a file course.json; here is none that can be read.", file: file)
        }
        try self.init(json: data, file: file)
        try check(file: file, folder: folder)
    }

    /// Reads the text of a `course.json`; `file` is for errors. The files it names are not looked for.
    public init(json: Data, file: String = "course.json") throws {
        do {
            _ = try JSONValue(parsing: json)
            self = try JSONDecoder().decode(CourseDescription.self, from: json)
        } catch let error as NotebookError {
            throw CourseError(error, file: file)
        } catch let error as DecodingError {
            throw CourseError(error, file: file)
        }
        try checkNames(file: file)
    }

    /// Whether a text can be a course's name: 1 to 64 lower-case letters, digits and hyphens, no hyphen first.
    public static func isName(_ text: String) -> Bool {
        let bytes = text.utf8
        guard (1...64).contains(bytes.count), bytes.first != UInt8(ascii: "-") else { return false }
        return bytes.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == UInt8(ascii: "-") }
    }

    private func checkNames(file: String) throws {
        func refuse(_ sentence: String, _ path: String) -> CourseError { CourseError(sentence, file: file, path: path) }
        guard Self.isName(name) else {
            throw refuse("A course's name has at most 64 lower-case letters, digits and hyphens; this is \"\(name)\".", "name")
        }
        guard !exercises.isEmpty else { throw refuse("A course has at least one exercise.", "exercises") }
        for (index, exercise) in exercises.enumerated() {
            let path = "exercises[\(index)]"
            guard exercise.number >= 0 else {
                throw refuse("Exercises are numbered from 0; this is \(exercise.number).", path + ".number")
            }
            guard exercise.minutes > 0 else {
                throw refuse("An exercise takes at least 1 minute; this is \(exercise.minutes).", path + ".minutes")
            }
            if let earlier = exercises[..<index].firstIndex(where: { $0.number == exercise.number }) {
                throw refuse("exercises[\(earlier)] has the number \(exercise.number) too.", path + ".number")
            }
            if let earlier = exercises[..<index].firstIndex(where: { $0.file == exercise.file }) {
                throw refuse("exercises[\(earlier)] has the file \"\(exercise.file)\" too.", path + ".file")
            }
            if let checker = exercise.checker, ProblemPath(checker)?.parts.count != 1 {
                throw refuse("A checker's name is a Swift name, such as EmbeddingLayers; this is \"\(checker)\".", path + ".checker")
            }
            for (old, new) in exercise.renamedQuestions.sorted(by: { $0.key < $1.key }) {
                for name in [old, new] where ProblemPath(name) == nil {
                    throw refuse("A question's name is like part1 or part3.c; this is \"\(name)\".", path + ".renamedQuestions.\(old)")
                }
            }
        }
        for (name, path) in namedFiles {
            if let reason = Self.whyNotAllowed(name) { throw refuse(reason, path) }
        }
        for (index, table) in data.enumerated() where data[..<index].contains(table) {
            throw refuse("The table \"\(table.name)\" stands twice.", "data[\(index)].name")
        }
    }

    /// The files that must be there, relative to the course's folder, with the keys that name them.
    private var filesThatExist: [(name: String, path: String, isFolder: Bool)] {
        var files = exercises.enumerated().map { ($1.file, "exercises[\($0)].file", false) }
        if let dataSource {
            files.append((dataSource.folder, "dataSource.folder", true))
            files.append((dataSource.prepare, "dataSource.prepare", false))
        } else {
            files += data.enumerated().map { ("data/" + $1.name, "data[\($0)].name", false) }
        }
        return files
    }

    private var namedFiles: [(name: String, path: String)] {
        filesThatExist.map { ($0.name, $0.path) } + data.enumerated().map { ($1.name, "data[\($0)].name") }
    }

    private static func whyNotAllowed(_ name: String) -> String? {
        let parts = name.split(separator: "/", omittingEmptySubsequences: false)
        if name.isEmpty { return "A file's name is missing: this is \"\"." }
        if name.hasPrefix("/") || name.hasPrefix("~") {
            return "\"\(name)\" is absolute; write the path from the course's folder."
        }
        if parts.contains("..") { return "\"\(name)\" leads out of the course's folder; write a path without \"..\"." }
        if parts.contains("") || parts.contains(".") || name.contains("\\") || name.unicodeScalars.contains(where: { $0.value < 0x20 }) {
            return "\"\(name)\" is not a plain path, such as \"data/ratings.csv\"."
        }
        return nil
    }

    private func check(file: String, folder: String) throws {
        let root = URL(fileURLWithPath: folder).resolvingSymlinksInPath().path
        for (name, path, isFolder) in filesThatExist {
            let target = URL(fileURLWithPath: root).appendingPathComponent(name).resolvingSymlinksInPath().path
            guard target.hasPrefix(root + "/") else {
                throw CourseError("\"\(name)\" is a link that leads out of the course's folder.", file: file, path: path)
            }
            var isDirectory: ObjCBool = false
            guard FileManager.default.fileExists(atPath: target, isDirectory: &isDirectory), isDirectory.boolValue == isFolder else {
                throw CourseError("There is no \(isFolder ? "folder" : "file") \"\(name)\" in the course's folder.", file: file, path: path)
            }
        }
    }
}

extension CourseError {
    /// A decoding error as a sentence with the key's path.
    init(_ error: DecodingError, file: String) {
        func refuse(_ sentence: String, _ keys: [any CodingKey]) -> CourseError {
            var path = ""
            for key in keys {
                if let index = key.intValue { path += "[\(index)]" } else { path += (path.isEmpty ? "" : ".") + key.stringValue }
            }
            return CourseError(sentence, file: file, path: path.isEmpty ? nil : path)
        }
        switch error {
        case .keyNotFound(let key, let context): self = refuse("This key is missing.", context.codingPath + [key])
        case .valueNotFound(let type, let context): self = refuse("Expected \(Self.name(type)), found null.", context.codingPath)
        case .typeMismatch(let type, let context): self = refuse("Expected \(Self.name(type)).", context.codingPath)
        case .dataCorrupted(let context): self = refuse(context.debugDescription, context.codingPath)
        @unknown default: self = refuse("This can't be read.", [])
        }
    }

    private static func name(_ type: Any.Type) -> String {
        if type == String.self { return "a string" }
        if type == Int.self { return "a whole number" }
        return "\(type)".hasPrefix("Array") ? "a list" : "an object"
    }
}
