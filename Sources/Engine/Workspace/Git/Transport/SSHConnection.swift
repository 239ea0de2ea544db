internal import CGit2
import Foundation
import Glibc
import Processes

struct SSHAddress {
    let user: String?
    let host: String
    let port: Int?
    let path: String

    /// For `ssh`, in a message.
    var command: String { "ssh \(port.map { "-p \($0) " } ?? "")\(user.map { $0 + "@" } ?? "")\(host)" }
}

/// A way to a server by the person's own `ssh`: with the keys, the agent, the hosts and the settings that it has.
///
/// libgit2's own way knows none of the settings, and not the keys that most servers ask for today.
final class SSHConnection {
    private let address: SSHAddress
    private let transfer: Transfer
    private let watch: TransferWatch
    private var child: ChildProcess?
    private var input: Descriptor?
    private var output: Descriptor?
    private var errors: Descriptor?
    private var errorText: [UInt8] = []
    private var hasSpoken = false

    init(_ address: SSHAddress, _ transfer: Transfer, _ watch: TransferWatch) { (self.address, self.transfer, self.watch) = (address, transfer, watch) }

    /// - Returns: what libgit2 calls; it holds this until libgit2 is done with it.
    func handOver() -> UnsafeMutablePointer<git_smart_subtransport> {
        let pair = UnsafeMutablePointer<etude_connection>.allocate(capacity: 1)
        pair.initialize(to: etude_connection())
        pair.pointee.owner = Unmanaged.passRetained(self).toOpaque()
        pair.pointee.transport.action = { stream, transport, _, action in
            let code = SSHConnection.owner(transport).begin(action)
            if code == 0 {
                let place = UnsafeMutableRawPointer(transport!).advanced(by: MemoryLayout<etude_connection>.offset(of: \.stream)!)
                stream?.pointee = place.assumingMemoryBound(to: git_smart_subtransport_stream.self)
            }
            return code
        }
        pair.pointee.transport.close = { transport in
            SSHConnection.owner(transport).end()
            return 0
        }
        pair.pointee.transport.free = { transport in
            let pair = UnsafeMutableRawPointer(transport!).assumingMemoryBound(to: etude_connection.self)
            SSHConnection.owner(transport).end()
            Unmanaged<SSHConnection>.fromOpaque(pair.pointee.owner).release()
            pair.deallocate()
        }
        let transport = UnsafeMutableRawPointer(pair).assumingMemoryBound(to: git_smart_subtransport.self)
        pair.pointee.stream.subtransport = transport
        pair.pointee.stream.read = { stream, buffer, size, count in
            SSHConnection.owner(stream?.pointee.subtransport).read(UnsafeMutableRawBufferPointer(start: buffer, count: size), count!)
        }
        pair.pointee.stream.write = { stream, buffer, size in SSHConnection.owner(stream?.pointee.subtransport).write(UnsafeRawBufferPointer(start: buffer, count: size)) }
        // What there is to be freed goes with the way.
        pair.pointee.stream.free = { _ in }
        return transport
    }

    private static func owner(_ transport: UnsafeMutablePointer<git_smart_subtransport>?) -> SSHConnection {
        Unmanaged<SSHConnection>.fromOpaque(UnsafeMutableRawPointer(transport!).assumingMemoryBound(to: etude_connection.self).pointee.owner).takeUnretainedValue()
    }

    // MARK: The process

    private func begin(_ action: git_smart_service_t) -> Int32 {
        switch action {
        case GIT_SERVICE_UPLOADPACK_LS: watch.stopping { try start("git-upload-pack") }
        case GIT_SERVICE_RECEIVEPACK_LS: watch.stopping { try start("git-receive-pack") }
        // Goes on where the other began.
        default: child == nil ? -1 : 0
        }
    }

