internal import CGit2
import Foundation
import Processes

/// Git's settings, from the files that are added; none to begin with.
final class Configuration {
    let pointer: OpaquePointer

    init() throws {
        try Library.start()
        var pointer: OpaquePointer?
        try check(git_config_new(&pointer), "read git's settings")
        self.pointer = pointer!
    }

    deinit { git_config_free(pointer) }

    /// The settings that a learner has for all repositories, and those of one; a file that can't be read counts as empty.
    static func ofLearner(in repository: Repository? = nil, environment: [String: String] = ProcessInfo.processInfo.environment) throws -> Configuration {
        let settings = try Configuration()
        let home = environment["HOME"].flatMap { $0.isEmpty ? nil : $0 }
        let xdg = environment["XDG_CONFIG_HOME"].flatMap { $0.isEmpty ? nil : $0 } ?? home.map { $0 + "/.config" }
        if let xdg { settings.add("\(xdg)/git/config", GIT_CONFIG_LEVEL_XDG, repository) }
        if let home { settings.add("\(home)/.gitconfig", GIT_CONFIG_LEVEL_GLOBAL, repository) }
        if let repository, repository.trust == .own { settings.add("\(repository.commonFolder)/config", GIT_CONFIG_LEVEL_LOCAL, repository) }
        return settings
    }

    /// Whether a file can be read as git's settings.
    static func isReadable(_ path: String) throws -> Bool {
        let settings = try Configuration()
        return git_config_add_file_ondisk(settings.pointer, path, GIT_CONFIG_LEVEL_LOCAL, nil, 1) == 0
    }

    private func add(_ path: String, _ level: git_config_level_t, _ repository: Repository?) {
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_size <= RepositoryScreening.greatestSettings else { return }
        _ = git_config_add_file_ondisk(pointer, path, level, repository?.pointer, 1)
    }

    /// nil where it is not set.
    func string(_ name: String) -> String? {
        var value = git_buf()
        defer { git_buf_dispose(&value) }
        return git_config_get_string_buf(&value, pointer, name) == 0 ? String(cString: value.ptr) : nil
    }

    /// Whether a setting is `true`, or any other word that git takes for it.
    func isOn(_ name: String) -> Bool {
        var value: Int32 = 0
        return git_config_get_bool(&value, pointer, name) == 0 && value != 0
    }

    /// All values of a setting that may be given more than once, in their order.
    func strings(_ name: String) -> [String] {
        var iterator: OpaquePointer?
        guard git_config_multivar_iterator_new(&iterator, pointer, name, nil) == 0 else { return [] }
        defer { git_config_iterator_free(iterator) }
        var values: [String] = [], entry: UnsafeMutablePointer<git_config_entry>?
        while git_config_next(&entry, iterator) == 0, let value = entry?.pointee.value { values.append(String(cString: value)) }
        return values
    }

    /// Whether `safe.directory` names a repository; as with git, an empty value takes back those before it.
    func trustsOwner(of gitFolder: String) throws -> Bool {
        let folder = (gitFolder as NSString).lastPathComponent == ".git" ? (gitFolder as NSString).deletingLastPathComponent : gitFolder
        return strings("safe.directory").reduce(false) { trusts, value in
            if value.isEmpty { return false }
            return trusts || value == "*" || value.withoutFinalSlash == folder
        }
    }

    /// Where a program lies that a setting names: by a path, or as a shell would find it.
    static func program(_ name: String, _ environment: [String: String]) -> String? {
        name.contains("/") ? withHome(name, environment) : Program.path(name, environment: environment)
    }

    /// A path as a setting has it: `~/` begins one in the person's home.
    static func withHome(_ path: String, _ environment: [String: String]) -> String {
        path.hasPrefix("~/") ? (environment["HOME"] ?? "") + path.dropFirst() : path
    }
}
