import Foundation
import Processes

/// An earlier cell's module written again, without the declarations that newer cells have replaced. Its library stays as
/// it is: what is hidden lives on for the code that was compiled with it.
struct ShadowModule {
    private let cell: CompiledCell
    private let hidden: [CellOutline.AccessPlace]

    init(of cell: CompiledCell, hiding places: [CellOutline.AccessPlace]) {
        self.cell = cell
        hidden = places
    }

    /// A folder name that tells what is hidden.
    static func name(of cell: CompiledCell, hiding places: [CellOutline.AccessPlace]) -> String {
        let places = places.map { String($0.offset) }.sorted().joined(separator: ",")
        return ContentKey.of([cell.moduleName, places])
    }

    func emit(with compiler: CellCompiler, into folder: String, interruption: Interruption?) throws {
        let unfinished = try compiler.cache.unfinishedFolder()
        defer { try? FileManager.default.removeItem(atPath: unfinished) }
        // `private` would break the cell's own uses of a member.
        var edits = hidden.map { place in
            place.existing.map { Edit(offset: $0.lowerBound, length: $0.count, text: "fileprivate") }
                ?? Edit(offset: place.offset, text: "fileprivate ")
        }
        let hiddenOffsets = Set(hidden.map(\.offset))
        edits += cell.text.edits.filter { !($0.text == "public " && hiddenOffsets.contains($0.offset)) }
        let text = EditedText(cell.text.original, edits: edits)
        let file = unfinished + "/main.swift"
        let base = unfinished + "/" + cell.moduleName
        guard FileManager.default.createFile(atPath: file, contents: Data((cell.header + text.text + "\n").utf8)) else {
            throw CellCompilerError.cacheNotWritable(folder: unfinished, reason: String(cString: strerror(errno)))
        }
        let arguments = [
            "-emit-module", file, "-o", base + ".swiftmodule", "-module-name", cell.moduleName, "-enable-testing",
            "-emit-module-source-info-path", base + ".swiftsourceinfo",
            "-experimental-skip-non-inlinable-function-bodies",
        ]
        let result = try compiler.frontend.compile(
            arguments, inputs: [file] + compiler.cache.files(ofModules: cell.importedCells, of: CellScope(), shadowFolders: cell.shadowFolders),
            outputs: unfinished, searchPaths: cell.shadowFolders + [compiler.cache.folder] + compiler.searchPaths, interruption: interruption)
        guard case .success = result else { return }
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        for ending in ["swiftsourceinfo", "swiftmodule"] {
            try compiler.cache.move("\(base).\(ending)", to: "\(folder)/\(cell.moduleName).\(ending)")
        }
    }
}

/// Tells whether the modules in the search paths are still those that a cell was compiled with.
enum ModuleFingerprint {
    /// The names, sizes and times of the modules in the folders.
    static func of(_ folders: [String]) -> String {
        var parts: [String] = []
        for folder in folders {
            guard let directory = opendir(folder) else { continue }
            defer { closedir(directory) }
            while let entry = readdir(directory) {
                let name = withUnsafePointer(to: &entry.pointee.d_name) {
                    $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
                }
                guard name.hasSuffix(".swiftmodule") else { continue }
                var status = stat()
                guard stat(folder + "/" + name, &status) == 0 else { continue }
                parts.append("\(name) \(status.st_size) \(status.st_mtim.tv_sec).\(status.st_mtim.tv_nsec)")
            }
        }
        return parts.sorted().joined(separator: "\n")
    }
}
