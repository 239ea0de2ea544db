import Foundation

/// A folder of this test run's own.
enum Scratch {
    private static let folder: URL = {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("DataFramesTests-\(ProcessInfo.processInfo.processIdentifier)")
        try? FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        return folder
    }()

    static func path(_ name: String) -> String { folder.appendingPathComponent(name).path }
}
