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
    let installation: Installation
    let compiler: CellCompiler
    let cacheFolder: String
    let stateFolder: String

    public init(_ installation: Installation, compiler: CellCompiler, cacheFolder: String, stateFolder: String) {
        (self.installation, self.compiler) = (installation, compiler)
        (self.cacheFolder, self.stateFolder) = (cacheFolder, stateFolder)
    }

    /// The source a learner chose in place of what the course ships.
    private struct Choice: Codable {
        var version = 1
        var source: String
    }

    private func choiceFile(_ course: Course) -> String { "\(stateFolder)/data/\(course.name).json" }

    /// The folder that the data are prepared from: the learner's choice, or the course's own.
    public func source(of course: Course) -> String? {
        guard let dataSource = course.description.dataSource else { return nil }
        if let data = FileManager.default.contents(atPath: choiceFile(course)), let choice = try? JSONDecoder().decode(Choice.self, from: data),
            FileManager.default.fileExists(atPath: choice.source) { return choice.source }
        return "\(course.exercisesFolder)/\(dataSource.folder)"
    }

    /// Makes a folder of the learner's the source of a course's data; nil goes back to what the course ships.
    public func choose(_ source: String?, for course: Course) throws {
        guard let source else {
            unlink(choiceFile(course))
            return
        }
        try FileManager.default.createDirectory(atPath: "\(stateFolder)/data", withIntermediateDirectories: true)
        try JSONEncoder().encode(Choice(source: source)).write(to: URL(fileURLWithPath: choiceFile(course)), options: .atomic)
    }

    /// The folder with the prepared files, made when it is not there yet.
    ///
    /// - Parameter announce: called before a preparation begins.
    /// - Returns: nil for a course without data.
    /// - Throws: ``ExerciseError`` with the preparation's own sentence when it fails.
    public func prepared(for course: Course, announce: (String) -> Void = { _ in }, interruption: Interruption? = nil) throws -> String? {
        guard let dataSource = course.description.dataSource, let source = source(of: course) else { return nil }
        let prepare = dataSource.prepare
        let program = try String(contentsOfFile: "\(course.exercisesFolder)/\(prepare)", encoding: .utf8)
        let folder = "\(cacheFolder)/data/\(course.name)-\(fingerprint(program, source))"
        let wanted = course.description.data.map(\.name)
        if wanted.allSatisfy({ FileManager.default.fileExists(atPath: "\(folder)/\($0)") }) { return folder }

        announce("Preparing the data of \(course.name) from \(source)")
        let scratch = folder + ".\(getpid())"
        try? FileManager.default.removeItem(atPath: scratch)
        try FileManager.default.createDirectory(atPath: scratch, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: scratch) }
        let constants = "let sourceFolder = \(literal(source))\nlet outputFolder = \(literal(scratch))\n"
        let session = NotebookSession(.init(installation: installation, workingDirectory: scratch), compiler: compiler, interruption: interruption)
        defer { session.end() }
        let log = PreparationLog()
        for (id, text) in [("folders", constants), ("prepare", program)] {
            let result = try session.run(CellSource(id: id, text: text, name: prepare), observer: log)
            if let complaint = complaint(about: result, log) { throw ExerciseError.data("\(prepare) could not prepare the data from \(source): \(complaint)") }
        }
        for name in wanted where !FileManager.default.fileExists(atPath: "\(scratch)/\(name)") {
            throw ExerciseError.data("\(prepare) ran, but did not write \(name), which course.json promises.")
        }
        try? FileManager.default.removeItem(atPath: folder)
        // Another process may have been faster; what it made is as good.
        if rename(scratch, folder) != 0 && !FileManager.default.fileExists(atPath: "\(folder)/\(wanted[0])") {
            throw ExerciseError.data("The prepared data could not be moved to \(folder): \(String(cString: strerror(errno))).")
        }
        return folder
    }

    private func complaint(about result: CellResult, _ log: PreparationLog) -> String? {
        switch result.outcome {
        case .completed: nil
        case .threw(let sentence, _), .died(let sentence, _): sentence
        case .doesNotCompile(let diagnostics): diagnostics.map { "line \($0.line): \($0.message)" }.joined(separator: "\n")
        case .interrupted: "it was interrupted."
        default: "it did not run to its end. \(log.text)"
        }
    }

    /// Changes with the program and with the source's files: a hash for a name, not for trust.
    private func fingerprint(_ program: String, _ source: String) -> String {
        var description = program + source
        for name in ((try? FileManager.default.contentsOfDirectory(atPath: source)) ?? []).sorted() {
            let attributes = try? FileManager.default.attributesOfItem(atPath: "\(source)/\(name)")
            description += "\n\(name) \(attributes?[.size] ?? 0) \((attributes?[.modificationDate] as? Date)?.timeIntervalSince1970 ?? 0)"
        }
        let hash = description.utf8.reduce(UInt64(14_695_981_039_346_656_037)) { ($0 ^ UInt64($1)) &* 1_099_511_628_211 }
        return String(hash, radix: 36)
    }

    /// A Swift string literal for any text.
    private func literal(_ text: String) -> String {
        "\"" + text.unicodeScalars.map { $0.value < 32 || "\"\\".unicodeScalars.contains($0) ? "\\u{\(String($0.value, radix: 16))}" : String($0) }.joined() + "\""
    }
}

private final class PreparationLog: SessionObserver {
    var text = ""
    func sessionPrinted(_ bytes: [UInt8], isError: Bool) { text += String(decoding: bytes, as: UTF8.self) }
    func sessionDisplayed(_ value: DisplayValue, identifier: Int?) {}
    func sessionSaves(_ value: DisplayValue, path: String) {}
    func sessionAsks(_ request: QuestionRequest, answers: any AnswerSource) {}
}
