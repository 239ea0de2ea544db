import Foundation

/// What to tell a person of an error. The errors of Etude's own are sentences; those of files get one here.
func sentence(for error: any Error) -> String {
    if let error = error as? CocoaError { return error.sentence }
    return "\(error)"
}

extension CocoaError {
    fileprivate var sentence: String {
        guard let path = filePath ?? url?.path else { return localizedDescription }
        switch code {
        case .fileNoSuchFile, .fileReadNoSuchFile: return "There is no file \(path)."
        case .fileReadNoPermission: return "\(path) may not be read: permission denied."
        case .fileWriteNoPermission: return "\(path) may not be written: permission denied."
        case .fileWriteFileExists: return "\(path) is there already."
        case .fileWriteOutOfSpace: return "\(path) could not be written: the disk is full."
        case .fileWriteVolumeReadOnly: return "\(path) could not be written: the disk is read only."
        default: return "\(path): \(localizedDescription)"
        }
    }
}
