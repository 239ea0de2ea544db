import Glibc

/// A program of the machine.
public enum Program {
    /// Where a shell would find it: the first file of this name on PATH that can be executed.
    public static func path(_ name: String) -> String? {
        let folders = getenv("PATH").map { String(cString: $0) } ?? "/usr/local/bin:/usr/bin:/bin"
        // An empty entry stands for the working folder, where anybody's files may lie.
        return folders.split(separator: ":").filter { $0.hasPrefix("/") }.map { "\($0)/\(name)" }.first { access($0, X_OK) == 0 }
    }
}
