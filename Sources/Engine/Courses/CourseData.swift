import CellCompiler
import Display
import Foundation
import Notebook
import Processes
import Sessions
import Wire

/// A course's prepared data: the course's own program makes them from what a data provider ships, once, into the
/// cache, in a session like any cell's.
public struct CourseData {
    private let installation: Installation
    private let compiler: CellCompiler
    private let stateFolder: String

    public init(_ installation: Installation, compiler: CellCompiler, stateFolder: String) {
        (self.installation, self.compiler, self.stateFolder) = (installation, compiler, stateFolder)
    }

    // MARK: The source

    /// The source a learner chose in place of what the course ships.
    private struct Choice: Codable {
        var version = 1
        var source: String
    }

    private func choiceFile(_ course: Course) -> String { "\(stateFolder)/data/\(course.name).json" }

    private func choice(_ course: Course) -> String? {
        guard let data = FileManager.default.contents(atPath: choiceFile(course)),
            let choice = try? JSONDecoder().decode(Choice.self, from: data), choice.version == 1 else { return nil }
        return choice.source
    }

    /// Makes a folder of the learner's the source of a course's data; nil goes back to what the course ships.
    public func choose(_ source: String?, for course: Course) throws {
        guard let source else {
            unlink(choiceFile(course))
            return
        }
        try FileManager.default.createDirectory(atPath: "\(stateFolder)/data", withIntermediateDirectories: true)
        try WholeFile.replace(choiceFile(course), with: JSONEncoder().encode(Choice(source: source)), called: "Your choice")
    }

    // MARK: Preparing

    /// The folder with the course's data files, prepared from the learner's choice or the course's own files when that
    /// has not been done yet.
    ///
    /// - Parameter announce: called before a preparation begins, and when the learner's choice is gone.
    /// - Returns: nil for a course without data.
    /// - Throws: ``ExerciseError`` with the preparation's own sentence when it fails.
    public func prepared(for course: Course, announce: (String) -> Void = { _ in }, interruption: Interruption? = nil) throws -> String? {
        guard let chosen = choice(course) else { return try prepared(for: course, from: nil, announce: announce, interruption: interruption) }
        guard FileManager.default.fileExists(atPath: chosen) else {
            announce("The data that you chose for \(course.name), \(chosen), are gone: its own are used")
            return try prepared(for: course, from: nil, announce: announce, interruption: interruption)
        }
        return try prepared(for: course, from: chosen, announce: announce, interruption: interruption)
    }

    /// The folder with the course's data files as they are made from the files in `source`; nil takes those that the
    /// course ships.
    public func prepared(
        for course: Course, from source: String?, announce: (String) -> Void = { _ in }, interruption: Interruption? = nil
    ) throws -> String? {
        let wanted = course.description.data.map(\.name)
        if wanted.isEmpty { return nil }
        guard let dataSource = course.description.dataSource else { return course.exercisesFolder + "/data" }
        let chosen = source.map { " from \($0)" } ?? "", source = source ?? "\(course.exercisesFolder)/\(dataSource.folder)"
        let program = try course.text(ofFile: "\(course.exercisesFolder)/\(dataSource.prepare)")
        let folder = "\(compiler.cacheFolder)/data/\(course.name)-\(fingerprint(program, source))"
        func isPrepared() -> Bool { wanted.allSatisfy { FileManager.default.fileExists(atPath: "\(folder)/\($0)") } }
        if isPrepared() { return folder }

        announce("Preparing the data of \(course.name)\(chosen)")
        let scratch = "\(folder).\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: scratch) }
        do { try FileManager.default.createDirectory(atPath: scratch, withIntermediateDirectories: true) } catch {
            throw CellCompilerError.cacheNotWritable(folder: compiler.cacheFolder, reason: fileReason(error))
        }
        try run(program, named: dataSource.prepare, from: source, into: scratch, interruption)
        for name in wanted where !FileManager.default.fileExists(atPath: "\(scratch)/\(name)") {
            throw ExerciseError.data("\(dataSource.prepare) ran, but did not write \(name), which course.json promises.")
        }
        // Another process may have been faster; what it made is as good, and in use.
        if isPrepared() { return folder }
        if rename(scratch, folder) == 0 { return folder }
        if isPrepared() { return folder }
        try? FileManager.default.removeItem(atPath: folder)
        guard rename(scratch, folder) == 0 || isPrepared() else {
            throw ExerciseError.data("The prepared data could not be moved to \(folder): \(String(cString: strerror(errno))).")
        }
        return folder
    }

