import Foundation
import Processes
import Sandbox

/// The compiler and the linker at a stranger's cell: each run in a box of its own, which shows the toolchain and holds
/// copies of just the files that the run reads. What it writes is taken out by name, when it has ended.
///
/// All paths in the box are neutral: a cell's messages and debug information tell nothing of the host, and are the same on
/// each machine.
final class BoxedTools: @unchecked Sendable {
    private let sandbox: Sandbox
    private let toolchain: Toolchain
    private let cacheFolder: String
    private let limits: SandboxLimits
    private let lock = NSLock()
    /// Guarded by `lock`.
    private var warmClangFolder: String?

    /// The most bytes of a file that is taken out of a box.
    private static let largestFile = 128 << 20
    private static let clangFolder = "/tmp/clang"

    init(_ sandbox: Sandbox, toolchain: Toolchain, cacheFolder: String, deadline: Duration) {
        (self.sandbox, self.toolchain, self.cacheFolder) = (sandbox, toolchain, cacheFolder)
        var limits = SandboxLimits.tool
        limits.duration = deadline
        limits.processorSeconds = Int(deadline.components.seconds)
        self.limits = limits
    }

    /// Runs a tool.
    ///
    /// - Parameters:
    ///   - arguments: with the host's paths, which are replaced by those of the box.
    ///   - inputs: all files of the cache's, or beside the outputs, that it reads.
    ///   - outputs: the folder in which the host finds what it writes; files in it that an argument names are taken out.
    ///   - searchPaths: folders of modules that it reads in place.
    func run(
        _ program: String, _ arguments: [String], inputs: [String], outputs: String, searchPaths: [String] = [], interruption: Interruption?
    ) throws -> BoxResult {
        let clang = try warmedClangFolder(interruption)
        return try run(
            program, arguments, inputs: inputs, outputs: outputs, searchPaths: searchPaths, further: [Shown(clang, as: Self.clangFolder)],
            limits: limits, interruption: interruption)
    }

    private func run(
        _ program: String, _ arguments: [String], inputs: [String], outputs: String, searchPaths: [String], further: [Shown],
        limits: SandboxLimits, interruption: Interruption?
    ) throws -> BoxResult {
        // Nearer folders first: a path is replaced by the first that it lies in.
        var places = inputs.map { ($0, "/cells/" + name(ofInput: $0, outputs: outputs)) }
        places += [("\(cacheFolder)/clang", Self.clangFolder), (outputs, "/tmp")]
        var shows = further + [Shown(toolchain.root, as: "/toolchain")]
        for (index, folder) in searchPaths.enumerated() where !isOfCells(folder) {
            places.append((folder, "/modules/\(index)"))
            shows += modules(in: folder).map { Shown("\(folder)/\($0)", as: "/modules/\(index)/\($0)") }
        }
        places += [(cacheFolder, "/cells"), (toolchain.root, "/toolchain")]
        let result = try sandbox.run(
            inside(program, places), arguments.map { inside($0, places) }, shows: shows,
            files: inputs.map { ($0, name(ofInput: $0, outputs: outputs)) }, limits: limits, interruption: interruption)
        let written = Set(arguments.filter { $0.hasPrefix(outputs + "/") && !inputs.contains($0) }.map { String($0.dropFirst(outputs.count + 1)) })
        for name in written {
            guard let bytes = result.scratch.bytes(of: name, atMost: Self.largestFile) else { continue }
            guard FileManager.default.createFile(atPath: "\(outputs)/\(name)", contents: Data(bytes)) else {
                throw CellCompilerError.cacheNotWritable(folder: outputs, reason: String(cString: strerror(errno)))
            }
        }
        return result
    }

    /// Whether the modules in a folder are cells', of which a run gets those that it is to read.
    private func isOfCells(_ folder: String) -> Bool { folder == cacheFolder || folder.hasPrefix(cacheFolder + "/shadows/") }

    private func modules(in folder: String) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).filter { $0.hasSuffix(".swiftmodule") }.sorted()
    }

    private func name(ofInput path: String, outputs: String) -> String {
        for folder in [outputs, cacheFolder] where path.hasPrefix(folder + "/") { return String(path.dropFirst(folder.count + 1)) }
        return (path as NSString).lastPathComponent
    }

    private func inside(_ path: String, _ places: [(host: String, inside: String)]) -> String {
        for (host, inside) in places {
            if path == host { return inside }
            if path.hasPrefix(host + "/") { return inside + path.dropFirst(host.count) }
        }
        return path
    }

    // MARK: The C modules

    /// The C modules that Swift's own are made of, compiled once and then shown to every run: a run can't write them, so no
    /// cell can change them for the next. They come from a text of Etude's own, in a box like any cell's.
    private func warmedClangFolder(_ interruption: Interruption?) throws -> String {
        lock.lock()
        defer { lock.unlock() }
        if let warmClangFolder { return warmClangFolder }
        let key = ContentKey.of(["warm modules 1", toolchain.version, toolchain.root, Self.warmUp])
        let folder = "\(cacheFolder)/clang/\(key)"
        if access(folder, R_OK) != 0 { try warm(folder, interruption) }
        utimes(folder, nil)
        warmClangFolder = folder
        return folder
    }

    private static let warmUp = ["Foundation", "FoundationNetworking", "FoundationXML", "Glibc", "Dispatch", "Observation", "Synchronization", "RegexBuilder"]
        .map { "import \($0)\n" }.joined() + "let warm = 1\n"

    private func warm(_ folder: String, _ interruption: Interruption?) throws {
        let unfinished = "\(cacheFolder)/unfinished/clang-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: unfinished, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: unfinished) }
        let source = unfinished + "/warm.swift"
        guard FileManager.default.createFile(atPath: source, contents: Data(Self.warmUp.utf8)) else {
            throw CellCompilerError.cacheNotWritable(folder: unfinished, reason: String(cString: strerror(errno)))
        }
        var limits = limits
        (limits.duration, limits.processorSeconds) = (.seconds(300), 300)
        let frontend = Frontend(toolchain: toolchain, cacheFolder: cacheFolder, moduleSearchPaths: [], deadline: limits.duration)
        // Each of the ways in which cells are compiled has its own.
        for ways in [["-Onone"], Frontend.optimisationFlags] {
            let arguments = ["-c", "-primary-file", source, "-module-name", "Warm", "-gline-tables-only", "-o", unfinished + "/warm.o"]
            let result = try run(
                toolchain.frontend, ["-frontend"] + arguments + ways + frontend.commonFlags,
                inputs: [source], outputs: unfinished, searchPaths: [], further: [], limits: limits, interruption: interruption)
            guard result.succeeded else {
                if result.wasInterrupted { throw CellCompilerError.interrupted }
                throw CellCompilerError.modulesNotCompiled(result.errorText)
            }
            try take("clang", from: result.scratch, to: unfinished + "/clang")
        }
        // Where another process was faster, its folder is as good.
        if rename(unfinished + "/clang", folder) != 0, access(folder, R_OK) != 0 {
            throw CellCompilerError.cacheNotWritable(folder: folder, reason: String(cString: strerror(errno)))
        }
    }

    private func take(_ folder: String, from box: BoxFolder, to target: String) throws {
        try FileManager.default.createDirectory(atPath: target, withIntermediateDirectories: true)
        for name in box.names(in: folder) {
            if let bytes = box.bytes(of: "\(folder)/\(name)", atMost: Self.largestFile) {
                try Data(bytes).write(to: URL(fileURLWithPath: "\(target)/\(name)"))
            } else {
                try take("\(folder)/\(name)", from: box, to: "\(target)/\(name)")
            }
        }
    }
}
