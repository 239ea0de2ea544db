import CellCompiler
import Display
import Foundation
import Notebook
import Sessions
import Wire

@testable import Courses

/// What tests through real processes share: one cache for all tests of this process, so that equal modules compile once.
enum Workshop {
    static let folder: String = {
        let folder = NSTemporaryDirectory() + "etude-courses-tests-\(getpid())"
        atexit { try? FileManager.default.removeItem(atPath: NSTemporaryDirectory() + "etude-courses-tests-\(getpid())") }
        return folder
    }()

    static var environment: [String: String] {
        ProcessInfo.processInfo.environment.merging(["XDG_CACHE_HOME": folder, "XDG_STATE_HOME": newFolder("state")]) { $1 }
    }

    /// - Parameter course: the folder of courses that it knows beside those of this repository.
    static func studio(_ courses: String? = nil) throws -> Studio {
        try Studio(environment: environment.merging(["ETUDE_COURSES": courses ?? ""]) { $1 })
    }

    static func compiler() throws -> CellCompiler {
        let cache = folder + "/etude"
        return try CellCompiler(
            toolchain: Toolchain(), moduleSearchPaths: [Installation().learnerModuleFolder(in: cache)], cacheFolder: cache)
    }

    static func newFolder(_ name: String) -> String { "\(folder)/\(name)-\(UUID().uuidString)" }
}

/// A course of a test's own, in a folder of its own, that goes with it.
final class SmallCourse {
    let root = Workshop.newFolder("course")
    let name: String

    /// One exercise, `NAME/1`, with the checkers' module `Small`.
    init(
        _ name: String = "small", starter: String = "", checkers: String? = nil, solutions: String = "", description: String? = nil, files: [String: String] = [:]
    ) throws {
        self.name = name
        let checker = checkers == nil ? "" : ", \"checker\": \"Small\""
        try write("exercises/\(name)/course.json", description ?? """
            {"version": 1, "name": "\(name)", "title": "T", "summary": "S",
             "exercises": [{"number": 1, "file": "1-small.swift", "title": "T", "minutes": 1\(checker)}]}
            """)
        try write("exercises/\(name)/1-small.swift", starter)
        if let checkers { try write("checkers/\(name)/Small.swift", checkers) }
        try write("solutions/\(name)/1-small.swift", solutions)
        for (path, text) in files { try write(path, text) }
    }

    deinit { try? FileManager.default.removeItem(atPath: root) }

    func write(_ path: String, _ text: String) throws {
        let url = URL(fileURLWithPath: "\(root)/\(path)")
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: url)
    }

    func course() throws -> Course { try Course(name: name, root: root) }
    func exercise() throws -> Exercise { try course().exercises[0] }
}

/// Answers that a test knows beforehand.
final class KnownAnswers: AnswerSource {
    let replies: [String: AnswerReply]
    init(_ replies: [String: AnswerReply] = [:]) { self.replies = replies }

    func answer(to query: AnswerQuery) -> (reply: AnswerReply, attachment: [UInt8]) {
        switch query {
        case .value(let name), .call(let name, _): (replies[name] ?? .missing, [])
        }
    }
}

/// What a run showed, in order.
final class Watcher: RunAudience {
    var printed = ""
    var notices: [QuestionNotice] = []
    var outcomes: [String: CellResult.Outcome] = [:]
    var verdicts: [Verdict] { notices.compactMap { if case .verdict(let verdict) = $0 { verdict } else { nil } } }

    func cellBegins(_ cell: Cell, number: Int) {}
    func cellPrinted(_ bytes: [UInt8], isError: Bool) { printed += String(decoding: bytes, as: UTF8.self) }
    func cellDisplayed(_ value: DisplayValue, identifier: Int?) {}
    func cellSaves(_ value: DisplayValue, path: String) {}
    func questionAnswered(_ notice: QuestionNotice) { notices.append(notice) }
    func cellEnded(_ cell: Cell, number: Int, result: CellResult) { outcomes[cell.id] = result.outcome }
}
