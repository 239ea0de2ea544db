import Foundation
import Processes
import Testing
@testable import Sandbox

/// What the attacks are after, and the places in which they are tried.
final class Arena {
    static let programs = (try? URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent().path) ?? ""
    static let attacks = programs + "/sandbox-attacks"

    /// Boxes of the level that this system has for root, or whoever runs the tests.
    static let sandbox = Result { try Sandbox(launcher: programs + "/etude-sandbox") }

    /// Boxes as an ordinary user gets them: only root can become one.
    static let usersSandbox = Result { () throws -> Sandbox in
        let folder = try openFolder(), program = folder + "/etude-sandbox", launcher = folder + "/as-user"
        try FileManager.default.copyItem(atPath: programs + "/etude-sandbox", toPath: program)
        try "#!/bin/sh\nexec setpriv --reuid=4321 --regid=4321 --clear-groups \(program) \"$@\"\n".write(toFile: launcher, atomically: true, encoding: .utf8)
        chmod(launcher, 0o755)
        return try Sandbox(launcher: launcher, program: program, bubblewrap: Program.path("bwrap") ?? "")
    }

    /// A folder that every user may enter; it goes with the process.
    static func openFolder() throws -> String {
        let folder = "/var/tmp/etude-arena-\(getpid())-\(UUID().uuidString.prefix(8))"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o755])
        folders.withLock { $0.append(folder) }
        return folder
    }

    private static let folders: Locked<[String]> = {
        atexit { for folder in Arena.folders.withLock({ $0 }) { try? FileManager.default.removeItem(atPath: folder) } }
        return Locked<[String]>([])
    }()

    /// A process of the host's, whose environment holds a secret.
    let process: ChildProcess
    /// A file of the host's that everybody may read.
    let secret: String
    /// Where a server listens, and as what name.
    let port: Int
    private let servers: [Descriptor]
    private let lifeline: Descriptor
    /// A folder of the host's, open.
    private let root = Descriptor(open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC))
    private static let environment = ["ETUDE_SECRET": "expected", "PATH": "/usr/bin:/bin"]

    init() throws {
        // Ends with the tests, however they end: it reads from a pipe that they hold.
        let lifeline = try Descriptor.pipe()
        process = try ChildProcess("/bin/cat", [], environment: Self.environment, descriptors: [0: lifeline.reading.number])
        self.lifeline = lifeline.writing
        secret = try Self.openFolder() + "/expected.json"
        try "42".write(toFile: secret, atomically: true, encoding: .utf8)
        let server = Descriptor(socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0))
        var address = sockaddr_in(), length = socklen_t(MemoryLayout<sockaddr_in>.size)
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                _ = bind(server.number, pointer, length)
                listen(server.number, 64)
                getsockname(server.number, pointer, &length)
            }
        }
        port = Int(UInt16(bigEndian: address.sin_port))
        let named = Descriptor(socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0))
        var name = sockaddr_un()
        name.sun_family = sa_family_t(AF_UNIX)
        let words = Array("\0etude-attack-\(port)".utf8)
        withUnsafeMutableBytes(of: &name.sun_path) { $0.copyBytes(from: words) }
        withUnsafePointer(to: &name) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { _ = bind(named.number, $0, socklen_t(2 + words.count)) }
        }
        listen(named.number, 64)
        servers = [server, named]
    }

    func arguments(_ attack: Attack) -> [String] { [attack.name, String(process.identifier), String(port), secret] }

    /// Tries an attack in the careless place in which it shall work; nil when it goes on without an end.
    func control(_ attack: Attack) throws -> Termination? {
        let box = ["--unshare-all", "--die-with-parent", "--proc", "/proc"]
        let (program, arguments): (String, [String]) =
            switch attack.control {
            case "openBox": ("/usr/bin/bwrap", ["--ro-bind", "/", "/"] + box + ["--dev", "/dev", Self.attacks])
            case "emptyBox": ("/usr/bin/bwrap", ["--ro-bind", Self.attacks, "/attack"] + box + ["--dev", "/dev", "--tmpfs", "/tmp", "/attack"])
            default: (Self.attacks, [])
            }
        let child = try ChildProcess(program, arguments + self.arguments(attack), environment: Self.environment, descriptors: [5: root.number])
        defer { child.end() }
        return child.wait(until: .now + (attack.isEndless ? .seconds(1) : .seconds(60)))
    }

    /// What an attack may use: little, and less than it tries.
    static func limits(for attack: Attack) -> SandboxLimits {
        SandboxLimits(
            processorSeconds: attack.isEndless ? 1 : 20, duration: attack.isEndless ? .seconds(2) : .seconds(60), memory: 128 << 20, processes: 64,
            disk: 16 << 20, files: 1_000)
    }

    /// Tries an attack in a box.
    func inBox(_ attack: Attack, of sandbox: Sandbox, limits: SandboxLimits? = nil) throws -> BoxEnd {
        let box = try Box(
            sandbox, .session, limits: limits ?? Self.limits(for: attack), shows: [Shown(Self.attacks, as: "/etude/attacks")],
            program: "/etude/attacks", arguments(attack))
        try box.start()
        defer { box.finish() }
        return box.waitForEnd()
    }
}

/// One of the programs of `sandbox-attacks`.
struct Attack: CustomTestStringConvertible, Sendable {
    var name: String
    var control: String
    var isEndless: Bool { name.hasPrefix("endless") }
    var testDescription: String { name }

    static let all: [Attack] = {
        let list = (try? run(Arena.attacks, ["--list"]).output) ?? []
        let lines = String(decoding: list, as: UTF8.self).split(separator: "\n")
        return lines.map { line in
            let words = line.split(separator: " ").map(String.init)
            return Attack(name: words[0], control: words[1])
        }
    }()

    /// One that needs another eye than its own.
    static let daemon = "daemon"
    /// What an attack says, as its status.
    static let done = Int32(0), held = Int32(10), absent = Int32(20)
}

/// A value that several threads share.
final class Locked<Value>: @unchecked Sendable {
    private let lock = NSLock()
    private var value: Value
    init(_ value: Value) { self.value = value }
    func withLock<Result>(_ work: (inout Value) -> Result) -> Result { lock.withLock { work(&value) } }
}
