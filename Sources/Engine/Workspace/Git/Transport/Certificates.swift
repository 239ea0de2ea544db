internal import CGit2
import Foundation

/// Whom the certificates of servers are believed.
enum Certificates {
    /// Takes those that the learner named for git, from now on for this process; else the system's are taken.
    static func use(_ environment: [String: String]) throws {
        let named = environment["GIT_SSL_CAINFO"].flatMap { $0.isEmpty ? nil : $0 }
        guard let file = try named ?? Configuration.ofLearner(environment: environment).string("http.sslCAInfo") else { return }
        try check(etude_git_set_certificates(file), "read the certificates in \(file)")
    }
}
