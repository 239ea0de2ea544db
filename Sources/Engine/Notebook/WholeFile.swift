import Foundation

/// Reads and writes files that must never be seen half written: a new version goes into a temporary file beside the old
/// one, and takes its name when it is safe on the disk.
public enum WholeFile {
    /// How the temporary files' names begin.
    public static let temporaryPrefix = ".etude-partial-"
    /// How the names of whole files begin that are to change places with a learner's file, or have.
    public static let swapPrefix = ".etude-swap-"

    /// The bytes of a file.
    /// - Throws: `NotebookError` for what is no file, or too large, or can't be read.
    public static func bytes(of path: String, atMost greatestSize: Int = 1 << 29) throws -> Data {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw systemError("The notebook can't be opened", path) }
        let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw systemError("The notebook can't be opened", path) }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw NotebookError("This is not a file but a folder or a device; name the notebook's file.", file: path)
        }
        guard status.st_size <= greatestSize else {
            throw NotebookError(
                "The file has \(status.st_size / 1_000_000) megabytes; a notebook may have \(greatestSize / 1_000_000).",
                file: path)
        }
        do {
            return try handle.readToEnd() ?? Data()
        } catch {
            throw NotebookError("The notebook can't be read: \(error.localizedDescription)", file: path)
        }
    }

    /// Gives a file new contents, whole or not at all. A symbolic link is followed; an existing file keeps its
    /// permissions.
    ///
    /// - Parameters:
    ///   - what: what the file is, for the sentence of an error.
    ///   - mode: the permissions of a new file, before the process's mask.
    /// - Throws: `NotebookError` when it can't be written; what stood there is then as it was.
    public static func replace(_ path: String, with data: Data, called what: String = "The notebook", mode: mode_t = 0o666) throws {
        let target = try target(of: path)
        let temporary = try writeTemporary(data, beside: target, of: path, called: what, mode: mode)
        guard rename(temporary, target) == 0 else {
            let error = systemError("\(what) can't be written", path)
            unlink(temporary)
            throw error
        }
        syncFolder(of: target)
    }

    /// The file that a path leads to, through symbolic links, whether it exists or not.
    /// - Throws: `NotebookError` for links that lead round in a circle.
    public static func target(of path: String) throws -> String {
        var path = path
        for _ in 0..<40 {
            guard let link = try? FileManager.default.destinationOfSymbolicLink(atPath: path) else { return path }
            path = link.hasPrefix("/") ? link : (path as NSString).deletingLastPathComponent.appending("/" + link)
            if path.hasPrefix("/"), !link.hasPrefix("/"), (path as NSString).deletingLastPathComponent.isEmpty { path = "/" + link }
        }
        throw NotebookError("The path leads through symbolic links that have no end.", file: path)
    }

    /// Writes bytes into a new file beside a target, with the target's permissions, and waits until the disk has them.
    /// - Returns: its path; nothing is left of it when this throws.
    public static func writeTemporary(_ data: Data, beside target: String, of path: String, called what: String, mode: mode_t = 0o666) throws -> String {
        let folder = folder(of: target)
        removeLeftovers(in: folder, olderThan: 3_600)
        let temporary = "\(folder)/\(temporaryName(temporaryPrefix, of: target))"
        var status = stat()
        let isReplacing = stat(target, &status) == 0
        // What may be secret is not to be seen in the meantime.
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, isReplacing ? 0o600 : mode)
        guard descriptor >= 0 else { throw systemError("\(what) can't be written", path) }
        var isDone = false
        defer {
            close(descriptor)
            if !isDone { unlink(temporary) }
        }
        if isReplacing {
            // A superuser's edit does not take a learner's file away; others can't give files away, and need not.
            _ = fchown(descriptor, status.st_uid, status.st_gid)
            guard fchmod(descriptor, status.st_mode & 0o7777) == 0 else { throw systemError("\(what) can't be written", path) }
        }
        try data.withUnsafeBytes { buffer in
            var offset = 0
            while offset < buffer.count {
                let written = Foundation.write(descriptor, buffer.baseAddress! + offset, buffer.count - offset)
                if written < 0, errno == EINTR { continue }
                guard written > 0 else { throw systemError("\(what) can't be written", path) }
                offset += written
            }
        }
        guard fsync(descriptor) == 0 else { throw systemError("\(what) can't be written", path) }
        isDone = true
        return temporary
    }

    /// Makes a new name survive a power failure too.
    public static func syncFolder(of target: String) {
        let descriptor = open(folder(of: target), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        fsync(descriptor)
        close(descriptor)
    }

    /// A name for a temporary file that tells whose it is.
    public static func temporaryName(_ prefix: String, of target: String) -> String { beginning(prefix, of: target) + UUID().uuidString }

    /// The temporary files beside a target that ``temporaryName(_:of:)`` named.
    public static func temporaries(_ prefix: String, of target: String) -> [String] {
        let folder = folder(of: target), beginning = beginning(prefix, of: target)
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.filter { $0.hasPrefix(beginning) && UUID(uuidString: String($0.dropFirst(beginning.count))) != nil }.map { "\(folder)/\($0)" }
    }

    private static func beginning(_ prefix: String, of target: String) -> String {
        // A name has 255 bytes at most.
        prefix + String(decoding: (target as NSString).lastPathComponent.utf8.prefix(150), as: UTF8.self) + "-"
    }

    /// Removes what writers that were killed have left of a file. For those who hold a lock that all of its writers take.
    public static func removeLeftovers(of path: String) {
        guard let target = try? target(of: path) else { return }
        for leftover in temporaries(temporaryPrefix, of: target) { unlink(leftover) }
    }

    /// The folder of a target, as a path that can be opened.
    public static func folder(of target: String) -> String {
        let folder = (target as NSString).deletingLastPathComponent
        return folder.isEmpty ? "." : folder
    }

    /// Removes what writers that were killed have left in a folder: files that no writer of today works on, since they are
    /// so many seconds old, or since the caller keeps all others out.
    public static func removeLeftovers(in folder: String, olderThan age: Int) {
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder) else { return }
        for name in names where name.hasPrefix(temporaryPrefix) {
            var status = stat()
            if lstat("\(folder)/\(name)", &status) == 0, status.st_mtim.tv_sec <= time(nil) - age { unlink("\(folder)/\(name)") }
        }
    }

    private static func systemError(_ sentence: String, _ path: String) -> NotebookError {
        let reason = String(cString: strerror(errno))
        let advice = errno == ENOSPC || errno == EDQUOT ? " Make room and try again: what was there is unchanged." : ""
        return NotebookError("\(sentence): \(reason).\(advice)", file: path)
    }
}
