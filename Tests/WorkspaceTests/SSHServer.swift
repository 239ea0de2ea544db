import Foundation
import Glibc
import Processes
import Testing
@testable import Workspace

/// A server for ssh on this machine, with keys of its own, gone with the value.
final class SSHServer {
    static let program = "/usr/sbin/sshd"

    let place: TestRepository
    let port: Int
    private let process: ChildProcess

    /// - Parameters:
    ///   - setUp: lines for a shell in the folder in which the server's repositories lie.
    ///   - settings: lines for the server.
    init(_ setUp: String, settings: String = "") throws {
        place = try TestRepository(setUp)
        port = try Self.freePort()
        // The server of a super user wants this folder.
        if getuid() == 0 { mkdir("/run/sshd", 0o755) }
        let user = String(cString: getpwuid(getuid()).pointee.pw_name)
        try place.shell("""
            mkdir keys bin && ssh-keygen -q -t ed25519 -N '' -f keys/host && ssh-keygen -q -t ed25519 -N '' -f keys/own && cp keys/own.pub keys/authorized
            echo "[127.0.0.1]:\(port) $(cut -d ' ' -f 1,2 keys/host.pub)" > keys/known
            cat > keys/server <<END
            Port \(port)
            ListenAddress 127.0.0.1
            HostKey $PWD/keys/host
            AuthorizedKeysFile $PWD/keys/authorized
            StrictModes no
            UsePAM no
            PidFile none
            PasswordAuthentication no
            PermitRootLogin prohibit-password
            \(settings)
            END
            cat > keys/client <<END
            UserKnownHostsFile $PWD/keys/known
            GlobalKnownHostsFile /dev/null
            IdentityFile $PWD/keys/own
            IdentitiesOnly yes
            User \(user)
            END
            printf '#!/bin/sh\\nexec /usr/bin/ssh -F %s "$@"\\n' $PWD/keys/client > bin/ssh && chmod +x bin/ssh
            """)
        process = try ChildProcess(Self.program, ["-D", "-q", "-f", place.folder + "/keys/server"])
        let end = ContinuousClock.now + .seconds(20)
        while !Self.listens(port) {
            try #require(process.isRunning && ContinuousClock.now < end, "sshd does not start")
            usleep(10_000)
        }
    }

    deinit { process.end() }

    /// With the client's settings of this server.
    var transfer: Transfer {
        var transfer = Transfer()
        transfer.environment["PATH"] = "\(place.folder)/bin:\(transfer.environment["PATH"] ?? "")"
        transfer.environment["SSH_AUTH_SOCK"] = nil
        return transfer
    }

    func url(_ repository: String, branch: String? = nil) throws -> GitURL { try GitURL("ssh://127.0.0.1:\(port)\(place.folder)/\(repository)").at(branch: branch) }

    func fetch(_ repository: String, branch: String? = nil, _ transfer: Transfer? = nil) throws -> (mirror: Repository, head: Remote.Head) {
        let mirror = try Repository.openBare(at: place.folder + "/mirror.git")
        return (mirror, try Remote.fetchBranch(of: url(repository, branch: branch), into: mirror, transfer ?? self.transfer))
    }

    private static func socket() -> Int32 { Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0) }

    private static func withAddress<T>(_ port: Int, _ body: (UnsafePointer<sockaddr>, socklen_t) -> T) -> T {
        var address = sockaddr_in(sin_family: sa_family_t(AF_INET), sin_port: in_port_t(port).bigEndian, sin_addr: in_addr(s_addr: inet_addr("127.0.0.1")), sin_zero: (0, 0, 0, 0, 0, 0, 0, 0))
        return withUnsafePointer(to: &address) { $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, socklen_t(MemoryLayout<sockaddr_in>.size)) } }
    }

    private static func freePort() throws -> Int {
        let descriptor = socket()
        defer { close(descriptor) }
        try #require(withAddress(0) { bind(descriptor, $0, $1) } == 0)
        var address = sockaddr_in(), size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let code = withUnsafeMutablePointer(to: &address) { $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &size) } }
        try #require(code == 0)
        return Int(in_port_t(bigEndian: address.sin_port))
    }

    private static func listens(_ port: Int) -> Bool {
        let descriptor = socket()
        defer { close(descriptor) }
        return withAddress(port) { connect(descriptor, $0, $1) } == 0
    }
}
