import Foundation
import Processes

/// What a server on the web is told of who one is: from the person's credential helpers, as git asks them, or from the
/// person. Etude keeps none of it.
final class Passwords {
    /// How often a server is told another one.
    static let greatestTries = 3

    private let address: URLComponents
    private let transfer: Transfer
    private var tries = 0
    private var told: (user: String, password: String)?

    init(for address: String, _ transfer: Transfer) {
        self.address = URLComponents(string: address) ?? URLComponents()
        self.transfer = transfer
    }

    /// Something that the server was not told yet.
    /// - Throws: ``GitError`` where there is none.
    func next(_ attempt: String) throws -> (user: String, password: String) {
        let refused = told
        if let refused { credential("reject", refused) }
        told = nil
        tries += 1
        // A helper that says the same again would have the person locked out.
        let known = filled().flatMap { found in refused.map { $0 == found } == true ? nil : found }
        guard tries <= Self.greatestTries, let found = known ?? asked() else {
            throw GitError(
                attempt, code: .denied,
                message: refused != nil ? "the server does not take the name and password that it was told" : "the server asks who you are, and git's credential helper does not know",
                advice: "Let git keep a name and a token for it (git help credentials), or use an ssh address.")
        }
        told = found
        return found
    }

    /// The server was content.
    func wereTaken() {
        if let told { credential("approve", told) }
        told = nil
    }

    private func asked() -> (user: String, password: String)? {
        guard let ask = transfer.ask, let host = address.host, let user = address.user ?? ask("User name for \(host): ", false), !user.isEmpty else { return nil }
        return ask("Password or token of \(user) for \(host): ", true).map { (user, $0) }
    }

    private func filled() -> (user: String, password: String)? {
        guard let output = credential("fill", nil) else { return nil }
        var values: [Substring: Substring] = [:]
        for line in output.split(separator: "\n") {
            let parts = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if parts.count == 2 { values[parts[0]] = parts[1] }
        }
        guard let user = values["username"], let password = values["password"] else { return nil }
        return (String(user), String(password))
    }

    /// Asks git, which asks the helpers.
    @discardableResult
    private func credential(_ action: String, _ told: (user: String, password: String)?) -> String? {
        guard let git = Program.path("git", environment: transfer.environment), let host = address.host else { return nil }
        var lines = ["protocol=https", "host=\(host)\(address.port.map { ":\($0)" } ?? "")", "path=\(address.path.drop { $0 == "/" })"]
        if let user = told?.user ?? address.user { lines.append("username=\(user)") }
        if let told { lines.append("password=\(told.password)") }
        var environment = transfer.environment.filter { $0.key != "GIT_DIR" }
        environment["GIT_TERMINAL_PROMPT"] = "0"
        // Not where a repository's own settings would name the helper. A helper may ask the person in a window.
        let result = try? run(git, ["credential", action], input: Array((lines.joined(separator: "\n") + "\n\n").utf8), environment: environment, workingDirectory: "/", deadline: .seconds(300), outputLimit: 64 << 10)
        guard let result, result.succeeded else { return nil }
        return String(decoding: result.output, as: UTF8.self)
    }
}
