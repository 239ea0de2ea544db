import Foundation

/// A Swift toolchain's folder, with the programs and libraries that cells need.
public struct Toolchain: Hashable, Sendable {
    /// The folder that holds `bin` and `lib/swift`.
    public let root: String
    /// For example `6.3.1`.
    public let version: String

    public var frontend: String { root + "/bin/swift-frontend" }
    public var linker: String { root + "/bin/ld.lld" }
    public var symbolizer: String { root + "/bin/llvm-symbolizer" }
    public var clang: String { root + "/bin/clang" }
    /// What editors ask about Swift. Small toolchains come without it.
    public var languageServer: String { root + "/bin/sourcekit-lsp" }
    /// Where Swift's own shared libraries lie.
    public var runtimeLibraries: String { root + "/lib/swift/linux" }
    /// swift-syntax and the macro plug-ins, as the compiler itself uses them.
    public var hostLibraries: String { root + "/lib/swift/host" }
    var clangLibrary: String { root + "/lib/libclang.so" }
    /// What registers a library's types and conformances when it is loaded.
    var registration: String { "\(runtimeLibraries)/\(Toolchain.architecture)/swiftrt.o" }

    /// The libraries of Swift that cells may need, by name: a session loads them globally before its first cell, since
    /// cells are linked without naming any. The first is what unoptimised code calls.
    public static let sessionLibraries = [
        "libswiftSwiftOnoneSupport.so", "libswift_Concurrency.so", "libswift_StringProcessing.so", "libswift_RegexParser.so",
        "libFoundation.so", "libFoundationEssentials.so", "libswiftObservation.so", "libswiftSynchronization.so",
        "libswiftRegexBuilder.so",
    ]

    static var architecture: String {
        #if arch(arm64)
            "aarch64"
        #else
            "x86_64"
        #endif
    }
    static var target: String { architecture + "-unknown-linux-gnu" }

    /// The toolchain in a folder.
    /// - Throws: ``ToolchainError`` when it is not there, not whole, or not Swift 6.3.
    public init(root: String) throws {
        let root = root.hasSuffix("/") ? String(root.dropLast()) : root
        let candidates = [root, root + "/usr"]
        guard let found = candidates.first(where: { FileManager.default.fileExists(atPath: $0 + "/bin/swift-frontend") })
        else { throw ToolchainError.notFound(places: [root]) }
        self.root = found
        version = Toolchain.version(at: found) ?? "unknown"
        guard version == "6.3" || version.hasPrefix("6.3.") else {
            throw ToolchainError.wrongVersion(version, root: found)
        }
        for path in [linker, symbolizer, clangLibrary, registration, hostLibraries + "/libSwiftParser.so"]
        where !FileManager.default.fileExists(atPath: path) {
            throw ToolchainError.incomplete(root: found, missing: path)
        }
    }

    /// The toolchain that `ETUDE_TOOLCHAIN` names, else the one whose `swiftc` is on `PATH`.
    /// - Throws: ``ToolchainError``.
    public init(locatedFrom environment: [String: String] = ProcessInfo.processInfo.environment) throws {
        if let named = environment["ETUDE_TOOLCHAIN"], !named.isEmpty {
            self = try Toolchain(root: named)
            return
        }
        var problem: ToolchainError?
        let folders = (environment["PATH"] ?? "").split(separator: ":").map(String.init)
        for folder in folders {
            let compiler = URL(fileURLWithPath: folder).appendingPathComponent("swiftc")
            guard FileManager.default.isExecutableFile(atPath: compiler.path) else { continue }
            let root = compiler.resolvingSymlinksInPath().deletingLastPathComponent().deletingLastPathComponent().path
            do {
                self = try Toolchain(root: root)
                return
            } catch let error as ToolchainError {
                problem = problem ?? error
            }
        }
        throw problem ?? ToolchainError.notFound(places: folders)
    }

    /// Read from the standard library's interface, which spares the start of a process.
    private static func version(at root: String) -> String? {
        let interface = "\(root)/lib/swift/linux/Swift.swiftmodule/\(target).swiftinterface"
        guard let file = FileHandle(forReadingAtPath: interface) else { return nil }
        defer { try? file.close() }
        let head = String(decoding: (try? file.read(upToCount: 512)) ?? Data(), as: UTF8.self)
        guard let marker = head.range(of: "Swift version ") else { return nil }
        return String(head[marker.upperBound...].prefix { $0.isNumber || $0 == "." })
    }
}

/// Why there is no toolchain to compile cells with.
public enum ToolchainError: Error, CustomStringConvertible, LocalizedError, Equatable {
    case notFound(places: [String])
    case wrongVersion(String, root: String)
    case incomplete(root: String, missing: String)

    public var description: String {
        switch self {
        case .notFound(let places):
            "No Swift toolchain was found (looked in \(places.joined(separator: ", "))). "
                + "Install Swift 6.3 from swift.org and put its `usr/bin` on PATH, or set ETUDE_TOOLCHAIN to its `usr` folder."
        case .wrongVersion(let version, let root):
            "Cells need Swift 6.3, and the toolchain in \(root) is Swift \(version). "
                + "Set ETUDE_TOOLCHAIN to the `usr` folder of a Swift 6.3 toolchain."
        case .incomplete(let root, let missing):
            "The Swift toolchain in \(root) is not whole: \(missing) is missing. "
                + "Install Swift 6.3 from swift.org, or set ETUDE_TOOLCHAIN to another toolchain's `usr` folder."
        }
    }
    public var errorDescription: String? { description }
}
