import Foundation

/// Compiled cells by the hash of all that went into them: a flat folder that may be shared by processes and deleted at
/// any time.
///
/// A cell's files are written elsewhere and renamed into place, its `.json` last: where that is, the cell is whole.
struct CompileCache: Sendable {
    let folder: String
    let sizeLimit: Int
    /// Entries younger than this are never evicted: their libraries may be about to be loaded.
    var minimumAge: TimeInterval = 600

    init(folder: String, sizeLimit: Int) throws {
        self.folder = folder
        self.sizeLimit = sizeLimit
        try makeFolders()
    }

    private func makeFolders() throws {
        for path in [folder, folder + "/clang", folder + "/shadows", folder + "/modules", folder + "/unfinished"] {
            do { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) } catch {
                throw CellCompilerError.cacheNotWritable(folder: folder, reason: error.localizedDescription)
            }
        }
    }

    func path(_ name: String, _ ending: String) -> String { "\(folder)/\(name).\(ending)" }
    func library(_ name: String) -> String { "\(folder)/lib\(name).so" }

    /// What is kept of a cell, and marks it as used now.
    func entry(_ name: String) -> CacheEntry? {
        let path = path(name, "json")
        guard let data = FileManager.default.contents(atPath: path),
            let entry = try? JSONDecoder().decode(CacheEntry.self, from: data), entry.version == CacheEntry.currentVersion,
            access(library(name), R_OK) == 0, access(self.path(name, "swiftmodule"), R_OK) == 0
        else { return nil }
        utimes(path, nil)
        return entry
    }

    /// A new folder for files that are not finished.
    func unfinishedFolder() throws -> String {
        let path = folder + "/unfinished/\(getpid())-" + UUID().uuidString
        do {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        } catch {
            // Someone may have deleted the whole cache.
            try makeFolders()
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        }
        return path
    }

    func move(_ source: String, to target: String) throws {
        guard rename(source, target) == 0 else {
            throw CellCompilerError.cacheNotWritable(folder: folder, reason: String(cString: strerror(errno)))
        }
    }

    func store(_ entry: CacheEntry, as name: String, unfinished: String) throws {
        let path = unfinished + "/entry.json"
        do { try JSONEncoder().encode(entry).write(to: URL(fileURLWithPath: path)) } catch {
            throw CellCompilerError.cacheNotWritable(folder: folder, reason: error.localizedDescription)
        }
        try move(path, to: self.path(name, "json"))
    }

    /// Deletes the entries that were used longest ago until the cache holds 80% of its limit, if it holds more than all.
    func evict(now: Date = Date()) {
        var entries: [String: (size: Int, used: Date, paths: [String])] = [:]
        var total = 0
        let keys: Set<URLResourceKey> = [.fileSizeKey, .contentModificationDateKey, .isDirectoryKey]
        func add(_ url: URL, to entry: String, datedByJSON: Bool) {
            guard let values = try? url.resourceValues(forKeys: keys) else { return }
            let isFolder = values.isDirectory ?? false
            let size = isFolder ? CompileCache.size(of: url.path) : values.fileSize ?? 0
            let date = values.contentModificationDate ?? .distantPast
            var known = entries[entry] ?? (0, .distantPast, [])
            known.size += size
            if !datedByJSON || url.pathExtension == "json" || known.used == .distantPast { known.used = date }
            known.paths.append(url.path)
            entries[entry] = known
            total += size
        }
        let manager = FileManager.default
        for name in (try? manager.contentsOfDirectory(atPath: folder)) ?? [] {
            let stem = name.hasPrefix("lib") ? String(name.dropFirst(3)) : name
            guard let module = ModuleNames.leading(stem.utf8[...]) else { continue }
            add(URL(fileURLWithPath: folder + "/" + name), to: module, datedByJSON: true)
        }
        for kind in ["shadows", "modules", "unfinished"] {
            for name in (try? manager.contentsOfDirectory(atPath: folder + "/" + kind)) ?? [] {
                add(URL(fileURLWithPath: "\(folder)/\(kind)/\(name)"), to: kind + name, datedByJSON: false)
            }
        }
        guard total > sizeLimit else { return }
        for entry in entries.values.sorted(by: { $0.used < $1.used }) {
            guard total > sizeLimit * 4 / 5, now.timeIntervalSince(entry.used) >= minimumAge else { return }
            // The description goes first: what it leaves is then no entry.
            for path in entry.paths.sorted(by: { $0.hasSuffix(".json") && !$1.hasSuffix(".json") }) {
                try? manager.removeItem(atPath: path)
            }
            total -= entry.size
        }
    }

    private static func size(of folder: String) -> Int {
        let names = FileManager.default.enumerator(atPath: folder)
        var total = 0
        while names?.nextObject() != nil { total += (names?.fileAttributes?[.size] as? Int) ?? 0 }
        return total
    }
}

/// What is kept of a compiled cell beside its library and module.
struct CacheEntry: Codable {
    static let currentVersion = 1
    var version = CacheEntry.currentVersion
    var header: String
    var edits: [Edit]
    var showsValue: Bool
    var boundAnswers: [String]
    var importedCells: [String]
    var shadowFolders: [String]
    var diagnostics: [RawDiagnostic]
}
