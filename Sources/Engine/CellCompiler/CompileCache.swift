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
                throw CellCompilerError.cacheNotWritable(folder: folder, reason: fileReason(error))
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

    /// The files that the compiler reads of some cells' modules, and of those that they import in their turn.
    func files(ofModules modules: [String], of scope: CellScope, shadowFolders: [String]) -> [String] {
        let imports = Dictionary(scope.cells.map { ($0.moduleName, $0.importedCells) }, uniquingKeysWith: { $1 })
        var found: Set<String> = [], waiting = modules
        while let module = waiting.popLast() {
            if found.insert(module).inserted { waiting += imports[module] ?? entry(module)?.importedCells ?? [] }
        }
        let own: [String] = ["swiftmodule", "swiftsourceinfo"].flatMap { ending in found.map { path($0, ending) } }
        return own.filter { access($0, R_OK) == 0 } + shadowFolders.flatMap { folder in names(in: folder).map { name in "\(folder)/\(name)" } }
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
            throw CellCompilerError.cacheNotWritable(folder: folder, reason: fileReason(error))
        }
        try move(path, to: self.path(name, "json"))
    }

    /// Evicts at most once an hour, among all the processes that share the folder: a walk through a full cache costs
    /// some hundred milliseconds.
    func evictIfDue(now: Date = Date()) {
        let mark = folder + "/evicted"
        var status = stat()
        if stat(mark, &status) == 0, now.timeIntervalSince1970 - Double(status.st_mtim.tv_sec) < 3_600 { return }
        _ = FileManager.default.createFile(atPath: mark, contents: nil)
        evict(now: now)
    }

    /// Deletes the entries that were used longest ago until the cache holds 80% of its limit, if it holds more than all.
    func evict(now: Date = Date()) {
        var entries: [String: Entry] = [:]
        for name in names(in: folder) {
            let stem = name.hasPrefix("lib") ? name.dropFirst(3) : name[...]
            guard let module = ModuleNames.leading(stem.utf8), let file = file(folder + "/" + name) else { continue }
            entries[module, default: Entry()].add(file, isDescription: name.hasSuffix(".json"))
        }
        for kind in ["shadows", "modules", "unfinished"] {
            for name in names(in: "\(folder)/\(kind)") {
                let path = "\(folder)/\(kind)/\(name)"
                guard var file = file(path) else { continue }
                file.size = names(in: path).reduce(0) { $0 + (self.file(path + "/" + $1)?.size ?? 0) }
                entries[kind + "/" + name, default: Entry()].add(file, isDescription: true)
            }
        }
        var total = entries.values.reduce(0) { $0 + $1.size }
        guard total > sizeLimit else { return }
        for entry in entries.values.sorted(by: { $0.used < $1.used }) {
            guard total > sizeLimit / 5 * 4, now.timeIntervalSince1970 - entry.used >= minimumAge else { return }
            // The description goes first: what it leaves is then no entry.
            for path in entry.paths.sorted(by: { $0.hasSuffix(".json") && !$1.hasSuffix(".json") }) {
                try? FileManager.default.removeItem(atPath: path)
            }
            total -= entry.size
        }
    }

    private struct File { var path: String, size: Int, changed: Double }

    /// The files that belong together. The description's time counts, since it is touched at each use.
    private struct Entry {
        var size = 0
        var used = 0.0
        var paths: [String] = []
        private var hasDescription = false

        mutating func add(_ file: File, isDescription: Bool) {
            size += file.size
            paths.append(file.path)
            if isDescription { used = file.changed } else if !hasDescription { used = max(used, file.changed) }
            hasDescription = hasDescription || isDescription
        }
    }

    private func names(in folder: String) -> [String] { (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [] }

    private func file(_ path: String) -> File? {
        var status = stat()
        guard lstat(path, &status) == 0 else { return nil }
        return File(path: path, size: Int(status.st_size), changed: Double(status.st_mtim.tv_sec))
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
