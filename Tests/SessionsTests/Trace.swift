import Foundation

/// A file to which cells add a letter each time they run: what ran, and how often, cannot be undone there.
final class Trace {
    let path = NSTemporaryDirectory() + "etude-trace-\(UUID().uuidString)"
    var letters: String { (try? String(contentsOfFile: path, encoding: .utf8)) ?? "" }

    /// A statement that adds a letter.
    func add(_ letter: Character) -> String {
        "do { let f = fopen(\"\(path)\", \"a\")!; fputs(\"\(letter)\", f); fclose(f) }"
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}
