internal import CGit2

/// libgit2, started once for this process: every way to a repository asks for it first.
///
/// It reads no settings but a repository's own, runs no hook, checks what it reads against its name, and does not say
/// that something is written before the disk has it.
enum Library {
    private static let code = etude_git_start()

    static func start() throws { try check(code, "start libgit2") }
}

/// Turns libgit2's return code into an error; a code that is not negative is returned.
/// - Parameter attempt: what is tried, to go on from "Can't": "open the repository".
@discardableResult
func check(_ code: Int32, _ attempt: @autoclosure () -> String) throws -> Int32 {
    if code >= 0 { return code }
    let last = git_error_last().flatMap { $0.pointee.message }.map { String(cString: $0) }
    throw GitError(attempt(), code: GitError.Code(libgit2: code), message: last ?? "libgit2 gives the code \(code) and no reason")
}

extension GitError.Code {
    fileprivate init(libgit2 code: Int32) {
        switch git_error_code(code) {
        case GIT_ENOTFOUND: self = .notFound
        case GIT_EEXISTS: self = .exists
        case GIT_ELOCKED: self = .locked
        case GIT_EMODIFIED: self = .modified
        case GIT_EOWNER: self = .otherOwner
        case GIT_EMISMATCH: self = .damaged
        case GIT_EAUTH: self = .denied
        case GIT_ECERTIFICATE: self = .unreachable
        default: self = .other(Int(code))
        }
    }
}
