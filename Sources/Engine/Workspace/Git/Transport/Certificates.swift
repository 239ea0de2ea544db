internal import CGit2
import Foundation

/// Whom the certificates of servers are believed.
enum Certificates {
    /// Takes those that the learner named for git, once for this process; else the system's are taken.
    static func use() throws {
        try Library.start()
        guard let file = chosen else { return }
        try check(etude_git_set_certificates(file), "read the certificates in \(file)")
    }

    private static let chosen: String? = {
        if let file = ProcessInfo.processInfo.environment["GIT_SSL_CAINFO"], !file.isEmpty { return file }
        return try? Configuration.ofLearner().string("http.sslCAInfo")
    }()
}
