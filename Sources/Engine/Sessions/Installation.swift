import CellCompiler
import Foundation

/// Where this Etude keeps its programs, libraries and modules: all beside the running program.
public struct Installation: Sendable {
    public let folder: String

    public var session: String { folder + "/etude-session" }
    public var checker: String { folder + "/etude-checker" }
    /// What starts boxes: asked for only where strangers' cells run.
    public var sandbox: String { folder + "/etude-sandbox" }
    /// Reads strangers' cells before the host does.
    public var reader: String { folder + "/etude-reader" }
    public var learnerLibrary: String { folder + "/libEtude.so" }
    public var gradingLibrary: String { folder + "/libEtudeGrading.so" }
    public var modules: String { folder + "/Modules" }

    /// The installation of the program that is running.
    /// - Throws: ``InstallationError`` that names what is missing.
    public init() throws {
        var path = [CChar](repeating: 0, count: 4096)
        let count = readlink("/proc/self/exe", &path, path.count - 1)
        let program = count > 0 ? String(decoding: path[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self) : CommandLine.arguments[0]
        try self.init(folder: (program as NSString).deletingLastPathComponent)
    }

    public init(folder: String) throws {
        self.folder = folder
        for part in [session, checker, learnerLibrary, gradingLibrary, modules] where access(part, R_OK) != 0 {
            throw InstallationError(missing: part)
        }
    }

    /// The modules that a cell may import.
    static let learnerModules = ["Display", "Wire", "Training", "DataFrames", "Plotting", "Lessons", "SessionRuntime"]
    /// The modules that a course's checkers may import.
    static let checkerModules = ["Display", "Wire", "Training", "DataFrames", "Grading", "CheckerRuntime"]

    /// A folder that holds just the modules that a cell may import, so that a cell which imports a checker's
    /// module is told so by the compiler.
    /// - Throws: ``CellCompilerError/cacheNotWritable(folder:reason:)``.
    public func learnerModuleFolder(in cache: String) throws -> String {
        try moduleFolder(Self.learnerModules, named: "learner", in: cache)
    }

    public func checkerModuleFolder(in cache: String) throws -> String {
        try moduleFolder(Self.checkerModules, named: "checker", in: cache)
    }

    /// The modules that a cell may import, for an editor: with their documentation, and the places of their
    /// declarations. Cells have a folder without, since the compiler's notes would lead them into sources of Etude.
    public func editorModuleFolder(in cache: String) throws -> String {
        try moduleFolder(Self.learnerModules, named: "editor", in: cache, companions: ["swiftdoc", "swiftsourceinfo"])
    }

    private func moduleFolder(_ names: [String], named name: String, in cache: String, companions: [String] = []) throws -> String {
        // One folder a place of installation: two builds of Etude can share a cache.
        let result = "\(cache)/modules/\(name)-\(ContentKey.of([folder]))"
        do { try FileManager.default.createDirectory(atPath: result, withIntermediateDirectories: true) } catch {
            throw CellCompilerError.cacheNotWritable(folder: cache, reason: fileReason(error))
        }
        // Used now: what was used longest ago leaves a full cache first.
        utimes(result, nil)
        var files = names.map { $0 + ".swiftmodule" }
        files += companions.flatMap { ending in names.map { "\($0).\(ending)" } }.filter { access("\(modules)/\($0)", R_OK) == 0 }
        for file in files {
            let link = "\(result)/\(file)"
            if access(link, R_OK) == 0 { continue }
            // Renamed into place, so that another process never finds the module missing.
            let new = "\(link).\(UUID().uuidString)"
            guard symlink("\(modules)/\(file)", new) == 0, rename(new, link) == 0 else {
                throw CellCompilerError.cacheNotWritable(folder: result, reason: String(cString: strerror(errno)))
            }
        }
        return result
    }
}

public struct InstallationError: Error, CustomStringConvertible {
    public let missing: String
    public var description: String {
        "\(missing) is missing: this Etude is not whole. Build it again with `swift build -c release` and run it through scripts/etude."
    }
}
