import CellCompiler
import Foundation
import Notebook

/// The versions of a learner's file as a person is told of them: numbered from the newest, each with what changed in it.
public struct VersionList: Sendable {
    public struct Item: Sendable {
        /// Counted from the newest version, which is 1.
        public let number: Int
        public let version: FileHistory.Version
        /// What is other than in the version before it.
        public let changes: CellChanges
        /// Whether the file holds just this now.
        public let isCurrent: Bool
    }

    /// The newest first.
    public let items: [Item]
    /// What the file holds now other than the newest version; nil when it holds a version that was kept, or is not there.
    public let unkept: CellChanges?
    private let path: String

    public init(of file: LearnerFile) throws {
        let path = file.path
        let versions = file.versions()
        let contents = versions.map { try? file.history.contents(of: $0) }
        let present = access(path, F_OK) == 0 ? try WholeFile.bytes(of: path) : nil
        let notebooks = contents.map { $0.flatMap { try? Notebook(bytes: $0, ofFile: path) } }
        let current = present.flatMap { contents.firstIndex(of: $0) }
        self.path = path
        items = versions.indices.map { index in
            let isOldest = index == versions.count - 1
            return Item(
                number: index + 1, version: versions[index],
                changes: isOldest ? .oldest : CellChanges(from: notebooks[index + 1], to: notebooks[index]), isCurrent: index == current)
        }
        unkept = present.flatMap { present in
            current == nil ? CellChanges(from: notebooks.first ?? nil, to: try? Notebook(bytes: present, ofFile: path)) : nil
        }
    }

    /// The version that a person means.
    ///
    /// - Parameter name: a number, or a moment: the newest version kept by then, `14:05`, `14:05:30`, `2026-03-01 14:05`, or
    ///   ISO 8601 with a zone.
    /// - Throws: ``VersionError``.
    public func item(named name: String, now: Date = Date(), timeZone: TimeZone = .current) throws -> Item {
        guard let newest = items.first else { throw VersionError.none(path: path) }
        if let number = Int(name) {
            guard let item = items.first(where: { $0.number == number }) else { throw VersionError.noSuchNumber(name, count: items.count) }
            return item
        }
        guard let end = Self.end(of: name, now: now, timeZone: timeZone) else { throw VersionError.notUnderstood(name) }
        guard let item = items.first(where: { $0.version.date < end }) else { throw VersionError.tooEarly(name, first: items.last ?? newest) }
        return item
    }

    /// The first instant that is past a moment; a moment lasts as long as its last figure says.
    private static func end(of moment: String, now: Date, timeZone: TimeZone) -> Date? {
        let iso = ISO8601DateFormatter()
        if let date = iso.date(from: moment) { return date + 1 }
        iso.formatOptions.insert(.withFractionalSeconds)
        // Seconds as a fraction of two are not exact.
        if let date = iso.date(from: moment) { return date + 0.0005 }
        let formatter = DateFormatter()
        (formatter.locale, formatter.timeZone, formatter.isLenient) = (Locale(identifier: "en_US_POSIX"), timeZone, false)
        formatter.dateFormat = "yyyy-MM-dd"
        let today = formatter.string(from: now)
        for text in [moment.replacingOccurrences(of: "T", with: " "), "\(today) \(moment)"] {
            for (clock, length) in [("HH:mm:ss", 1.0), ("HH:mm", 60)] {
                formatter.dateFormat = "yyyy-MM-dd " + clock
                if let date = formatter.date(from: text) { return date + length }
            }
        }
        return nil
    }
}

/// In which cells one version of a notebook is other than another.
public enum CellChanges: Equatable, Sendable {
    /// By name: cells that are new or have another text, and cells that are gone.
    case cells(changed: [String], gone: [String])
    /// There is no version before it.
    case oldest
    /// One of the two is no notebook.
    case unreadable

    init(from old: Notebook?, to new: Notebook?) {
        guard let old, let new else { self = .unreadable; return }
        func names(_ cells: [(Int, Cell)]) -> [String] { cells.map { $1.hasDerivedID ? $1.title ?? "cell \($0 + 1)" : $1.id } }
        self = .cells(
            changed: names(new.cells.enumerated().filter { _, cell in old.cell(id: cell.id).map { $0.source != cell.source || $0.kind != cell.kind } ?? true }),
            // A cell without an id of its own is another when its text is.
            gone: names(old.cells.enumerated().filter { new.cell(id: $1.id) == nil && !($1.hasDerivedID && old.cells.count == new.cells.count) }))
    }
}

/// Why there is no version of a name.
public enum VersionError: Error, CustomStringConvertible {
    case none(path: String)
    case noSuchNumber(String, count: Int)
    case notUnderstood(String)
    case tooEarly(String, first: VersionList.Item)

    public var description: String {
        switch self {
        case .none(let path): "No version of \(path) was kept: Etude keeps what is saved while `etude work` has the file open, and what it replaces itself."
        case .noSuchNumber(let name, let count): "There is no version \(name): they count from 1, the newest, to \(count)."
        case .notUnderstood(let name): "\"\(name)\" is no version: give a number from `etude history`, or a time such as 14:05 or \"2026-03-01 14:05\"."
        case .tooEarly(let name, let first): "No version is from \(name) or before; the oldest is version \(first.number)."
        }
    }
}
