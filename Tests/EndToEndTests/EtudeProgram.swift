import Foundation
import Processes
import Testing

/// The real program, as a person has it, with a home of its own. Compiled cells are shared between tests.
struct EtudeProgram {
    private static let folder = NSTemporaryDirectory() + "etude-end-to-end-\(getpid())"
    static let cache = folder + "/cache"
    static let program = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent().path + "/etude"
    static let repository: String = {
        var folder = URL(fileURLWithPath: #filePath)
        while !FileManager.default.fileExists(atPath: folder.appendingPathComponent("Package.swift").path) { folder.deleteLastPathComponent() }
        return folder.path
    }()

    let home: String

    init() throws {
        home = Self.folder + "/home-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: home, withIntermediateDirectories: true)
        _ = Self.cleanUp
    }

    private static let cleanUp: Void = { atexit { try? FileManager.default.removeItem(atPath: EtudeProgram.folder) } }()

    struct Result {
        var status: Int32
        var output: String
        var errorOutput: String
        /// The output's lines as JSON objects.
        func objects() throws -> [[String: Any]] {
            try output.split(separator: "\n").map {
                try #require(JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
            }
        }
    }

    var environment: [String: String] {
        [
            "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "", "HOME": home, "LANG": "C.UTF-8", "TERM": "dumb",
            "XDG_CACHE_HOME": Self.cache, "XDG_STATE_HOME": home + "/state",
        ]
    }

    func callAsFunction(_ arguments: String...) throws -> Result { try self(arguments) }

    func callAsFunction(_ arguments: [String]) throws -> Result {
        let result = try run(Self.program, arguments, environment: environment, workingDirectory: home, deadline: .seconds(600))
        var status: Int32 = -1
        if case .exited(let code) = result.termination { status = code }
        return Result(status: status, output: String(decoding: result.output, as: UTF8.self), errorOutput: result.errorText)
    }

    /// Writes a file into the home and returns its path.
    func write(_ name: String, _ text: String) throws -> String {
        try Data(text.utf8).write(to: URL(fileURLWithPath: "\(home)/\(name)"))
        return "\(home)/\(name)"
    }

    /// Writes the files of a course, by their paths below a folder, which is made.
    static func write(_ files: [String: String], in root: String) throws {
        for (path, text) in files {
            let url = URL(fileURLWithPath: "\(root)/\(path)")
            try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: url)
        }
    }

    func read(_ name: String) throws -> String { try String(contentsOfFile: "\(home)/\(name)", encoding: .utf8) }

    /// A copy of the embeddings course with a text of the exercise replaced.
    func startedCourse(replacing replacements: [(String, String)] = []) throws -> String {
        let started = try self("start", "embeddings", "work-\(UUID().uuidString)")
        #expect(started.status == 0, "\(started.errorOutput)")
        let folder = try #require(FileManager.default.contentsOfDirectory(atPath: home).first { $0.hasPrefix("work-") })
        let file = "\(folder)/1-embedding-layers.swift"
        var text = try read(file)
        for (old, new) in replacements {
            #expect(text.contains(old))
            text = text.replacingOccurrences(of: old, with: new)
        }
        return try write(file, text)
    }
}
