import Foundation
import Notebook
import Sessions
import Glibc

public enum Freshness: Equatable { case current, neverRun, outOfDate(String), doubtful(String) }

extension ExerciseRun {
    public func update(to new: Notebook) -> Set<String> {
        let changed = Set(new.cells.filter { cell in cell.kind == .code && notebook.cell(id: cell.id)?.source != cell.source }.map(\.id))
        notebook = new
        for id in changed { results[id] = nil; outlines[id] = nil }
        return changed
    }
    public func bringUpToDate(_ cells: Set<String>) throws -> Bool {
        try run(only: cellsNeeded(by: cells).filter { cells.contains($0) || results[$0] == nil }.union(cells))
    }
    public func freshness(ofCell id: String) -> Freshness { results[id] == nil ? .neverRun : .current }
}

public final class FileWatch {
    public let descriptor: Int32
    private let name: String
    public init(_ path: String) throws {
        descriptor = inotify_init1(Int32(IN_NONBLOCK) | Int32(IN_CLOEXEC))
        name = (path as NSString).lastPathComponent
        inotify_add_watch(descriptor, (path as NSString).deletingLastPathComponent, UInt32(IN_CLOSE_WRITE | IN_MOVED_TO))
    }
    public func changed() -> Bool {
        var buffer = [UInt8](repeating: 0, count: 1 << 14)
        let n = read(descriptor, &buffer, buffer.count)
        return n > 0 && String(decoding: buffer.prefix(n), as: UTF8.self).contains(name)
    }
}
