import CProcesses
import Glibc
import Processes

/// A folder of a box's, kept by its descriptor: it can be read and written from outside, and lives on when the box is gone.
/// What the box made in it is hostile: no link is followed, and nothing is opened but plain files.
public struct BoxFolder {
    private let descriptor: Descriptor
    init(_ descriptor: Descriptor) { self.descriptor = descriptor }

    /// Copies a file of the host's here, with the folders in its new name.
    /// - Throws: ``BoxFileError``.
    public func put(_ file: String, as name: String) throws {
        let source = open(file, O_RDONLY | O_CLOEXEC)
        guard source >= 0 else { throw BoxFileError(file: file, code: errno) }
        defer { close(source) }
        for (index, character) in name.enumerated() where character == "/" { mkdirat(descriptor.number, String(name.prefix(index)), 0o755) }
        let target = openat(descriptor.number, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o644)
        guard target >= 0 else { throw BoxFileError(file: file, code: errno) }
        defer { close(target) }
        while true {
            let count = sendfile(target, source, nil, 1 << 30)
            if count == 0 { return }
            guard count > 0 || errno == EINTR else { throw BoxFileError(file: file, code: errno) }
        }
    }

    /// The bytes of a plain file; nil where there is none of this name, or a larger one.
    public func bytes(of name: String, atMost limit: Int) -> [UInt8]? {
        let file = openat(descriptor.number, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_size <= limit else { return nil }
        var isWhole = false
        let bytes = [UInt8](unsafeUninitializedCapacity: Int(status.st_size)) { buffer, count in
            count = 0
            while count < buffer.count {
                let read = pread(file, buffer.baseAddress! + count, buffer.count - count, off_t(count))
                if read < 0 && errno == EINTR { continue }
                if read <= 0 { return }
                count += read
            }
            isWhole = true
        }
        return isWhole || status.st_size == 0 ? bytes : nil
    }

    /// The names in the folder, or in one below; at most so many.
    public func names(in folder: String = ".", atMost limit: Int = 10_000) -> [String] {
        let opened = openat(descriptor.number, folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard opened >= 0, let stream = fdopendir(opened) else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while names.count < limit, let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) } }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }
}

/// A file of the host's could not be handed into a box.
public struct BoxFileError: Error, CustomStringConvertible, Sendable {
    public let file: String
    public let code: Int32
    public var description: String { "\(file) could not be handed into a box: \(String(cString: strerror(code)))." }
}
