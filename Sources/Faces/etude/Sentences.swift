import CellCompiler
import Foundation

/// What to tell a person of an error. The errors of Etude's own are sentences; those of files get one here.
func sentence(for error: any Error) -> String {
    guard let error = error as? CocoaError else { return "\(error)" }
    let file = error.filePath ?? error.url?.path
    return (file.map { $0 + ": " } ?? "") + fileReason(error) + "."
}

extension Duration {
    var inSeconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }
}