    private func start(_ service: String) throws {
        guard let program = Program.path("ssh", environment: transfer.environment) else {
            throw GitError(watch.attempt, code: .notFound, message: "there is no program ssh", advice: "Install it (Debian: openssh-client), or use an https:// address.")
        }
        end()
        (errorText, hasSpoken) = ([], false)
        var arguments = ["-T", "-x", "-a", "-o", "BatchMode=yes", "-o", "StrictHostKeyChecking=yes", "-o", "ClearAllForwardings=yes", "-o", "PermitLocalCommand=no"]
        if let port = address.port { arguments += ["-p", "\(port)"] }
        if let user = address.user { arguments += ["-l", user] }
        let host = address.host.hasPrefix("[") ? String(address.host.dropFirst().dropLast()) : address.host
        arguments += ["--", host, "\(service) '\(address.path)'"]
        let (inputReading, inputWriting) = try Descriptor.pipe(), (outputReading, outputWriting) = try Descriptor.pipe(), (errorReading, errorWriting) = try Descriptor.pipe()
        ignoreBrokenPipes()
        for end in [inputWriting, outputReading, errorReading] { end.setNonBlocking() }
        child = try ChildProcess(
            program, arguments, environment: transfer.environment, descriptors: [0: inputReading.number, 1: outputWriting.number, 2: errorWriting.number], endsWithThread: true)
        for end in [inputReading, outputWriting, errorWriting] { end.close() }
        (input, output, errors) = (inputWriting, outputReading, errorReading)
    }

    private func end() {
        child?.end()
        (child, input, output, errors) = (nil, nil, nil, nil)
    }

    private func read(_ buffer: UnsafeMutableRawBufferPointer, _ count: UnsafeMutablePointer<Int>) -> Int32 {
        watch.stopping {
            count.pointee = 0
            guard let output else { return }
            try wait(for: output, Int16(POLLIN))
            let bytes = output.read(atMost: buffer.count) ?? []
            if !bytes.isEmpty { hasSpoken = true }
            buffer.copyBytes(from: bytes)
            count.pointee = bytes.count
        }
    }

    private func write(_ bytes: UnsafeRawBufferPointer) -> Int32 {
        var isWhole = true
        let code = watch.stopping {
            var rest = bytes[...]
            while !rest.isEmpty, isWhole {
                guard let input else { isWhole = false; return }
                try wait(for: input, Int16(POLLOUT))
                let count = Glibc.write(input.number, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
                if count > 0 { rest = rest.dropFirst(count) } else if errno != EAGAIN && errno != EINTR { isWhole = false }
            }
        }
        return isWhole ? code : -1
    }

    private func wait(for descriptor: Descriptor, _ event: Int16) throws {
        try watch.wait(for: descriptor, event, from: address.host, aside: { errors }, readAside: takeComplaint)
    }

    private func takeComplaint() {
        guard let bytes = errors?.read() else { return }
        if bytes.isEmpty { errors = nil } else if errorText.count < 64 << 10 { errorText += bytes }
    }

    /// Why it broke off, where `ssh` or the server has said so.
    func complaint(_ attempt: String) -> GitError? {
        // It has nobody to listen to any more, and ends.
        input = nil
        while let errors, waitForDescriptors([(errors.number, Int16(POLLIN))], until: .now + .seconds(1))[0] != 0 { takeComplaint() }
        let text = String(decoding: errorText, as: UTF8.self)
        let lines = text.split(whereSeparator: \.isNewline).map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
        if text.contains("REMOTE HOST IDENTIFICATION HAS CHANGED") || text.contains("is revoked") {
            return GitError(attempt, code: .unreachable, message: "\(address.host) shows another key than the one that this machine knows it by: it may be somebody else", advice: "Ask who runs it. If the new key is right, forget the old one: ssh-keygen -R \(knownName)")
        }
        if text.contains("Host key verification failed") {
            return GitError(attempt, code: .unreachable, message: "this machine does not know \(address.host) yet", advice: "Connect to it once, compare the key that it shows with the one that its owner publishes, and try again: \(address.command)")
        }
        if text.contains("Permission denied") || text.contains("Too many authentication failures") {
            return GitError(attempt, code: .denied, message: "\(address.host) does not let you in", advice: "Give it your public key, and the agent the private one (ssh-add). Whether it works shows: \(address.command)")
        }
        guard let last = lines.last(where: { $0.hasPrefix("fatal:") || $0.hasPrefix("ERROR:") || $0.hasPrefix("remote:") }) ?? lines.last else { return nil }
        let isMissing = text.contains("not appear to be a git repository") || text.lowercased().contains("repository not found")
        if isMissing { return GitError(attempt, code: .notFound, message: "\(address.host) has no such repository, or does not show it to you (\(last.prefix(300)))") }
        return GitError(attempt, code: .unreachable, message: "ssh says \(last.prefix(300).debugDescription)", advice: hasSpoken ? "Try again." : "Look whether the address is right and the network is there; then try again.")
    }

    /// As the host is called in `known_hosts`.
    private var knownName: String { address.port.map { $0 == 22 ? address.host : "'[\(address.host)]:\($0)'" } ?? address.host }
}
