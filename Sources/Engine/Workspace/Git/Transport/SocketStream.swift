internal import CGit2
import Foundation
import Glibc
import Processes

/// A socket that libgit2 speaks to a server on the web through. Its own would wait for ever where nothing comes, and could
/// not be stopped.
final class SocketStream {
    /// Who waits for what comes, in the call of libgit2's that opens it.
    @TaskLocal static var watch: TransferWatch?

    private let host: String
    private let port: String
    private let watch: TransferWatch
    private var socket: Descriptor?

    private init(_ host: String, _ port: String, _ watch: TransferWatch) { (self.host, self.port, self.watch) = (host, port, watch) }

    /// Makes libgit2 use these, in the whole process.
    static func register() throws { try check(registered, "speak to servers") }

    private static let registered: Int32 = {
        var registration = git_stream_registration(version: GIT_STREAM_VERSION, init: { out, host, port in
            guard let out, let host, let port, let watch = SocketStream.watch else { return -1 }
            out.pointee = SocketStream(String(cString: host), String(cString: port), watch).handOver()
            return 0
        }, wrap: nil)
        return git_stream_register(GIT_STREAM_STANDARD, &registration)
    }()

    /// - Returns: what libgit2 calls; it holds this until libgit2 is done with it.
    private func handOver() -> UnsafeMutablePointer<git_stream> {
        let pair = UnsafeMutablePointer<etude_stream>.allocate(capacity: 1)
        pair.initialize(to: etude_stream())
        pair.pointee.owner = Unmanaged.passRetained(self).toOpaque()
        pair.pointee.stream.version = GIT_STREAM_VERSION
        pair.pointee.stream.connect = { SocketStream.owner($0).connect() }
        pair.pointee.stream.read = { SocketStream.owner($0).read(UnsafeMutableRawBufferPointer(start: $1, count: $2)) }
        pair.pointee.stream.write = { stream, bytes, count, _ in SocketStream.owner(stream).write(UnsafeRawBufferPointer(start: bytes, count: count)) }
        pair.pointee.stream.close = {
            SocketStream.owner($0).socket = nil
            return 0
        }
        pair.pointee.stream.free = { stream in
            let pair = UnsafeMutableRawPointer(stream!).assumingMemoryBound(to: etude_stream.self)
            Unmanaged<SocketStream>.fromOpaque(pair.pointee.owner).release()
            pair.deallocate()
        }
        return UnsafeMutableRawPointer(pair).assumingMemoryBound(to: git_stream.self)
    }

    private static func owner(_ stream: UnsafeMutablePointer<git_stream>?) -> SocketStream {
        Unmanaged<SocketStream>.fromOpaque(UnsafeMutableRawPointer(stream!).assumingMemoryBound(to: etude_stream.self).pointee.owner).takeUnretainedValue()
    }

    private func unreachable(_ reason: String) -> GitError {
        GitError(watch.attempt, code: .unreachable, message: "\(host) can't be reached (\(reason))", advice: "Look whether the address is right and the network is there; then try again.")
    }

    // MARK: The socket

    private func connect() -> Int32 {
        watch.stopping {
            var hints = addrinfo(), found: UnsafeMutablePointer<addrinfo>?
            (hints.ai_family, hints.ai_socktype) = (AF_UNSPEC, Int32(SOCK_STREAM.rawValue))
            let code = getaddrinfo(host, port, &hints, &found)
            guard code == 0 else { throw unreachable(String(cString: gai_strerror(code))) }
            defer { freeaddrinfo(found) }
            var failure: Int32 = 0
            for address in sequence(first: found!, next: { $0.pointee.ai_next }) {
                failure = try tried(address.pointee)
                if failure == 0 { return }
            }
            throw unreachable(String(cString: strerror(failure)))
        }
    }

    /// - Returns: 0 when the other side took it, or why not.
    private func tried(_ address: addrinfo) throws -> Int32 {
        let number = Glibc.socket(address.ai_family, address.ai_socktype | Int32(SOCK_CLOEXEC.rawValue), address.ai_protocol)
        guard number >= 0 else { return errno }
        let made = Descriptor(number)
        made.setNonBlocking()
        if Glibc.connect(number, address.ai_addr, address.ai_addrlen) != 0 {
            guard errno == EINPROGRESS else { return errno }
            try watch.wait(for: made, Int16(POLLOUT), from: host)
            var failure: Int32 = 0, size = socklen_t(MemoryLayout<Int32>.size)
            guard getsockopt(number, SOL_SOCKET, SO_ERROR, &failure, &size) == 0 else { return errno }
            if failure != 0 { return failure }
        }
        socket = made
        return 0
    }

    private func read(_ buffer: UnsafeMutableRawBufferPointer) -> Int {
        moved(Int16(POLLIN)) { Glibc.recv($0, buffer.baseAddress, buffer.count, 0) }
    }

    private func write(_ bytes: UnsafeRawBufferPointer) -> Int {
        moved(Int16(POLLOUT)) { Glibc.send($0, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL)) }
    }

    /// - Returns: how many bytes were read or written, or -1.
    private func moved(_ event: Int16, _ move: (Int32) -> Int) -> Int {
        var count = -1
        let code = watch.stopping {
            guard let socket else { return }
            while count < 0 {
                try watch.wait(for: socket, event, from: host)
                count = move(socket.number)
                if count < 0, errno != EAGAIN, errno != EINTR { throw unreachable(String(cString: strerror(errno))) }
            }
        }
        return code == 0 ? count : -1
    }
}
