internal import CGit2
import Foundation
import Glibc

extension Repository {
    /// Makes a repository without a working tree, in one step: there is none, or a whole one.
    /// - Throws: ``GitError``, with the code `exists` where there is something already.
    static func makeBare(at path: String) throws -> Repository {
        let attempt = "make a repository at \(path)"
        try Library.start()
        let path = realPath(path)
        let made = "\(path).\(UUID().uuidString.prefix(8))"
        defer { try? FileManager.default.removeItem(atPath: made) }
        do { try FileManager.default.createDirectory(atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true) } catch {
            throw GitError(attempt, code: .other(0), message: error.localizedDescription)
        }
        var pointer: OpaquePointer?
        try check(etude_git_init_bare(&pointer, made), attempt)
        git_repository_free(pointer)
        guard rename(made, path) == 0 else {
            let code = errno
            let isTaken = [ENOTEMPTY, EEXIST, ENOTDIR].contains(code)
            throw GitError(attempt, code: isTaken ? .exists : .other(Int(code)), message: isTaken ? "there is something of this name" : String(cString: strerror(code)))
        }
        return try Repository(gitFolder: path, trust: .own)
    }

    /// Opens a repository without a working tree, which is made where there is none yet.
    public static func openBare(at path: String) throws -> Repository {
        if !FileManager.default.fileExists(atPath: path) {
            do { return try makeBare(at: path) } catch let error as GitError where error.code == .exists {}
        }
        return try Repository(gitFolder: path, trust: .own)
    }
}
