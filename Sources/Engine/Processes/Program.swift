import Foundation
import Glibc

/// A program of the machine.
public enum Program {
    /// Where a shell would find it: the first file of this name on PATH that can be executed.
    public static func path(_ name: String, environment: [String: String] = ProcessInfo.processInfo.environment) -> String? {
        // An empty entry stands for the working folder, where anybody's files may lie.
        let folders = (environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin").split(separator: ":").filter { $0.hasPrefix("/") }
        return folders.map { "\($0)/\(name)" }.first { access($0, X_OK) == 0 }
    }
}
