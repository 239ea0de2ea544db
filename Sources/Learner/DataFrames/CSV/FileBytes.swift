#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The bytes of a file: read and written in one piece, or mapped into memory where the file is large.
enum FileBytes {
    /// From this size on, a file is mapped rather than copied.
    private static let largeSize = 64 << 20

    /// Calls `body` with the bytes of a file.
    static func read<Result>(_ path: String, _ body: (UnsafeBufferPointer<UInt8>) throws -> Result) throws -> Result {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw failure("opened", path) }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0 else { throw failure("read", path) }
        if status.st_mode & S_IFMT == S_IFDIR {
            throw DataFrameError(.file, source: name(of: path), "This is a folder. Expected a CSV file: name the file in it.")
        }
        let size = Int(status.st_size)
        if status.st_mode & S_IFMT == S_IFREG, size >= largeSize, let mapped = mmap(nil, size, PROT_READ, MAP_PRIVATE, file, 0), mapped != MAP_FAILED {
            defer { munmap(mapped, size) }
            return try body(UnsafeBufferPointer(start: mapped.assumingMemoryBound(to: UInt8.self), count: size))
        }
        let bytes = try readAll(file, path, expecting: size)
        return try bytes.withUnsafeBufferPointer(body)
    }

    /// Writes bytes to a file: to one beside it first, so that no half-written file is ever there.
    static func write(_ bytes: [UInt8], to path: String) throws {
        let partial = path + ".part"
        let file = open(partial, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard file >= 0 else { throw failure("written", path) }
        var written = 0
        while written < bytes.count {
            let step = bytes.withUnsafeBytes { writeBytes(file, $0.baseAddress! + written, bytes.count - written) }
            if step < 0 && errno == EINTR { continue }
            guard step > 0 else {
                let error = failure("written", path)
                close(file)
                unlink(partial)
                throw error
            }
            written += step
        }
        guard close(file) == 0, rename(partial, path) == 0 else {
            let error = failure("written", path)
            unlink(partial)
            throw error
        }
    }

    /// The last part of a path.
    static func name(of path: String) -> String {
        path.split(separator: "/").last.map(String.init) ?? path
    }

    private static func readAll(_ file: Int32, _ path: String, expecting size: Int) throws -> [UInt8] {
        var bytes: [UInt8] = []
        while true {
            // One byte more than expected, so that the end is seen without another step.
            let room = max(size + 1 - bytes.count, 1 << 16)
            let start = bytes.count
            bytes.append(contentsOf: repeatElement(0, count: room))
            let step = bytes.withUnsafeMutableBytes { readBytes(file, $0.baseAddress! + start, room) }
            bytes.removeLast(room - max(step, 0))
            if step < 0 && errno == EINTR { continue }
            guard step >= 0 else { throw failure("read", path) }
            if step == 0 { return bytes }
        }
    }

    private static func failure(_ verb: String, _ path: String) -> DataFrameError {
        let reason = String(cString: strerror(errno))
        let hint = errno == ENOENT ? " Is its name spelled right, and is it in this folder?" : ""
        return DataFrameError(.file, source: nil, "The file \(quoted(path)) can't be \(verb): \(reason).\(hint)")
    }
}

// The calls by names that don't hide behind the methods above.
private func readBytes(_ file: Int32, _ buffer: UnsafeMutableRawPointer, _ count: Int) -> Int { read(file, buffer, count) }
private func writeBytes(_ file: Int32, _ buffer: UnsafeRawPointer, _ count: Int) -> Int { write(file, buffer, count) }
