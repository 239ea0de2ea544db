import Foundation
import Glibc

/// Commits with all that they consist of, in one file, as `git bundle create` makes it: to be carried where no server is.
public enum GitBundle {
    /// Writes commits to a file, in one step.
    ///
    /// `git bundle verify FILE` and `git fetch FILE` read it; version 2 of the format.
    ///
    /// - Parameter references: their names; each must stand for a commit.
    /// - Throws: ``GitError``; then the file is as it was before.
    public static func write(_ references: [String], of repository: Repository, to path: String, _ transfer: Transfer = .bundle) throws {
        let attempt = "write the bundle \(path)"
        var header = "# v2 git bundle\n", tips: [ObjectID] = []
        for name in references {
            guard let id = try Reference(name: name, repository: repository).target() else { throw GitError(attempt, code: .notFound, message: "there is no \(name)") }
            header += "\(id) \(name)\n"
            tips.append(id)
        }
        guard !tips.isEmpty else { throw GitError(attempt, code: .notFound, message: "nothing is to be in it") }
        let objects = try ObjectWalk(repository: repository, transfer: transfer, attempt: attempt).objects(of: tips) { _ in false }
        let cut = try repository.shallowCommits()
        guard !objects.contains(where: { cut.contains($0.id) }) else {
            throw GitError(attempt, code: .refused, message: "the repository's history was cut off when it was cloned", advice: "Get the rest of it first: git fetch --unshallow")
        }
        let builder = try PackBuilder(in: repository)
        for object in objects { try builder.add(object.id, name: object.name) }

        var template = Array("\(path).XXXXXX".utf8CString)
        let descriptor = mkstemp(&template)
        guard descriptor >= 0 else { throw system(attempt) }
        let made = String(cString: template)
        defer {
            close(descriptor)
            unlink(made)
        }
        func write(_ bytes: UnsafeRawBufferPointer) throws {
            var rest = bytes[...]
            while !rest.isEmpty {
                let count = Glibc.write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
                if count < 0 && errno == EINTR { continue }
                guard count > 0 else { throw system(attempt) }
                rest = rest.dropFirst(count)
            }
        }
        try Array((header + "\n").utf8).withUnsafeBytes(write)
        try builder.forEachPiece(write)
        let mask = umask(0)
        umask(mask)
        guard fchmod(descriptor, 0o666 & ~mask) == 0, fsync(descriptor) == 0, rename(made, path) == 0 else { throw system(attempt) }
    }

    /// Unpacks a bundle that anybody may have made, into a repository of its own.
    ///
    /// - Parameter folder: where the repository goes, under the name `bundle.git`; the caller makes it, and removes it.
    /// - Returns: the repository, to be read. References for anything but commits are left out.
    /// - Throws: ``GitError`` with a sentence for the one who collects.
    public static func open(_ path: String, in folder: String, _ transfer: Transfer = .bundle) throws -> Repository {
        let attempt = "read the bundle \(path)"
        let data = try contents(path, transfer, attempt)
        return try data.withUnsafeBytes { bytes in
            var cursor = ByteCursor(bytes)
            let header = try GitBundleHeader(&cursor, attempt)
            let place = folder + "/bundle.git"
            let repository = try Repository.makeBare(at: place)
            let end = ContinuousClock.now + transfer.patience
            var watched = transfer
            // A few kilobytes of differences between differences keep a computer busy for hours.
            watched.isCancelled = { transfer.isCancelled() || ContinuousClock.now > end }
            do {
                try PackScreening(transfer: watched, attempt: attempt).screen(cursor.rest)
                let indexer = try PackIndexer(into: repository, watched, attempt)
                try indexer.add(cursor.rest)
                try indexer.finish()
            } catch let error as GitError where error.code == .cancelled && !transfer.isCancelled() {
                throw GitError(attempt, code: .tooLarge, message: "it takes longer to unpack than the \(transfer.patience) that Etude gives it")
            }
            for (name, id) in header.references {
                guard let commit = try? repository.commit(behind: id).commit else { continue }
                try Reference(name: name, repository: repository).move(to: commit, from: nil, note: "bundle")
            }
            return try Repository(gitFolder: place, trust: .stranger)
        }
    }

    private static func contents(_ path: String, _ transfer: Transfer, _ attempt: String) throws -> Data {
        let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW)
        guard descriptor >= 0 else { throw system(attempt) }
        let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { throw GitError(attempt, code: .refused, message: "it is no file") }
        guard status.st_size <= transfer.greatestSize else {
            throw GitError(attempt, code: .tooLarge, message: "it has \(status.st_size) bytes, and Etude reads at most \(transfer.greatestSize)")
        }
        guard let data = try? file.read(upToCount: Int(status.st_size)) else { throw GitError(attempt, code: .damaged, message: "it is empty", advice: "") }
        return data
    }

    private static func system(_ attempt: String) -> GitError {
        let code = errno
        return GitError(attempt, code: code == ENOENT ? .notFound : .other(Int(code)), message: code == ELOOP ? "it is a link" : String(cString: strerror(code)))
    }
}

extension Transfer {
    /// What a learner hands in is small.
    public static var bundle: Transfer {
        var transfer = Transfer()
        (transfer.greatestCount, transfer.greatestSize, transfer.greatestObject, transfer.greatestUnpackedSize) = (50_000, 256 << 20, 64 << 20, 1 << 30)
        transfer.patience = .seconds(60)
        return transfer
    }
}