    private func run(_ program: String, named name: String, from source: String, into folder: String, _ interruption: Interruption?) throws {
        let session = NotebookSession(.init(installation: installation, workingDirectory: folder), compiler: compiler, interruption: interruption)
        defer { session.end() }
        let log = PreparationLog()
        let constants = "let sourceFolder = \(literal(source))\nlet outputFolder = \(literal(folder))\n"
        for (id, text) in [("folders", constants), ("prepare", program)] {
            let result = try session.run(CellSource(id: id, text: text, name: name), observer: log)
            if case .interrupted = result.outcome { throw ExerciseError.interrupted }
            if let complaint = complaint(about: result, log) {
                throw ExerciseError.data("\(name) could not prepare the data from \(source): \(complaint)")
            }
        }
    }

    private func complaint(about result: CellResult, _ log: PreparationLog) -> String? {
        let line = result.place.map { " (line \($0.line))" } ?? ""
        return switch result.outcome {
        case .completed: nil
        case .threw(let sentence, _): sentence
        case .died(let sentence, _): sentence + line
        case .doesNotCompile(let diagnostics):
            diagnostics.filter { $0.severity == .error }.map { "line \($0.line): \($0.message)" }.joined(separator: "\n")
        case .exited(let code, _): "it called exit(\(code))\(line). \(log.lastLine)"
        case .waiting, .skipped: "it has gaps that are yet to be filled."
        case .waitsForever: "it waits for something that can't come."
        case .interrupted: "it was interrupted."
        }
    }

    /// Changes with the program and with the source's files: what small ones hold, wherever they lie; where large ones
    /// lie, their size and when they were changed.
    private func fingerprint(_ program: String, _ source: String) -> String {
        let names = ((try? FileManager.default.contentsOfDirectory(atPath: source)) ?? []).sorted()
        let files = names.flatMap { name in
            let path = "\(source)/\(name)", attributes = try? FileManager.default.attributesOfItem(atPath: path)
            let size = attributes?[.size] as? Int ?? 0
            if size <= 16 << 20, let data = FileManager.default.contents(atPath: path) { return [name, ContentKey.of(pieces: [data])] }
            let changed = (attributes?[.modificationDate] as? Date)?.timeIntervalSince1970 ?? 0
            return [path, "\(size)", "\(changed)"]
        }
        return ContentKey.of([program] + files)
    }

    /// A Swift string literal for any text.
    private func literal(_ text: String) -> String {
        "\"" + text.unicodeScalars.map { $0.value < 32 || "\"\\".unicodeScalars.contains($0) ? "\\u{\(String($0.value, radix: 16))}" : String($0) }.joined() + "\""
    }
}

private final class PreparationLog: SessionObserver {
    private var printed: [UInt8] = []
    var lastLine: Substring { String(decoding: printed, as: UTF8.self).split(separator: "\n").last ?? "" }
    func sessionPrinted(_ bytes: [UInt8], isError: Bool) { printed = (printed + bytes).suffix(4_096) }
    func sessionDisplayed(_ value: DisplayValue, identifier: Int?) {}
    func sessionSaves(_ value: DisplayValue, path: String) {}
    func sessionAsks(_ request: QuestionRequest, answers: any AnswerSource) {}
}
