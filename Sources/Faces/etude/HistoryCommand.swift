import ArgumentParser
import Courses
import Foundation
import Notebook
import Terminal

struct History: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List the earlier versions of your notebook that were kept, the newest first.",
        discussion: """
            Kept is what you save while `etude work` has the file open, and what Etude itself replaces.

            Example:
              etude history embeddings/1-embedding-layers.swift
            """)

    @Argument(help: "The notebook's file, which may be gone.") var notebook: String
    @Flag(help: "One JSON object a line, for scripts.") var json = false

    func run() throws {
        let list = try VersionList(of: LearnerFile(notebook, stateFolder: LearnerStateStore.defaultFolder()))
        if json { return try list.items.forEach { try Output.json(VersionRow($0)) } }
        guard !list.items.isEmpty else { throw VersionError.none(path: notebook) }
        if let changes = list.unkept { Output.write("   now                       \(changes.sentence)\n") }
        for item in list.items {
            let number = String(repeating: " ", count: max(0, 4 - "\(item.number)".count)) + "\(item.number)"
            Output.write("\(number)  \(item.version.date.clock)  \(item.isCurrent ? "now" : "   ")  \(item.changes.sentence)\n")
        }
        Output.write("\nOne of them back: \(Invocation.name) restore \(neutralised(notebook)) NUMBER\n")
    }
}

struct Restore: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Make your notebook what it was in an earlier version; what it is now is kept as a version, too.",
        discussion: """
            Versions are counted from the newest, which is 1. A time means what had been kept last by then.

            Examples:
              etude restore embeddings/1-embedding-layers.swift 2
              etude restore embeddings/1-embedding-layers.swift 14:05
              etude restore embeddings/1-embedding-layers.swift "2026-03-01 14:05"
            """)

    @Argument(help: "The notebook's file, which may be gone.") var notebook: String
    @Argument(help: "A number that `etude history` shows, or a time.") var version: String
    @Flag(help: "One JSON object a line, for scripts.") var json = false

    func run() throws {
        let file = LearnerFile(notebook, stateFolder: LearnerStateStore.defaultFolder())
        let item = try VersionList(of: file).item(named: version)
        try file.restore(item.version)
        if json { return try Output.json(VersionRow(item)) }
        let name = neutralised(notebook), when = item.version.date.clock
        if item.isCurrent { return print("\(name) is what it was at \(when): version \(item.number). Nothing had to be changed.") }
        print("\(name) is what it was at \(when). What it was until now is kept: \(Invocation.name) history \(name)")
    }
}

/// A version, for scripts.
private struct VersionRow: Encodable {
    var version: Int
    var date: String
    var bytes: Int
    var isCurrent: Bool
    var changed, gone: [String]?

    init(_ item: VersionList.Item) {
        (version, bytes, isCurrent) = (item.number, item.version.size, item.isCurrent)
        date = item.version.date.formatted(.iso8601.year().month().day().time(includingFractionalSeconds: true))
        if case .cells(let changed, let gone) = item.changes { (self.changed, self.gone) = (changed, gone) }
    }
}

extension CellChanges {
    fileprivate var sentence: String {
        switch self {
        case .oldest: return "the oldest version kept"
        case .unreadable: return "not a notebook that can be read, or the one before is not"
        case .cells(let changed, let gone):
            let parts = [changed.isEmpty ? nil : "changed: \(Self.list(changed))", gone.isEmpty ? nil : "gone: \(Self.list(gone))"].compactMap { $0 }
            return parts.isEmpty ? "no cell's text" : parts.joined(separator: "; ")
        }
    }

    private static func list(_ names: [String]) -> String {
        neutralised(names.prefix(5).joined(separator: ", ") + (names.count > 5 ? " and \(names.count - 5) more" : ""))
    }
}

extension Date {
    /// The day and time here, to the second.
    fileprivate var clock: String {
        let formatter = DateFormatter()
        (formatter.locale, formatter.dateFormat) = (Locale(identifier: "en_US_POSIX"), "yyyy-MM-dd HH:mm:ss")
        return formatter.string(from: self)
    }
}
